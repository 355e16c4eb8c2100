/** Bits of byte strings, numbered as Redis numbers them: bit 0 is the highest of byte 0. */

/** A part of a string in bits, `to` excluded. */
export interface BitRange {
  readonly from: number;
  readonly to: number;
}

/** How many bits in `range`, which lies inside `bytes`, are 1. */
export function countBits(bytes: Buffer, { from, to }: BitRange): number {
  if (from >= to) return 0;
  const first = byteOf(from);
  const last = byteOf(to - 1);
  const head = 0xff >>> (from & 7);
  const tail = 0xff & (0xff << (7 - ((to - 1) & 7)));
  if (first === last) return countWord(at(bytes, first) & head & tail);
  const edges = countWord(at(bytes, first) & head) + countWord(at(bytes, last) & tail);
  return edges + countBytes(bytes, first + 1, last);
}

/** The first bit in `range`, which lies inside `bytes`, that is `bit`; -1 if there is none. */
export function findBit(bytes: Buffer, bit: 0 | 1, { from, to }: BitRange): number {
  if (from >= to) return -1;
  // What is looked for is a bit unlike all those of `skipped`.
  const skipped = bit === 1 ? ZEROS : ONES;
  const flip = bit === 1 ? 0 : 0xff;
  const end = byteOf(to - 1) + 1;
  let i = byteOf(from);
  let byte = (at(bytes, i) ^ flip) & (0xff >>> (from & 7));
  if (byte === 0) {
    i = skipBytes(bytes, skipped, i + 1, end);
    if (i === end) return -1;
    byte = at(bytes, i) ^ flip;
  }
  const found = i * 8 + Math.clz32(byte) - 24;
  return found < to ? found : -1;
}

/** The byte that bit `bit` stands in: bits of long strings have more than 32 bits themselves. */
export function byteOf(bit: number): number {
  return Math.floor(bit / 8);
}

/** Bits of the bytes `from` to `to` (exclusive) that are 1. */
function countBytes(bytes: Buffer, from: number, to: number): number {
  // Words begin where their address is a multiple of their size.
  const start = Math.min(from + (-(bytes.byteOffset + from) & 3), to);
  const groups = Math.floor((to - start) / GROUP_BYTES);
  const end = start + groups * GROUP_BYTES;
  let count = 0;
  for (let i = from; i < start; i++) count += countWord(at(bytes, i));
  for (let i = end; i < to; i++) count += countWord(at(bytes, i));
  if (groups === 0) return count;
  const words = new Int32Array(bytes.buffer, bytes.byteOffset + start, groups * GROUP);
  for (let i = 0; i < words.length; i += BLOCK) {
    count += countWords(words, i, Math.min(i + BLOCK, words.length));
  }
  return count;
}

const ZEROS: Buffer = Buffer.alloc(8192);
const ONES: Buffer = Buffer.alloc(8192, 0xff);
/** So many equal bytes at a time are skipped while that works: native code compares them. */
const SKIPS: readonly number[] = [ZEROS.length, 128];

/** The first byte from `from` on that is not like those of `skipped`; `to` if there is none before. */
function skipBytes(bytes: Buffer, skipped: Buffer, from: number, to: number): number {
  let i = from;
  for (const length of SKIPS) {
    while (to - i >= length && skipped.compare(bytes, i, i + length, 0, length) === 0) i += length;
  }
  const byte = skipped[0];
  while (i < to && bytes[i] === byte) i++;
  return i;
}

/** Bits of a word that are 1. */
function countWord(word: number): number {
  const twos = word - ((word >>> 1) & 0x55555555);
  const fours = (twos & 0x33333333) + ((twos >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Words that {@link countWords} adds up at a time. */
const GROUP = 8;
const GROUP_BYTES: number = GROUP * 4;
/**
 * Words counted by one call. A call for everything would stay in code that V8 compiled while its loop
 * was running for the first time, which costs several times as much.
 */
const BLOCK = 1024;

/**
 * Ones in whole groups of words. Adds words up bit by bit, each position with its carries in `ones`,
 * `twos` and `fours`, so that of eight words only what is carried beyond has to be counted (Harley
 * and Seal): half the time.
 */
function countWords(words: Int32Array, from: number, to: number): number {
  let eights = 0;
  let ones = 0;
  let twos = 0;
  let fours = 0;
  for (let i = from; i < to; i += GROUP) {
    const a = add(ones, word(words, i), word(words, i + 1));
    const twosA = carry(ones, word(words, i), word(words, i + 1));
    const b = add(a, word(words, i + 2), word(words, i + 3));
    const twosB = carry(a, word(words, i + 2), word(words, i + 3));
    const c = add(b, word(words, i + 4), word(words, i + 5));
    const twosC = carry(b, word(words, i + 4), word(words, i + 5));
    ones = add(c, word(words, i + 6), word(words, i + 7));
    const twosD = carry(c, word(words, i + 6), word(words, i + 7));
    const d = add(twos, twosA, twosB);
    const foursA = carry(twos, twosA, twosB);
    twos = add(d, twosC, twosD);
    const foursB = carry(d, twosC, twosD);
    eights += countWord(carry(fours, foursA, foursB));
    fours = add(fours, foursA, foursB);
  }
  return 8 * eights + 4 * countWord(fours) + 2 * countWord(twos) + countWord(ones);
}

/** The sum of three bits at each position, without what is carried. */
function add(a: number, b: number, c: number): number {
  return a ^ b ^ c;
}

/** What is carried from the sum of three bits at each position. */
function carry(a: number, b: number, c: number): number {
  return (a & b) | ((a ^ b) & c);
}

/** Bounds hold because ranges lie inside their bytes. */
function at(bytes: Buffer, i: number): number {
  return bytes[i] as number;
}

function word(words: Int32Array, i: number): number {
  return words[i] as number;
}
