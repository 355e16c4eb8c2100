import { parseInteger } from '../value.ts';
import { backLengthBytes } from './listpack.ts';
import { Writer } from './writer.ts';

const HEAD_BYTES = 6;
const END = 0xff;
/** In place of a number of elements that does not fit. */
const UNCOUNTED = 0xffff;

/** Makes a listpack, with the same bytes as Redis would. */
export class ListpackWriter {
  readonly #writer: Writer = new Writer();
  #count = 0;

  constructor() {
    this.#writer.raw('\0'.repeat(HEAD_BYTES));
  }

  /** Adds the text in `source` from `start` to `end`, as an integer if it spells one. */
  text(source: Buffer, start: number, end: number): void {
    const integer = readInteger(source, start, end);
    if (integer !== undefined) {
      this.integer(integer);
      return;
    }
    const writer = this.#writer;
    const length = end - start;
    if (length < 64) {
      writer.byte(0x80 | length);
    } else if (length < 4096) {
      writer.byte(0xe0 | (length >>> 8));
      writer.byte(length & 0xff);
    } else {
      writer.byte(0xf0);
      writer.uint32(length);
    }
    writer.part(source, start, end);
    this.#end(length + (length < 64 ? 1 : length < 4096 ? 2 : 5));
  }

  /** Adds a signed 64-bit integer. */
  integer(value: number | bigint): void {
    const writer = this.#writer;
    if (typeof value === 'bigint' || value < -(2 ** 31) || value >= 2 ** 31) {
      writer.byte(0xf4);
      writer.int64(value);
      this.#end(9);
    } else if (value >= 0 && value < 128) {
      writer.byte(value);
      this.#end(1);
    } else if (value >= -4096 && value < 4096) {
      writer.byte(0xc0 | ((value >> 8) & 0x1f));
      writer.byte(value & 0xff);
      this.#end(2);
    } else if (value >= -32768 && value < 32768) {
      writer.byte(0xf1);
      writer.uint16(value & 0xffff);
      this.#end(3);
    } else if (value >= -8388608 && value < 8388608) {
      writer.byte(0xf2);
      writer.uint16(value & 0xffff);
      writer.byte((value >> 16) & 0xff);
      this.#end(4);
    } else {
      writer.byte(0xf3);
      writer.uint32(value);
      this.#end(5);
    }
  }

  /** The whole listpack. Nothing can be added any more. */
  finish(): Buffer {
    this.#writer.byte(END);
    const bytes = this.#writer.written();
    bytes.writeUInt32LE(bytes.length, 0);
    bytes.writeUInt16LE(Math.min(this.#count, UNCOUNTED), 4);
    return bytes;
  }

  /** The length of an element stands behind it, to be read backwards: seven bits a byte. */
  #end(length: number): void {
    this.#count++;
    if (length <= 127) {
      this.#writer.byte(length);
      return;
    }
    for (let i = backLengthBytes(length) - 1, isLast = 0; i >= 0; i--, isLast = 0x80) {
      this.#writer.byte((Math.floor(length / 128 ** i) & 0x7f) | isLast);
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
