import * as fs from 'node:fs';
import { promisify } from 'node:util';
import type { ClassicLevel, ChainedBatch as LevelBatch } from 'classic-level';
import { Level } from 'level';
import { assert } from '../base/assert.ts';
import type {
  ImageBatch,
  ImageRange,
  ImageSnapshot,
  ImageStore,
  ImageStores,
} from './image-store.ts';
import { imageStoreError } from './level-errors.ts';
import {
  checkLevel,
  folderSize,
  holdsLevel,
  makeSafeFolder,
  removeFolder,
} from './level-folder.ts';
import { LevelSnapshot } from './level-snapshot.ts';

type Database = ClassicLevel<Buffer, Buffer>;

/** On Node.js this is what `level` exports; its types are those that browsers have too. */
const NativeLevel: typeof ClassicLevel = Level as unknown as typeof ClassicLevel;

/**
 * LevelDB holds up to two write buffers and the cache of blocks in memory. The dataset is in memory
 * anyway and the image is read from one end to the other, when a node starts or sends it away, so a
 * larger cache would hold what is not asked for again. Larger write buffers would save some
 * compaction, but their log is read at every start. Blocks are compressed: that costs less time than
 * writing them does.
 */
const OPTIONS = {
  keyEncoding: 'buffer',
  valueEncoding: 'buffer',
  createIfMissing: true,
  writeBufferSize: 4 * 1024 * 1024,
  cacheSize: 4 * 1024 * 1024,
  compression: true,
} as const;

/** A size is as old as this at most, in milliseconds, unless looking takes longer than 10. */
const SIZE_AGE = 1000;

const syncDescriptor: (descriptor: number) => Promise<void> = promisify(fs.fsync);

/** A share of the time that looking for sizes may take: one part of so many. */
const SIZE_SHARE = 100;

/**
 * Images in LevelDB. Its promises end here. What is written to the log of changes is checked when a
 * store is opened, and so is that all files are there; blocks of tables are not checked against
 * their checksums, so whoever stores something should know it again.
 */
export class RealImageStores implements ImageStores {
  open(path: string, done: (error: Error | null, store: ImageStore | null) => void): void {
    settle(path, openStore(path), done);
  }

  exists(path: string): boolean {
    return holdsLevel(path);
  }

  destroy(path: string, done: (error: Error | null) => void): void {
    settle(path, removeFolder(path), done);
  }
}

async function openStore(path: string): Promise<ImageStore> {
  await makeSafeFolder(path);
  await checkLevel(path);
  const database = new NativeLevel<Buffer, Buffer>(path, OPTIONS);
  await database.open();
  try {
    return new RealImageStore(path, database, await openFolder(path));
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** A descriptor of a folder whose names are safe. */
async function openFolder(path: string): Promise<number> {
  const folder = fs.openSync(path, 'r');
  try {
    await syncDescriptor(folder);
    return folder;
  } catch (error) {
    fs.closeSync(folder);
    throw error;
  }
}

interface Write {
  readonly batch: LevelBatch<Database, Buffer, Buffer>;
  readonly done: (error: Error | null) => void;
}

class RealImageStore implements ImageStore {
  readonly #path: string;
  readonly #database: Database;
  /** A descriptor. */
  readonly #folder: number;
  /** In order; the first one is being written. */
  readonly #writes: Write[] = [];
  /** Ends with the write under way, however that does. */
  #writing: Promise<void> = Promise.resolve();
  #failure: Error | null = null;
  #closed = false;
  #size = 0;
  #sizeUntil = Number.NEGATIVE_INFINITY;

  constructor(path: string, database: Database, folder: number) {
    this.#path = path;
    this.#database = database;
    this.#folder = folder;
  }

  batch(): ImageBatch {
    this.#use();
    return new RealImageBatch(this.#database.batch(), (write) => this.#enqueue(write));
  }

  get(key: Buffer, done: (error: Error | null, value: Buffer | null) => void): void {
    this.#use();
    this.#answer(this.#database.get(key), (error, value) => done(error, value ?? null));
  }

  snapshot(): ImageSnapshot {
    this.#use();
    return new LevelSnapshot(this.#database, (found, done) => {
      this.#use();
      this.#answer(found, (error, entries) => done(error, entries ?? []));
    });
  }

  size(): number {
    const now = performance.now();
    if (now >= this.#sizeUntil) {
      this.#size = folderSize(this.#path);
      const end = performance.now();
      this.#sizeUntil = end + Math.max(SIZE_AGE, (end - now) * SIZE_SHARE);
    }
    return this.#size;
  }

  reclaim({ from, to }: ImageRange, done: (error: Error | null) => void): void {
    this.#use();
    this.#answer(this.#database.compactRange(from, to), done);
  }

  close(done: (error: Error | null) => void): void {
    this.#use();
    this.#closed = true;
    settle(this.#path, this.#close(), done);
  }

  async #close(): Promise<void> {
    // LevelDB waits for what it is doing and closes all that was opened on it.
    await this.#database.close();
    await this.#writing;
    fs.closeSync(this.#folder);
  }

  #enqueue(write: Write): void {
    this.#use();
    this.#writes.push(write);
    if (this.#writes.length === 1) this.#writeFirst();
  }

  #writeFirst(): void {
    const [first] = this.#writes;
    if (first === undefined) return;
    const written = this.#write(first);
    this.#writing = written.catch(() => {});
    this.#answer(written, (error) => {
      this.#failure ??= error;
      this.#writes.shift();
      this.#writeFirst();
      first.done(error);
    });
  }

  async #write({ batch }: Write): Promise<void> {
    if (this.#failure !== null) {
      await batch.close();
      throw this.#failure;
    }
    await batch.write({ sync: true });
    // LevelDB may have begun another log for this batch, and does not make its name safe.
    await syncDescriptor(this.#folder);
  }

  #use(): void {
    assert(!this.#closed, 'a closed image store is not used');
  }

  /** Calls back unless the store was closed meanwhile. */
  #answer<T>(promise: Promise<T>, done: (error: Error | null, value: T | null) => void): void {
    settle(this.#path, promise, (error, value) => {
      if (!this.#closed) done(error, value);
    });
  }
}

class RealImageBatch implements ImageBatch {
  readonly #batch: LevelBatch<Database, Buffer, Buffer>;
  readonly #write: (write: Write) => void;
  #written = false;

  constructor(batch: LevelBatch<Database, Buffer, Buffer>, write: (write: Write) => void) {
    this.#batch = batch;
    this.#write = write;
  }

  get length(): number {
    return this.#batch.length;
  }

  put(key: Buffer, value: Buffer): void {
    assert(!this.#written, 'a batch is used once');
    this.#batch.put(key, value);
  }

  delete(key: Buffer): void {
    assert(!this.#written, 'a batch is used once');
    this.#batch.del(key);
  }

  write(done: (error: Error | null) => void): void {
    assert(!this.#written, 'a batch is used once');
    this.#written = true;
    this.#write({ batch: this.#batch, done });
  }
}

/**
 * Tells how a promise ended. The callback runs outside of all promises, so that what it throws ends
 * the process as it does anywhere else, and is not a rejection of something.
 */
function settle<T>(
  path: string,
  promise: Promise<T>,
  done: (error: Error | null, value: T | null) => void,
): void {
  promise.then(
    (value) => queueMicrotask(() => done(null, value)),
    (error: unknown) => queueMicrotask(() => done(imageStoreError(path, error), null)),
  );
}
