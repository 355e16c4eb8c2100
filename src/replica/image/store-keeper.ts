import type { RecordPlace } from '../../keyspace/image/image-writing.ts';
import type { Timer, World } from '../../world/world.ts';
import type { ImageDisk } from './image-disk.ts';
import { recordRange } from './record.ts';

export interface StoreKeeperSetup {
  readonly world: World;
  readonly disk: ImageDisk;
  readonly warn: (text: string) => void;
  /** A turn must come: the store can be used again, or is to be mended. */
  readonly touch: () => void;
  /** The store cannot be opened now. */
  readonly unusable: (why: string) => void;
}

/** After a failure the store is opened again after so long. */
export const RETRY_MS = 1000;
/**
 * Records deleted in one batch, and the pause behind it: each batch is a sync that the log may have to
 * wait for, and nobody waits for the space.
 */
const RECORDS_PER_BATCH = 500;
const PAUSE_MS = 25;

interface Leftover {
  readonly generation: number;
  readonly place: RecordPlace;
}

interface Discarded {
  readonly generation: number;
  readonly places: readonly RecordPlace[];
  next: number;
}

/** Keeps a node's image store usable: opens it, again after a failure, and clears away old records. */
export class StoreKeeper {
  readonly #setup: StoreKeeperSetup;
  /** Records of images that came to nothing: they must be gone before the next one is written. */
  #leftovers: Leftover[] = [];
  #garbage: Buffer[] = [];
  /** Records that newer ones have replaced. */
  #superseded: Discarded[] = [];
  /** Nothing is there of an image that was never finished, where none ever was. */
  #isSwept = false;
  #isDeleting = false;
  #mustReopen = false;
  #isOpening = false;
  #retry: Timer | null = null;
  #pause: Timer | null = null;
  #stopped = false;

  constructor(setup: StoreKeeperSetup) {
    this.#setup = setup;
  }

  /** The store is being opened. */
  get isOpening(): boolean {
    return this.#isOpening;
  }

  /** Whether an image can be written now; if not, what is needed for that has begun. */
  get isReady(): boolean {
    const isGood = this.#isGood;
    if (!isGood) this.#reopen();
    return isGood;
  }

  get #isGood(): boolean {
    const { disk } = this.#setup;
    const isClean = this.#leftovers.length === 0 && this.#garbage.length === 0;
    const isSwept = this.#isSwept || disk.stored !== null;
    return disk.store !== null && !this.#mustReopen && isClean && isSwept;
  }

  /** Makes the store ready, unless it is too early to try again. While nobody needs an answer of it. */
  mend(): void {
    if (!this.#isGood && this.#retry === null) this.#reopen();
  }

  /** The store gave an error, and is good for nothing but being opened again. */
  failed(): void {
    this.#mustReopen = true;
    this.#setup.touch();
  }

  /** Records that an image which came to nothing may have left. */
  leave(places: readonly RecordPlace[]): void {
    const { generation } = this.#setup.disk;
    for (const place of places) this.#leftovers.push({ generation, place });
  }

  /** Deletes records that an image was loaded without: some may be of one that came to nothing. */
  sweep(keys: readonly Buffer[]): void {
    this.#setup.disk.removeKeys(keys, (error) => {
      if (error === null || this.#stopped) return;
      // Nothing that is written behind this gets into the store either.
      for (const key of keys) this.#garbage.push(key);
      this.failed();
    });
  }

  /** Records that no image needs: they go bit by bit. */
  discard(places: readonly RecordPlace[]): void {
    const { generation } = this.#setup.disk;
    if (places.length > 0) this.#superseded.push({ generation, places, next: 0 });
    this.#deleteSome();
  }

  #deleteSome(): void {
    const { disk, world } = this.#setup;
    const first = this.#superseded[0];
    const isIdle = !this.#isDeleting && this.#pause === null && !this.#mustReopen;
    if (first === undefined || !isIdle || this.#stopped || disk.store === null) return;
    if (first.generation !== disk.generation || first.next >= first.places.length) {
      // An image of another node has taken the place of the whole generation, or all are gone.
      this.#superseded.shift();
      this.#deleteSome();
      return;
    }
    this.#isDeleting = true;
    const end = first.next + RECORDS_PER_BATCH;
    disk.remove(first.places.slice(first.next, end), (error) => {
      this.#isDeleting = false;
      if (this.#stopped) return;
      if (error !== null) {
        this.failed();
        return;
      }
      first.next = end;
      this.#pause = world.timers.after(PAUSE_MS, () => {
        this.#pause = null;
        this.#deleteSome();
      });
    });
  }

  /** Opens the store, again if need be, and deletes what a failed image has left. */
  #reopen(): void {
    if (this.#isOpening || this.#stopped) return;
    this.#isOpening = true;
    this.#retry?.cancel();
    this.#retry = null;
    const { disk } = this.#setup;
    if (disk.store !== null && !this.#mustReopen) this.#clear();
    else disk.reopen(this.#next(() => {}));
  }

  /** Step by step; the store may have got the image of another node meanwhile. */
  #clear(): void {
    const { disk } = this.#setup;
    const { generation } = disk;
    this.#leftovers = this.#leftovers.filter((left) => left.generation === generation);
    const some = this.#leftovers.slice(-RECORDS_PER_BATCH).map(({ place }) => place);
    const keys = this.#garbage.slice(-RECORDS_PER_BATCH);
    if (some.length > 0) {
      disk.remove(some, this.#next(() => (this.#leftovers.length -= some.length)));
    } else if (keys.length > 0) {
      disk.removeKeys(keys, this.#next(() => (this.#garbage.length -= keys.length)));
    } else if (disk.stored === null && !this.#isSwept) {
      // An earlier process may have died in its first checkpoint, whose number comes again.
      disk.clear(recordRange(generation), this.#next(() => (this.#isSwept = true)));
    } else {
      this.#isOpening = false;
      this.#mustReopen = false;
      this.#deleteSome();
      this.#setup.touch();
    }
  }

  #next(then: () => void): (error: Error | null) => void {
    return (error) => {
      if (this.#stopped) return;
      if (error !== null) {
        this.#again(error);
        return;
      }
      then();
      this.#clear();
    };
  }

  #again(error: Error): void {
    const { disk, warn, world, unusable, touch } = this.#setup;
    this.#isOpening = false;
    this.#mustReopen = true;
    warn(`the image store in ${disk.path} cannot be used: ${error.message}`);
    this.#retry = world.timers.after(RETRY_MS, () => {
      this.#retry = null;
      touch();
    });
    unusable(error.message);
  }

  stop(): void {
    this.#stopped = true;
    this.#retry?.cancel();
    this.#pause?.cancel();
  }
}
