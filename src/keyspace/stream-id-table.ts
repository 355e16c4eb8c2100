import { assert } from '../base/assert.ts';
import type { StreamId, Uint64 } from './stream-id.ts';
import { compareWanted, copyId, ID_WORDS, IdList, idAt, want } from './stream-id-list.ts';

/** Entries of a full chunk. */
export const CHUNK_ENTRIES = 64;
const FIRST_ENTRIES = 4;
/** A chunk with fewer joins a neighbour, if together they fill no more than half of one. */
const SPARSE_ENTRIES = 16;
/** About the memory of a chunk beside its words. */
const CHUNK_OVERHEAD_BYTES = 300;

/** Some of the entries of an {@link IdTable}: `count` of them, in order. */
export class IdChunk {
  /** Its number in images, while the table is in them. */
  part = 0;
  words: Uint32Array;
  count: number;

  constructor(words: Uint32Array, count = 0) {
    this.words = words;
    this.count = count;
  }
}

/** Is told what is about to happen to the chunks of a table. */
export interface ChunkWatch {
  beforeChunk(chunk: IdChunk): void;
  chunkAdded(chunk: IdChunk): void;
  /** From now on the chunk does not change. */
  chunkRemoved(chunk: IdChunk): void;
}

/** Where an entry of an {@link IdTable} stands: good until the table changes. */
export interface Place {
  /** The words of the entry begin at `at` in `words`: those of its id, then its own. */
  readonly words: Uint32Array;
  readonly at: number;
}

/**
 * Ids in order, each with some 32-bit words of its own: a list of small sorted chunks outside V8's
 * heap. Ids mostly come in order and go from the front, and then every chunk but the last is full.
 */
export class IdTable {
  readonly #stride: number;
  /** None of them is empty. */
  readonly #chunks: IdChunk[] = [];
  /** The first id of each chunk. */
  #firsts: IdList = new IdList();
  #size = 0;
  watch: ChunkWatch | undefined = undefined;

  /** `words`: how many each entry has beside those of its id. */
  constructor(words: number) {
    this.#stride = ID_WORDS + words;
  }

  get size(): number {
    return this.#size;
  }

  /** The first id; the table must not be empty. */
  get first(): StreamId {
    return idAt((this.#chunks[0] as IdChunk).words, 0);
  }

  /** The last id; the table must not be empty. */
  get last(): StreamId {
    const chunk = this.#chunks[this.#chunks.length - 1] as IdChunk;
    return idAt(chunk.words, (chunk.count - 1) * this.#stride);
  }

  /** Where an id stands, to look at its words. */
  find(ms: Uint64, seq: Uint64): Place | undefined {
    return this.#find(ms, seq, undefined);
  }

  /** The same, to change them. */
  edit(ms: Uint64, seq: Uint64): Place | undefined {
    return this.#find(ms, seq, this.watch);
  }

  #find(ms: Uint64, seq: Uint64, watch: ChunkWatch | undefined): Place | undefined {
    want(ms, seq);
    const chunk = this.#chunks[this.#chunkOf()];
    if (chunk === undefined) return undefined;
    const at = this.#indexIn(chunk) * this.#stride;
    if (at === chunk.count * this.#stride || compareWanted(chunk.words, at) !== 0) return undefined;
    watch?.beforeChunk(chunk);
    return { words: chunk.words, at };
  }

  /** Adds an id that is not there, with zeros in its words. */
  add(ms: Uint64, seq: Uint64): Place {
    const id = want(ms, seq);
    let c = this.#chunkOf();
    let chunk = this.#chunks[c];
    if (chunk === undefined) {
      chunk = new IdChunk(new Uint32Array(FIRST_ENTRIES * this.#stride));
      this.watch?.chunkAdded(chunk);
      this.#chunks.push(chunk);
      this.#firsts.insert(0, id, 0);
    } else {
      this.watch?.beforeChunk(chunk);
    }
    let index = this.#indexIn(chunk);
    if (chunk.count === CHUNK_ENTRIES) {
      const half = index === CHUNK_ENTRIES ? CHUNK_ENTRIES : CHUNK_ENTRIES / 2;
      const next = this.#split(c, chunk, half);
      if (index >= half) {
        index -= half;
        chunk = next;
        c++;
      }
    }
    if (index === 0) this.#firsts.set(c, id, 0);
    return this.#insert(chunk, index, id);
  }

  /** Returns whether the id was there. */
  remove(ms: Uint64, seq: Uint64): boolean {
    want(ms, seq);
    const c = this.#chunkOf();
    const chunk = this.#chunks[c];
    if (chunk === undefined) return false;
    const at = this.#indexIn(chunk) * this.#stride;
    const end = chunk.count * this.#stride;
    if (at === end || compareWanted(chunk.words, at) !== 0) return false;
    this.watch?.beforeChunk(chunk);
    chunk.words.copyWithin(at, at + this.#stride, end);
    chunk.count--;
    this.#size--;
    if (at === 0) this.#firsts.set(c, chunk.words, 0);
    if (chunk.count < SPARSE_ENTRIES) this.#join(c);
    return true;
  }

  /** Visits entries in order from the id `from` on until `visit` returns false. No changes meanwhile. */
  walk(visit: (words: Uint32Array, at: number) => boolean, from?: StreamId): void {
    let c = 0;
    let index = 0;
    if (from !== undefined) {
      want(from.ms, from.seq);
      c = this.#chunkOf();
      const chunk = this.#chunks[c];
      index = chunk === undefined ? 0 : this.#indexIn(chunk);
    }
    for (; c < this.#chunks.length; c++) {
      const { words, count } = this.#chunks[c] as IdChunk;
      for (; index < count; index++) {
        if (!visit(words, index * this.#stride)) return;
      }
      index = 0;
    }
  }

  copy(): IdTable {
    const copy = new IdTable(this.#stride - ID_WORDS);
    for (const { words, count } of this.#chunks)
      copy.#chunks.push(new IdChunk(words.slice(), count));
    copy.#firsts = this.#firsts.copy();
    copy.#size = this.#size;
    return copy;
  }

  /** About how many bytes it takes. */
  memory(): number {
    // From the size alone, because tables of the same entries need not have the same chunks.
    const chunks = Math.ceil(this.#size / CHUNK_ENTRIES);
    return this.#size * this.#stride * 4 + chunks * CHUNK_OVERHEAD_BYTES;
  }

  get chunks(): readonly IdChunk[] {
    return this.#chunks;
  }

  /** Adds a chunk that was saved; its ids are above all that are there. */
  restoreChunk(chunk: IdChunk): void {
    assert(chunk.count > 0 && chunk.count <= CHUNK_ENTRIES, 'a chunk has room for its entries');
    this.#firsts.insert(this.#chunks.length, chunk.words, 0);
    this.#chunks.push(chunk);
    this.#size += chunk.count;
  }

  /** The chunk that the wanted id belongs into: the last that does not begin after it. */
  #chunkOf(): number {
    return Math.max(0, this.#firsts.count() - 1);
  }

  /** Number of the first entry of a chunk that is not below the wanted id. */
  #indexIn(chunk: IdChunk): number {
    const { words } = chunk;
    let low = 0;
    let high = chunk.count;
    if (high > 0 && compareWanted(words, (high - 1) * this.#stride) > 0) return high;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareWanted(words, middle * this.#stride) > 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #insert(chunk: IdChunk, index: number, id: Uint32Array): Place {
    const at = index * this.#stride;
    const end = chunk.count * this.#stride;
    if (end === chunk.words.length) {
      const grown = new Uint32Array(Math.min(end * 2, CHUNK_ENTRIES * this.#stride));
      grown.set(chunk.words);
      chunk.words = grown;
    }
    const { words } = chunk;
    if (at !== end) words.copyWithin(at + this.#stride, at, end);
    copyId(id, 0, words, at);
    words.fill(0, at + ID_WORDS, at + this.#stride);
    chunk.count++;
    this.#size++;
    return { words, at };
  }

  /** Moves the entries from number `half` on to a new chunk behind chunk `c`. */
  #split(c: number, chunk: IdChunk, half: number): IdChunk {
    const next = new IdChunk(new Uint32Array(CHUNK_ENTRIES * this.#stride));
    this.watch?.chunkAdded(next);
    next.words.set(chunk.words.subarray(half * this.#stride, chunk.count * this.#stride));
    next.count = chunk.count - half;
    chunk.count = half;
    this.#firsts.insert(c + 1, next.words, 0);
    if (c === this.#chunks.length - 1) this.#chunks.push(next);
    else this.#chunks.splice(c + 1, 0, next);
    return next;
  }

  /** Chunk `c` has few entries left: takes it away, or moves them to a neighbour with room. */
  #join(c: number): void {
    const chunk = this.#chunks[c] as IdChunk;
    if (chunk.count === 0) {
      this.#drop(c);
      return;
    }
    const left = this.#chunks[c - 1];
    const right = this.#chunks[c + 1];
    if (left !== undefined && left.count + chunk.count <= CHUNK_ENTRIES / 2) {
      this.#append(left, chunk);
      this.#drop(c);
    } else if (right !== undefined && right.count + chunk.count <= CHUNK_ENTRIES / 2) {
      this.#append(chunk, right);
      this.#drop(c + 1);
    }
  }

  #drop(c: number): void {
    this.watch?.chunkRemoved(this.#chunks[c] as IdChunk);
    this.#chunks.splice(c, 1);
    this.#firsts.remove(c, 1);
  }

  #append(chunk: IdChunk, tail: IdChunk): void {
    this.watch?.beforeChunk(chunk);
    const words = new Uint32Array(CHUNK_ENTRIES * this.#stride);
    words.set(chunk.words.subarray(0, chunk.count * this.#stride));
    words.set(tail.words.subarray(0, tail.count * this.#stride), chunk.count * this.#stride);
    chunk.words = words;
    chunk.count += tail.count;
  }
}
