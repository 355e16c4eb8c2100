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
/** Fields of so many bits are exact as numbers. */
const NUMBER_BITS = 53;

/** The integer in a field; bits beyond the end of the string are 0. */
export function readField(value: Readable, field: Field): number | bigint {
  const { signed, bits, offset } = field;
  if (bits <= PART_BITS) {
    const part = readPart(value, offset, bits);
    return signed && part >= 2 ** (bits - 1) ? part - 2 ** bits : part;
  }
  const highBits = bits - PART_BITS;
  const high = readPart(value, offset, highBits);
  const low = readPart(value, offset + highBits, PART_BITS);
  if (bits > NUMBER_BITS) {
    const whole = (BigInt(high) << BigInt(PART_BITS)) | BigInt(low);
    return small(signed ? BigInt.asIntN(bits, whole) : whole);
  }
  const part = high * PART_RANGE + low;
  return signed && part >= 2 ** (bits - 1) ? part - 2 ** bits : part;
}

/** Puts `value`, which fits, into a field, which lies inside the string. */
export function writeField(raw: RawString, field: Field, value: number | bigint): void {
  const { bits, offset } = field;
  if (bits <= PART_BITS) {
    const part = Number(value);
    writePart(raw, { offset, bits }, part < 0 ? part + 2 ** bits : part);
    return;
  }
  const highBits = bits - PART_BITS;
  const whole = BigInt.asUintN(bits, BigInt(value));
  writePart(raw, { offset, bits: highBits }, Number(whole >> BigInt(PART_BITS)));
  const low = { offset: offset + highBits, bits: PART_BITS };
  writePart(raw, low, Number(BigInt.asUintN(PART_BITS, whole)));
}

/** The value of a field that should hold `value`; undefined if it does not fit and that fails. */
export function fit(
  value: number | bigint,
  { signed, bits }: Field,
  overflow: Overflow,
): number | bigint | undefined {
  const least = signed ? -power(bits - 1) : 0;
  const most = power(signed ? bits - 1 : bits);
  const above = value >= most;
  if (!above && value >= least) return value;
  switch (overflow) {
    case 'fail':
      return undefined;
    case 'saturate':
      return above ? less(most) : small(BigInt(least));
    default: {
      const whole = BigInt(value);
      return small(signed ? BigInt.asIntN(bits, whole) : BigInt.asUintN(bits, whole));
    }
  }
}

/** 2 to the power of `bits`, exact. */
function power(bits: number): number | bigint {
  return bits < NUMBER_BITS ? 2 ** bits : 1n << BigInt(bits);
}

function less(value: number | bigint): number | bigint {
  return typeof value === 'number' ? value - 1 : small(value - 1n);
}

/** A number if that is exact. */
export function small(value: bigint): number | bigint {
  return narrow(value) ?? value;
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

function writePart(
  raw: RawString,
  { offset, bits }: { readonly offset: number; readonly bits: number },
  value: number,
): void {
  const first = byteOf(offset);
  const last = byteOf(offset + bits - 1);
  const behind = (last + 1) * 8 - offset - bits;
  let whole = 0;
  for (let i = first; i <= last; i++) whole = whole * 256 + raw.byteAt(i);
  const old = Math.floor(whole / 2 ** behind) % 2 ** bits;
  whole += (value - old) * 2 ** behind;
  let bytes = '';
  for (let i = first; i <= last; i++) {
    bytes = String.fromCharCode(whole % 256) + bytes;
    whole = Math.floor(whole / 256);
  }
  raw.write(first, bytes);
}
