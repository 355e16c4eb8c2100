import { packElement, packedAt, packedIs, packedMove, packedSplice } from './packed.ts';
import type { Columns, Span } from './sorted-set-range.ts';

/**
 * Small sorted sets in one flat string: elements in order, each a member as in `packed.ts` and then
 * its score, in one char if it is a small whole number and in nine if it is none. Like all packed
 * strings they are values, and positions are offsets of elements.
 */

/** First chars of a score: below this it is the score itself, */
const PAIR = 0xe0;
/** below this its low bits are the high bits of a score that ends with the next char, */
const WIDE = 0xf0;
const PAIR_SCORES = (WIDE - PAIR) << 8;
/** this stands before the four bytes of a signed integer, */
const INT32 = 0xf0;
/** and this before the eight bytes of a double. */
const DOUBLE = 0xf1;

const double = new Float64Array(1);
const bytes = new Uint8Array(double.buffer);

/** Position of the score of the element at `at`. */
function scorePosition(packed: string, at: number): number {
  return at + 1 + packed.charCodeAt(at);
}

/** The position after the element at `at`. */
export function scoredNext(packed: string, at: number): number {
  const position = scorePosition(packed, at);
  const head = packed.charCodeAt(position);
  return position + (head < PAIR ? 1 : head < WIDE ? 2 : head === INT32 ? 5 : 9);
}

/** The score of the element at `at`. Its member is what `packedAt` returns. */
export function scoredScore(packed: string, at: number): number {
  const position = scorePosition(packed, at);
  const head = packed.charCodeAt(position);
  if (head < PAIR) return head;
  if (head < WIDE) return ((head - PAIR) << 8) | packed.charCodeAt(position + 1);
  if (head === INT32) {
    return (
      (packed.charCodeAt(position + 1) << 24) |
      (packed.charCodeAt(position + 2) << 16) |
      (packed.charCodeAt(position + 3) << 8) |
      packed.charCodeAt(position + 4)
    );
  }
  for (let i = 0; i < 8; i++) bytes[i] = packed.charCodeAt(position + 1 + i);
  return double[0] as number;
}

/** Position of the element with this member, or -1. */
export function scoredFind(packed: string, member: string): number {
  for (let at = 0; at < packed.length; at = scoredNext(packed, at)) {
    if (packedIs(packed, at, member)) return at;
  }
  return -1;
}

/** The string with an element, whose member has had another score at `old` or is new (-1). */
export function scoredSet(
  packed: string,
  old: number,
  { member, score }: { readonly member: string; readonly score: number },
): string {
  const place = scoredPlace(packed, member, score);
  const element = packScored(member, score);
  if (old === -1) return packedSplice(packed, place, place, element);
  return packedMove(packed, { from: old, to: scoredNext(packed, old) }, place, element);
}

/**
 * Position where an element with this member and this score belongs. If the member is there with
 * another score, that does not matter.
 */
export function scoredPlace(packed: string, member: string, score: number): number {
  let at = 0;
  for (; at < packed.length; at = scoredNext(packed, at)) {
    const other = scoredScore(packed, at);
    if (other > score || (other === score && !isMemberBefore(packed, at, member))) break;
  }
  return at;
}

/** Whether the member of the element at `at` comes before `member`. */
function isMemberBefore(packed: string, at: number, member: string): boolean {
  const length = packed.charCodeAt(at);
  const shorter = Math.min(length, member.length);
  for (let i = 0; i < shorter; i++) {
    const difference = packed.charCodeAt(at + 1 + i) - member.charCodeAt(i);
    if (difference !== 0) return difference < 0;
  }
  return length < member.length;
}

/** One element in packed form. */
export function packScored(member: string, score: number): string {
  return packElement(member) + packScore(score);
}

function packScore(score: number): string {
  // Also -0, which loses its sign here as in Redis's small form.
  if ((score | 0) === score) {
    if (score >= 0 && score < PAIR) return String.fromCharCode(score);
    if (score >= 0 && score < PAIR_SCORES) {
      return String.fromCharCode(PAIR | (score >>> 8), score & 0xff);
    }
    return String.fromCharCode(
      INT32,
      score >>> 24,
      (score >>> 16) & 0xff,
      (score >>> 8) & 0xff,
      score & 0xff,
    );
  }
  double[0] = score;
  // Spelt out: spreading the array takes ten times as long.
  return String.fromCharCode(
    DOUBLE,
    bytes[0] as number,
    bytes[1] as number,
    bytes[2] as number,
    bytes[3] as number,
    bytes[4] as number,
    bytes[5] as number,
    bytes[6] as number,
    bytes[7] as number,
  );
}

/** Position `count` elements after `from`. */
export function scoredSeek(packed: string, from: number, count: number): number {
  let at = from;
  for (let i = 0; i < count; i++) at = scoredNext(packed, at);
  return at;
}

/** How many elements come before position `end`. */
export function scoredRank(packed: string, end: number): number {
  let rank = 0;
  for (let at = 0; at < end; at = scoredNext(packed, at)) rank++;
  return rank;
}

/** Number of elements before the first for which `isBelow` does not hold. */
export function scoredCountWhile(
  packed: string,
  isBelow: (score: number, member: string) => boolean,
): number {
  let count = 0;
  for (let at = 0; at < packed.length; at = scoredNext(packed, at)) {
    if (!isBelow(scoredScore(packed, at), packedAt(packed, at))) break;
    count++;
  }
  return count;
}

/** Appends the elements of a span, upwards, to the columns. */
export function scoredCollect(
  packed: string,
  { first, count }: Span,
  { members, scores }: Columns,
): void {
  let at = scoredSeek(packed, 0, first);
  for (let i = 0; i < count; i++) {
    members.push(packedAt(packed, at));
    scores.push(scoredScore(packed, at));
    at = scoredNext(packed, at);
  }
}

/** Visits the elements of a span, upwards. */
export function scoredWalk(
  packed: string,
  { first, count }: Span,
  visit: (member: string, score: number) => void,
): void {
  let at = scoredSeek(packed, 0, first);
  for (let i = 0; i < count; i++) {
    visit(packedAt(packed, at), scoredScore(packed, at));
    at = scoredNext(packed, at);
  }
}
