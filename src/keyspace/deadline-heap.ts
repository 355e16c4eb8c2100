import { type Entries, HASH } from './entries.ts';

const FIRST_CAPACITY = 16;

/**
 * The deadlines of a database's entries, smallest first: a binary heap in which every entry knows its
 * place, so that a changed or removed deadline is taken out at once and nothing stale stays behind.
 * 12 bytes per key with a deadline; keys without one are not in it.
 *
 * Equal deadlines are ordered by the hash of the key and then by the key: by content, not by history,
 * so that a node restored from an image expires in the same order as one that lived through it all.
 */
export class DeadlineHeap {
  readonly #entries: Entries<unknown>;
  readonly #word: number;
  #deadlines: Float64Array = new Float64Array(FIRST_CAPACITY);
  #ids: Int32Array = new Int32Array(FIRST_CAPACITY);
  #size = 0;

  /** `word`: in which word an entry knows its place. */
  constructor(entries: Entries<unknown>, word: number) {
    this.#entries = entries;
    this.#word = word;
  }

  get size(): number {
    return this.#size;
  }

  /** The smallest deadline; Infinity if there is none. */
  min(): number {
    return this.#size === 0 ? Number.POSITIVE_INFINITY : (this.#deadlines[0] as number);
  }

  /** The entry with the smallest deadline. The heap is not empty. */
  minId(): number {
    return this.#ids[0] as number;
  }

  /** The deadline of entry `id`; Infinity if it has none. */
  of(id: number): number {
    const place = this.#placeOf(id);
    return place === 0 ? Number.POSITIVE_INFINITY : (this.#deadlines[place - 1] as number);
  }

  /** Number of entries whose deadline is ≤ `time`. Costs time for those alone. */
  countUntil(time: number): number {
    return this.#countUntil(0, time);
  }

  #countUntil(at: number, time: number): number {
    if (at >= this.#size || (this.#deadlines[at] as number) > time) return 0;
    return 1 + this.#countUntil(2 * at + 1, time) + this.#countUntil(2 * at + 2, time);
  }

  /** Gives entry `id` a deadline or another one. */
  set(id: number, deadline: number): void {
    const place = this.#placeOf(id);
    if (place === 0) {
      if (this.#size === this.#ids.length) this.#resize(this.#size * 2);
      this.#place(this.#size, id, deadline);
      this.#rise(this.#size++);
    } else {
      this.#deadlines[place - 1] = deadline;
      this.#settle(place - 1);
    }
  }

  /** Takes the deadline of entry `id` away. Returns whether it had one. */
  clear(id: number): boolean {
    const place = this.#placeOf(id);
    if (place === 0) return false;
    const at = place - 1;
    const last = --this.#size;
    this.#setPlace(id, 0);
    if (at !== last) {
      this.#place(at, this.#ids[last] as number, this.#deadlines[last] as number);
      this.#settle(at);
    }
    if (this.#ids.length > FIRST_CAPACITY && this.#size * 4 <= this.#ids.length) {
      this.#resize(this.#ids.length / 2);
    }
    return true;
  }

  /** Entry `id` took over the columns of an entry with another number. */
  renumbered(id: number): void {
    const place = this.#placeOf(id);
    if (place !== 0) this.#ids[place - 1] = id;
  }

  #placeOf(id: number): number {
    return this.#entries.word(id, this.#word);
  }

  #setPlace(id: number, place: number): void {
    this.#entries.setWord(id, this.#word, place);
  }

  #place(at: number, id: number, deadline: number): void {
    this.#ids[at] = id;
    this.#deadlines[at] = deadline;
    this.#setPlace(id, at + 1);
  }

  #settle(at: number): void {
    if (at > 0 && this.#before(at, (at - 1) >>> 1)) this.#rise(at);
    else this.#sink(at);
  }

  #rise(start: number): void {
    let at = start;
    while (at > 0) {
      const parent = (at - 1) >>> 1;
      if (!this.#before(at, parent)) return;
      this.#exchange(at, parent);
      at = parent;
    }
  }

  #sink(start: number): void {
    let at = start;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.#size) return;
      if (child + 1 < this.#size && this.#before(child + 1, child)) child++;
      if (!this.#before(child, at)) return;
      this.#exchange(at, child);
      at = child;
    }
  }

  #exchange(a: number, b: number): void {
    const id = this.#ids[a] as number;
    const deadline = this.#deadlines[a] as number;
    this.#place(a, this.#ids[b] as number, this.#deadlines[b] as number);
    this.#place(b, id, deadline);
  }

  #before(a: number, b: number): boolean {
    const x = this.#deadlines[a] as number;
    const y = this.#deadlines[b] as number;
    return (
      x < y || (x === y && this.#contentBefore(this.#ids[a] as number, this.#ids[b] as number))
    );
  }

  #contentBefore(a: number, b: number): boolean {
    const x = this.#entries.word(a, HASH);
    const y = this.#entries.word(b, HASH);
    return x < y || (x === y && this.#entries.key(a) < this.#entries.key(b));
  }

  #resize(capacity: number): void {
    const deadlines = new Float64Array(capacity);
    deadlines.set(this.#deadlines.subarray(0, this.#size));
    this.#deadlines = deadlines;
    const ids = new Int32Array(capacity);
    ids.set(this.#ids.subarray(0, this.#size));
    this.#ids = ids;
  }
}
