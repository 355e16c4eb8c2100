import { SLOT_READ, type Slot } from './slot.ts';

const COMPACT_AT = 1024;

/**
 * A session's reads that wait, in order. A read that was answered stays until it comes to the front,
 * so every operation costs a constant per read.
 */
export class ReadQueue {
  #slots: Slot[] = [];
  #head = 0;

  push(slot: Slot): void {
    this.#slots.push(slot);
  }

  /** The first read that still waits. */
  first(): Slot | undefined {
    for (;;) {
      const slot = this.#slots[this.#head];
      if (slot === undefined || slot.state === SLOT_READ) return slot;
      this.#head++;
      if (this.#head === this.#slots.length) {
        this.#slots.length = 0;
        this.#head = 0;
      } else if (this.#head >= COMPACT_AT && this.#head * 2 > this.#slots.length) {
        this.#slots = this.#slots.slice(this.#head);
        this.#head = 0;
      }
    }
  }

  /** All that still wait. */
  waiting(): Slot[] {
    return this.#slots.slice(this.#head).filter((slot) => slot.state === SLOT_READ);
  }
}
