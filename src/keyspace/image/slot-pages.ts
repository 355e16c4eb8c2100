import { assert } from '../../base/assert.ts';
import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import { Parts } from './parts.ts';

const PAGE_SLOTS_BITS = 7;
const PAGE_SLOTS: number = 1 << PAGE_SLOTS_BITS;

/** A fixed array of numbers in images, page by page; a page of zeros has no record. */
export class SlotPages extends Parts {
  readonly #slots: Float64Array;

  constructor(setup: ConstructorParameters<typeof Parts>[0], slots: Float64Array, id?: number) {
    super(setup, id);
    assert(slots.length % PAGE_SLOTS === 0, 'slots fill whole pages');
    this.#slots = slots;
  }

  /** Slot `slot` is about to change. */
  beforeSlot(slot: number): void {
    this.before(slot >>> PAGE_SLOTS_BITS);
  }

  encode(page: number, into: ByteWriter): boolean {
    const from = page << PAGE_SLOTS_BITS;
    for (let i = from; i < from + PAGE_SLOTS; i++) into.varint(this.#slots[i] as number);
    return true;
  }

  /** Takes back what {@link encode} has put there. */
  load(page: number, from: ByteReader): boolean {
    const start = page << PAGE_SLOTS_BITS;
    if (start >= this.#slots.length) return false;
    for (let i = start; i < start + PAGE_SLOTS; i++) this.#slots[i] = from.varint();
    return true;
  }
}
