import { putChars, scratchOf } from './packed.ts';

/**
 * A packed string opened for several changes, which then cost one copy of it. It must be closed, by
 * {@link packed}, before any other packed string is made. Positions are those of `packed.ts`.
 */
export class PackedEdit {
  readonly #bytes: Buffer;
  #length: number;

  /** `added`: chars that the elements put in have at most, in packed form. */
  constructor(packed: string, added: number) {
    this.#bytes = scratchOf(packed.length + added);
    this.#length = this.#bytes.latin1Write(packed, 0);
  }

  get length(): number {
    return this.#length;
  }

  /** The position after the element at `at`. */
  next(at: number): number {
    return at + 1 + (this.#bytes[at] as number);
  }

  /** Position of `key` where elements come in pairs and only the first of each counts, or -1. */
  findKey(key: string): number {
    const end = this.#length;
    for (let at = 0; at < end; at = this.next(this.next(at))) {
      if (this.#is(at, key)) return at;
    }
    return -1;
  }

  /** Puts an element at the end. */
  add(element: string): void {
    this.put(this.#length, this.#length, element);
  }

  /** Puts an element in the place of what stands from `from` to `to`. */
  put(from: number, to: number, element: string): void {
    const bytes = this.#bytes;
    const { length } = element;
    const end = from + 1 + length;
    if (end !== to && to < this.#length) bytes.copyWithin(end, to, this.#length);
    this.#length += end - to;
    bytes[from] = length;
    putChars(bytes, from + 1, element);
  }

  /** The string as it is now. */
  packed(): string {
    return this.#bytes.latin1Slice(0, this.#length);
  }

  #is(at: number, element: string): boolean {
    const bytes = this.#bytes;
    const { length } = element;
    if (bytes[at] !== length) return false;
    // From the end: names that belong together tend to begin alike.
    for (let i = length - 1; i >= 0; i--) {
      if (bytes[at + 1 + i] !== element.charCodeAt(i)) return false;
    }
    return true;
  }
}
