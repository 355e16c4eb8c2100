import { RawString } from './raw-string.ts';

/**
 * The layout of a HyperLogLog, which is a string as every client can read and set it: a head, then
 * 16384 registers of 6 bits. The head is `HYLL`, a byte that tells the form, three zeros and the
 * cardinality as it was last counted, with a bit that says whether it is out of date.
 *
 * Dense: register after register, the lowest bits first. Sparse: runs of equal registers,
 * `00llllll`: l + 1 zeros; `01llllll llllllll`: the same with 14 bits; `1vvvvvll`: l + 1 times v + 1.
 */

export const REGISTER_BITS = 14;
export const REGISTERS: number = 1 << REGISTER_BITS;

export const HEAD_BYTES = 16;
/** Bytes of the head: the form, and the last of the cardinality, whose first is at 8. */
export const FORM_AT = 4;
export const CARDINALITY_AT = 8;
export const STALE_AT = 15;
export const STALE_BIT = 0x80;

export const DENSE = 0;
export const SPARSE = 1;

export const DENSE_BYTES: number = HEAD_BYTES + (REGISTERS * 6) / 8;
/** Greatest size of the sparse form by Redis's defaults. */
export const MAX_SPARSE_BYTES = 3000;
/** What is longer has more than all registers, whatever the runs. */
export const MOST_SPARSE_BYTES: number = HEAD_BYTES + 2 * REGISTERS;

/** Greatest register value in the sparse form. */
export const MAX_SPARSE_RANK = 32;

/** Longest runs. */
export const MAX_ZERO_RUN = 64;
export const MAX_VALUE_RUN = 4;

const LONG_ZERO_BIT = 0x40;
const VALUE_BIT = 0x80;

const MAGIC = [0x48, 0x59, 0x4c, 0x4c];

/** Whether `value` could be a HyperLogLog; whether the runs of a sparse one are sound is not known. */
export function looksLikeHyperloglog(value: RawString): boolean {
  if (value.length < HEAD_BYTES || MAGIC.some((byte, i) => value.byteAt(i) !== byte)) return false;
  const form = value.byteAt(FORM_AT);
  return form === SPARSE || (form === DENSE && value.length === DENSE_BYTES);
}

/** Whether what looks like a HyperLogLog is dense, not sparse. */
export function isDense(value: RawString): boolean {
  return value.byteAt(FORM_AT) === DENSE;
}

/** A HyperLogLog without elements, sparse. */
export function emptyHyperloglog(): RawString {
  const bytes = Buffer.alloc(HEAD_BYTES + 2);
  bytes.set(MAGIC);
  bytes[FORM_AT] = SPARSE;
  putRun(bytes, HEAD_BYTES, { rank: 0, length: REGISTERS });
  return RawString.ofBytes(bytes);
}

/** Bytes of the run that begins with the byte `first`. */
export function runBytes(first: number): number {
  return (first & (VALUE_BIT | LONG_ZERO_BIT)) === LONG_ZERO_BIT ? 2 : 1;
}

/** The value of the registers in that run. */
export function runRank(first: number): number {
  return (first & VALUE_BIT) === 0 ? 0 : ((first >>> 2) & 31) + 1;
}

/** How many registers are in the run whose bytes are `first` and, if it has two, `second`. */
export function runLength(first: number, second: number): number {
  if ((first & VALUE_BIT) !== 0) return (first & 3) + 1;
  if ((first & LONG_ZERO_BIT) === 0) return first + 1;
  return (((first & 63) << 8) | second) + 1;
}

/** Writes a run at `at` and returns where it ends; nothing for a length of 0. */
export function putRun(
  bytes: Uint8Array,
  at: number,
  { rank, length }: { readonly rank: number; readonly length: number },
): number {
  if (length === 0) return at;
  if (rank > 0) {
    bytes[at] = VALUE_BIT | ((rank - 1) << 2) | (length - 1);
    return at + 1;
  }
  if (length <= MAX_ZERO_RUN) {
    bytes[at] = length - 1;
    return at + 1;
  }
  bytes[at] = LONG_ZERO_BIT | ((length - 1) >>> 8);
  bytes[at + 1] = (length - 1) & 255;
  return at + 2;
}

/** Visits the runs of a sparse HyperLogLog. Returns whether they make up all registers. */
export function forEachRun(
  bytes: Uint8Array,
  visit: (rank: number, from: number, length: number) => void,
): boolean {
  let from = 0;
  for (let at = HEAD_BYTES; at < bytes.length; ) {
    const first = bytes[at] as number;
    const end = at + runBytes(first);
    if (end > bytes.length) return false;
    const length = runLength(first, bytes[at + 1] ?? 0);
    if (from + length > REGISTERS) return false;
    visit(runRank(first), from, length);
    from += length;
    at = end;
  }
  return from === REGISTERS;
}
