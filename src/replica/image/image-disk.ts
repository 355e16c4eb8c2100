import type { RecordPlace } from '../../keyspace/image/image-writing.ts';
import type { ImageBatch, ImageRange, ImageStore, ImageStores } from '../../world/image-store.ts';
import { META_KEY, packMeta, type StoredMeta, unpackMeta } from './meta.ts';
import { recordKeys } from './record.ts';

const FIRST_GENERATION = 1;
/** Deletions that go into one batch when a whole range goes. */
const DELETES_PER_BATCH = 500;
/** What is read at once of records that are to be deleted. */
const CLEAR_BYTES: number = 4 * 1024 * 1024;

type Done = (error: Error | null) => void;

/** The store in which a node keeps its image, and which image counts there. */
export class ImageDisk {
  readonly path: string;
  readonly #stores: ImageStores;
  #store: ImageStore | null = null;
  #stored: StoredMeta | null = null;
  /** Of records that are cut in pieces: how many. All others are one. */
  readonly #pieces: Map<string, number> = new Map();

  constructor(stores: ImageStores, path: string) {
    this.#stores = stores;
    this.path = path;
  }

  get exists(): boolean {
    return this.#stores.exists(this.path);
  }

  /** Null while it is not open. */
  get store(): ImageStore | null {
    return this.#store;
  }

  /** The newest image; null: there is none. */
  get stored(): StoredMeta | null {
    return this.#stored;
  }

  get generation(): number {
    return this.#stored?.generation ?? FIRST_GENERATION;
  }

  /** Opens the store, and finds out which image counts. */
  open(done: Done): void {
    this.#stores.open(this.path, (error, store) => {
      if (error !== null || store === null) {
        done(error ?? new Error('the store cannot be opened'));
        return;
      }
      this.#store = store;
      store.get(META_KEY, (failed, value) => {
        if (failed !== null) {
          done(failed);
          return;
        }
        try {
          this.#stored = value === null ? null : unpackMeta(value);
        } catch (cause) {
          done(cause instanceof Error ? cause : new Error(String(cause)));
          return;
        }
        done(null);
      });
    });
  }

  /** After a failure: closes the store and opens it again. */
  reopen(done: Done): void {
    this.close(() => this.open(done));
  }

  /** Makes an image the one that counts: from `done` on it does. `others` go with it in one batch. */
  commit(stored: StoredMeta, others: (batch: ImageBatch) => void, done: Done): void {
    const batch = this.#store?.batch();
    if (batch === undefined) {
      done(new Error('the image store is closed'));
      return;
    }
    batch.put(META_KEY, packMeta(stored));
    others(batch);
    batch.write((error) => {
      if (error === null) this.#adopt(stored);
      done(error);
    });
  }

  #adopt(stored: StoredMeta): void {
    if (stored.generation !== this.generation) this.#pieces.clear();
    this.#stored = stored;
  }

  /** Remembers in how many pieces a record is. */
  notePieces(place: RecordPlace, pieces: number): void {
    if (pieces > 1) this.#pieces.set(nameOf(place), pieces);
  }

  /** Deletes records of the present generation in one batch. */
  remove(places: readonly RecordPlace[], done: Done): void {
    const { generation } = this;
    const keys: Buffer[] = [];
    for (const place of places) {
      // All pieces of a record go together: a record is there whole or not at all.
      keys.push(...recordKeys(generation, place, this.#pieces.get(nameOf(place)) ?? 1));
    }
    this.removeKeys(keys, (error) => {
      // Whoever has to try again must find all pieces again.
      if (error === null && generation === this.generation) {
        for (const place of places) this.#pieces.delete(nameOf(place));
      }
      done(error);
    });
  }

  /** Deletes all records in a range, step by step, and gives the disk space back. */
  clear(range: ImageRange, done: Done): void {
    this.#clear(range, done, true);
  }

  #clear(range: ImageRange, done: Done, isFirst: boolean): void {
    const store = this.#store;
    if (store === null) {
      done(null);
      return;
    }
    const snapshot = store.snapshot();
    snapshot.read(
      { ...range, limit: DELETES_PER_BATCH, maxBytes: CLEAR_BYTES },
      (error, entries) => {
        snapshot.close();
        if (error !== null || this.#store !== store) done(error);
        else if (entries.length === 0 && isFirst) done(null);
        else if (entries.length === 0) store.reclaim(range, done);
        else {
          this.removeKeys(
            entries.map(({ key }) => key),
            (failed) => {
              if (failed !== null) done(failed);
              else this.#clear(range, done, false);
            },
          );
        }
      },
    );
  }

  /** Deletes these keys in one batch. */
  removeKeys(keys: readonly Buffer[], done: Done): void {
    const batch = this.#store?.batch();
    if (batch === undefined || keys.length === 0) {
      done(keys.length === 0 ? null : new Error('the image store is closed'));
      return;
    }
    for (const key of keys) batch.delete(key);
    batch.write(done);
  }

  close(done: Done): void {
    const store = this.#store;
    this.#store = null;
    if (store === null) done(null);
    else store.close(done);
  }

  /** Deletes everything; the store is closed then. */
  destroy(done: Done): void {
    this.close(() => this.#stores.destroy(this.path, done));
  }
}

function nameOf({ id, part, image }: RecordPlace): string {
  return `${id}/${part}/${image}`;
}
