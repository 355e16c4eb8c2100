import { RawString } from '../raw-string.ts';
import {
  LARGE_STRING_BYTES,
  MAX_STRING_BYTES,
  narrow,
  type StringValue,
  stringOf,
} from '../value.ts';
import { lzfCanHold, lzfUnpack } from './lzf.ts';
import { type Allowance, demand, MAX_DISTINCT, MAX_TEXT_BYTES } from './malformed.ts';

/** The first two bits of a length say how long it is itself. */
const LENGTH_6 = 0;
const LENGTH_14 = 1;
const LENGTH_LONG = 2;
const LENGTH_32 = 0x80;
const LENGTH_64 = 0x81;

/** What the last six bits mean where the first two are set: a string in another form. */
const INT8 = 0xc0;
const INT16 = 0xc1;
const INT32 = 0xc2;
const LZF = 0xc3;

const TWO_TO_32 = 4294967296;

/** Strings are unpacked here if there is room. */
const SCRATCH_BYTES = 16 * 1024;
const scratch: Buffer = Buffer.allocUnsafeSlow(SCRATCH_BYTES);

/** Reads the parts an RDB value is made of. Everything throws `Malformed` where they are not right. */
export class Reader {
  readonly allowance: Allowance;
  readonly #bytes: Buffer;
  readonly #end: number;
  #at: number;

  constructor(bytes: Buffer, start: number, end: number, allowance: Allowance) {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
    this.allowance = allowance;
  }

  get remaining(): number {
    return this.#end - this.#at;
  }

  byte(): number {
    return this.#bytes[this.#take(1)] as number;
  }

  /** Eight bytes in little endian, signed. */
  int64(): number | bigint {
    const value = this.#bytes.readBigInt64LE(this.#take(8));
    return narrow(value) ?? value;
  }

  double(): number {
    return this.#bytes.readDoubleLE(this.#take(8));
  }

  /** `count` bytes as they are, as latin1. */
  raw(count: number): string {
    const start = this.#take(count);
    return this.#bytes.latin1Slice(start, start + count);
  }

  /** A length, or another unsigned integer that is written like one. */
  unsigned(): number | bigint {
    const first = this.byte();
    switch (first >>> 6) {
      case LENGTH_6:
        return first & 0x3f;
      case LENGTH_14:
        return ((first & 0x3f) << 8) | this.byte();
      case LENGTH_LONG:
        if (first === LENGTH_32) return this.#bytes.readUInt32BE(this.#take(4));
        demand(first === LENGTH_64, 'a length in an unknown form');
        return this.#unsigned64();
      default:
        demand(false, 'a string in place of a length');
    }
  }

  /** A number of things to come, each of which takes at least `bytes`. */
  count(bytes: number): number {
    const count = this.length();
    demand(count * bytes <= this.remaining, 'more elements than bytes');
    this.allowance.takeElements(count);
    return count;
  }

  /** The same for things of which none may come twice, which is found out with a map. */
  distinct(bytes: number): number {
    const count = this.count(bytes);
    demand(count <= MAX_DISTINCT, 'too many names');
    return count;
  }

  /** A length of anything. */
  length(): number {
    const length = this.unsigned();
    demand(typeof length === 'number', 'a length beyond all bounds');
    return length;
  }

  /** A string in any form, as latin1 text that refers to nothing else. */
  text(): string {
    const first = this.#peek();
    if (first >= INT8 && first !== LZF) return String(this.#integer());
    if (first === LZF) return this.#unpacked().latin1Slice();
    const length = this.length();
    demand(length <= MAX_TEXT_BYTES, 'a string too long');
    return this.raw(length);
  }

  /** A string in any form as bytes, which are good until the next string is read. */
  bytes(): Buffer {
    const first = this.#peek();
    if (first === LZF) return this.#unpacked();
    if (first >= INT8) return Buffer.from(String(this.#integer()), 'latin1');
    const length = this.length();
    const start = this.#take(length);
    return this.#bytes.subarray(start, start + length);
  }

  /** A string in any form as a value of its own. */
  value(): StringValue {
    const first = this.#peek();
    if (first >= INT8 && first !== LZF) return this.#integer();
    const bytes = this.bytes();
    demand(bytes.length <= MAX_STRING_BYTES, 'a string too long');
    if (bytes.length <= LARGE_STRING_BYTES) return stringOf(bytes.latin1Slice());
    const isOwn = first === LZF && bytes.length > SCRATCH_BYTES;
    return RawString.ofBytes(isOwn ? bytes : Buffer.from(bytes));
  }

  #peek(): number {
    demand(this.#at < this.#end, 'the end where a string should be');
    return this.#bytes[this.#at] as number;
  }

  #integer(): number {
    const form = this.byte();
    if (form === INT8) return this.#bytes.readInt8(this.#take(1));
    if (form === INT16) return this.#bytes.readInt16LE(this.#take(2));
    demand(form === INT32, 'a string in an unknown form');
    return this.#bytes.readInt32LE(this.#take(4));
  }

  #unpacked(): Buffer {
    this.byte();
    const packed = this.length();
    const length = this.length();
    demand(packed <= this.remaining && lzfCanHold(packed, length), 'a packed string too short');
    demand(length <= MAX_TEXT_BYTES, 'a string too long');
    this.allowance.takeBytes(length);
    const out =
      length <= SCRATCH_BYTES ? scratch.subarray(0, length) : Buffer.allocUnsafeSlow(length);
    const start = this.#take(packed);
    demand(lzfUnpack(this.#bytes, start, start + packed, out), 'a packed string of another length');
    return out;
  }

  #unsigned64(): number | bigint {
    const start = this.#take(8);
    const high = this.#bytes.readUInt32BE(start);
    const low = this.#bytes.readUInt32BE(start + 4);
    const value = high * TWO_TO_32 + low;
    return Number.isSafeInteger(value) ? value : this.#bytes.readBigUInt64BE(start);
  }

  /** Takes `count` bytes and returns where they begin. */
  #take(count: number): number {
    const start = this.#at;
    demand(count <= this.#end - start, 'the end in the middle of something');
    this.#at = start + count;
    return start;
  }
}
