import { ioError, RaftLogError } from './errors.ts';
import type { LogFile } from './file-system.ts';
import { type AppendCallback, GroupEncoder, type QueuedBatch } from './group-encoder.ts';
import { BATCH_HEADER_BYTES } from './layout.ts';

export interface GroupCommitOptions {
  readonly path: string;
  readonly file: LogFile;
  readonly identity: number;
  /** Where the next batch goes; all before is durable. */
  readonly end: number;
  /** Size of the file: zeros stand between `end` and here. */
  readonly allocated: number;
  readonly fsync: boolean;
  /** Zeros to write ahead of the log, in bytes; 0 for none. */
  readonly preallocate: number;
  readonly microseconds: () => number;
  /** All queued batches stand in the file. */
  readonly written: () => void;
  /** What was last {@link written} is as safe as was asked for. */
  readonly durable: () => void;
}

export interface FsyncStats {
  readonly count: number;
  readonly totalMicroseconds: number;
  readonly maxMicroseconds: number;
}

/**
 * The end of a data file: puts batches there in order. While one group is being synced the next one
 * gathers; then it is written with one call and synced with one call.
 */
export class GroupCommit {
  readonly #options: GroupCommitOptions;
  readonly #encoder: GroupEncoder;
  #file: LogFile;
  #end: number;
  #queuedEnd: number;
  #allocated: number;
  #durableEnd: number;
  #fsync: boolean;
  #queue: QueuedBatch[] = [];
  #flushing: QueuedBatch[] = [];
  #finished: { readonly done: AppendCallback; readonly error: Error | null }[] = [];
  #delivering = false;
  #syncing = false;
  #syncStarted = 0;
  #syncs = 0;
  #syncTotal = 0;
  #syncMax = 0;
  #failure: RaftLogError | null = null;
  /** What waits for the end of the running sync, with the queue held back. */
  #holder: (() => void) | null = null;
  #held = false;
  #drained: (() => void) | null = null;

  constructor(options: GroupCommitOptions) {
    this.#options = options;
    this.#file = options.file;
    this.#encoder = new GroupEncoder(options.identity, options.preallocate);
    this.#end = options.end;
    this.#queuedEnd = options.end;
    this.#durableEnd = options.end;
    this.#allocated = options.allocated;
    this.#fsync = options.fsync;
  }

  get file(): LogFile {
    return this.#file;
  }

  /** Where the next batch will go. */
  get queuedEnd(): number {
    return this.#queuedEnd;
  }

  get end(): number {
    return this.#end;
  }

  get durableEnd(): number {
    return this.#durableEnd;
  }

  get failure(): RaftLogError | null {
    return this.#failure;
  }

  get stats(): FsyncStats {
    return {
      count: this.#syncs,
      totalMicroseconds: this.#syncTotal,
      maxMicroseconds: this.#syncMax,
    };
  }

  setFsync(on: boolean): void {
    this.#fsync = on;
  }

  push(batch: QueuedBatch): void {
    this.#queue.push(batch);
    this.#queuedEnd += BATCH_HEADER_BYTES + batch.bytes;
    this.#flush();
    this.#deliver();
  }

  /** Calls back once, when nothing is queued or being synced, or when the file has failed. */
  whenDrained(drained: () => void): void {
    this.#drained = drained;
    this.#settle();
  }

  /**
   * Calls `holder` once no sync runs; from now on batches wait until {@link release}. Others may
   * then use the file, or put another one in its place.
   */
  hold(holder: () => void): void {
    this.#held = true;
    this.#holder = holder;
    this.#settle();
  }

  release(): void {
    this.#held = false;
    this.#holder = null;
    this.#flush();
    this.#deliver();
    this.#settle();
  }

  /** While held: goes on in another file, all of whose bytes up to `end` are durable. */
  replaceFile(file: LogFile, identity: number, end: number): void {
    this.#queuedEnd += end - this.#end;
    this.#file = file;
    this.#encoder.identity = identity;
    this.#end = end;
    this.#durableEnd = end;
    this.#allocated = end;
  }

  /** When drained: cuts off zeros written ahead and makes everything durable. */
  settleFile(done: (error: RaftLogError | null) => void): void {
    const { path } = this.#options;
    try {
      if (this.#allocated > this.#end) this.#file.truncate(this.#end);
      this.#allocated = this.#end;
      this.#file.syncCallback((error) => {
        if (error !== null) this.#fail(ioError(path, 'syncing', error));
        else this.#durableEnd = this.#end;
        done(this.#failure);
      });
    } catch (error) {
      this.#fail(ioError(path, 'settling the end', error));
      done(this.#failure);
    }
  }

  /** Nothing is accepted, and nothing acknowledged, from now on; who waits is told. */
  abandon(error: RaftLogError): void {
    this.#fail(error);
    this.#deliver();
    this.#settle();
  }

  #fail(error: RaftLogError): void {
    if (this.#failure !== null) return;
    this.#failure = error;
    for (const batch of this.#flushing) this.#finished.push({ done: batch.done, error });
    for (const batch of this.#queue) this.#finished.push({ done: batch.done, error });
    this.#flushing = [];
    this.#queue = [];
  }

  #flush(): void {
    if (this.#queue.length === 0 || this.#syncing || this.#held || this.#failure !== null) return;
    const batches = this.#queue;
    this.#queue = [];
    this.#flushing = batches;
    const bytes = this.#queuedEnd - this.#end;
    const group = { batches, bytes, offset: this.#end, watermark: this.#durableEnd };
    const pieces = this.#encoder.encode(group);
    const end = this.#end + bytes;
    if (this.#fsync && end > this.#allocated) {
      const ahead = this.#encoder.zerosAfter(end, bytes);
      if (ahead.length > 0) pieces.push(ahead);
      this.#allocated = end + ahead.length;
    }
    try {
      this.#file.write(pieces, this.#end);
    } catch (error) {
      this.#fail(ioError(this.#options.path, `writing ${bytes} bytes at ${this.#end}`, error));
      return;
    }
    this.#end = end;
    this.#allocated = Math.max(this.#allocated, end);
    this.#options.written();
    if (this.#fsync) this.#startSync();
    else this.#finish();
  }

  #startSync(): void {
    this.#syncing = true;
    this.#syncStarted = this.#options.microseconds();
    this.#file.syncCallback(this.#synced);
  }

  readonly #synced = (error: Error | null): void => {
    this.#syncing = false;
    const took = this.#options.microseconds() - this.#syncStarted;
    this.#syncs++;
    this.#syncTotal += took;
    if (took > this.#syncMax) this.#syncMax = took;
    if (error !== null) {
      this.#fail(ioError(this.#options.path, 'syncing', error));
    } else if (this.#failure === null) {
      this.#durableEnd = this.#end;
      this.#finish();
      // The disk gets its next work before the callers hear of the last.
      this.#flush();
    }
    this.#deliver();
    this.#settle();
  };

  #finish(): void {
    for (const batch of this.#flushing) this.#finished.push({ done: batch.done, error: null });
    this.#flushing = [];
    this.#options.durable();
  }

  /** In order, and not nested: what a callback appends is answered after it. */
  #deliver(): void {
    if (this.#delivering) return;
    this.#delivering = true;
    try {
      while (this.#finished.length > 0) {
        const finished = this.#finished;
        this.#finished = [];
        for (const { done, error } of finished) done(error);
      }
    } finally {
      this.#delivering = false;
    }
  }

  #settle(): void {
    if (this.#syncing) return;
    const holder = this.#holder;
    if (holder !== null) {
      this.#holder = null;
      holder();
      return;
    }
    const drained = this.#drained;
    const idle = this.#queue.length === 0 && !this.#held;
    if (drained !== null && (idle || this.#failure !== null)) {
      this.#drained = null;
      drained();
    }
  }
}

export function closedError(path: string): RaftLogError {
  return new RaftLogError('RAFTLOG_CLOSED', 'the log is closed', { file: path });
}
