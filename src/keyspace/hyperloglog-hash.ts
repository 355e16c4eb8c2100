import { REGISTER_BITS } from './hyperloglog-format.ts';

/** Halves of the multiplier of MurmurHash64A (by Austin Appleby, in the public domain), and its seed. */
const LOW = 0x5bd1e995;
const HIGH = 0xc6a4a793 | 0;
const SEED = 0xadc83b19 | 0;
/** The low half of the multiplier in two parts, whose products fit in 32 bits. */
const LOW_0 = 0xe995;
const LOW_1 = 0x5bd1;

/** Bits of a hash that are left for the rank. */
const RANK_BITS: number = 64 - REGISTER_BITS;
/** Those of them in the lower half. */
const LOW_RANK_BITS: number = 32 - REGISTER_BITS;
/** The greatest rank: that of a hash without a one in its {@link RANK_BITS} bits. */
export const MAX_RANK: number = RANK_BITS + 1;

/** A register and a rank in one number. */
export const RANK_SHIFT = 6;

/**
 * What the element in bytes `start` to `end` does to a HyperLogLog: the number of its register,
 * shifted by {@link RANK_SHIFT}, plus its rank, which is how many of the other bits of its hash come
 * up to the first one. The hash is MurmurHash64A in 32-bit halves.
 */
export function placeOf(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start;
  const whole = start + (length & ~7);
  let low = SEED ^ Math.imul(length, LOW);
  let high = (productHigh(length) + Math.imul(length, HIGH)) | 0;
  for (let at = start; at < whole; at += 8) {
    let a = wordAt(bytes, at);
    let b = wordAt(bytes, at + 4);
    b = (productHigh(a) + Math.imul(a, HIGH) + Math.imul(b, LOW)) | 0;
    a = Math.imul(a, LOW) ^ (b >>> 15);
    high ^= (productHigh(a) + Math.imul(a, HIGH) + Math.imul(b, LOW)) | 0;
    low ^= Math.imul(a, LOW);
    high = (productHigh(low) + Math.imul(low, HIGH) + Math.imul(high, LOW)) | 0;
    low = Math.imul(low, LOW);
  }
  if (whole < end) {
    for (let at = whole, shift = 0; at < end; at++, shift += 8) {
      // A shift counts modulo 32.
      const byte = (bytes[at] as number) << shift;
      if (shift < 32) low ^= byte;
      else high ^= byte;
    }
    high = (productHigh(low) + Math.imul(low, HIGH) + Math.imul(high, LOW)) | 0;
    low = Math.imul(low, LOW);
  }
  low ^= high >>> 15;
  high = (productHigh(low) + Math.imul(low, HIGH) + Math.imul(high, LOW)) | 0;
  low = Math.imul(low, LOW) ^ (high >>> 15);
  return ((low & ((1 << REGISTER_BITS) - 1)) << RANK_SHIFT) | rankOf(low >>> REGISTER_BITS, high);
}

/** The upper half of `word`, unsigned, times {@link LOW}. */
function productHigh(word: number): number {
  const word0 = word & 0xffff;
  const word1 = word >>> 16;
  const middle = (Math.imul(word1, LOW_0) >>> 0) + (Math.imul(word0, LOW_0) >>> 16);
  const other = (Math.imul(word0, LOW_1) >>> 0) + (middle & 0xffff);
  return (Math.imul(word1, LOW_1) + (middle >>> 16) + (other >>> 16)) | 0;
}

function wordAt(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24)
  );
}

function rankOf(low: number, high: number): number {
  if (low !== 0) return 32 - Math.clz32(low & -low);
  return high === 0 ? MAX_RANK : LOW_RANK_BITS + 32 - Math.clz32(high & -high);
}
