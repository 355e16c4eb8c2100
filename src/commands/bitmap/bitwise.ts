/**
 * Bitwise operations on byte strings of unequal length: the shorter one goes on in zeros. All work
 * on `target`, which is at least as long as `source`.
 */

/** target &= source */
export function and(target: Buffer, source: Buffer): void {
  const from = byWords(target, source, andWords);
  for (let i = from; i < source.length; i++) target[i] = at(target, i) & at(source, i);
  target.fill(0, source.length);
}

/** target |= source */
export function or(target: Buffer, source: Buffer): void {
  const from = byWords(target, source, orWords);
  for (let i = from; i < source.length; i++) target[i] = at(target, i) | at(source, i);
}

/** target ^= source */
export function xor(target: Buffer, source: Buffer): void {
  const from = byWords(target, source, xorWords);
  for (let i = from; i < source.length; i++) target[i] = at(target, i) ^ at(source, i);
}

/** target &= ~source */
export function andNot(target: Buffer, source: Buffer): void {
  const from = byWords(target, source, andNotWords);
  for (let i = from; i < source.length; i++) target[i] = at(target, i) & ~at(source, i);
}

/**
 * V8 compiles what is done to elements of this type to instructions on 64-bit registers, without a
 * bigint ever being made: half the time of 32-bit words.
 */
type Words = BigUint64Array;
/** Words from `from` to `to`, which are whole groups. */
type WordOperation = (target: Words, source: Words, from: number, to: number) => void;

const WORD_BYTES = 8;
/** Words of one turn of the loops. */
const GROUP = 4;
const GROUP_BYTES: number = GROUP * WORD_BYTES;
/** Strings that are shorter are not worth views of words. */
const MIN_BYTES = 256;
/**
 * Words done by one call. A call for everything would stay in code that V8 compiled while its loop
 * was running for the first time, which costs several times as much.
 */
const BLOCK = 1024;

/** Does what can be done by words, and returns from which byte on the rest is left to do. */
function byWords(target: Buffer, source: Buffer, operation: WordOperation): number {
  if (source.length < MIN_BYTES) return 0;
  if (target.byteOffset % WORD_BYTES !== 0) return 0;
  const aligned = source.byteOffset % WORD_BYTES === 0 ? source : Buffer.from(source);
  const count = Math.floor(source.length / GROUP_BYTES) * GROUP;
  const a = new BigUint64Array(target.buffer, target.byteOffset, count);
  const b = new BigUint64Array(aligned.buffer, aligned.byteOffset, count);
  for (let i = 0; i < count; i += BLOCK) operation(a, b, i, Math.min(i + BLOCK, count));
  return count * WORD_BYTES;
}

// The loops are written out because a call for each word would cost several times the operation.

function andWords(target: Words, source: Words, from: number, to: number): void {
  for (let i = from; i < to; i += GROUP) {
    target[i] = word(target, i) & word(source, i);
    target[i + 1] = word(target, i + 1) & word(source, i + 1);
    target[i + 2] = word(target, i + 2) & word(source, i + 2);
    target[i + 3] = word(target, i + 3) & word(source, i + 3);
  }
}

function orWords(target: Words, source: Words, from: number, to: number): void {
  for (let i = from; i < to; i += GROUP) {
    target[i] = word(target, i) | word(source, i);
    target[i + 1] = word(target, i + 1) | word(source, i + 1);
    target[i + 2] = word(target, i + 2) | word(source, i + 2);
    target[i + 3] = word(target, i + 3) | word(source, i + 3);
  }
}

function xorWords(target: Words, source: Words, from: number, to: number): void {
  for (let i = from; i < to; i += GROUP) {
    target[i] = word(target, i) ^ word(source, i);
    target[i + 1] = word(target, i + 1) ^ word(source, i + 1);
    target[i + 2] = word(target, i + 2) ^ word(source, i + 2);
    target[i + 3] = word(target, i + 3) ^ word(source, i + 3);
  }
}

function andNotWords(target: Words, source: Words, from: number, to: number): void {
  for (let i = from; i < to; i += GROUP) {
    target[i] = word(target, i) & ~word(source, i);
    target[i + 1] = word(target, i + 1) & ~word(source, i + 1);
    target[i + 2] = word(target, i + 2) & ~word(source, i + 2);
    target[i + 3] = word(target, i + 3) & ~word(source, i + 3);
  }
}

/** Bounds hold because the target is at least as long as the source. */
function word(words: Words, i: number): bigint {
  return words[i] as bigint;
}

function at(bytes: Buffer, i: number): number {
  return bytes[i] as number;
}
