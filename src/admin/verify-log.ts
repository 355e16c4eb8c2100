import { type Inspection, inspectLog, RaftLogError, tornTail } from '../../raftlog/index.ts';
import type { LogFound } from '../replica/image/start-table.ts';
import type { Damage, LogReport } from './report.ts';
import { type AdminTools, messageOf } from './tools.ts';

/** A log that was looked at. */
export interface VerifiedLog {
  /** Null if its header cannot be read. */
  readonly report: LogReport | null;
  /** What the table of starts wants to know; null: the log is damaged, or that of an interrupted INIT. */
  readonly found: (LogFound & { readonly chain: (index: number) => number }) | null;
  readonly notes: readonly string[];
  readonly damages: readonly Damage[];
}

/** Checks every byte of a log, if there is one. Changes nothing. */
export function verifyLog(tools: AdminTools, path: string): VerifiedLog | null {
  if (!tools.look.exists(path)) return null;
  try {
    return inspectLog(tools.look, path, verified);
  } catch (error) {
    return { report: null, found: null, notes: [], damages: [damageOf(path, error)] };
  }
}

function damageOf(file: string, error: unknown): Damage {
  const { offset, index } = error instanceof RaftLogError ? error : { offset: null, index: null };
  return {
    file,
    ...(offset === null ? {} : { offset }),
    ...(index === null ? {} : { index }),
    what: messageOf(error),
  };
}

function verified(inspection: Inspection): VerifiedLog {
  const { path: file, found, error, log } = inspection;
  const damages = error === null ? [] : [damageOf(file, error)];
  if (log === null) return { report: null, found: null, notes: [], damages };
  const { header, scan } = log;
  const { table, hardState } = scan;
  const { clusterId, nodeId } = header;
  const torn = tornTail(inspection);
  const notes = torn === null ? [] : [`${torn}. It was never acknowledged`];
  const isUnborn = table.last === 0 && hardState.term === 1 && hardState.vote === nodeId;
  if (isUnborn) notes.push('RAFT.CLUSTER INIT was interrupted: the next start forgets this log');
  return {
    report: {
      ...{ file, clusterId, nodeId, base: table.base.index, last: table.last },
      ...{ term: hardState.term, vote: hardState.vote, bytes: found.size },
      recovery: `${found.row.meaning} (${found.row.label})`,
      indexFile: log.index,
    },
    found:
      error !== null || isUnborn
        ? null
        : {
            ...{ clusterId, nodeId, base: table.base.index, last: table.last },
            term: (index) => table.term(index),
            chain: (index) => table.chain(index),
          },
    notes,
    damages,
  };
}
