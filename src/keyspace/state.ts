import { asMilliseconds, type LogIndex, type Milliseconds, NO_INDEX } from '../base/ids.ts';

/** What all databases of a keyspace share. Changed by {@link Keyspace} and {@link Database} only. */
export class SharedState {
  /** The logical clock: the greatest time of all entries applied. */
  clock: Milliseconds = asMilliseconds(0);
  /** The log position being applied: the version of whatever changes now. */
  index: LogIndex = NO_INDEX;
  /**
   * No key has a deadline before this. May be too small, never too great, so that most entries need
   * not ask each database what is due.
   */
  earliestDeadline: number = Number.POSITIVE_INFINITY;
  /** Keys deleted because their deadline had come. */
  expired = 0;
  /** Changes to the dataset since the process started. */
  dirty = 0;
  /** Reads that found their key, and that did not: of this node alone. */
  hits = 0;
  misses = 0;
}
