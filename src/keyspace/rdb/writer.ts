import { RawString } from '../raw-string.ts';
import { MAX_STRING_BYTES, parseInteger, type StringValue } from '../value.ts';

const FIRST_BYTES = 256;
const MAX_UINT32 = 0xffffffff;
/** Integers of 32 bits have at most so many chars. */
const MAX_INT32_CHARS = 11;
const ZERO = 48;
const NINE = 57;
/** Up to this length a loop beats the call into the engine. */
const LOOP_CHARS = 32;

/** Thrown where a value would become longer than a command can be that takes it back. */
export class TooLarge extends Error {
  override readonly name = 'TooLarge';
}

/** Writes the parts an RDB value is made of. */
export class Writer {
  #bytes: Buffer = Buffer.allocUnsafeSlow(FIRST_BYTES);
  #at = 0;

  /** What was written so far; a view that later writes may change. */
  written(): Buffer {
    return this.#bytes.subarray(0, this.#at);
  }

  byte(value: number): void {
    const start = this.#room(1);
    this.#bytes[start] = value;
  }

  uint16(value: number): void {
    const start = this.#room(2);
    this.#bytes.writeUInt16LE(value, start);
  }

  uint32(value: number): void {
    const start = this.#room(4);
    this.#bytes.writeUInt32LE(value >>> 0, start);
  }

  int64(value: number | bigint): void {
    const start = this.#room(8);
    this.#bytes.writeBigInt64LE(BigInt(value), start);
  }

  double(value: number): void {
    const start = this.#room(8);
    this.#bytes.writeDoubleLE(value, start);
  }

  /** Chars as they are, one byte each. */
  raw(text: string): void {
    const { length } = text;
    const start = this.#room(length);
    const bytes = this.#bytes;
    if (length > LOOP_CHARS) bytes.latin1Write(text, start, length);
    else for (let i = 0; i < length; i++) bytes[start + i] = text.charCodeAt(i);
  }

  rawBytes(bytes: Uint8Array): void {
    const start = this.#room(bytes.length);
    this.#bytes.set(bytes, start);
  }

  /** A length or another unsigned integer. */
  length(value: number | bigint): void {
    if (value < 64) {
      this.byte(Number(value));
    } else if (value < 16384) {
      this.byte(0x40 | (Number(value) >>> 8));
      this.byte(Number(value) & 0xff);
    } else if (value <= MAX_UINT32) {
      const start = this.#room(5);
      this.#bytes[start] = 0x80;
      this.#bytes.writeUInt32BE(Number(value), start + 1);
    } else {
      const start = this.#room(9);
      this.#bytes[start] = 0x81;
      this.#bytes.writeBigUInt64BE(BigInt(value), start + 1);
    }
  }

  /** A string: as an integer if it spells one of 32 bits, like Redis. */
  text(text: string): void {
    const { length } = text;
    // Texts that end in no digit are no integers; most are known by that.
    const last = length <= MAX_INT32_CHARS ? text.charCodeAt(length - 1) : 0;
    const integer = last >= ZERO && last <= NINE ? parseInteger(text) : undefined;
    if (typeof integer === 'number' && this.#integer(integer)) return;
    this.length(text.length);
    this.raw(text);
  }

  value(value: StringValue): void {
    if (value instanceof RawString) {
      if (value.length <= MAX_INT32_CHARS) this.text(value.text());
      else this.bytes(value.view());
    } else if (typeof value !== 'number' || !this.#integer(value)) {
      this.text(String(value));
    }
  }

  /** A string that is no number. */
  bytes(bytes: Uint8Array): void {
    this.length(bytes.length);
    this.rawBytes(bytes);
  }

  #integer(value: number): boolean {
    if (value >= -128 && value <= 127) {
      this.byte(0xc0);
      this.byte(value & 0xff);
    } else if (value >= -32768 && value <= 32767) {
      this.byte(0xc1);
      this.uint16(value & 0xffff);
    } else if (value === (value | 0)) {
      this.byte(0xc2);
      this.uint32(value);
    } else {
      return false;
    }
    return true;
  }

  /** Makes room for `count` bytes, maybe elsewhere, and returns where they begin. */
  #room(count: number): number {
    const start = this.#at;
    const end = start + count;
    if (end > this.#bytes.length) this.#grow(end);
    this.#at = end;
    return start;
  }

  #grow(needed: number): void {
    if (needed > MAX_STRING_BYTES) throw new TooLarge('the value is too large');
    const capacity = Math.min(MAX_STRING_BYTES, Math.max(needed, this.#bytes.length * 2));
    const bytes = Buffer.allocUnsafeSlow(capacity);
    this.#bytes.copy(bytes, 0, 0, this.#at);
    this.#bytes = bytes;
  }
}
