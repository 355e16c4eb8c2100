import type { ImageEntry, ImageSnapshot, ImageStore } from '../../world/image-store.ts';
import type { StoredMeta } from './meta.ts';
import { readPiece, recordRange } from './record.ts';
import { behind, RecordScan } from './record-scan.ts';
import { chunkBytes } from './transfer-frames.ts';

/** Entries read from the store at once. */
const READ_ENTRIES = 1000;

/** Where an image is that could be sent: the one that counts in a store. */
export interface ImageSource {
  readonly store: ImageStore;
  readonly stored: StoredMeta;
}

/** An image as it was when this was made, cut into chunks; checkpoints that follow do not change it. */
export class OutgoingImage {
  readonly store: ImageStore;
  readonly stored: StoredMeta;
  readonly #snapshot: ImageSnapshot;
  #scan: RecordScan | null = null;
  #maxBytes = 0;
  /** Read and not sent yet: at most what one read gives beyond a chunk. */
  #ahead: ImageEntry[] = [];
  #aheadBytes = 0;
  #isReadToEnd = false;
  #closed = false;

  constructor({ store, stored }: ImageSource) {
    this.store = store;
    this.stored = stored;
    this.#snapshot = store.snapshot();
  }

  /**
   * Goes on behind a key, or at the beginning, with chunks of at most `maxBytes` or one piece. False if
   * the key is not one of this image.
   */
  seek(after: Buffer | null, maxBytes: number): boolean {
    const { from, to } = recordRange(this.stored.generation);
    if (after !== null && (after.compare(from) < 0 || after.compare(to) >= 0)) return false;
    const range = { from: after === null ? from : behind(after), to };
    this.#scan = new RecordScan(this.#snapshot, range, { limit: READ_ENTRIES, maxBytes });
    this.#maxBytes = maxBytes;
    this.#ahead = [];
    this.#aheadBytes = 0;
    this.#isReadToEnd = false;
    return true;
  }

  /** Everything was handed over. */
  get isAtEnd(): boolean {
    return this.#isReadToEnd && this.#ahead.length === 0;
  }

  /**
   * Hands over the next chunk, which may be empty before the end too. Not called back if it is closed
   * or goes elsewhere meanwhile.
   */
  next(done: (error: Error | null, entries: readonly ImageEntry[]) => void): void {
    const scan = this.#scan;
    if (scan === null || this.#isReadToEnd || this.#aheadBytes >= this.#maxBytes) {
      done(null, this.#cut());
      return;
    }
    scan.next((error, entries) => {
      if (this.#closed || scan !== this.#scan) return;
      if (entries.length === 0) this.#isReadToEnd = true;
      const problem = error?.message ?? this.#take(entries);
      if (problem !== null) done(new Error(problem), []);
      else done(null, this.#cut());
    });
  }

  #take(entries: readonly ImageEntry[]): string | null {
    const { image } = this.stored.meta.facts;
    for (const entry of entries) {
      const piece = readPiece(entry);
      if (typeof piece === 'string') return piece;
      // A checkpoint that was running when this was made has left it, and no image has it yet.
      if (piece.place.image > image) continue;
      this.#ahead.push(entry);
      this.#aheadBytes += chunkBytes(entry);
    }
    return null;
  }

  #cut(): readonly ImageEntry[] {
    let bytes = 0;
    let count = 0;
    for (const entry of this.#ahead) {
      const size = chunkBytes(entry);
      if (count > 0 && bytes + size > this.#maxBytes) break;
      bytes += size;
      count++;
    }
    this.#aheadBytes -= bytes;
    return this.#ahead.splice(0, count);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#ahead = [];
    this.#snapshot.close();
  }
}
