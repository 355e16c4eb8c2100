import type { DigestSink } from './value.ts';

/** An unsigned 64-bit integer: a number where that is exact, else a bigint. So `===` and `<` work. */
export type Uint64 = number | bigint;

/** The id of an entry: a time in ms of the epoch, and a number among the entries of that time. */
export interface StreamId {
  readonly ms: Uint64;
  readonly seq: Uint64;
}

export const MAX_UINT64: bigint = 2n ** 64n - 1n;
export const MIN_ID: StreamId = { ms: 0, seq: 0 };
export const MAX_ID: StreamId = { ms: MAX_UINT64, seq: MAX_UINT64 };

/** Negative, 0 or positive: the order of `a` and `b`. */
export function compareIds(a: StreamId, b: StreamId): number {
  return compareParts(a.ms, a.seq, b.ms, b.seq);
}

/** The same where the ids are not at hand as objects. */
export function compareParts(aMs: Uint64, aSeq: Uint64, bMs: Uint64, bSeq: Uint64): number {
  if (aMs === bMs) return aSeq === bSeq ? 0 : aSeq < bSeq ? -1 : 1;
  return aMs < bMs ? -1 : 1;
}

export function isZeroId(id: StreamId): boolean {
  return id.ms === 0 && id.seq === 0;
}

/** The smallest id above `id`; undefined if there is none. */
export function idAfter(id: StreamId): StreamId | undefined {
  if (id.seq !== MAX_UINT64) return { ms: id.ms, seq: plusOne(id.seq) };
  return id.ms === MAX_UINT64 ? undefined : { ms: plusOne(id.ms), seq: 0 };
}

/** The greatest id below `id`; undefined if there is none. */
export function idBefore(id: StreamId): StreamId | undefined {
  if (id.seq !== 0) return { ms: id.ms, seq: minusOne(id.seq) };
  return id.ms === 0 ? undefined : { ms: minusOne(id.ms), seq: MAX_UINT64 };
}

function plusOne(value: Uint64): Uint64 {
  return typeof value === 'number' && value < Number.MAX_SAFE_INTEGER
    ? value + 1
    : canonical(BigInt(value) + 1n);
}

function minusOne(value: Uint64): Uint64 {
  return typeof value === 'number' ? value - 1 : canonical(value - 1n);
}

/** A bigint as a number if that is exact. */
export function canonical(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** The sum of two integers, which must not be greater than 64 bits allow. */
export function sumOf(a: Uint64, b: Uint64): Uint64 {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    if (sum <= Number.MAX_SAFE_INTEGER) return sum;
  }
  return canonical(BigInt(a) + BigInt(b));
}

/** `a - b`, which may be negative: exact, and beyond 64 bits too. */
export function differenceOf(a: Uint64, b: Uint64): number | bigint {
  // Both are safe integers ≥ 0, so the difference is one too.
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return canonical(BigInt(a) - BigInt(b));
}

const SECOND = 1000;
/** What follows the seconds, with leading zeros. */
const MILLISECONDS: readonly string[] = Array.from({ length: SECOND }, (_, i) =>
  String(i).padStart(3, '0'),
);
let lastSecond = 0;
let lastSecondText = '';

/**
 * An id as clients see it. Printing a number beyond 2^31 costs more than all else about a short
 * entry, so the text of the seconds is kept: ids near each other share it.
 */
export function formatId(ms: Uint64, seq: Uint64): string {
  if (typeof ms === 'bigint' || ms < SECOND) return `${ms}-${seq}`;
  const second = Math.floor(ms / SECOND);
  if (second !== lastSecond) {
    lastSecond = second;
    lastSecondText = String(second);
  }
  const rest = `${MILLISECONDS[ms - second * SECOND] as string}-${seq}`;
  return lastSecondText + rest;
}

export function feedId(sink: DigestSink, id: StreamId): void {
  feedInteger(sink, id.ms);
  feedInteger(sink, id.seq);
}

export function feedInteger(sink: DigestSink, value: number | bigint): void {
  if (typeof value === 'number') sink.number(value);
  else sink.text(String(canonical(value)));
}
