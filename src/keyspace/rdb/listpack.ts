import { narrow } from '../value.ts';
import { type Allowance, demand } from './malformed.ts';

/** Bytes in all and number of elements. */
const HEAD_BYTES = 6;
const END = 0xff;
/** In place of a number of elements that does not fit. */
const UNCOUNTED = 0xffff;

const STRING_32 = 0xf0;
const INT_16 = 0xf1;
const INT_24 = 0xf2;
const INT_32 = 0xf3;
const INT_64 = 0xf4;

/** Reads the elements of a listpack that is all of `bytes`, one by one. */
export class ListpackReader {
  readonly bytes: Buffer;
  /** Whether the element last read is a text, from `start` to `end`; else it is `integer`. */
  isText = false;
  start = 0;
  end = 0;
  integer: number | bigint = 0;
  readonly #allowance: Allowance;
  readonly #end: number;
  #at = HEAD_BYTES;
  #count = 0;

  constructor(bytes: Buffer, allowance: Allowance) {
    demand(bytes.length > HEAD_BYTES, 'a listpack without a head');
    demand(bytes.readUInt32LE(0) === bytes.length, 'a listpack of another length');
    this.bytes = bytes;
    this.#allowance = allowance;
    this.#end = bytes.length - 1;
    demand(bytes[this.#end] === END, 'a listpack without an end');
  }

  /** Whether there are more elements. After the last one their number is compared with the head. */
  get more(): boolean {
    if (this.#at < this.#end) return true;
    const count = this.bytes.readUInt16LE(4);
    demand(count === UNCOUNTED || count === this.#count, 'a listpack with another count');
    this.#allowance.takeElements(this.#count);
    return false;
  }

  /** Elements read. */
  get count(): number {
    return this.#count;
  }

  /** Goes to the next element. */
  advance(): void {
    const from = this.#at;
    demand(from < this.#end, 'an element missing');
    const next = this.#read(from, this.bytes[from] as number);
    this.#at = this.#checkBackLength(next, next - from);
    this.#count++;
  }

  /** The next element as text. */
  text(): string {
    this.advance();
    return this.isText ? this.bytes.latin1Slice(this.start, this.end) : String(this.integer);
  }

  /** The next element, which is an integer. */
  number(): number | bigint {
    this.advance();
    demand(!this.isText, 'a text in place of an integer');
    return this.integer;
  }

  /** Returns where the element ends. */
  #read(at: number, first: number): number {
    if (first < 0x80) return this.#integer(first, at + 1);
    if (first < 0xc0) return this.#text(at + 1, first & 0x3f);
    const { bytes } = this;
    demand(at + headBytes(first) <= this.#end, 'an element without its head');
    if (first < 0xe0) {
      const value = ((first & 0x1f) << 8) | (bytes[at + 1] as number);
      return this.#integer((value << 19) >> 19, at + 2);
    }
    if (first < 0xf0) {
      return this.#text(at + 2, ((first & 0xf) << 8) | (bytes[at + 1] as number));
    }
    switch (first) {
      case STRING_32:
        return this.#text(at + 5, bytes.readUInt32LE(at + 1));
      case INT_16:
        return this.#integer(bytes.readInt16LE(at + 1), at + 3);
      case INT_24:
        return this.#integer(bytes.readIntLE(at + 1, 3), at + 4);
      case INT_32:
        return this.#integer(bytes.readInt32LE(at + 1), at + 5);
      default: {
        demand(first === INT_64, 'an element of an unknown kind');
        const value = bytes.readBigInt64LE(at + 1);
        return this.#integer(narrow(value) ?? value, at + 9);
      }
    }
  }

  #integer(value: number | bigint, end: number): number {
    this.isText = false;
    this.integer = value;
    return end;
  }

  #text(start: number, length: number): number {
    demand(length <= this.#end - start, 'an element that reaches beyond the end');
    this.isText = true;
    this.start = start;
    this.end = start + length;
    return this.end;
  }

  /**
   * Behind each element stands its length, seven bits a byte, made to be read backwards. Returns
   * where the next element begins.
   */
  #checkBackLength(from: number, length: number): number {
    const size = backLengthBytes(length);
    demand(from + size <= this.#end, 'an element without its length');
    let rest = length;
    for (let i = size - 1; i >= 0; i--) {
      const byte = (rest & 0x7f) | (i === 0 ? 0 : 0x80);
      demand(this.bytes[from + i] === byte, 'an element of another length');
      rest = Math.floor(rest / 128);
    }
    return from + size;
  }
}

/** All elements of a listpack, as text. */
export function readListpack(bytes: Buffer, allowance: Allowance): string[] {
  const reader = new ListpackReader(bytes, allowance);
  const texts: string[] = [];
  while (reader.more) texts.push(reader.text());
  return texts;
}

/** Bytes of an element before those of its text. */
function headBytes(first: number): number {
  if (first < STRING_32) return 2;
  if (first === INT_16) return 3;
  if (first === INT_24) return 4;
  return first === INT_64 ? 9 : 5;
}

/** Bytes that tell a length behind an element. The borders are Redis's, one less than would fit. */
export function backLengthBytes(length: number): number {
  if (length <= 127) return 1;
  if (length < 16383) return 2;
  if (length < 2097151) return 3;
  return length < 268435455 ? 4 : 5;
}
