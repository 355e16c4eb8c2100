import type { LogIndex } from '../base/ids.ts';

/**
 * The entries of a {@link KeyTable}, numbered 0 … count - 1 without holes: column by column in chunks,
 * because an object per key would take 40 bytes more and be one more thing for the garbage collector
 * to visit. Chunks are never copied, so that growing never stops the process.
 *
 * Numbers are positions: removing an entry moves the last one to its place.
 */
export class Entries<V> {
  /** 32-bit words of each entry: how many of those named below it has. */
  readonly stride: number;
  readonly #empty: V;
  readonly #chunks: Chunk<V>[] = [];
  #count = 0;

  /** `empty` stands where no value is. */
  constructor(stride: number, empty: V) {
    this.stride = stride;
    this.#empty = empty;
  }

  get count(): number {
    return this.#count;
  }

  /** The chunk of entry `id`; inside it the entry has position `id & CHUNK_MASK`. */
  chunk(id: number): Chunk<V> {
    // Bounds hold because every id in use is < count.
    return this.#chunks[id >>> CHUNK_BITS] as Chunk<V>;
  }

  key(id: number): string {
    return this.chunk(id).keys[id & CHUNK_MASK] as string;
  }

  value(id: number): V {
    return this.chunk(id).values[id & CHUNK_MASK] as V;
  }

  setValue(id: number, value: V): void {
    this.chunk(id).values[id & CHUNK_MASK] = value;
  }

  /** One of the words named below. */
  word(id: number, word: number): number {
    return this.chunk(id).words[(id & CHUNK_MASK) * this.stride + word] as number;
  }

  setWord(id: number, word: number, value: number): void {
    this.chunk(id).words[(id & CHUNK_MASK) * this.stride + word] = value;
  }

  version(id: number): LogIndex {
    return this.chunk(id).versions[(id & CHUNK_MASK) * VERSION_STRIDE + VERSION] as LogIndex;
  }

  setVersion(id: number, version: LogIndex): void {
    this.chunk(id).versions[(id & CHUNK_MASK) * VERSION_STRIDE + VERSION] = version;
  }

  /** Adds an entry with zero in every column but the key's and the value's. */
  add(key: string, value: V): number {
    const id = this.#count++;
    const at = id & CHUNK_MASK;
    let chunk = this.#chunks[id >>> CHUNK_BITS];
    if (chunk === undefined) {
      chunk = new Chunk<V>(
        id === 0 ? FIRST_CHUNK_ENTRIES : CHUNK_ENTRIES,
        this.stride,
        this.#empty,
      );
      this.#chunks.push(chunk);
    } else if (at >= chunk.keys.length) {
      chunk = chunk.doubled(this.stride, this.#empty);
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
    chunk.values[at] = this.#empty;
    chunk.words.fill(0, at * this.stride, (at + 1) * this.stride);
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
    target.values[t] = source.values[f] as V;
    const { stride } = this;
    for (let i = 0; i < stride; i++) {
      target.words[t * stride + i] = source.words[f * stride + i] as number;
    }
  }
}

const CHUNK_BITS = 14;
const CHUNK_ENTRIES: number = 1 << CHUNK_BITS;
export const CHUNK_MASK: number = CHUNK_ENTRIES - 1;
/** A small database stays small: its first chunk starts with this and doubles. */
const FIRST_CHUNK_ENTRIES = 16;

/** Words of every entry: its hash, and the next entry in the same bucket; -1 ends it. */
export const HASH = 0;
export const NEXT = 1;
/** Word of an entry that can expire: position in the heap of deadlines, from 1; 0: no deadline. */
export const DEADLINE = 2;
/** Words of a key: second of the last access, counted from {@link ACCESS_EPOCH}. */
export const ACCESSED = 3;
/** The words 4 and 5 are one double, the version: position `4 * at + VERSION` of `versions`. */
const VERSION_STRIDE = 4;
const VERSION = 2;
/** Position in the heap of the deadlines of hashes' fields, as {@link DEADLINE}. Word 7 is free. */
export const FIELD_DEADLINE = 6;

/** Words of a member of a collection, of a member that can expire, and of a key. */
export const MEMBER_WORDS = 2;
export const EXPIRING_MEMBER_WORDS = 3;
export const KEY_WORDS = 8;

/** 2020-01-01 in seconds: keeps access times in 31 bits until 2088. */
export const ACCESS_EPOCH = 1577836800;

export class Chunk<V> {
  readonly keys: string[];
  readonly values: V[];
  readonly words: Int32Array;
  readonly versions: Float64Array;

  constructor(entries: number, stride: number, empty: V) {
    this.keys = new Array<string>(entries).fill('');
    this.values = new Array<V>(entries).fill(empty);
    this.words = new Int32Array(entries * stride);
    // Read only where entries have a version, which makes their stride even.
    this.versions = new Float64Array(this.words.buffer, 0, (entries * stride) >>> 1);
  }

  doubled(stride: number, empty: V): Chunk<V> {
    const old = this.keys.length;
    const chunk = new Chunk<V>(old * 2, stride, empty);
    for (let i = 0; i < old; i++) {
      chunk.keys[i] = this.keys[i] as string;
      chunk.values[i] = this.values[i] as V;
    }
    chunk.words.set(this.words);
    return chunk;
  }
}
