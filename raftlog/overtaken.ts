import type { QueuedBatch } from './group-encoder.ts';

const NO_PIECES: readonly Uint8Array[] = [];

/**
 * The batches that wait, made to follow a log which ends with the entry `last`. It may end before
 * the first of them begins, if a later one drops the entries between: then the entries of those in
 * front are dropped as well, and they keep only their hard state.
 */
export function withoutOvertaken(
  queue: readonly QueuedBatch[],
  last: number,
  chain: number,
): QueuedBatch[] {
  const reached = queue.findIndex(
    (batch) => batch.first === last + 1 || (batch.truncates && batch.first <= last),
  );
  const overtaken = reached < 0 ? queue.length : reached;
  return queue.map((batch, i) => {
    if (i >= overtaken) return batch;
    const { hardState, done } = batch;
    const nothing = { count: 0, truncates: false, pieces: NO_PIECES, bytes: 0 };
    return { hardState, first: last + 1, chain, ...nothing, done };
  });
}

/** The last entry of a log that ends with `batch`, as far as none of those that wait drops it. */
export function lastEntry(batch: QueuedBatch, waiting: readonly QueuedBatch[]): number {
  let last = batch.first + batch.count - 1;
  for (const { truncates, first } of waiting) if (truncates) last = Math.min(last, first - 1);
  return last;
}
