import type { RecordPlace } from '../../keyspace/image/image-writing.ts';
import type { ImageStore } from '../../world/image-store.ts';
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
  readonly places: Iterator<RecordPlace>;
  /** Taken from `places`, and not known to be deleted. */
  batch: readonly RecordPlace[];
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
  /** The store in which some are being deleted: a store that is closed never answers. */
  #deletingIn: ImageStore | null = null;
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

  /** Records that an image was loaded without: some may be of one that came to nothing. */
  sweep(keys: readonly Buffer[]): void {
    for (const key of keys) this.#garbage.push(key);
    this.#setup.touch();
  }

  /** Records that no image needs: they go bit by bit. */
  discard(places: Iterable<RecordPlace>): void {
    const { generation } = this.#setup.disk;
    this.#superseded.push({ generation, places: places[Symbol.iterator](), batch: [] });
    this.#deleteSome();
  }

  #deleteSome(): void {
    const { disk, world } = this.#setup;
    const { store, generation } = disk;
    const isIdle = this.#deletingIn !== store && this.#pause === null && !this.#mustReopen;
    if (store === null || !isIdle || this.#stopped) return;
    const first = this.#superseded.find((discarded) => hasMore(discarded, generation));
    this.#superseded = this.#superseded.slice(
      first === undefined ? this.#superseded.length : this.#superseded.indexOf(first),
    );
    if (first === undefined) return;
    this.#deletingIn = store;
    disk.remove(first.batch, (error) => {
      if (this.#deletingIn !== store || this.#stopped) return;
      this.#deletingIn = null;
      if (error !== null) {
        this.failed();
        return;
      }
      first.batch = [];
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
      disk.remove(
        some,
        this.#next(() => (this.#leftovers.length -= some.length)),
      );
    } else if (keys.length > 0) {
      disk.removeKeys(
        keys,
        this.#next(() => (this.#garbage.length -= keys.length)),
      );
    } else if (disk.stored === null && !this.#isSwept) {
      // An earlier process may have died in its first checkpoint, whose number comes again.
      disk.clear(
        recordRange(generation),
        this.#next(() => (this.#isSwept = true)),
      );
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

/** Whether anything is left, not of a generation whose place an image of another node has taken. */
function hasMore(discarded: Discarded, generation: number): boolean {
  if (discarded.generation !== generation) return false;
  if (discarded.batch.length > 0) return true;
  const batch: RecordPlace[] = [];
  while (batch.length < RECORDS_PER_BATCH) {
    const next = discarded.places.next();
    if (next.done === true) break;
    batch.push(next.value);
  }
  discarded.batch = batch;
  return batch.length > 0;
}
