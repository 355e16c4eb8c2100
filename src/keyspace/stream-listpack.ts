import type { Uint64 } from './stream-id.ts';

/**
 * How many bytes things take in a listpack, the form in which Redis holds the nodes of a stream. The
 * nodes here have a form of their own, but what `MAXLEN ~` removes depends on where a node ends, and
 * that depends on Redis's sizes.
 */

/** An empty listpack: its header, and the mark at its end. */
export const EMPTY_LISTPACK_BYTES = 7;

/** Longest text that could be an integer. */
const MAX_INTEGER_BYTES = 20;
/** So many digits are safe, and beyond 32 bits if the first is not zero. */
const SAFE_DIGITS = 15;
const MINUS = 45;
const ZERO = 48;
const MAX_INT64 = 9223372036854775807n;
const MIN_INT64 = -9223372036854775808n;
/** A 64-bit integer: a byte that says so, eight, and one with the length of these. */
const WIDE_BYTES = 10;

/** Size of an integer, which Redis sees as signed 64 bits. */
export function integerBytes(value: Uint64): number {
  let int = value;
  if (typeof int === 'bigint') {
    const signed = BigInt.asIntN(64, int);
    if (signed < -2147483648n || signed > 2147483647n) return WIDE_BYTES;
    int = Number(signed);
  }
  if (int >= 0 && int < 128) return 2;
  if (int >= -4096 && int < 4096) return 3;
  if (int >= -32768 && int < 32768) return 4;
  if (int >= -8388608 && int < 8388608) return 5;
  return int >= -2147483648 && int < 2147483648 ? 6 : WIDE_BYTES;
}

/** Size of the text in `bytes` from `start` to `end`, which is held as an integer if it spells one. */
export function textBytes(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start;
  if (length <= MAX_INTEGER_BYTES) {
    const size = spelledBytes(bytes, start, end);
    if (size !== 0) return size;
  }
  const size = length + (length < 64 ? 1 : length < 4096 ? 2 : 5);
  return size + trailerBytes(size);
}

/** Bytes behind an element that say how long it is. */
function trailerBytes(size: number): number {
  if (size <= 127) return 1;
  if (size < 16383) return 2;
  if (size < 2097151) return 3;
  return size < 268435455 ? 4 : 5;
}

/** Size of the integer that a text spells, 0 if it does not spell one. */
function spelledBytes(bytes: Uint8Array, start: number, end: number): number {
  const negative = end > start && bytes[start] === MINUS;
  const first = negative ? start + 1 : start;
  const digits = end - first;
  if (digits === 0) return 0;
  let value = 0;
  for (let i = first; i < end; i++) {
    const digit = (bytes[i] as number) - ZERO;
    if (digit < 0 || digit > 9) return 0;
    value = value * 10 + digit;
  }
  if (bytes[first] === ZERO) return digits === 1 && !negative ? integerBytes(0) : 0;
  if (digits <= SAFE_DIGITS) return integerBytes(negative ? -value : value);
  const exact = BigInt(Buffer.from(bytes.subarray(start, end)).latin1Slice());
  return exact >= MIN_INT64 && exact <= MAX_INT64 ? WIDE_BYTES : 0;
}
