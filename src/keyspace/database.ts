import type { Milliseconds } from '../base/ids.ts';
import type { Prng } from '../base/prng.ts';
import {
  ACCESS_EPOCH,
  ACCESSED,
  CHUNK_MASK,
  DEADLINE,
  type Entries,
  HASH,
  KEY_WORDS,
} from './entries.ts';
import { Expiry } from './expiry.ts';
import { History, NEVER_EQUAL } from './history.ts';
import { KeyPages } from './image/key-pages.ts';
import { noteLost } from './image/value-codec.ts';
import type { KeyHash } from './key-hash.ts';
import { KeyTable } from './key-table.ts';
import { sampleId } from './sample.ts';
import type { SavedEntry } from './saved.ts';
import type { SharedState } from './state.ts';
import type { Value } from './value.ts';

type Visit = (key: string, value: Value, deadline: number | undefined) => void;

/**
 * One numbered database: keys (latin1 strings, one char per byte), values, deadlines.
 *
 * A key whose deadline ≤ the logical clock is gone, whether or not it has been deleted yet. Methods
 * for writes (`find`, `set`, `delete`, …) delete such a key when they meet it, at the same point of
 * the log on every node; methods for reads (`read`, `peek`, …) run on one node only and leave
 * everything as it is but the time of access, which is a hint and no part of the replicated state.
 */
export class Database {
  /** Its number. Changed by SWAPDB, so whoever keeps a database across commands keeps the number. */
  index: number;
  /** For collections that are made here, so that strangers cannot choose members that collide. */
  readonly hash: KeyHash;
  readonly #state: SharedState;
  #table: KeyTable<Value>;
  #entries: Entries<Value>;
  #expiry: Expiry;
  #pages: KeyPages;
  /** What was done to all keys at once. */
  readonly history: History = new History();

  /** `pagesId`: the number that its keys have in the image they are loaded from. */
  constructor(index: number, state: SharedState, hash: KeyHash, pagesId?: number) {
    this.index = index;
    this.hash = hash;
    this.#state = state;
    this.#table = new KeyTable<Value>(hash, KEY_WORDS, 0);
    this.#entries = this.#table.entries;
    this.#expiry = new Expiry(state, this.#entries);
    this.#pages = this.#newPages(pagesId);
  }

  #newPages(id?: number): KeyPages {
    const keys = { entries: this.#entries, expiry: this.#expiry };
    return new KeyPages(this.#state.changes, keys, id);
  }

  /** Its keys in images. */
  get pages(): KeyPages {
    return this.#pages;
  }

  /** Number of keys, those included that are due and will be deleted by the next time entries. */
  get size(): number {
    return this.#entries.count;
  }

  /** Number of keys with a deadline. */
  get deadlines(): number {
    return this.#expiry.keys;
  }

  // Reads.

  /** The value of a key for a read at `now`: counted as a hit or miss and as an access. */
  read(key: string, now: Milliseconds): Value | undefined {
    const id = this.#live(key);
    if (id === -1) {
      this.#state.misses++;
      return undefined;
    }
    this.#state.hits++;
    this.#entries.setWord(id, ACCESSED, now / 1000 - ACCESS_EPOCH);
    return this.#expiry.value(id);
  }

  /** The same without a trace. */
  peek(key: string): Value | undefined {
    const id = this.#live(key);
    return id === -1 ? undefined : this.#expiry.value(id);
  }

  has(key: string): boolean {
    return this.#live(key) !== -1;
  }

  /** When a key goes, in ms of the epoch; undefined if it stays or is not there. */
  deadline(key: string): number | undefined {
    const id = this.#live(key);
    if (id === -1) return undefined;
    return this.#expiry.of(id);
  }

  /** Seconds since the key was last read or written; undefined if it is not there. */
  idleSeconds(key: string, now: Milliseconds): number | undefined {
    const id = this.#live(key);
    if (id === -1) return undefined;
    return Math.max(0, Math.trunc(now / 1000 - ACCESS_EPOCH) - this.#entries.word(id, ACCESSED));
  }

  /**
   * What optimistic locking compares: the log position of a key's last change; of a key that is not
   * there, that of its deletion, negative. Deletions are kept by hash, not by name, so it may be that
   * of another key's deletion: too late, never too early.
   */
  version(key: string): number {
    const id = this.#live(key);
    if (id !== -1) {
      // Some fields are gone and no entry has deleted them yet: nothing compares equal to that.
      if (this.#expiry.isPartlyGone(id)) return -NEVER_EQUAL - this.#state.index;
      return this.history.present(this.#entries.version(id));
    }
    return this.history.absent(this.#state.deletedAt(this.index, this.hash.of(key)));
  }

  /**
   * Whether a read of `key` at the time `now` needs a time entry first: by the log the key (or a
   * field of it) is there, by the clock its deadline has come.
   */
  isDue(key: string, now: Milliseconds): boolean {
    if (this.#expiry.isEmpty) return false;
    const id = this.#live(key);
    return id !== -1 && this.#expiry.isDue(id, now);
  }

  /** The smallest deadline of a key or field, also of those gone but not deleted; or Infinity. */
  nextDeadline(): number {
    return this.#expiry.next();
  }

  /**
   * A key that is there, each with the same probability; undefined if there is none.
   */
  randomKey(random: Prng): string | undefined {
    const id = sampleId(random, this.size, (at) => this.#expiry.isGone(at));
    return id === -1 ? undefined : this.#entries.key(id);
  }

  /** Visits every key, in the order of their numbers. `visit` must not add or remove keys. */
  forEach(visit: Visit): void {
    for (let id = 0; id < this.size; id++) this.#visit(id, visit);
  }

  /**
   * Visits some keys from `position` on and returns where to go on, 0 at the end. A key that is there
   * from the first call (position 0) to the last is visited exactly once, whatever changes in
   * between; a call visits one bucket, which holds about one key. Positions are unsigned 32-bit
   * integers and mean the same on every node with the same hash seed.
   */
  scan(position: number, visit: Visit): number {
    return this.#table.scan(position, (id) => this.#visit(id, visit));
  }

  // Writes.

  /** The value of a key for a write. A key whose deadline has come is deleted here. */
  find(key: string): Value | undefined {
    const id = this.#findLive(key);
    return id === -1 ? undefined : this.#expiry.value(id);
  }

  /** Sets a value, without a deadline. */
  set(key: string, value: Value): void {
    const id = this.#findLive(key);
    if (id === -1) {
      this.#add(key, value);
    } else {
      this.#put(id, value);
      if (this.#entries.word(id, DEADLINE) !== 0) this.#expiry.clear(id);
    }
  }

  /** Sets a value; a key that is there keeps its deadline. */
  update(key: string, value: Value): void {
    const id = this.#findLive(key);
    if (id === -1) this.#add(key, value);
    else this.#put(id, value);
  }

  /** Notes that the value of a key, which is there, was changed in place. */
  touch(key: string): void {
    const id = this.#findLive(key);
    if (id !== -1) this.#changed(id);
  }

  /** Returns whether the key was there. */
  delete(key: string): boolean {
    const id = this.#findLive(key);
    if (id === -1) return false;
    this.#remove(id);
    this.#state.dirty++;
    return true;
  }

  /** Gives a key a deadline in ms of the epoch. Returns whether the key was there. */
  expireAt(key: string, deadline: number): boolean {
    const id = this.#findLive(key);
    if (id === -1) return false;
    this.#expiry.set(id, deadline);
    this.#changed(id);
    return true;
  }

  /** Takes a key's deadline away. Returns whether it had one. */
  persist(key: string): boolean {
    const id = this.#findLive(key);
    if (id === -1 || !this.#expiry.clear(id)) return false;
    this.#changed(id);
    return true;
  }

  /** Removes all keys. Returns how many there were. */
  clear(): number {
    const count = this.size;
    this.#state.changes.emptied(this.#pages);
    this.#table = new KeyTable<Value>(this.hash, KEY_WORDS, 0);
    this.#entries = this.#table.entries;
    this.#expiry = new Expiry(this.#state, this.#entries);
    this.#pages = this.#newPages();
    if (count > 0) this.history.clearedAt = this.#state.index;
    this.#state.interests.noteDatabase(this.index);
    this.#state.dirty += count;
    return count;
  }

  /** Puts a key back as it was saved, with the version it had. It is not there yet. */
  restore(key: string, saved: SavedEntry): void {
    const id = this.#table.add(key, saved.value);
    if (typeof saved.value === 'object') this.#expiry.follow(id, saved.value);
    this.#entries.setVersion(id, saved.version);
    this.#entries.setWord(id, ACCESSED, this.#state.clock / 1000 - ACCESS_EPOCH);
    if (saved.deadline !== undefined) this.#expiry.set(id, saved.deadline);
  }

  /** Gives entry `id`, which was restored without it, its value. */
  restoreValue(id: number, value: Value): void {
    this.#entries.setValue(id, value);
    if (typeof value === 'object') this.#expiry.follow(id, value);
  }

  /**
   * Deletes the key, or fields of the hash, with the smallest deadline if that has come: at most
   * `limit` fields. Returns how many keys or fields went, 0 if nothing is due.
   */
  expireSome(limit: number): number {
    if (this.nextDeadline() > this.#state.clock) return 0;
    const { id, what } = this.#expiry.first();
    if (what === 'key') {
      this.#remove(id);
      this.#state.expired++;
      return 1;
    }
    this.#meet(id);
    const { gone, isEmpty } = this.#expiry.expireFields(id, limit);
    if (isEmpty) this.#remove(id);
    else this.#changed(id);
    return gone;
  }

  /** SWAPDB moved this database under another number; `isChange`: not from nothing to nothing. */
  renumber(index: number, isChange: boolean): void {
    this.index = index;
    if (isChange) this.history.swappedAt = this.#state.index;
    this.#state.interests.noteDatabase(index);
  }

  #live(key: string): number {
    const id = this.#table.find(key);
    return id !== -1 && this.#expiry.isGone(id) ? -1 : id;
  }

  #findLive(key: string): number {
    const id = this.#table.find(key);
    if (id === -1) return id;
    if (!this.#expiry.isGone(id)) {
      this.#meet(id);
      return id;
    }
    this.#expiry.count(id);
    this.#remove(id);
    // Looked up again so that the table remembers the hash of the key if it is added now.
    return this.#table.find(key);
  }

  #visit(id: number, visit: Visit): void {
    if (this.#expiry.isGone(id)) return;
    visit(this.#entries.key(id), this.#expiry.value(id), this.#expiry.of(id));
  }

  /** A write may change the entry or what is in its value. */
  #meet(id: number): void {
    this.#pages.beforeKey(id);
    const value = this.#entries.value(id);
    if (typeof value === 'object') this.#state.changes.found(value);
  }

  #add(key: string, value: Value): void {
    this.#pages.beforeKey(this.size);
    this.#changed(this.#table.add(key, value));
  }

  #remove(id: number): void {
    const { interests, changes } = this.#state;
    this.#meet(id);
    this.#pages.beforeKey(this.size - 1);
    noteLost(this.#entries.value(id), changes);
    if (!interests.isEmpty) interests.note(this.index, this.#entries.key(id));
    this.#state.noteDeletion(this.index, this.#entries.word(id, HASH));
    this.#expiry.forget(id);
    if (this.#table.remove(id) !== -1) this.#expiry.renumbered(id);
  }

  #put(id: number, value: Value): void {
    const old = this.#entries.value(id);
    if (typeof old === 'object' && old !== value) noteLost(old, this.#state.changes);
    this.#entries.chunk(id).values[id & CHUNK_MASK] = value;
    this.#changed(id);
  }

  #changed(id: number): void {
    const state = this.#state;
    const value = this.#entries.value(id);
    if (typeof value === 'object' || this.#expiry.hasFields(id)) {
      this.#expiry.follow(id, value);
    }
    if (!state.interests.isEmpty) state.interests.note(this.index, this.#entries.key(id));
    this.#entries.setVersion(id, state.index);
    this.#entries.setWord(id, ACCESSED, state.clock / 1000 - ACCESS_EPOCH);
    state.dirty++;
  }
}
