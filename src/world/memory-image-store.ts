import { assert } from '../base/assert.ts';
import type {
  ImageBatch,
  ImageEntry,
  ImageRange,
  ImageSnapshot,
  ImageStore,
  ImageStores,
} from './image-store.ts';
import {
  type RecordChange,
  type RecordQuery,
  type RecordView,
  SortedRecords,
} from './sorted-records.ts';

/**
 * Images that nothing of is kept when the process ends. `later` calls back in a later turn, and in
 * the order in which it was asked to.
 */
export class MemoryImageStores implements ImageStores {
  readonly #later: (callback: () => void) => void;
  readonly #folders: Map<string, SortedRecords> = new Map();
  readonly #open: Set<string> = new Set();

  constructor(later: (callback: () => void) => void) {
    this.#later = later;
  }

  open(path: string, done: (error: Error | null, store: ImageStore | null) => void): void {
    if (this.#open.has(path)) {
      const error = Object.assign(new Error(`the image store in ${path} is open already`), {
        code: 'LOCKED',
      });
      this.#later(() => done(error, null));
      return;
    }
    const records = this.#folders.get(path) ?? new SortedRecords();
    this.#folders.set(path, records);
    this.#open.add(path);
    const store = new MemoryImageStore(records, this.#later, () => this.#open.delete(path));
    this.#later(() => done(null, store));
  }

  exists(path: string): boolean {
    return this.#folders.has(path);
  }

  destroy(path: string, done: (error: Error | null) => void): void {
    assert(!this.#open.has(path), 'an image store is closed before it is destroyed');
    this.#folders.delete(path);
    this.#later(() => done(null));
  }
}

class MemoryImageStore implements ImageStore {
  readonly #records: SortedRecords;
  readonly #later: (callback: () => void) => void;
  readonly #onClose: () => void;
  #closed = false;

  constructor(records: SortedRecords, later: (callback: () => void) => void, onClose: () => void) {
    this.#records = records;
    this.#later = later;
    this.#onClose = onClose;
  }

  batch(): ImageBatch {
    return new CollectedBatch((changes, done) =>
      this.#answer(() => {
        this.#records.apply(changes);
        done(null);
      }),
    );
  }

  get(key: Buffer, done: (error: Error | null, value: Buffer | null) => void): void {
    const value = this.#records.get(key);
    this.#answer(() => done(null, value));
  }

  snapshot(): ImageSnapshot {
    assert(!this.#closed, 'a closed image store is not used');
    return new ViewSnapshot(this.#records.view(), (read, done) =>
      this.#answer(() => done(null, read())),
    );
  }

  size(): number {
    return this.#records.bytes;
  }

  reclaim(_range: ImageRange, done: (error: Error | null) => void): void {
    this.#answer(() => done(null));
  }

  close(done: (error: Error | null) => void): void {
    assert(!this.#closed, 'an image store is closed once');
    this.#closed = true;
    this.#onClose();
    this.#later(() => done(null));
  }

  #answer(answer: () => void): void {
    assert(!this.#closed, 'a closed image store is not used');
    this.#later(() => {
      if (!this.#closed) answer();
    });
  }
}

/** A batch that is a list until it is written. */
export class CollectedBatch implements ImageBatch {
  readonly #changes: RecordChange[] = [];
  readonly #write: (changes: readonly RecordChange[], done: (error: Error | null) => void) => void;
  #written = false;

  constructor(
    write: (changes: readonly RecordChange[], done: (error: Error | null) => void) => void,
  ) {
    this.#write = write;
  }

  get length(): number {
    return this.#changes.length;
  }

  put(key: Buffer, value: Buffer): void {
    assert(!this.#written, 'a batch is used once');
    this.#changes.push({ key, value });
  }

  delete(key: Buffer): void {
    assert(!this.#written, 'a batch is used once');
    this.#changes.push({ key, value: null });
  }

  write(done: (error: Error | null) => void): void {
    assert(!this.#written, 'a batch is used once');
    this.#written = true;
    this.#write(this.#changes, done);
  }
}

type ReadDone = (error: Error | null, entries: readonly ImageEntry[]) => void;

/** A snapshot of records in memory; `answer` calls `read` and tells `done` later. */
export class ViewSnapshot implements ImageSnapshot {
  readonly #answer: (read: () => readonly ImageEntry[], done: ReadDone) => void;
  #view: RecordView | null;

  constructor(
    view: RecordView,
    answer: (read: () => readonly ImageEntry[], done: ReadDone) => void,
  ) {
    this.#view = view;
    this.#answer = answer;
  }

  read(query: RecordQuery, done: ReadDone): void {
    const view = this.#view;
    assert(view !== null, 'a closed snapshot is not read');
    assert(query.limit >= 1, 'at least one entry is read');
    this.#answer(() => view.read(query), done);
  }

  close(): void {
    this.#view = null;
  }
}
