import { type ByteReader, Malformed } from './byte-reader.ts';
import type { WrittenRecord } from './parts.ts';
import { ValueParts } from './value-parts.ts';

/** What is a part of a value, and knows its number as long as it is. */
export interface NumberedItem {
  part: number;
}

/** Every so manieth number is never given to an item: for parts whose numbers follow from what they are. */
export const RESERVED_EVERY = 32;

export function isReserved(part: number): boolean {
  return part % RESERVED_EVERY === 0;
}

/**
 * Parts that are objects of their own and come and go. Each has a number while it is there; afterwards
 * another one gets that, so that numbers stay small however long the value lives.
 *
 * An item that goes while its record has still to be written stays here until that is done: many may go
 * at once, and to write them all then would take long. So nobody changes an item any more that has gone,
 * or else calls {@link before} for it first.
 */
export abstract class NumberedParts<T extends NumberedItem> extends ValueParts {
  /** By number. */
  readonly #items: (T | undefined)[] = [undefined];
  /** Numbers below the length of `#items` that nothing has. */
  readonly #free: number[] = [];
  /** Numbers of items that have gone, and whose records the image being written must still get. */
  readonly #leaving: Set<number> = new Set();

  /** Numbers from this on are not in use. */
  protected get end(): number {
    return this.#items.length;
  }

  /** The item that has a number, or had it and has still to be written. */
  protected item(part: number): T | undefined {
    return this.#items[part];
  }

  /** Takes in an item of a value that is met for the first time. */
  protected adopt(item: T): void {
    item.part = this.#number();
    this.#items[item.part] = item;
  }

  /** An item has come to the value. */
  add(item: T): void {
    const part = this.#number();
    // The number may be one whose last item has still to be found gone.
    this.before(part);
    item.part = part;
    this.#items[part] = item;
  }

  /** An item goes. */
  remove(item: T): void {
    const { part } = item;
    if (this.isPending(part)) {
      this.#leaving.add(part);
    } else {
      this.before(part);
      this.#drop(part);
    }
  }

  override wrote(part: number, record: WrittenRecord): void {
    super.wrote(part, record);
    if (this.#leaving.size === 0 || !this.#leaving.delete(part)) return;
    this.before(part);
    this.#drop(part);
  }

  override thaw(): void {
    super.thaw();
    for (const part of this.#leaving) this.#drop(part);
    this.#leaving.clear();
  }

  /** Gives an item that was loaded its number back. */
  protected restore(part: number, item: T): void {
    if (isReserved(part)) throw new Malformed(`part ${part} of value ${this.id} cannot be`);
    item.part = part;
    while (this.#items.length <= part) this.#items.push(undefined);
    this.#items[part] = item;
  }

  /** All items are there again: what they leave are numbers for others. */
  restored(): void {
    for (let part = this.#items.length - 1; part > 0; part--) {
      if (!isReserved(part) && this.#items[part] === undefined) this.#free.push(part);
    }
  }

  #number(): number {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    if (isReserved(this.#items.length)) this.#items.push(undefined);
    this.#items.push(undefined);
    return this.#items.length - 1;
  }

  #drop(part: number): void {
    this.#items[part] = undefined;
    this.#free.push(part);
  }
}

/** A count of things that each take at least one byte of what is left. */
export function readCount(from: ByteReader): number {
  const count = from.varint();
  if (count > from.remaining) throw new Malformed(`${count} things in ${from.remaining} bytes`);
  return count;
}
