import { canonical, type StreamId, type Uint64 } from './stream-id.ts';

/** Words of an id: two 32-bit halves of its time and two of its number, the high ones first. */
export const ID_WORDS = 4;
const WORD: number = 2 ** 32;
/** High words of integers that a number holds exactly are below this. */
const SAFE_HIGH: number = 2 ** 21;
const FIRST_IDS = 4;

/** The id that is being looked for, in words. */
const wanted: Uint32Array = new Uint32Array(ID_WORDS);

/** Ids in order, side by side in memory, so that a search touches little of it. */
export class IdList {
  #words: Uint32Array = new Uint32Array(FIRST_IDS * ID_WORDS);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** How many of the ids are not above the wanted one. */
  count(): number {
    const words = this.#words;
    let low = 0;
    let high = this.#length;
    // Ids mostly come in order, and then the wanted one is behind all others.
    if (high > 0 && compareWanted(words, (high - 1) * ID_WORDS) >= 0) return high;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareWanted(words, middle * ID_WORDS) >= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Puts the id at `at` in `source` before number `i`. */
  insert(i: number, source: Uint32Array, at: number): void {
    const end = this.#length * ID_WORDS;
    if (end === this.#words.length) {
      const grown = new Uint32Array(end * 2);
      grown.set(this.#words);
      this.#words = grown;
    }
    this.#words.copyWithin((i + 1) * ID_WORDS, i * ID_WORDS, end);
    this.#length++;
    this.set(i, source, at);
  }

  /** Replaces id number `i`. */
  set(i: number, source: Uint32Array, at: number): void {
    copyId(source, at, this.#words, i * ID_WORDS);
  }

  /** Removes `count` ids from number `i` on. */
  remove(i: number, count: number): void {
    const end = this.#length * ID_WORDS;
    this.#words.copyWithin(i * ID_WORDS, (i + count) * ID_WORDS, end);
    this.#length -= count;
    const left = this.#length * ID_WORDS;
    if (left * 4 < this.#words.length && left >= FIRST_IDS * ID_WORDS) {
      this.#words = this.#words.slice(0, left * 2);
    }
  }

  copy(): IdList {
    const copy = new IdList();
    copy.#words = this.#words.slice();
    copy.#length = this.#length;
    return copy;
  }
}

/** Sets the id that {@link compareWanted} compares with, and returns its words. */
export function want(ms: Uint64, seq: Uint64): Uint32Array {
  setUint64(wanted, 0, ms);
  setUint64(wanted, 2, seq);
  return wanted;
}

/** Positive if the wanted id is above the one at `at`, 0 if it is that, else negative. */
export function compareWanted(words: Uint32Array, at: number): number {
  let a = wanted[0] as number;
  let b = words[at] as number;
  if (a === b) {
    a = wanted[1] as number;
    b = words[at + 1] as number;
    if (a === b) {
      a = wanted[2] as number;
      b = words[at + 2] as number;
      if (a === b) {
        a = wanted[3] as number;
        b = words[at + 3] as number;
      }
    }
  }
  return a === b ? 0 : a > b ? 1 : -1;
}

export function copyId(source: Uint32Array, from: number, target: Uint32Array, to: number): void {
  for (let i = 0; i < ID_WORDS; i++) target[to + i] = source[from + i] as number;
}

/** The id that stands at `at`. */
export function idAt(words: Uint32Array, at: number): StreamId {
  return { ms: getUint64(words, at), seq: getUint64(words, at + 2) };
}

/** The integer in two words, the high one first. */
export function getUint64(words: Uint32Array, at: number): Uint64 {
  const high = words[at] as number;
  const low = words[at + 1] as number;
  if (high < SAFE_HIGH) return high * WORD + low;
  return canonical((BigInt(high) << 32n) | BigInt(low));
}

export function setUint64(words: Uint32Array, at: number, value: Uint64): void {
  if (typeof value === 'number') {
    words[at] = Math.floor(value / WORD);
    words[at + 1] = value % WORD;
  } else {
    words[at] = Number(value >> 32n);
    words[at + 1] = Number(value & 0xffffffffn);
  }
}
