import type { LogIndex } from '../base/ids.ts';
import type { Value } from './value.ts';

/**
 * The entries of a database, numbered 0 … count - 1 without holes: column by column in chunks,
 * because an object per key would take 40 bytes more and be one more thing for the garbage collector
 * to visit. Chunks are never copied, so that growing never stops the process.
 *
 * Numbers are positions: removing an entry moves the last one to its place.
 */
export class Entries {
  readonly #chunks: Chunk[] = [];
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** The chunk of entry `id`; inside it the entry has position `id & CHUNK_MASK`. */
  chunk(id: number): Chunk {
    // Bounds hold because every id in use is < count.
    return this.#chunks[id >>> CHUNK_BITS] as Chunk;
  }

  key(id: number): string {
    return this.chunk(id).keys[id & CHUNK_MASK] as string;
  }

  value(id: number): Value {
    return this.chunk(id).values[id & CHUNK_MASK] as Value;
  }

  /** One of the words named below. */
  word(id: number, word: number): number {
    return this.chunk(id).words[(id & CHUNK_MASK) * WORDS + word] as number;
  }

  setWord(id: number, word: number, value: number): void {
    this.chunk(id).words[(id & CHUNK_MASK) * WORDS + word] = value;
  }

  version(id: number): LogIndex {
    return this.chunk(id).versions[(id & CHUNK_MASK) * VERSION_STRIDE + VERSION] as LogIndex;
  }

  setVersion(id: number, version: LogIndex): void {
    this.chunk(id).versions[(id & CHUNK_MASK) * VERSION_STRIDE + VERSION] = version;
  }

  /** Adds an entry with zero in every column but the key's and the value's. */
  add(key: string, value: Value): number {
    const id = this.#count++;
    const at = id & CHUNK_MASK;
    let chunk = this.#chunks[id >>> CHUNK_BITS];
    if (chunk === undefined) {
      chunk = new Chunk(id === 0 ? FIRST_CHUNK_ENTRIES : CHUNK_ENTRIES);
      this.#chunks.push(chunk);
    } else if (at >= chunk.keys.length) {
      chunk = chunk.doubled();
      this.#chunks[id >>> CHUNK_BITS] = chunk;
    }
    chunk.keys[at] = key;
    chunk.values[at] = value;
    return id;
  }

  /** Removes the last entry, after its columns were copied where they are needed. */
  dropLast(): void {
    const id = --this.#count;
    const at = id & CHUNK_MASK;
    const chunk = this.chunk(id);
    chunk.keys[at] = '';
    chunk.values[at] = 0;
    chunk.words.fill(0, at * WORDS, (at + 1) * WORDS);
    // One empty chunk is kept, so that a count that swings about a border does not make chunks.
    if (at === 0 && this.#chunks.length > (id >>> CHUNK_BITS) + 1) this.#chunks.pop();
  }

  /** Copies all columns of entry `from` over those of entry `to`. */
  move(from: number, to: number): void {
    const source = this.chunk(from);
    const target = this.chunk(to);
    const f = from & CHUNK_MASK;
    const t = to & CHUNK_MASK;
    target.keys[t] = source.keys[f] as string;
    target.values[t] = source.values[f] as Value;
    for (let i = 0; i < WORDS; i++)
      target.words[t * WORDS + i] = source.words[f * WORDS + i] as number;
  }
}

const CHUNK_BITS = 14;
const CHUNK_ENTRIES: number = 1 << CHUNK_BITS;
export const CHUNK_MASK: number = CHUNK_ENTRIES - 1;
/** A small database stays small: its first chunk starts with this and doubles. */
const FIRST_CHUNK_ENTRIES = 16;

/** 32-bit words of an entry in {@link Chunk.words}. */
export const WORDS = 6;
export const HASH = 0;
/** Next entry in the same bucket; -1 ends it. */
export const NEXT = 1;
/** Second of the last access, counted from {@link ACCESS_EPOCH}. */
export const ACCESSED = 2;
/** Position in the heap of deadlines, counted from 1; 0: no deadline. */
export const DEADLINE = 3;
/** The words 4 and 5 are one double, the version: position `3 * at + VERSION` of `versions`. */
const VERSION_STRIDE = 3;
const VERSION = 2;

/** 2020-01-01 in seconds: keeps access times in 31 bits until 2088. */
export const ACCESS_EPOCH = 1577836800;

export class Chunk {
  readonly keys: string[];
  readonly values: Value[];
  readonly words: Int32Array;
  readonly versions: Float64Array;

  constructor(entries: number) {
    this.keys = new Array<string>(entries).fill('');
    this.values = new Array<Value>(entries).fill(0);
    this.words = new Int32Array(entries * WORDS);
    this.versions = new Float64Array(this.words.buffer);
  }

  doubled(): Chunk {
    const old = this.keys.length;
    const chunk = new Chunk(old * 2);
    for (let i = 0; i < old; i++) {
      chunk.keys[i] = this.keys[i] as string;
      chunk.values[i] = this.values[i] as Value;
    }
    chunk.words.set(this.words);
    return chunk;
  }
}
