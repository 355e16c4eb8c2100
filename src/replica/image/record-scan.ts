import type { ImageEntry, ImageRange, ImageSnapshot } from '../../world/image-store.ts';

const LAST_BYTE: Buffer = Buffer.alloc(1);

/** What comes first behind `key`. */
export function behind(key: Buffer): Buffer {
  return Buffer.concat([key, LAST_BYTE]);
}

/**
 * Reads a range of a snapshot from one end to the other, in the way in which a store tells at the end
 * of it if something could not be read.
 */
export class RecordScan {
  readonly #snapshot: ImageSnapshot;
  readonly #to: Buffer;
  readonly #limit: number;
  readonly #maxBytes: number;
  #from: Buffer;

  /** At most `limit` entries are read at once, and no more once `maxBytes` are reached. */
  constructor(
    snapshot: ImageSnapshot,
    range: ImageRange,
    most: { readonly limit: number; readonly maxBytes: number },
  ) {
    this.#snapshot = snapshot;
    this.#from = range.from;
    this.#to = range.to;
    this.#limit = most.limit;
    this.#maxBytes = most.maxBytes;
  }

  /** The next entries; none: this is the end. One call at a time. */
  next(done: (error: Error | null, entries: readonly ImageEntry[]) => void): void {
    const query = {
      ...{ from: this.#from, to: this.#to },
      ...{ limit: this.#limit, maxBytes: this.#maxBytes },
    };
    this.#snapshot.read(query, (error, entries) => {
      const last = entries.at(-1);
      if (last !== undefined) this.#from = behind(last.key);
      done(error, entries);
    });
  }
}
