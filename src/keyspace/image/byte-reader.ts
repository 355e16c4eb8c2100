/** What stands in a record cannot have been written there. */
export class Malformed extends Error {
  override readonly name = 'Malformed';
}

/** Takes apart what a `ByteWriter` put together. Throws {@link Malformed} at the end of the bytes. */
export class ByteReader {
  readonly #bytes: Buffer;
  #at: number;

  constructor(bytes: Buffer, at = 0) {
    this.#bytes = bytes;
    this.#at = at;
  }

  get remaining(): number {
    return this.#bytes.length - this.#at;
  }

  byte(): number {
    this.#demand(1);
    return this.#bytes[this.#at++] as number;
  }

  varint(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) break;
      scale *= 0x80;
      if (scale > Number.MAX_SAFE_INTEGER) throw new Malformed('a number is too long');
    }
    if (value > Number.MAX_SAFE_INTEGER) throw new Malformed('a number is too great');
    return value;
  }

  double(): number {
    this.#demand(8);
    const value = this.#bytes.readDoubleLE(this.#at);
    this.#at += 8;
    return value;
  }

  uint32(): number {
    this.#demand(4);
    const value = this.#bytes.readUInt32LE(this.#at);
    this.#at += 4;
    return value;
  }

  /** A string of its own. */
  text(): string {
    const length = this.varint();
    this.#demand(length);
    const start = this.#at;
    this.#at += length;
    return this.#bytes.latin1Slice(start, this.#at);
  }

  /** A view on `length` bytes. */
  raw(length: number): Buffer {
    this.#demand(length);
    const start = this.#at;
    this.#at += length;
    return this.#bytes.subarray(start, this.#at);
  }

  /** Nothing more is expected. */
  end(): void {
    if (this.remaining !== 0) throw new Malformed(`${this.remaining} bytes too many`);
  }

  #demand(bytes: number): void {
    if (this.remaining < bytes) throw new Malformed('the record is too short');
  }
}
