import { type LogIndex, maxIndex, NO_INDEX } from '../base/ids.ts';

/** Beyond all log positions, and still an exact integer together with one. */
export const NEVER_EQUAL: number = 2 ** 52;

/** What was done to all keys of a database at once, for the versions that WATCH compares. */
export class History {
  /** When SWAPDB last put other keys under the number: a change of each of them. */
  swappedAt: LogIndex = NO_INDEX;
  /** When all keys were last deleted at once. */
  clearedAt: LogIndex = NO_INDEX;

  /** The version of a key that was last changed at `changed`. */
  present(changed: LogIndex): number {
    return maxIndex(changed, this.swappedAt);
  }

  /** The version of a key that is not there and was, perhaps, deleted at `deleted`. */
  absent(deleted: LogIndex): number {
    return -Math.max(deleted, this.clearedAt, this.swappedAt);
  }

  /** SWAPDB: whoever watched a key under one number must not miss what was done under the other. */
  share(other: History): void {
    this.clearedAt = other.clearedAt = maxIndex(this.clearedAt, other.clearedAt);
    this.swappedAt = other.swappedAt = maxIndex(this.swappedAt, other.swappedAt);
  }
}
