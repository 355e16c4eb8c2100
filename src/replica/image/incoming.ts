import type { ImageEntry, ImageStore } from '../../world/image-store.ts';
import type { ImageDisk } from './image-disk.ts';
import { type ImageMeta, INCOMING_KEY, packMeta, type StoredMeta, unpackMeta } from './meta.ts';
import { isSameImage } from './meta-identity.ts';
import { ReceivedImage } from './received-image.ts';
import { recordRange } from './record.ts';
import { chunkBytes } from './transfer-frames.ts';

/** About what goes into one batch; what comes meanwhile goes into the next. */
const BATCH_BYTES: number = 512 * 1024;
const HIGHEST_GENERATION = 2 ** 32 - 1;

/** The store of a node, as far as a receiver of images uses it. */
export type IncomingDisk = Pick<ImageDisk, 'store' | 'generation' | 'clear'>;

interface Waiting {
  readonly entries: readonly ImageEntry[];
  readonly bytes: number;
  readonly written: () => void;
}

/** What the store is to hold: an image about to come in, or none. */
interface Goal {
  readonly meta: ImageMeta | null;
  readonly ready: (after: Buffer | null) => void;
}

type Step = (error: Error | null) => void;

/**
 * The image that comes in from another node, in the store under a generation of its own. Which one it is
 * stands under {@link INCOMING_KEY} before its first record does, so that a later process goes on with
 * it; and it is taken away before the first record of an image that is given up is.
 */
export class IncomingImage {
  readonly #disk: IncomingDisk;
  readonly #failed: (error: Error) => void;
  /** The store that all of this is about. */
  #store: ImageStore | null = null;
  #isBroken = false;
  /** It is known what is in the store. */
  #isKnown = false;
  /** Nothing is there but what `#image` says. */
  #isClean = false;
  #image: ReceivedImage | null = null;
  #goal: Goal | null = null;
  #isBusy = false;
  #waiting: Waiting[] = [];
  #isWriting = false;
  /** Of chunks that are not durable yet. */
  unwrittenBytes = 0;

  /** `failed`: the store gave an error, and must be opened anew. */
  constructor(disk: IncomingDisk, failed: (error: Error) => void) {
    this.#disk = disk;
    this.#failed = failed;
  }

  /** No store, or one that is good for nothing any more. */
  get isUnusable(): boolean {
    const { store } = this.#disk;
    return store === null || (store === this.#store && this.#isBroken);
  }

  /** The store that was being used is closed: what was asked of it is never answered. */
  get isOrphaned(): boolean {
    return this.#store !== null && this.#store !== this.#disk.store;
  }

  /** What is coming in. */
  get stored(): StoredMeta | null {
    return this.#image?.stored ?? null;
  }

  /** Of its records that were taken. */
  get bytes(): number {
    return this.#image?.bytes ?? 0;
  }

  /**
   * Makes ready to take an image: `ready` gets the key behind which to go on, null if that is at the
   * beginning, when everything taken before is durable. A later call takes the place of this one.
   */
  prepare(meta: ImageMeta, ready: (after: Buffer | null) => void): void {
    this.#aim({ meta, ready });
  }

  /** Takes away what is there of an image. */
  discard(): void {
    this.#aim({ meta: null, ready: () => {} });
  }

  /** Forgets what it knows of the store, where an image has been put in its place. */
  forget(): void {
    this.#begin(null);
    this.#goal = null;
  }

  #aim(goal: Goal): void {
    this.#goal = goal;
    this.#advance();
  }

  /** Takes the next step towards the goal, one at a time. */
  #advance(): void {
    const { store } = this.#disk;
    if (store !== this.#store) this.#begin(store);
    const goal = this.#goal;
    if (store === null || goal === null || this.#isBusy || this.#isBroken) return;
    const image = this.#image;
    const isThere =
      image !== null && goal.meta !== null && isSameImage(image.stored.meta, goal.meta);
    if (!this.#isKnown) {
      this.#load(store, goal);
    } else if (isThere) {
      // Of this image more may be on its way to the disk.
      if (this.#isWriting) return;
      this.#goal = null;
      goal.ready(image.last);
    } else if (!this.#isClean || image !== null) {
      this.#waiting = [];
      this.unwrittenBytes = 0;
      if (!this.#isWriting) this.#clear(store);
    } else if (goal.meta === null) {
      this.#goal = null;
    } else {
      this.#start(store, goal.meta);
    }
  }

  #begin(store: ImageStore | null): void {
    this.#store = store;
    this.#isBroken = false;
    this.#isKnown = false;
    this.#isClean = false;
    this.#image = null;
    this.#isBusy = false;
    this.#waiting = [];
    this.#isWriting = false;
    this.unwrittenBytes = 0;
  }

  /** What a step is told when it is done; nothing, if the store has gone meanwhile. */
  #step(store: ImageStore, then: () => void): Step {
    this.#isBusy = true;
    return (error) => {
      if (store !== this.#store) return;
      this.#isBusy = false;
      if (error !== null) {
        this.#break(error);
        return;
      }
      then();
      this.#advance();
    };
  }

  #break(error: Error): void {
    this.#isBroken = true;
    this.#goal = null;
    this.#waiting = [];
    this.#failed(error);
  }

  /** Finds what an earlier process has left, and counts it if it is what is to come in. */
  #load(store: ImageStore, goal: Goal): void {
    let found: ReceivedImage | null = null;
    const known = this.#step(store, () => {
      this.#isKnown = true;
      this.#image = found;
      this.#isClean = found !== null;
    });
    store.get(INCOMING_KEY, (error, value) => {
      const stored = value === null ? null : this.#understand(value);
      if (error !== null || stored === null || !isWanted(stored, goal)) {
        known(error);
        return;
      }
      const incoming = new ReceivedImage(stored);
      incoming.recall(store, (problem) => {
        // What cannot be read or believed is received again.
        if (problem === null) found = incoming;
        known(null);
      });
    });
  }

  #understand(value: Buffer): StoredMeta | null {
    try {
      const stored = unpackMeta(value);
      return stored.generation > this.#disk.generation ? stored : null;
    } catch {
      return null;
    }
  }

  #clear(store: ImageStore): void {
    this.#image = null;
    this.#isClean = false;
    const cleared = this.#step(store, () => {
      this.#isClean = true;
    });
    const batch = store.batch();
    batch.delete(INCOMING_KEY);
    batch.write((error) => {
      if (error !== null || store !== this.#store) {
        cleared(error);
        return;
      }
      const { from } = recordRange(this.#disk.generation + 1);
      const { to } = recordRange(HIGHEST_GENERATION);
      this.#disk.clear({ from, to }, cleared);
    });
  }

  #start(store: ImageStore, meta: ImageMeta): void {
    const stored = { generation: this.#disk.generation + 1, meta };
    const started = this.#step(store, () => {
      this.#image = new ReceivedImage(stored);
    });
    const batch = store.batch();
    batch.put(INCOMING_KEY, packMeta(stored));
    batch.write(started);
  }

  /**
   * Takes the records of a chunk; `written` is called when they are durable. Returns why they cannot be
   * believed, or null; those before the first that is wrong are taken.
   */
  append(entries: readonly ImageEntry[], written: () => void): string | null {
    const image = this.#image;
    if (image === null || this.isUnusable || this.isOrphaned) return 'the image store is not open';
    const taken: ImageEntry[] = [];
    let bytes = 0;
    let problem: string | null = null;
    for (const entry of entries) {
      const one = image.take(entry);
      if (typeof one === 'string') {
        problem = one;
        break;
      }
      taken.push({ key: one.key, value: entry.value });
      bytes += chunkBytes(entry);
    }
    this.unwrittenBytes += bytes;
    this.#waiting.push({ entries: taken, bytes, written: problem === null ? written : () => {} });
    this.#write();
    return problem;
  }

  #write(): void {
    const store = this.#store;
    if (this.#isWriting || this.#waiting.length === 0 || store === null) return;
    const chunks: Waiting[] = [];
    let bytes = 0;
    const batch = store.batch();
    while (bytes < BATCH_BYTES) {
      const chunk = this.#waiting.shift();
      if (chunk === undefined) break;
      chunks.push(chunk);
      bytes += chunk.bytes;
      for (const { key, value } of chunk.entries) batch.put(key, value);
    }
    this.#isWriting = true;
    batch.write((error) => {
      if (store !== this.#store) return;
      this.#isWriting = false;
      this.unwrittenBytes = Math.max(0, this.unwrittenBytes - bytes);
      if (error !== null) {
        this.#break(error);
        return;
      }
      this.#write();
      for (const { written } of chunks) written();
      this.#advance();
    });
  }

  /** Everything came and is durable: what is wrong with it nevertheless, or null. */
  check(): string | null {
    if (this.#image === null) return 'no image came in';
    return this.#image.finish();
  }
}

function isWanted(stored: StoredMeta, goal: Goal): boolean {
  return goal.meta !== null && isSameImage(stored.meta, goal.meta);
}
