import { assert } from '../base/assert.ts';
import type { LogIndex, Milliseconds } from '../base/ids.ts';
import { Database } from './database.ts';
import type { Changes } from './image/changes.ts';
import { ImageWriting, type RecordSink } from './image/image-writing.ts';
import type { SlotPages } from './image/slot-pages.ts';
import type { Interests } from './interests.ts';
import { type HashSeed, KeyHash } from './key-hash.ts';
import type { SavedKeyspace } from './saved.ts';
import { SharedState } from './state.ts';

export type { Database } from './database.ts';

export const DEFAULT_DATABASES = 16;
/** Most keys and fields deleted by one {@link Keyspace.advance}, so that no log entry takes long to apply. */
export const MAX_EXPIRED_PER_ENTRY = 1000;

/**
 * The whole dataset. Pure: the same sequence of calls with the same hash seed leads to the same
 * content in the same order. The seed should be one for the whole cluster (then SCAN cursors stay
 * good when the leader changes) and not known to strangers.
 */
export class Keyspace {
  readonly #state: SharedState = new SharedState();
  readonly #databases: Database[] = [];
  readonly #hash: KeyHash;

  constructor(databases: number = DEFAULT_DATABASES, seed: HashSeed = { high: 0, low: 0 }) {
    this.#hash = new KeyHash(seed);
    this.resize(databases);
  }

  /** Changes the number of databases; those that go must be empty. */
  resize(databases: number): void {
    while (this.#databases.length < databases) {
      this.#databases.push(new Database(this.#databases.length, this.#state, this.#hash));
    }
    while (this.#databases.length > databases) {
      assert(this.#databases.pop()?.size === 0, 'only empty databases go');
    }
  }

  /** Number of databases. */
  get count(): number {
    return this.#databases.length;
  }

  /** The logical clock: the greatest time of all entries applied. */
  get clock(): Milliseconds {
    return this.#state.clock;
  }

  /** Keys deleted because their deadline had come; each counts once. */
  get expired(): number {
    return this.#state.expired;
  }

  /** Fields of hashes deleted because their deadline had come; each counts once. */
  get expiredFields(): number {
    return this.#state.expiredFields;
  }

  /** Changes to the dataset. Like `expired`, the same on every node that applied the same entries. */
  get dirty(): number {
    return this.#state.dirty;
  }

  /** Reads on this node that found their key. */
  get hits(): number {
    return this.#state.hits;
  }

  /** Reads on this node that did not find their key. */
  get misses(): number {
    return this.#state.misses;
  }

  /** Database `index`, which is 0 … {@link count} - 1. */
  database(index: number): Database {
    const database = this.#databases[index];
    assert(database !== undefined, 'a database has a number below their count');
    return database;
  }

  databases(): readonly Database[] {
    return this.#databases;
  }

  /** Keys that blocked commands wait for, and which of them have changed. */
  get interests(): Interests {
    return this.#state.interests;
  }

  /** Number of keys in all databases. */
  get size(): number {
    let size = 0;
    for (const database of this.#databases) size += database.size;
    return size;
  }

  /**
   * Begins the entry at `index` with the time `time` (which may lie before the clock: the clock never
   * goes back) and deletes keys and fields whose deadline has come, in the order of their deadlines, up to
   * {@link MAX_EXPIRED_PER_ENTRY}. More that are due are gone all the same and are deleted by later
   * entries.
   */
  advance(time: Milliseconds, index: LogIndex): void {
    const state = this.#state;
    state.index = index;
    if (time > state.clock) state.clock = time;
    if (state.earliestDeadline <= state.clock) this.#expire();
  }

  /**
   * Begins to write an image of this moment: what has changed since the last one goes to `sink`, step by
   * step, while the keyspace is used on.
   */
  beginImage(sink: RecordSink): { readonly writing: ImageWriting; readonly state: SavedKeyspace } {
    const state = this.#state;
    const writing = new ImageWriting(state.changes, sink);
    return {
      writing,
      state: {
        clock: state.clock,
        index: state.index,
        expired: state.expired,
        expiredFields: state.expiredFields,
        deletions: state.deletions.id,
        databases: this.#databases.map(({ pages, size, history }) => ({
          id: pages.id,
          keys: size,
          clearedAt: history.clearedAt,
          swappedAt: history.swappedAt,
        })),
      },
    };
  }

  /** What images have yet to learn. */
  get changes(): Changes {
    return this.#state.changes;
  }

  /** Forgets everything, and gets ready to be filled from an image. */
  reset(saved: SavedKeyspace, changes: Changes): void {
    const state = this.#state;
    state.reset(changes, saved.deletions);
    state.clock = saved.clock;
    state.index = saved.index;
    state.expired = saved.expired;
    state.expiredFields = saved.expiredFields;
    this.#databases.length = 0;
    saved.databases.forEach(({ id, clearedAt, swappedAt }, index) => {
      const database = new Database(index, state, this.#hash, id);
      database.history.clearedAt = clearedAt;
      database.history.swappedAt = swappedAt;
      this.#databases.push(database);
    });
  }

  get hash(): KeyHash {
    return this.#hash;
  }

  /** The pages of what is remembered of deleted keys. */
  get deletions(): SlotPages {
    return this.#state.deletions;
  }

  /** The smallest deadline in all databases, also of keys that are gone but not deleted yet. */
  nextDeadline(): number | undefined {
    return this.#earliest()?.nextDeadline();
  }

  /** Whether a time entry with the time `now` would delete anything. */
  hasDue(now: Milliseconds): boolean {
    const at = now > this.clock ? now : this.clock;
    return this.#state.earliestDeadline <= at && (this.nextDeadline() ?? at + 1) <= at;
  }

  /** Exchanges the contents of two databases. */
  swap(a: number, b: number): void {
    if (a === b) return;
    const first = this.database(a);
    const second = this.database(b);
    this.#databases[a] = second;
    this.#databases[b] = first;
    const isChange = first.size > 0 || second.size > 0;
    first.history.share(second.history);
    second.renumber(a, isChange);
    first.renumber(b, isChange);
    this.#state.dirty++;
  }

  /** Removes all keys of all databases. Returns how many there were. */
  clear(): number {
    let count = 0;
    for (const database of this.#databases) count += database.clear();
    return count;
  }

  #expire(): void {
    for (let left = MAX_EXPIRED_PER_ENTRY; left > 0; ) {
      const gone = this.#earliest()?.expireSome(left) ?? 0;
      if (gone === 0) break;
      left -= gone;
    }
    this.#state.earliestDeadline = this.nextDeadline() ?? Number.POSITIVE_INFINITY;
  }

  /** The database with the smallest deadline, the first of several; undefined if none has any. */
  #earliest(): Database | undefined {
    let earliest: Database | undefined;
    let deadline = Number.POSITIVE_INFINITY;
    for (const database of this.#databases) {
      const next = database.nextDeadline();
      if (next < deadline) {
        deadline = next;
        earliest = database;
      }
    }
    return earliest;
  }
}
