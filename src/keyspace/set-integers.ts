import { packedSplice } from './packed.ts';

/**
 * Integers in increasing order in one flat string: each takes `width` chars (bytes), the highest
 * first and with the sign bit turned, so that finding one is a search by halves. Sequences are
 * values: what changes one returns another. Integers are numbers, or bigints beyond 2^53.
 */

/** Bytes of each integer: the smallest of these into which all fit. */
export type IntegerWidth = 2 | 4 | 8;

const WORD = 0x100000000;

export function integerWidth(value: number | bigint): IntegerWidth {
  if (value >= -0x8000 && value < 0x8000) return 2;
  return value >= -0x80000000 && value < 0x80000000 ? 4 : 8;
}

/** Integer number `index` of `packed`. */
export function integerAt(packed: string, width: IntegerWidth, index: number): number | bigint {
  const at = index * width;
  switch (width) {
    case 2:
      return ((packed.charCodeAt(at) << 8) | packed.charCodeAt(at + 1)) - 0x8000;
    case 4:
      return wordAt(packed, at) ^ 0x80000000;
    case 8: {
      const high = wordAt(packed, at) ^ 0x80000000;
      const low = wordAt(packed, at + 4) >>> 0;
      const value = high * WORD + low;
      return Number.isSafeInteger(value) ? value : (BigInt(high) << 32n) | BigInt(low);
    }
  }
}

/** The number of `value` in `packed`, or if it is not there -1 - the number it would have. */
export function integerFind(packed: string, width: IntegerWidth, value: number | bigint): number {
  let low = 0;
  let high = packed.length / width;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const found = integerAt(packed, width, middle);
    if (found === value) return middle;
    if (found < value) low = middle + 1;
    else high = middle;
  }
  return -1 - low;
}

/** `packed` with `value`, which fits the width, as number `index`. */
export function integerInsert(
  packed: string,
  width: IntegerWidth,
  place: { readonly index: number; readonly value: number | bigint },
): string {
  const at = place.index * width;
  return packedSplice(packed, at, at, integerChars(width, place.value));
}

export function integerRemove(packed: string, width: IntegerWidth, index: number): string {
  return packedSplice(packed, index * width, (index + 1) * width, '');
}

/** The same integers in a greater width. */
export function integerWiden(packed: string, from: IntegerWidth, to: IntegerWidth): string {
  const count = packed.length / from;
  const bytes = Buffer.allocUnsafeSlow(count * to);
  for (let i = 0; i < count; i++) {
    bytes.latin1Write(integerChars(to, integerAt(packed, from, i)), i * to, to);
  }
  return bytes.latin1Slice();
}

/** Bytes they take in the least width that they need now. */
export function integerBytes(packed: string, width: IntegerWidth): number {
  const count = packed.length / width;
  if (count === 0) return 0;
  const first = integerWidth(integerAt(packed, width, 0));
  return count * Math.max(first, integerWidth(integerAt(packed, width, count - 1)));
}

function wordAt(packed: string, at: number): number {
  return (
    (packed.charCodeAt(at) << 24) |
    (packed.charCodeAt(at + 1) << 16) |
    (packed.charCodeAt(at + 2) << 8) |
    packed.charCodeAt(at + 3)
  );
}

function integerChars(width: IntegerWidth, value: number | bigint): string {
  switch (width) {
    case 2: {
      const turned = Number(value) + 0x8000;
      return String.fromCharCode(turned >>> 8, turned & 255);
    }
    case 4:
      return wordChars(Number(value) ^ 0x80000000);
    case 8: {
      if (typeof value === 'bigint') {
        const high = Number(value >> 32n) ^ 0x80000000;
        return wordChars(high) + wordChars(Number(value & 0xffffffffn));
      }
      return wordChars(Math.floor(value / WORD) ^ 0x80000000) + wordChars(value >>> 0);
    }
  }
}

function wordChars(word: number): string {
  return String.fromCharCode(word >>> 24, (word >>> 16) & 255, (word >>> 8) & 255, word & 255);
}
