import { fullError, ioError, RaftLogError } from './errors.ts';
import type { LogFile } from './file-system.ts';
import { type AppendCallback, type QueuedBatch, queuedBytes } from './group-encoder.ts';
import { GroupWriter, type GroupWriterOptions } from './group-writer.ts';
import { BATCH_HEADER_BYTES, type HardState } from './layout.ts';
import { lastEntry, withoutOvertaken } from './overtaken.ts';

/** All before `end` is durable. */
export interface GroupCommitOptions extends GroupWriterOptions {
  readonly path: string;
  readonly fsync: boolean;
  readonly microseconds: () => number;
  /** What stands in the file now: its last entry, as far as no batch that waits drops it. */
  readonly written: (last: number, hardState: HardState) => void;
  /** What was last {@link written} is as safe as was asked for. */
  readonly durable: () => void;
}

/** A file to go on in, all of whose bytes up to `end` are durable. */
export interface NextFile {
  readonly file: LogFile;
  readonly identity: number;
  readonly end: number;
  /** Its last entry, and that one's chain. */
  readonly last: number;
  readonly chain: number;
}

export interface FsyncStats {
  readonly count: number;
  readonly totalMicroseconds: number;
  readonly maxMicroseconds: number;
}

/**
 * The end of a data file: puts batches there in order. While one group is being synced the next one
 * gathers; then it is written with one call and synced with one call. A batch for which the disk has
 * no space waits, and all behind it, until {@link GroupCommit.retry} finds some.
 */
export class GroupCommit {
  readonly #options: GroupCommitOptions;
  readonly #writer: GroupWriter;
  #queuedEnd: number;
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
  #full: RaftLogError | null = null;
  /** What waits for the end of the running sync, with the queue held back. */
  #holder: (() => void) | null = null;
  #held = false;
  #drained: (() => void) | null = null;

  constructor(options: GroupCommitOptions) {
    this.#options = options;
    this.#writer = new GroupWriter(options);
    this.#queuedEnd = options.end;
    this.#durableEnd = options.end;
    this.#fsync = options.fsync;
  }

  get file(): LogFile {
    return this.#writer.file;
  }

  /** Where the next batch will go. */
  get queuedEnd(): number {
    return this.#queuedEnd;
  }

  get end(): number {
    return this.#writer.end;
  }

  get durableEnd(): number {
    return this.#durableEnd;
  }

  get failure(): RaftLogError | null {
    return this.#failure;
  }

  /** Why batches wait to be written, or null. */
  get full(): RaftLogError | null {
    return this.#full;
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
    if (this.#full === null) this.#flush('all');
    this.#deliver();
  }

  /** While full: tries to write what waits, the first batch alone and then the others. */
  retry(): void {
    if (this.#full === null) return;
    const waiting = this.#queue.length;
    this.#flush('first');
    if (this.#queue.length < waiting) this.#flush('all');
    this.#deliver();
    this.#settle();
  }

  /** While full: who waits is told, and nothing of theirs is written. */
  giveUpQueue(error: RaftLogError): void {
    for (const batch of this.#queue) this.#finished.push({ done: batch.done, error });
    this.#queue = [];
    this.#queuedEnd = this.end;
    this.#deliver();
  }

  /** Calls back once, when nothing more can be written and nothing is being synced. */
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
    this.#flush('all');
    this.#deliver();
    this.#settle();
  }

  /** While held: goes on in another file. Returns by how much the entries that wait move. */
  replaceFile(next: NextFile): number {
    const { file, identity, end } = next;
    this.#queue = withoutOvertaken(this.#queue, next.last, next.chain);
    const before = this.#queuedEnd;
    this.#queuedEnd = end + queuedBytes(this.#queue);
    this.#durableEnd = end;
    this.#writer.replaceFile(file, identity, end);
    return this.#queuedEnd - before;
  }

  /** When drained: cuts off what stands behind the last batch and makes everything durable. */
  settleFile(done: (error: RaftLogError | null) => void): void {
    const { path } = this.#options;
    try {
      this.#writer.cutTail();
      this.file.syncCallback((error) => {
        if (error !== null) this.#fail(ioError(path, 'syncing', error));
        else this.#durableEnd = this.end;
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
    this.#full = null;
    for (const batch of this.#flushing) this.#finished.push({ done: batch.done, error });
    for (const batch of this.#queue) this.#finished.push({ done: batch.done, error });
    this.#flushing = [];
    this.#queue = [];
  }

  /** Writes all that waits, or its first batch, to see whether there is space again. */
  #flush(how: 'all' | 'first'): void {
    if (this.#queue.length === 0 || this.#syncing || this.#held || this.#failure !== null) return;
    const group = how === 'all' ? this.#queue : this.#queue.slice(0, 1);
    let count: number;
    try {
      const written = this.#writer.write(group, this.#durableEnd, this.#fsync);
      count = written.count;
      this.#noteSpace(count, written.noSpace);
    } catch (error) {
      const bytes = queuedBytes(group);
      this.#fail(ioError(this.#options.path, `writing ${bytes} bytes at ${this.end}`, error));
      return;
    }
    const last = this.#queue[count - 1];
    if (last === undefined) return;
    this.#flushing = this.#queue.slice(0, count);
    this.#queue = this.#queue.slice(count);
    this.#options.written(lastEntry(last, this.#queue), last.hardState);
    if (this.#fsync) this.#startSync();
    else this.#finish();
  }

  /** The log stays full until all that waited is written. */
  #noteSpace(written: number, noSpace: unknown): void {
    if (written === this.#queue.length) this.#full = null;
    else if (noSpace !== null) this.#full = fullError(this.#options.path, this.end, noSpace);
  }

  #startSync(): void {
    this.#syncing = true;
    this.#syncStarted = this.#options.microseconds();
    this.file.syncCallback(this.#synced);
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
      this.#durableEnd = this.end;
      this.#finish();
      // The disk gets its next work before the callers hear of the last.
      this.#flush('all');
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
    const idle = (this.#queue.length === 0 || this.#full !== null) && !this.#held;
    if (drained !== null && (idle || this.#failure !== null)) {
      this.#drained = null;
      drained();
    }
  }
}

export function closedError(path: string): RaftLogError {
  return new RaftLogError('RAFTLOG_CLOSED', 'the log is closed', { file: path });
}
