import type { ImageWriting, RecordPlace, RecordSink } from '../../keyspace/image/image-writing.ts';
import type { ImageBatch } from '../../world/image-store.ts';
import type { Timer, World } from '../../world/world.ts';
import type { ImageDisk } from './image-disk.ts';
import { cutRecord, tombstone } from './record.ts';

/** How long writing a checkpoint holds a turn, and leaves the process and the disk to others then. */
interface Pace {
  readonly microseconds: number;
  readonly records: number;
  readonly pause: number;
}

/** So many records, if nobody writes, that a small checkpoint is soon done. */
const QUICK: Pace = { microseconds: 4000, records: 1024, pause: 1 };
const QUICK_RECORDS = 2048;
/** Then, while nobody writes: somebody may be reading. */
const STEADY: Pace = { microseconds: 1000, records: 256, pause: 3 };
/**
 * Beside writes. With 10,000 writes a second, p99 was 1.7 times what it is without a checkpoint; with
 * pauses of 2 ms it was 4 times, because of the disk, which the log shares.
 */
const GENTLE: Pace = { microseconds: 1000, records: 256, pause: 8 };
/** Records between two looks at the clock. */
const SLICE_RECORDS = 8;
/**
 * A batch goes to the store when it has so many bytes. Each is synced, and while the disk does that the
 * log has to wait for it: so not too many.
 */
const BATCH_BYTES: number = 1024 * 1024;
/** Batches that the store has not finished: with more the writing waits. */
const MAX_BATCHES = 2;

/**
 * Brings the records of one checkpoint to the store: those that are due, slice by slice, and those that
 * must be written now because they are about to change.
 */
export class CheckpointWriter implements RecordSink {
  readonly #world: World;
  readonly #disk: ImageDisk;
  readonly #isQuiet: () => boolean;
  readonly #done: (error: Error | null) => void;
  #writing: ImageWriting | null = null;
  #batch: ImageBatch | null = null;
  #batchBytes = 0;
  #batches = 0;
  #timer: Timer | null = null;
  #isComplete = false;
  #isOver = false;
  #sliceEnd = 0;
  #sliceRecords = 0;
  #pace: Pace = QUICK;
  /** Bytes of all records put. */
  bytes = 0;

  /** `done` is called once, when all records are durable or cannot be. */
  constructor(setup: {
    readonly world: World;
    readonly disk: ImageDisk;
    /** Nothing was written by anybody since this was last asked. */
    readonly isQuiet: () => boolean;
    readonly done: (error: Error | null) => void;
  }) {
    this.#world = setup.world;
    this.#disk = setup.disk;
    this.#isQuiet = setup.isQuiet;
    this.#done = setup.done;
  }

  start(writing: ImageWriting, delay: number): void {
    this.#writing = writing;
    this.#later(delay);
  }

  put(place: RecordPlace, payload: Buffer): number {
    const { generation } = this.#disk;
    this.#batch ??= this.#disk.store?.batch() ?? null;
    const batch = this.#batch;
    let pieces = 0;
    const sum = cutRecord({ generation, place, payload }, (key, value) => {
      batch?.put(key, value);
      this.#batchBytes += key.length + value.length;
      this.bytes += value.length;
      pieces++;
    });
    this.#disk.notePieces(place, pieces);
    return sum;
  }

  tombstone(place: RecordPlace): void {
    this.#batch ??= this.#disk.store?.batch() ?? null;
    const { key, value } = tombstone(this.#disk.generation, place);
    this.#batch?.put(key, value);
    this.#batchBytes += key.length + value.length;
  }

  #later(delay: number): void {
    this.#timer = this.#world.timers.after(delay, () => {
      this.#timer = null;
      this.#slice();
    });
  }

  #slice(): void {
    const writing = this.#writing;
    if (this.#isOver || writing === null) return;
    if (!this.#isComplete) {
      this.#pace = this.#choosePace(writing);
      this.#sliceEnd = this.#world.clock.microseconds() + this.#pace.microseconds;
      this.#sliceRecords = 0;
      this.#isComplete = writing.step(() => this.#isEnough());
    }
    if (this.#batchBytes >= BATCH_BYTES || this.#isComplete) this.#flush();
    if (this.#isComplete) this.#finishIfDone();
    else if (this.#batches < MAX_BATCHES) this.#later(this.#pace.pause);
  }

  #choosePace({ written }: ImageWriting): Pace {
    if (!this.#isQuiet()) return GENTLE;
    return written < QUICK_RECORDS ? QUICK : STEADY;
  }

  #isEnough(): boolean {
    if (this.#batchBytes >= BATCH_BYTES) return true;
    this.#sliceRecords++;
    if (this.#sliceRecords > this.#pace.records) return true;
    if (this.#sliceRecords % SLICE_RECORDS !== 0) return false;
    return this.#world.clock.microseconds() > this.#sliceEnd;
  }

  #flush(): void {
    const batch = this.#batch;
    this.#batch = null;
    this.#batchBytes = 0;
    if (batch === null) return;
    this.#batches++;
    batch.write((error) => {
      this.#batches--;
      if (this.#isOver) return;
      if (error !== null) {
        this.#end(error);
        return;
      }
      if (this.#isComplete) this.#finishIfDone();
      else if (this.#timer === null) this.#later(0);
    });
  }

  #finishIfDone(): void {
    if (this.#batches === 0 && this.#batch === null) this.#end(null);
  }

  #end(error: Error | null): void {
    this.#isOver = true;
    this.#timer?.cancel();
    this.#done(error);
  }

  /** Nothing is called back any more. */
  stop(): void {
    this.#isOver = true;
    this.#timer?.cancel();
  }
}
