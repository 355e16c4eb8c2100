import type { LogIndex, Milliseconds } from '../base/ids.ts';
import type { Value } from './value.ts';

/** What an image holds of a key, beside its name. */
export interface SavedEntry {
  readonly value: Value;
  /** Milliseconds of the epoch. */
  readonly deadline: number | undefined;
  readonly version: LogIndex;
}

/** What an image holds of a keyspace, beside its keys. */
export interface SavedState {
  readonly clock: Milliseconds;
  readonly index: LogIndex;
  readonly expired: number;
  readonly expiredFields: number;
}
