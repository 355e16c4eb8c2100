import type { ImageEntry, ImageRange } from './image-store.ts';

/** Entries of one piece; a piece that grows beyond it is cut in two. */
const LARGEST_CHUNK = 256;

/** One change of a batch; `value` is null if the key is deleted. */
export interface RecordChange {
  readonly key: Buffer;
  readonly value: Buffer | null;
}

export interface RecordQuery extends ImageRange {
  readonly limit: number;
  readonly maxBytes: number;
  readonly reverse?: boolean;
}

/** A run of entries in order, never empty. */
interface Chunk {
  /** Between which two views it was made: only the newest chunks may be changed in place. */
  readonly era: number;
  readonly entries: ImageEntry[];
}

/**
 * Keys and values in the order of the keys, in runs of some hundred entries. A view costs nothing:
 * after it, what is changed is copied first, one run at a time.
 */
export class SortedRecords {
  #chunks: Chunk[] = [];
  #era = 0;
  /** A view has the list of the chunks. */
  #shared = false;
  #bytes = 0;

  /** Bytes of all keys and values. */
  get bytes(): number {
    return this.#bytes;
  }

  get(key: Buffer): Buffer | null {
    return new RecordView(this.#chunks).get(key);
  }

  /** What is here now, whatever is changed later. */
  view(): RecordView {
    this.#era += 1;
    this.#shared = true;
    return new RecordView(this.#chunks);
  }

  apply(changes: readonly RecordChange[]): void {
    for (const { key, value } of changes) {
      if (value === null) this.#delete(key);
      else this.#put({ key, value });
    }
  }

  #put(entry: ImageEntry): void {
    const { key } = entry;
    this.#bytes += key.length + entry.value.length;
    const at = Math.max(0, chunkOf(this.#chunks, key));
    const { entries } = this.#owned(at);
    const i = lowerBound(entries, key);
    const present = entries[i];
    if (present?.key.equals(key) === true) {
      this.#bytes -= key.length + present.value.length;
      entries[i] = entry;
      return;
    }
    entries.splice(i, 0, entry);
    if (entries.length <= LARGEST_CHUNK) return;
    // Keys that come in order go on filling the second part, so the first one is left nearly full.
    const cut = i === entries.length - 1 ? i : entries.length >> 1;
    this.#chunks.splice(at + 1, 0, { era: this.#era, entries: entries.splice(cut) });
  }

  #delete(key: Buffer): void {
    const at = chunkOf(this.#chunks, key);
    const chunk = this.#chunks[at];
    if (chunk === undefined) return;
    const i = lowerBound(chunk.entries, key);
    const present = chunk.entries[i];
    if (present?.key.equals(key) !== true) return;
    this.#bytes -= key.length + present.value.length;
    const { entries } = this.#owned(at);
    entries.splice(i, 1);
    if (entries.length === 0) this.#chunks.splice(at, 1);
  }

  /** The chunk in this place, of which no view knows; the first one is made if there is none. */
  #owned(at: number): Chunk {
    if (this.#shared) {
      this.#chunks = this.#chunks.slice();
      this.#shared = false;
    }
    const chunk = this.#chunks[at];
    if (chunk?.era === this.#era) return chunk;
    const own: Chunk = { era: this.#era, entries: chunk?.entries.slice() ?? [] };
    this.#chunks[at] = own;
    return own;
  }
}

/** Entries as they were at one moment. */
export class RecordView {
  readonly #chunks: readonly Chunk[];

  constructor(chunks: readonly Chunk[]) {
    this.#chunks = chunks;
  }

  get(key: Buffer): Buffer | null {
    const chunk = this.#chunks[chunkOf(this.#chunks, key)];
    const entry = chunk?.entries[lowerBound(chunk.entries, key)];
    return entry?.key.equals(key) === true ? entry.value : null;
  }

  /** See `ImageSnapshot.read`. */
  read(query: RecordQuery): readonly ImageEntry[] {
    const found: ImageEntry[] = [];
    let bytes = 0;
    for (const entry of query.reverse === true ? this.#down(query) : this.#up(query)) {
      found.push(entry);
      bytes += entry.key.length + entry.value.length;
      if (found.length >= query.limit || bytes >= query.maxBytes) break;
    }
    return found;
  }

  /** All entries in order. */
  *entries(): Iterable<ImageEntry> {
    for (const { entries } of this.#chunks) yield* entries;
  }

  *#up({ from, to }: ImageRange): Iterable<ImageEntry> {
    const first = Math.max(0, chunkOf(this.#chunks, from));
    for (let at = first; at < this.#chunks.length; at++) {
      const { entries } = this.#chunks[at] as Chunk;
      for (let i = at === first ? lowerBound(entries, from) : 0; i < entries.length; i++) {
        const entry = entries[i] as ImageEntry;
        if (entry.key.compare(to) >= 0) return;
        yield entry;
      }
    }
  }

  *#down({ from, to }: ImageRange): Iterable<ImageEntry> {
    const last = chunkOf(this.#chunks, to);
    for (let at = last; at >= 0; at--) {
      const { entries } = this.#chunks[at] as Chunk;
      for (let i = (at === last ? lowerBound(entries, to) : entries.length) - 1; i >= 0; i--) {
        const entry = entries[i] as ImageEntry;
        if (entry.key.compare(from) < 0) return;
        yield entry;
      }
    }
  }
}

/** Where the last chunk is that begins at `key` or before it; -1 if none does. */
function chunkOf(chunks: readonly Chunk[], key: Buffer): number {
  let low = 0;
  let high = chunks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const [first] = (chunks[middle] as Chunk).entries;
    if (first !== undefined && first.key.compare(key) <= 0) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Where the first entry is whose key is `key` or greater. */
function lowerBound(entries: readonly ImageEntry[], key: Buffer): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((entries[middle] as ImageEntry).key.compare(key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
