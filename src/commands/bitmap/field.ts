import type { RawString } from '../../keyspace/raw-string.ts';
import { narrow } from '../../keyspace/value.ts';
import { byteOf } from './bits.ts';
import { byteOrZero, type Readable } from './value.ts';

/** An integer of 1 to 64 bits (63 if unsigned), most significant bit first, anywhere in a string. */
export interface Field {
  readonly signed: boolean;
  readonly bits: number;
  /** Offset of its first bit. */
  readonly offset: number;
}

/** What becomes of a number that does not fit: its low bits, the nearest that fits, or nothing. */
export type Overflow = 'wrap' | 'saturate' | 'fail';

/** Fields are read and written in parts of at most so many bits: with the rest of their bytes, 40. */
const PART_BITS = 32;
const PART_RANGE: number = 2 ** PART_BITS;
/** Integers of so many bits are exact as numbers, with their sign or without. */
const NUMBER_BITS = 53;

/** The integer in a field, a bigint beyond 2^53; bits beyond the end of the string are 0. */
export function readField(value: Readable, { signed, bits, offset }: Field): number | bigint {
  if (bits <= PART_BITS) {
    const part = readPart(value, offset, bits);
    return signed ? withSign(part, bits) : part;
  }
  const highBits = bits - PART_BITS;
  const part = readPart(value, offset, highBits);
  const high = signed ? withSign(part, highBits) : part;
  const low = readPart(value, offset + highBits, PART_BITS);
  const whole = high * PART_RANGE + low;
  if (Number.isSafeInteger(whole)) return whole;
  return (BigInt(high) << BigInt(PART_BITS)) | BigInt(low);
}

/** Puts `value`, which fits, into a field, which lies inside the string. */
export function writeField(raw: RawString, { bits, offset }: Field, value: number | bigint): void {
  if (bits <= PART_BITS) {
    writePart(raw, { offset, bits }, Number(value));
    return;
  }
  const high = { offset, bits: bits - PART_BITS };
  const low = { offset: offset + high.bits, bits: PART_BITS };
  if (typeof value === 'number') {
    writePart(raw, high, Math.floor(value / PART_RANGE));
    writePart(raw, low, value % PART_RANGE);
  } else {
    writePart(raw, high, Number(value >> BigInt(PART_BITS)));
    writePart(raw, low, Number(BigInt.asUintN(PART_BITS, value)));
  }
}

/** The value of a field that should hold `value`; undefined if it does not fit and that fails. */
export function fit(
  value: number | bigint,
  field: Field,
  overflow: Overflow,
): number | bigint | undefined {
  const { signed, bits } = field;
  if (typeof value === 'number' && bits <= NUMBER_BITS) {
    const most = 2 ** (signed ? bits - 1 : bits);
    if (value < most && value >= (signed ? -most : 0)) return value;
  }
  const whole = BigInt(value);
  const wrapped = signed ? BigInt.asIntN(bits, whole) : BigInt.asUintN(bits, whole);
  if (wrapped === whole) return value;
  switch (overflow) {
    case 'wrap':
      return small(wrapped);
    case 'saturate':
      return whole < 0n ? least(field) : greatest(field);
    default:
      return undefined;
  }
}

function least({ signed, bits }: Field): number | bigint {
  return signed ? small(-(1n << BigInt(bits - 1))) : 0;
}

function greatest({ signed, bits }: Field): number | bigint {
  return small((1n << BigInt(signed ? bits - 1 : bits)) - 1n);
}

/** A number if that is exact. */
export function small(value: bigint): number | bigint {
  return narrow(value) ?? value;
}

/** What the bits of an unsigned integer mean as a signed one. */
function withSign(value: number, bits: number): number {
  return value >= 2 ** (bits - 1) ? value - 2 ** bits : value;
}

/** At most {@link PART_BITS} bits as an unsigned integer. */
function readPart(value: Readable, offset: number, bits: number): number {
  const first = byteOf(offset);
  const last = byteOf(offset + bits - 1);
  let whole = 0;
  for (let i = first; i <= last; i++) whole = whole * 256 + byteOrZero(value, i);
  const behind = (last + 1) * 8 - offset - bits;
  return Math.floor(whole / 2 ** behind) % 2 ** bits;
}

/** Puts an integer, which may be negative, into at most {@link PART_BITS} bits. */
function writePart(
  raw: RawString,
  { offset, bits }: { readonly offset: number; readonly bits: number },
  value: number,
): void {
  const first = byteOf(offset);
  const last = byteOf(offset + bits - 1);
  const scale = 2 ** ((last + 1) * 8 - offset - bits);
  let whole = 0;
  for (let i = first; i <= last; i++) whole = whole * 256 + raw.byteAt(i);
  const old = Math.floor(whole / scale) % 2 ** bits;
  whole += ((value < 0 ? value + 2 ** bits : value) - old) * scale;
  for (let i = last; i >= first; i--) {
    scratch[i - first] = whole % 256;
    whole = Math.floor(whole / 256);
  }
  raw.write(first, scratch.latin1Slice(0, last - first + 1));
}

/** As many bytes as a part can touch. */
const scratch: Buffer = Buffer.alloc(5);
