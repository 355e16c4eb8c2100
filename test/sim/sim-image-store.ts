import { assert } from '../../src/base/assert.ts';
import type {
  ImageBatch,
  ImageRange,
  ImageSnapshot,
  ImageStore,
  ImageStores,
} from '../../src/world/image-store.ts';
import { CollectedBatch, ViewSnapshot } from '../../src/world/memory-image-store.ts';
import type { RecordChange, SortedRecords } from '../../src/world/sorted-records.ts';
import type { Files } from '../../src/world/world.ts';
import { SimEvent } from './event-queue.ts';
import type { SimDisk } from './sim-disk.ts';
import { batchesName, type Done, failure, SimImageFile, temporaryName } from './sim-image-file.ts';
import { type Delay, drawDelay, SimSystemError } from './sim-options.ts';
import type { SimProcess } from './sim-process.ts';

/** How long a read takes, in milliseconds. */
const READ: Delay = { minimum: 0.02, mean: 0.05, spikeChance: 0.002, spike: 10 };

/** A file is written anew when it is larger than this and so many times its live content. */
const REWRITE_SIZE = 8 * 1024;
const REWRITE_FACTOR = 4;

export interface SimImageParts {
  readonly disk: SimDisk;
  readonly files: Files;
  readonly process: SimProcess;
}

/** Images on the disk of a simulated machine, as one process sees them. */
export class SimImageStores implements ImageStores {
  readonly #parts: SimImageParts;
  readonly #open: Set<string> = new Set();

  constructor(parts: SimImageParts) {
    this.#parts = parts;
  }

  open(path: string, done: (error: Error | null, store: ImageStore | null) => void): void {
    const fail = (error: Error): void => {
      later(this.#parts, `open ${path}`, () => done(error, null));
    };
    if (this.#open.has(path)) {
      fail(new SimSystemError('LOCKED', `the image store in '${path}' is open already`));
      return;
    }
    const file = new SimImageFile(this.#parts.files, path);
    const found: SortedRecords[] = [];
    const failed = failure(() => {
      file.makeFolder();
      found.push(file.load());
    });
    const [records] = found;
    if (failed !== null || records === undefined) {
      fail(failed ?? new SimSystemError('EIO', `nothing was read of '${path}'`));
      return;
    }
    this.#open.add(path);
    file.rewrite(records, (error) => {
      if (error !== null) {
        this.#open.delete(path);
        fail(error);
        return;
      }
      const onClose = (): boolean => this.#open.delete(path);
      const store = new SimImageStore(this.#parts, { path, file, records, onClose });
      later(this.#parts, `open ${path}`, () => done(null, store));
    });
  }

  exists(path: string): boolean {
    return this.#parts.files.exists(batchesName(path));
  }

  destroy(path: string, done: Done): void {
    assert(!this.#open.has(path), 'an image store is closed before it is destroyed');
    const { files } = this.#parts;
    const error = failure(() => {
      for (const name of [batchesName(path), temporaryName(path)]) {
        if (files.exists(name)) files.remove(name);
      }
      if (files.exists(path)) files.syncDirectory(path);
    });
    later(this.#parts, `destroy ${path}`, () => done(error));
  }
}

interface OpenImage {
  readonly path: string;
  readonly file: SimImageFile;
  readonly records: SortedRecords;
  readonly onClose: () => void;
}

/** Something that has the file for itself while it runs. */
type Job = (done: Done) => void;

class SimImageStore implements ImageStore {
  readonly #parts: SimImageParts;
  readonly #image: OpenImage;
  /** In order; the first one runs. */
  readonly #jobs: { readonly run: Job; readonly done: Done }[] = [];
  /** A job runs, or is about to. */
  #busy = false;
  #failure: Error | null = null;
  #closing: Done | null = null;

  constructor(parts: SimImageParts, image: OpenImage) {
    this.#parts = parts;
    this.#image = image;
  }

  batch(): ImageBatch {
    return new CollectedBatch((changes, done) => {
      this.#add((end) => this.#append(changes, end), done);
      this.#rewriteIfWorth();
    });
  }

  get(key: Buffer, done: (error: Error | null, value: Buffer | null) => void): void {
    const error = this.#image.file.touch();
    const value = error === null ? this.#image.records.get(key) : null;
    this.#answer('get', () => done(error, value));
  }

  snapshot(): ImageSnapshot {
    this.#use();
    return new ViewSnapshot(this.#image.records.view(), (read, done) => {
      const error = this.#image.file.touch();
      const entries = error === null ? read() : [];
      this.#answer('read', () => done(error, entries));
    });
  }

  size(): number {
    return this.#image.file.size;
  }

  reclaim(_range: ImageRange, done: Done): void {
    this.#add((end) => this.#rewrite(end), done);
  }

  close(done: Done): void {
    this.#use();
    this.#closing = done;
    // What has not begun never does, but for the first: it may be under way.
    this.#jobs.splice(1);
    if (!this.#busy) this.#closeNow();
  }

  #append(changes: readonly RecordChange[], done: Done): void {
    this.#image.file.append(changes, (error) => {
      if (error === null) this.#image.records.apply(changes);
      done(error);
    });
  }

  #rewrite(done: Done): void {
    this.#image.file.rewrite(this.#image.records, done);
  }

  #rewriteIfWorth(): void {
    this.#add(
      (end) => {
        const { file, records } = this.#image;
        const worth = file.size > REWRITE_SIZE && file.size > REWRITE_FACTOR * records.bytes;
        if (worth) this.#rewrite(end);
        else end(null);
      },
      () => {},
    );
  }

  #add(run: Job, done: Done): void {
    this.#use();
    this.#jobs.push({ run, done });
    if (this.#busy) return;
    this.#busy = true;
    later(this.#parts, 'begin', () => this.#runFirst());
  }

  #runFirst(): void {
    const [first] = this.#jobs;
    if (first === undefined) this.#busy = false;
    else if (this.#failure !== null) this.#ended(this.#failure);
    else first.run((error) => this.#ended(error));
  }

  #ended(error: Error | null): void {
    this.#failure ??= error;
    const first = this.#jobs.shift();
    if (this.#closing === null) first?.done(error);
    if (this.#closing === null) this.#runFirst();
    else this.#closeNow();
  }

  #closeNow(): void {
    const { path, file, onClose } = this.#image;
    const done = this.#closing;
    file.close();
    onClose();
    if (done !== null) later(this.#parts, `close ${path}`, () => done(null));
  }

  #use(): void {
    assert(this.#closing === null, 'a closed image store is not used');
  }

  /** Calls back unless the store was closed meanwhile. */
  #answer(what: string, callback: () => void): void {
    this.#use();
    later(this.#parts, `${what} ${this.#image.path}`, () => {
      if (this.#closing === null) callback();
    });
  }
}

/** Calls back in a turn of the process some time later, if it lives so long. */
function later({ disk, process }: SimImageParts, what: string, callback: () => void): void {
  process.enter(0);
  const event = new Answer(() => process.tell('image', what, callback));
  process.kernel.schedule(event, process.localNow() + drawDelay(disk.random, READ));
}

class Answer extends SimEvent {
  readonly #callback: () => void;

  constructor(callback: () => void) {
    super();
    this.#callback = callback;
  }

  fire(): void {
    this.#callback();
  }
}
