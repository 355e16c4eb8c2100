import { asMilliseconds, type LogIndex, type Milliseconds, NO_INDEX } from '../base/ids.ts';
import { Changes } from './image/changes.ts';
import { SlotPages } from './image/slot-pages.ts';
import { Interests } from './interests.ts';

/** A power of two: 128 KB, and one deletion in so many looks like that of a watched key. */
const DELETION_SLOTS = 16384;

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
  /** Fields of hashes deleted because their deadline had come. */
  expiredFields = 0;
  /** Changes to the dataset since the process started. */
  dirty = 0;
  /** Keys that blocked commands wait for. */
  readonly interests: Interests = new Interests();
  /** Reads that found their key, and that did not: of this node alone. */
  hits = 0;
  misses = 0;
  /**
   * Log position of the last deletion of a key, by its database and hash: part of the replicated
   * state, because EXEC compares versions of keys that are not there.
   */
  readonly #deletions: Float64Array = new Float64Array(DELETION_SLOTS);
  /** What images have yet to learn. */
  changes: Changes = new Changes();
  deletions: SlotPages = new SlotPages(this.changes, this.#deletions);

  /** Begins anew; whoever waits for keys goes on waiting. */
  reset(changes: Changes, deletionsId?: number): void {
    this.clock = asMilliseconds(0);
    this.index = NO_INDEX;
    this.earliestDeadline = Number.POSITIVE_INFINITY;
    this.expired = 0;
    this.expiredFields = 0;
    this.#deletions.fill(0);
    this.changes = changes;
    this.deletions = new SlotPages(changes, this.#deletions, deletionsId);
  }

  noteDeadline(deadline: number): void {
    if (deadline < this.earliestDeadline) this.earliestDeadline = deadline;
  }

  noteDeletion(db: number, hash: number): void {
    const slot = slotOf(db, hash);
    this.deletions.beforeSlot(slot);
    this.#deletions[slot] = this.index;
  }

  deletedAt(db: number, hash: number): LogIndex {
    return this.#deletions[slotOf(db, hash)] as LogIndex;
  }
}

function slotOf(db: number, hash: number): number {
  return (hash ^ Math.imul(db, 0x9e3779b1)) & (DELETION_SLOTS - 1);
}
