import type { HardState } from './layout.ts';
import type { AppendBatch } from './log-types.ts';
import { totalBytes } from './pieces.ts';

/** The log as a batch finds it. */
export interface BatchPlace {
  readonly hardState: HardState;
  readonly last: number;
  /** Entries up to here are not truncated any more. */
  readonly kept: number;
}

/** Why a batch cannot follow the log, or null if it can; its records are not looked at. */
export function whyRefused(
  batch: AppendBatch,
  truncates: boolean,
  { hardState: before, last, kept }: BatchPlace,
): string | null {
  const { hardState, truncateFrom, first, count, pieces, bytes } = batch;
  if (hardState.term < before.term) return 'the term goes back';
  const sameTerm = hardState.term === before.term;
  if (sameTerm && before.vote !== 0 && hardState.vote !== before.vote) {
    return 'the vote of a term changes';
  }
  if (truncates && truncateFrom <= kept) {
    return `truncation from ${truncateFrom} into what was compacted`;
  }
  const next = truncates ? truncateFrom : last + 1;
  if (count > 0 && first !== next) return `batch from ${first}, expected ${next}`;
  return totalBytes(pieces) === bytes ? null : 'pieces do not have the length given';
}
