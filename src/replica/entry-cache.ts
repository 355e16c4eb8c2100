import { assert } from '../base/assert.ts';
import type { LogIndex } from '../base/ids.ts';

const CHUNK_BYTES = 256 * 1024;
const INITIAL_SLOTS = 1024;

/**
 * The newest entries as encoded records, where log, peers and applier find them. A record is encoded
 * once, in a chunk that is only ever appended to, and the same bytes go to the disk and to all peers.
 *
 * Invariant: the entries held are contiguous, `first` to `last`; empty if `first > last`.
 */
export class EntryCache {
  #chunks: (Buffer | undefined)[] = new Array<Buffer | undefined>(INITIAL_SLOTS).fill(undefined);
  #starts: Int32Array = new Int32Array(INITIAL_SLOTS);
  #ends: Int32Array = new Int32Array(INITIAL_SLOTS);
  #mask = INITIAL_SLOTS - 1;
  #first: number;
  #last: number;
  #bytes = 0;
  #open: Buffer = Buffer.alloc(0);
  #openEnd = 0;

  constructor(last: LogIndex) {
    this.#first = last + 1;
    this.#last = last;
  }

  get first(): number {
    return this.#first;
  }
  get last(): number {
    return this.#last;
  }
  /** Bytes of the records held. */
  get bytes(): number {
    return this.#bytes;
  }
  get count(): number {
    return this.#last - this.#first + 1;
  }

  has(index: number): boolean {
    return index >= this.#first && index <= this.#last;
  }

  chunk(index: number): Buffer {
    const chunk = this.#chunks[index & this.#mask];
    assert(chunk !== undefined && this.has(index), 'the entry is in the cache');
    return chunk;
  }

  start(index: number): number {
    return this.#starts[index & this.#mask] as number;
  }

  end(index: number): number {
    return this.#ends[index & this.#mask] as number;
  }

  /** A chunk with `size` free bytes from {@link openEnd} on, for a record to be encoded into. */
  room(size: number): Buffer {
    if (this.#open.length - this.#openEnd < size) {
      this.#open = Buffer.allocUnsafeSlow(Math.max(CHUNK_BYTES, size));
      this.#openEnd = 0;
    }
    return this.#open;
  }

  get openEnd(): number {
    return this.#openEnd;
  }

  /** The record of `last + 1` has been encoded at {@link openEnd}. */
  commitRoom(size: number): void {
    const start = this.#openEnd;
    this.#openEnd += size;
    this.push(this.#open, start, this.#openEnd);
  }

  /** Adds the record of `last + 1`, which stands in `chunk` and will not be changed there. */
  push(chunk: Buffer, start: number, end: number): void {
    if (this.count > this.#mask) this.#grow();
    this.#last++;
    const slot = this.#last & this.#mask;
    this.#chunks[slot] = chunk;
    this.#starts[slot] = start;
    this.#ends[slot] = end;
    this.#bytes += end - start;
  }

  #grow(): void {
    const chunks = this.#chunks;
    const starts = this.#starts;
    const ends = this.#ends;
    const mask = this.#mask;
    const slots = chunks.length * 2;
    this.#chunks = new Array<Buffer | undefined>(slots).fill(undefined);
    this.#starts = new Int32Array(slots);
    this.#ends = new Int32Array(slots);
    this.#mask = slots - 1;
    for (let index = this.#first; index <= this.#last; index++) {
      this.#chunks[index & this.#mask] = chunks[index & mask];
      this.#starts[index & this.#mask] = starts[index & mask] as number;
      this.#ends[index & this.#mask] = ends[index & mask] as number;
    }
  }

  /** Forgets `from` and all after it. */
  truncate(from: number): void {
    while (this.#last >= from && this.count > 0) {
      this.#bytes -= this.end(this.#last) - this.start(this.#last);
      this.#chunks[this.#last & this.#mask] = undefined;
      this.#last--;
    }
    if (this.#last >= from) {
      this.#last = from - 1;
      this.#first = from;
    }
  }

  /** Forgets the oldest entries until at most `limit` bytes are held, but none after `upTo`. */
  evict(limit: number, upTo: number): void {
    while (this.#bytes > limit && this.#first <= upTo && this.count > 0) {
      this.#bytes -= this.end(this.#first) - this.start(this.#first);
      this.#chunks[this.#first & this.#mask] = undefined;
      this.#first++;
    }
  }

  /** The records `first` to `last` as few pieces of memory as possible. */
  pieces(first: number, last: number, into: Uint8Array[]): void {
    let index = first;
    while (index <= last) {
      const chunk = this.chunk(index);
      const start = this.start(index);
      let end = this.end(index);
      index++;
      while (
        index <= last &&
        this.#chunks[index & this.#mask] === chunk &&
        this.start(index) === end
      ) {
        end = this.end(index);
        index++;
      }
      into.push(start === 0 && end === chunk.length ? chunk : chunk.subarray(start, end));
    }
  }
}
