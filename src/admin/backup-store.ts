import { FileReader, type FileSystem, type LogFile } from '../../raftlog/index.ts';
import { META_KEY, packMeta, type StoredMeta } from '../replica/image/meta.ts';
import { behind } from '../replica/image/record-scan.ts';
import type {
  ImageBatch,
  ImageEntry,
  ImageRange,
  ImageSnapshot,
  ImageStore,
} from '../world/image-store.ts';
import type { Timers } from '../world/world.ts';
import { entryAt, entryBytes, type Place } from './backup-reader.ts';

/** A backup that was checked, as a store that can only be read. */
export class BackupStore implements ImageStore {
  readonly #file: LogFile;
  readonly #reader: FileReader;
  readonly #timers: Timers;
  readonly #stored: StoredMeta;
  readonly #places: readonly Place[];

  constructor(setup: {
    readonly files: FileSystem;
    readonly path: string;
    readonly timers: Timers;
    readonly stored: StoredMeta;
    readonly places: readonly Place[];
  }) {
    this.#file = setup.files.open(setup.path, { create: false });
    this.#reader = new FileReader(this.#file, setup.path, this.#file.size());
    this.#timers = setup.timers;
    this.#stored = setup.stored;
    this.#places = setup.places;
  }

  /** What is written goes nowhere. */
  batch(): ImageBatch {
    return {
      length: 0,
      put: () => {},
      delete: () => {},
      write: (done) => this.#later(() => done(null)),
    };
  }

  get(key: Buffer, done: (error: Error | null, value: Buffer | null) => void): void {
    const value = key.equals(META_KEY) ? packMeta(this.#stored) : null;
    this.#later(() => done(null, value));
  }

  snapshot(): ImageSnapshot {
    let next: Place | null = null;
    return {
      read: ({ from, to, limit, maxBytes }, done) => {
        try {
          const read = this.#read({ from, to, limit, maxBytes }, next);
          next = read.next;
          this.#later(() => done(null, read.entries));
        } catch (cause) {
          const error = cause instanceof Error ? cause : new Error(String(cause));
          this.#later(() => done(error, []));
        }
      },
      close: () => {},
    };
  }

  /** `next`: where the read before this one ended. */
  #read(
    query: ImageRange & { readonly limit: number; readonly maxBytes: number },
    next: Place | null,
  ): { readonly entries: readonly ImageEntry[]; readonly next: Place | null } {
    const entries: ImageEntry[] = [];
    let offset = this.#before(query.from, next);
    let bytes = 0;
    let reached = next;
    while (entries.length < query.limit && bytes < query.maxBytes) {
      const entry = offset === null ? null : entryAt(this.#reader, offset);
      if (offset === null || entry === null || entry.key.compare(query.to) >= 0) break;
      offset += entryBytes(entry);
      if (entry.key.compare(query.from) < 0) continue;
      const key = Buffer.from(entry.key);
      entries.push({ key, value: Buffer.from(entry.value) });
      bytes += entryBytes(entry);
      reached = { key: behind(key), offset };
    }
    return { entries, next: reached };
  }

  /** A place from which on the key is found soon. */
  #before(key: Buffer, next: Place | null): number | null {
    let low = 0;
    let high = this.#places.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#places[middle] as Place).key.compare(key) <= 0) low = middle + 1;
      else high = middle;
    }
    const known = this.#places[Math.max(0, low - 1)]?.offset ?? null;
    if (known === null || next === null || next.key.compare(key) > 0) return known;
    return Math.max(known, next.offset);
  }

  size(): number {
    return this.#reader.size;
  }

  reclaim(_range: ImageRange, done: (error: Error | null) => void): void {
    this.#later(() => done(null));
  }

  close(done: (error: Error | null) => void): void {
    this.#file.close();
    this.#later(() => done(null));
  }

  #later(callback: () => void): void {
    this.#timers.turnEnd(callback);
  }
}
