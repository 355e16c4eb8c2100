import type { Compaction, Log } from '../../raftlog/index.ts';
import { FaultyFiles } from '../support/faulty-files.ts';
import { appendNow, newLog } from './log-fixture.ts';

/** A log of entries of term 1, vote 2. */
export function logOf(texts: readonly string[]): { files: FaultyFiles; log: Log } {
  const files = new FaultyFiles();
  const log = newLog(files);
  for (const text of texts) appendNow(files, log, { term: 1, vote: 2, texts: [text] });
  return { files, log };
}

/** Finishes and lets the disk work; returns the outcome. */
export function finishNow(files: FaultyFiles, compaction: Compaction): Error | null {
  let outcome: Error | null | undefined;
  compaction.finish((error) => {
    outcome = error;
  });
  files.completeSyncs();
  if (outcome === undefined) throw new Error('compaction has not ended');
  return outcome;
}
