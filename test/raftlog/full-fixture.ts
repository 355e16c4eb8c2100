import type { Log } from '../../raftlog/index.ts';
import { FaultyFiles } from '../support/faulty-files.ts';
import { batchFor, newLog } from './log-fixture.ts';

/** A log, and how its appends ended. */
export interface Run {
  readonly files: FaultyFiles;
  readonly log: Log;
  /** How the appends ended, in the order in which they were told. */
  readonly seen: string[];
  put(text: string): void;
}

export function run(
  options: { readonly preallocate?: number; readonly fsync?: boolean } = {},
): Run {
  const files = new FaultyFiles();
  const log = newLog(files, options);
  const seen: string[] = [];
  return {
    files,
    log,
    seen,
    put(text) {
      log.append(batchFor(log, { term: 1, texts: [text] }), (error) => {
        seen.push(error === null ? text : `${text} ${(error as Error & { code: string }).code}`);
      });
    },
  };
}

/** Lets the files grow by so many bytes and no more. */
export function leave(files: FaultyFiles, bytes: number): void {
  files.space = files.used + bytes;
}

/** Takes all limits away, and lets the log write what waits. */
export function giveSpace({ files, log }: Pick<Run, 'files' | 'log'>): void {
  files.space = Number.POSITIVE_INFINITY;
  log.retry();
  files.completeSyncs();
}
