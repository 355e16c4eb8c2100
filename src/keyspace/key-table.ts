import { assert } from '../base/assert.ts';
import { CHUNK_MASK, Entries, HASH, NEXT } from './entries.ts';
import type { KeyHash } from './key-hash.ts';

/** Buckets an empty table has, and never has less. A power of two. */
const MIN_BUCKETS = 16;
/** Bits of a scan position. */
const POSITIONS = 0x100000000;

/**
 * Finds entries by key: linear hashing over {@link Entries}. It grows and shrinks by one bucket with
 * each key, so no operation ever rehashes everything, and its size has no limit (a JS Map ends at
 * 2^24 keys, stops for a second when it grows there, and needs more memory).
 *
 * With `level` the greatest power of two ≤ `buckets`, a hash belongs to the bucket of its low bits
 * modulo 2 × level, or modulo level where that bucket does not exist yet. A bucket therefore holds
 * all the hashes that end in certain bits, and those form an interval once the bits of the hash are
 * reversed: that is what {@link scan} walks along.
 */
export class KeyTable<V> {
  readonly entries: Entries<V>;
  readonly #stride: number;
  readonly #hash: KeyHash;
  /** First entry of each bucket or -1. Its length is a capacity, a power of two. */
  #heads: Int32Array = new Int32Array(MIN_BUCKETS).fill(-1);
  #buckets = MIN_BUCKETS;
  #level = MIN_BUCKETS;
  /**
   * The last key looked up, its hash, and its entry or -1: a command looks a key up to read it and
   * again to change it.
   */
  #lastKey: string | undefined = undefined;
  #lastHash = 0;
  #lastId = -1;

  /** `stride`: words of an entry; `empty`: stands where no value is. */
  constructor(hash: KeyHash, stride: number, empty: V) {
    this.#hash = hash;
    this.#stride = stride;
    this.entries = new Entries(stride, empty);
  }

  /** The entry of `key`, or -1. */
  find(key: string): number {
    if (key === this.#lastKey) return this.#lastId;
    const hash = this.#hash.of(key);
    let id = this.#heads[this.#bucketOf(hash)] as number;
    while (id !== -1) {
      const chunk = this.entries.chunk(id);
      const at = id & CHUNK_MASK;
      const word = at * this.#stride;
      if (chunk.words[word + HASH] === hash && chunk.keys[at] === key) break;
      id = chunk.words[word + NEXT] as number;
    }
    this.#lastKey = key;
    this.#lastHash = hash;
    this.#lastId = id;
    return id;
  }

  /** Adds a key that is not there. */
  add(key: string, value: V): number {
    assert(this.find(key) === -1, 'a key is added once');
    const hash = this.#lastHash;
    const id = this.entries.add(key, value);
    this.#link(id, hash);
    this.#lastId = id;
    if (this.entries.count > this.#buckets) this.#split();
    return id;
  }

  /** Removes entry `id`. Returns the old number of the entry that took its place, or -1. */
  remove(id: number): number {
    this.#unlink(id);
    const last = this.entries.count - 1;
    if (id !== last) {
      const hash = this.#hashAt(last);
      this.#unlink(last);
      this.entries.move(last, id);
      this.#link(id, hash);
    }
    this.entries.dropLast();
    this.#lastKey = undefined;
    while (this.#buckets > MIN_BUCKETS && this.entries.count * 2 < this.#buckets) this.#merge();
    return id === last ? -1 : last;
  }

  /**
   * Visits the entries of the bucket at `position` and returns the position of the next bucket, 0
   * after the last. Starting from 0, each entry that stays in the table is visited exactly once,
   * however much comes and goes in between; the position is all there is to remember, and means the
   * same in every table with the same hash seed. Positions are unsigned 32-bit integers.
   */
  scan(position: number, visit: (id: number) => void): number {
    const bucket = this.#bucketOf(reverseBits(position));
    const bits = bucket + this.#level < this.#buckets || bucket >= this.#level ? 1 : 0;
    const width = POSITIONS / (this.#level << bits);
    // Where buckets were merged since the last call, `position` stands inside its bucket, and what
    // lies before it was visited already.
    const from = position;
    let id = this.#heads[bucket] as number;
    while (id !== -1) {
      const next = this.entries.word(id, NEXT);
      if (reverseBits(this.#hashAt(id)) >= from) visit(id);
      id = next;
    }
    const end = Math.floor(position / width) * width + width;
    return end === POSITIONS ? 0 : end;
  }

  #bucketOf(hash: number): number {
    const bucket = hash & (2 * this.#level - 1);
    return bucket < this.#buckets ? bucket : bucket & (this.#level - 1);
  }

  #hashAt(id: number): number {
    return this.entries.word(id, HASH);
  }

  #link(id: number, hash: number): void {
    const bucket = this.#bucketOf(hash);
    const words = this.entries.chunk(id).words;
    const at = (id & CHUNK_MASK) * this.#stride;
    words[at + HASH] = hash;
    words[at + NEXT] = this.#heads[bucket] as number;
    this.#heads[bucket] = id;
  }

  #unlink(id: number): void {
    const bucket = this.#bucketOf(this.#hashAt(id));
    const next = this.entries.word(id, NEXT);
    let at = this.#heads[bucket] as number;
    if (at === id) {
      this.#heads[bucket] = next;
      return;
    }
    while (at !== -1) {
      const following = this.entries.word(at, NEXT);
      if (following === id) {
        this.entries.setWord(at, NEXT, next);
        return;
      }
      at = following;
    }
    assert(false, 'every entry is in the bucket of its hash');
  }

  /** Adds a bucket and gives it its part of the one it is split from. */
  #split(): void {
    const level = this.#level;
    const added = this.#buckets;
    if (added === this.#heads.length) {
      const heads = new Int32Array(added * 2).fill(-1, added);
      heads.set(this.#heads);
      this.#heads = heads;
    }
    const source = added - level;
    let id = this.#heads[source] as number;
    let stay = -1;
    let leave = -1;
    while (id !== -1) {
      const next = this.entries.word(id, NEXT);
      if ((this.#hashAt(id) & level) !== 0) {
        this.entries.setWord(id, NEXT, leave);
        leave = id;
      } else {
        this.entries.setWord(id, NEXT, stay);
        stay = id;
      }
      id = next;
    }
    this.#heads[source] = stay;
    this.#heads[added] = leave;
    this.#buckets = added + 1;
    if (this.#buckets === 2 * level) this.#level = 2 * level;
  }

  /** Takes the last bucket away: the reverse of {@link #split}. */
  #merge(): void {
    const removed = this.#buckets - 1;
    this.#buckets = removed;
    if (removed < this.#level) this.#level /= 2;
    const target = removed - this.#level;
    let id = this.#heads[removed] as number;
    let head = this.#heads[target] as number;
    while (id !== -1) {
      const next = this.entries.word(id, NEXT);
      this.entries.setWord(id, NEXT, head);
      head = id;
      id = next;
    }
    this.#heads[target] = head;
    this.#heads[removed] = -1;
    if (removed * 4 === this.#heads.length && removed > MIN_BUCKETS) {
      this.#heads = this.#heads.slice(0, removed * 2);
    }
  }
}

/** The 32 bits of `value` in reverse order, unsigned. */
export function reverseBits(value: number): number {
  let v = value;
  v = ((v >>> 1) & 0x55555555) | ((v & 0x55555555) << 1);
  v = ((v >>> 2) & 0x33333333) | ((v & 0x33333333) << 2);
  v = ((v >>> 4) & 0x0f0f0f0f) | ((v & 0x0f0f0f0f) << 4);
  v = ((v >>> 8) & 0x00ff00ff) | ((v & 0x00ff00ff) << 8);
  return ((v >>> 16) | (v << 16)) >>> 0;
}
