import { copyBytes } from '../stream-fields.ts';
import { parseInteger } from '../value.ts';
import { backLengthBytes } from './listpack.ts';

const HEAD_BYTES = 6;
const END = 0xff;
/** In place of a number of elements that does not fit. */
const UNCOUNTED = 0xffff;

/** Most bytes of an element beside those of its text. */
const OVERHEAD_BYTES = 14;

/** Makes a listpack, with the same bytes as Redis would. */
export class ListpackWriter {
  #bytes: Buffer;
  #at = HEAD_BYTES;
  #count = 0;

  /** `likely`: how long it will probably get. */
  constructor(likely = 0) {
    this.#bytes = Buffer.allocUnsafe(likely + HEAD_BYTES + OVERHEAD_BYTES);
  }

  /** Adds the text in `source` from `start` to `end`, as an integer if it spells one. */
  text(source: Buffer, start: number, end: number): void {
    const integer = readInteger(source, start, end);
    if (integer !== undefined) {
      this.integer(integer);
      return;
    }
    const length = end - start;
    const bytes = this.#room(length);
    const first = this.#at;
    if (length < 64) {
      bytes[this.#at++] = 0x80 | length;
    } else if (length < 4096) {
      bytes[this.#at++] = 0xe0 | (length >>> 8);
      bytes[this.#at++] = length & 0xff;
    } else {
      bytes[this.#at++] = 0xf0;
      bytes.writeUInt32LE(length, this.#at);
      this.#at += 4;
    }
    copyBytes(source, start, end, bytes, this.#at);
    this.#at += length;
    this.#end(bytes, this.#at - first);
  }

  /** Adds a signed 64-bit integer. */
  integer(value: number | bigint): void {
    const bytes = this.#room(0);
    const at = this.#at;
    if (typeof value === 'bigint' || value < -(2 ** 31) || value >= 2 ** 31) {
      bytes[at] = 0xf4;
      this.#at = bytes.writeBigInt64LE(BigInt(value), at + 1);
    } else if (value >= 0 && value < 128) {
      bytes[at] = value;
      this.#at = at + 1;
    } else if (value >= -4096 && value < 4096) {
      bytes[at] = 0xc0 | ((value >> 8) & 0x1f);
      bytes[at + 1] = value & 0xff;
      this.#at = at + 2;
    } else if (value >= -32768 && value < 32768) {
      bytes[at] = 0xf1;
      this.#at = bytes.writeInt16LE(value, at + 1);
    } else if (value >= -8388608 && value < 8388608) {
      bytes[at] = 0xf2;
      this.#at = bytes.writeIntLE(value, at + 1, 3);
    } else {
      bytes[at] = 0xf3;
      this.#at = bytes.writeInt32LE(value, at + 1);
    }
    this.#end(bytes, this.#at - at);
  }

  /** The whole listpack. Nothing can be added any more. */
  finish(): Buffer {
    const bytes = this.#room(0);
    bytes[this.#at++] = END;
    bytes.writeUInt32LE(this.#at, 0);
    bytes.writeUInt16LE(Math.min(this.#count, UNCOUNTED), 4);
    return bytes.subarray(0, this.#at);
  }

  /** The bytes, with room for an element with a text of so many. */
  #room(length: number): Buffer {
    const needed = this.#at + length + OVERHEAD_BYTES;
    if (needed > this.#bytes.length) {
      const grown = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2));
      this.#bytes.copy(grown, 0, 0, this.#at);
      this.#bytes = grown;
    }
    return this.#bytes;
  }

  /** The length of an element stands behind it, to be read backwards: seven bits a byte. */
  #end(bytes: Buffer, length: number): void {
    this.#count++;
    if (length <= 127) {
      bytes[this.#at++] = length;
      return;
    }
    for (let i = backLengthBytes(length) - 1, isLast = 0; i >= 0; i--, isLast = 0x80) {
      bytes[this.#at++] = (Math.floor(length / 128 ** i) & 0x7f) | isLast;
    }
  }
}

const MINUS = 45;
const ZERO = 48;
const NINE = 57;
/** Longest decimal form of a 64-bit integer. */
const MAX_INTEGER_CHARS = 20;

function readInteger(source: Buffer, start: number, end: number): number | bigint | undefined {
  if (end - start > MAX_INTEGER_CHARS) return undefined;
  const first = source[start] as number;
  const last = source[end - 1] as number;
  // Most texts are seen to be no integers without a string being made of them.
  if (last < ZERO || last > NINE || (first !== MINUS && (first < ZERO || first > NINE))) {
    return undefined;
  }
  return parseInteger(source.latin1Slice(start, end));
}
