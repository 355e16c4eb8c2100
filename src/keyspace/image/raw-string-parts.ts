import type { RawString } from '../raw-string.ts';
import type { ByteWriter } from './byte-writer.ts';
import type { Changes } from './changes.ts';
import { KIND_RAW_STRING, ValueParts } from './value-parts.ts';

/** A part is so many bytes of the string, the last one what remains. */
const RANGE_BITS = 16;
export const RANGE_BYTES: number = 1 << RANGE_BITS;

/** A large string in images. The header is its length. */
export class RawStringParts extends ValueParts {
  readonly kind: typeof KIND_RAW_STRING = KIND_RAW_STRING;
  readonly #value: RawString;

  constructor(changes: Changes, value: RawString, id?: number) {
    super(changes, id);
    this.#value = value;
  }

  /** Makes the whole string part of the image being written, which is the first that holds it. */
  enlist(): this {
    this.freezeAll(Math.ceil(this.#value.length / RANGE_BYTES));
    this.changes.enlist(this);
    return this;
  }

  /** Bytes number `start` to `end` - 1 are about to change, come or go. */
  beforeBytes(start: number, end: number): void {
    const first = start >>> RANGE_BITS;
    // Most edits are of one place.
    if (end - start === 1) this.before(first);
    else for (let part = first; part * RANGE_BYTES < end; part++) this.before(part);
  }

  header(into: ByteWriter): void {
    into.varint(this.#value.length);
  }

  encode(part: number, into: ByteWriter): boolean {
    const { length } = this.#value;
    const start = part * RANGE_BYTES;
    if (start >= length) return false;
    into.raw(this.#value.view().subarray(start, Math.min(start + RANGE_BYTES, length)));
    return true;
  }
}
