import type { LogIndex, Milliseconds } from '../base/ids.ts';
import type { Value } from './value.ts';

/** What an image holds of a key, beside its name. */
export interface SavedEntry {
  readonly value: Value;
  /** Milliseconds of the epoch. */
  readonly deadline: number | undefined;
  readonly version: LogIndex;
}

/** What an image holds of a keyspace, beside keys and large values. */
export interface SavedKeyspace {
  readonly clock: Milliseconds;
  readonly index: LogIndex;
  readonly expired: number;
  readonly expiredFields: number;
  /** Under which number the image has the positions of deletions. */
  readonly deletions: number;
  readonly databases: readonly SavedDatabase[];
}

export interface SavedDatabase {
  /** Under which number the image has its keys. */
  readonly id: number;
  /** How many there are. */
  readonly keys: number;
  readonly clearedAt: LogIndex;
  readonly swappedAt: LogIndex;
}
