import { assert } from '../base/assert.ts';

/** Fewest places of a ring. A power of two. */
const MIN_PLACES = 4;

/**
 * A sequence that grows and shrinks at both ends in constant time, amortised: an array whose end is
 * joined to its beginning. Changes inside it move the shorter side by one place.
 */
export class Ring<T> {
  /** Its length is a power of two. */
  #items: (T | undefined)[];
  #head = 0;
  #size: number;

  constructor(items: readonly T[] = []) {
    this.#size = items.length;
    let places = MIN_PLACES;
    while (places < items.length) places *= 2;
    // Made with its length: an array that grows by push takes places nobody uses.
    this.#items = new Array<T | undefined>(places).fill(undefined);
    for (let i = 0; i < items.length; i++) this.#items[i] = items[i] as T;
  }

  get size(): number {
    return this.#size;
  }

  /** `i` is from 0 to size - 1. */
  at(i: number): T {
    return this.#items[(this.#head + i) & (this.#items.length - 1)] as T;
  }

  set(i: number, item: T): void {
    this.#items[(this.#head + i) & (this.#items.length - 1)] = item;
  }

  pushHead(item: T): void {
    if (this.#size === this.#items.length) this.#resize(this.#size * 2);
    this.#head = (this.#head - 1) & (this.#items.length - 1);
    this.#items[this.#head] = item;
    this.#size++;
  }

  pushTail(item: T): void {
    if (this.#size === this.#items.length) this.#resize(this.#size * 2);
    this.#items[(this.#head + this.#size) & (this.#items.length - 1)] = item;
    this.#size++;
  }

  /** The ring is not empty. */
  popHead(): T {
    assert(this.#size > 0, 'a ring gives only what it has');
    const item = this.#items[this.#head] as T;
    this.#items[this.#head] = undefined;
    this.#head = (this.#head + 1) & (this.#items.length - 1);
    this.#size--;
    this.#shrink();
    return item;
  }

  /** The ring is not empty. */
  popTail(): T {
    assert(this.#size > 0, 'a ring gives only what it has');
    this.#size--;
    const at = (this.#head + this.#size) & (this.#items.length - 1);
    const item = this.#items[at] as T;
    this.#items[at] = undefined;
    this.#shrink();
    return item;
  }

  /** Puts `item` before the one at `i`, or at the end if `i` is the size. */
  insert(i: number, item: T): void {
    if (i * 2 < this.#size) {
      this.pushHead(item);
      for (let k = 0; k < i; k++) this.set(k, this.at(k + 1));
    } else {
      this.pushTail(item);
      for (let k = this.#size - 1; k > i; k--) this.set(k, this.at(k - 1));
    }
    this.set(i, item);
  }

  remove(i: number): void {
    if (i * 2 < this.#size) {
      for (let k = i; k > 0; k--) this.set(k, this.at(k - 1));
      this.popHead();
    } else {
      for (let k = i; k < this.#size - 1; k++) this.set(k, this.at(k + 1));
      this.popTail();
    }
  }

  /** Removes the items that fail `test`. */
  retain(test: (item: T) => boolean): void {
    let kept = 0;
    for (let i = 0; i < this.#size; i++) {
      const item = this.at(i);
      if (test(item)) this.set(kept++, item);
    }
    while (this.#size > kept) this.popTail();
  }

  toArray(): T[] {
    const items: T[] = [];
    for (let i = 0; i < this.#size; i++) items.push(this.at(i));
    return items;
  }

  #shrink(): void {
    const places = this.#items.length;
    if (places > MIN_PLACES && this.#size * 4 <= places) this.#resize(places / 2);
  }

  #resize(places: number): void {
    const items = new Array<T | undefined>(places).fill(undefined);
    for (let i = 0; i < this.#size; i++) items[i] = this.at(i);
    this.#items = items;
    this.#head = 0;
  }
}
