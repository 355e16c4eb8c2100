import type { FileSystem } from './file-system.ts';
import type { Base, HardState } from './layout.ts';

export interface LogOptions {
  readonly files: FileSystem;
  /** The data file; the index file stands beside it with `.idx` behind its name. */
  readonly path: string;
  /** Off: an append is acknowledged once it is written, and a power cut may lose it. */
  readonly fsync: boolean;
  /** A clock that never goes back, for `Log.fsyncStats`. */
  readonly microseconds: () => number;
  /**
   * Bytes of zeros written ahead of the log while appends are small, so that a sync need not store
   * a new file size each time. Default 256 KiB, 0 for none.
   */
  readonly preallocate?: number;
}

/** What was found at start. */
export interface Recovered {
  readonly clusterId: string;
  readonly nodeId: number;
  readonly base: Base;
  readonly hardState: HardState;
  readonly firstIndex: number;
  readonly lastIndex: number;
  readonly lastTerm: number;
  readonly chain: number;
  /** Row of the recovery table. */
  readonly row: string;
  /** Bytes of a torn write that were cut off. */
  readonly cutBytes: number;
  /** Lines for the operator, such as what was cut off and why. */
  readonly notes: readonly string[];
}

export interface AppendBatch {
  /** The hard state from this batch on. */
  readonly hardState: HardState;
  /** The log ends before this index, then the batch follows; 0 truncates nothing. */
  readonly truncateFrom: number;
  /** Index of the first record; without records it does not matter. */
  readonly first: number;
  readonly count: number;
  /**
   * The records `first ..`, one behind the other, cut anywhere. Not to be changed before the
   * callback.
   */
  readonly pieces: readonly Uint8Array[];
  /** Length of all pieces together. */
  readonly bytes: number;
}
