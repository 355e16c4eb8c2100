import type { Raft } from '../../../src/raft/raft.ts';
import type { ChainedLog } from './chained-log.ts';
import type { Disk } from './disk.ts';

/** An invariant of SPEC.md does not hold. */
export class Violation extends Error {
  override readonly name = 'Violation';
}

export interface ReadBarrier {
  readonly number: number;
  readonly term: number;
  /** What a reader would wait for. */
  readonly index: number;
  /** What was committed, anywhere, when the read was asked for. */
  readonly floor: number;
}

/** A node as the checker looks at it, with what it remembers of it. */
export interface Observed {
  readonly id: number;
  incarnation: number;
  raft: Raft | null;
  readonly disk: Disk;
  log: ChainedLog;
  reads: ReadBarrier[];
  /** The state up to the commit index is not there yet. */
  loading: boolean;
  /** Of this incarnation. */
  seen: { term: number; vote: number; commit: number; ledTerm: number; barrier: number };
}

/** `invariant` is its number and name in SPEC.md. */
export function require(condition: boolean, invariant: string, detail: () => string): void {
  if (!condition) throw new Violation(`${invariant}: ${detail()}`);
}
