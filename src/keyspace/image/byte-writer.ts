const FIRST_BYTES = 64 * 1024;
/** A 32-bit word takes at most so many bytes as a varint, and a safe integer so many. */
const MAX_VARINT_BYTES = 8;

/** Puts numbers and texts one behind the other into memory that grows and is used again. */
export class ByteWriter {
  #bytes: Buffer = Buffer.allocUnsafeSlow(FIRST_BYTES);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** What was written: a view, good until the next {@link clear} or write. */
  view(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  clear(): void {
    this.#length = 0;
    // One value that was very large must not keep its memory for ever.
    if (this.#bytes.length > FIRST_BYTES * 64) this.#bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
  }

  /** Takes back what was written from `length` on. */
  rewind(length: number): void {
    this.#length = length;
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  /** A safe integer that is not negative, in as few bytes as it needs: seven bits in each, low ones first. */
  varint(value: number): void {
    this.#reserve(MAX_VARINT_BYTES);
    const bytes = this.#bytes;
    let at = this.#length;
    let left = value;
    while (left >= 0x80) {
      bytes[at++] = (left % 0x80) | 0x80;
      left = Math.floor(left / 0x80);
    }
    bytes[at++] = left;
    this.#length = at;
  }

  double(value: number): void {
    this.#reserve(8);
    this.#length = this.#bytes.writeDoubleLE(value, this.#length);
  }

  uint32(value: number): void {
    this.#reserve(4);
    this.#length = this.#bytes.writeUInt32LE(value >>> 0, this.#length);
  }

  /** Length and latin1 chars. */
  text(text: string): void {
    const { length } = text;
    this.varint(length);
    this.#reserve(length);
    this.#length += this.#bytes.latin1Write(text, this.#length, length);
  }

  /** Bytes without their length. */
  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2));
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
  }
}
