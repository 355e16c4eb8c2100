import type { LogFile } from './file-system.ts';
import { GroupEncoder, type QueuedBatch, queuedBytes } from './group-encoder.ts';

/** What the disk says when it has no room left, or this user none. */
const NO_SPACE: readonly unknown[] = ['ENOSPC', 'EDQUOT'];
const NOTHING: Uint8Array = new Uint8Array(0);

/** What came of writing a group. */
export interface GroupWritten {
  /** The first so many batches stand in the file. */
  readonly count: number;
  /** Why it is not all of them: the error that says that there is no space. Else null. */
  readonly noSpace: unknown;
}

export interface GroupWriterOptions {
  readonly file: LogFile;
  readonly identity: number;
  /** Where the next batch goes. */
  readonly end: number;
  /** Size of the file: zeros stand between `end` and here. */
  readonly allocated: number;
  /** Zeros to write ahead of the log, in bytes; 0 for none. */
  readonly preallocate: number;
}

/**
 * Puts groups of batches at the end of a data file. What does not fit is not there: the next write
 * begins at the same place.
 */
export class GroupWriter {
  readonly #encoder: GroupEncoder;
  readonly #preallocate: number;
  #file: LogFile;
  #end: number;
  /** The file reaches at least this far. */
  #allocated: number;
  /** Space was short: no zeros are written ahead before the log has come to here. */
  #zerosFrom = 0;

  constructor(options: GroupWriterOptions) {
    this.#encoder = new GroupEncoder(options.identity, options.preallocate);
    this.#preallocate = options.preallocate;
    this.#file = options.file;
    this.#end = options.end;
    this.#allocated = options.allocated;
  }

  get file(): LogFile {
    return this.#file;
  }

  /** Behind the last batch written. */
  get end(): number {
    return this.#end;
  }

  /** Goes on in another file, from `end` on. */
  replaceFile(file: LogFile, identity: number, end: number): void {
    this.#file = file;
    this.#encoder.identity = identity;
    this.#end = end;
    this.#allocated = end;
    this.#zerosFrom = 0;
  }

  /**
   * Writes as many of `batches` as there is space for: all of them, else the first alone, else none.
   * `ahead`: with zeros behind them, if that makes sense; they are left out where space is short.
   * Throws what went wrong otherwise.
   */
  write(batches: readonly QueuedBatch[], watermark: number, ahead: boolean): GroupWritten {
    const zeros = ahead ? this.#zerosBehind(queuedBytes(batches)) : NOTHING;
    let noSpace = this.#attempt(batches, watermark, zeros);
    if (noSpace === null) return { count: batches.length, noSpace };
    this.#zerosFrom = this.#end + this.#preallocate;
    if (zeros.length > 0) {
      noSpace = this.#attempt(batches, watermark, NOTHING);
      if (noSpace === null) return { count: batches.length, noSpace };
    }
    const first =
      batches.length < 2 ? noSpace : this.#attempt(batches.slice(0, 1), watermark, NOTHING);
    this.#giveBack();
    return { count: first === null ? 1 : 0, noSpace: first ?? noSpace };
  }

  /** Cuts off whatever stands behind the last batch. */
  cutTail(): void {
    if (this.#file.size() > this.#end) this.#file.truncate(this.#end);
    this.#allocated = this.#end;
  }

  /**
   * What a failed write has left behind the log is of no use, and others may need the last bytes of
   * the disk: a compaction, which makes space.
   */
  #giveBack(): void {
    try {
      this.#file.truncate(Math.max(this.#allocated, this.#end));
    } catch {
      // It stays a torn tail then, which the next write covers and the next opening cuts off.
    }
  }

  /** Null if all is written, else the error that says that there is no space. */
  #attempt(batches: readonly QueuedBatch[], watermark: number, zeros: Uint8Array): unknown {
    const bytes = queuedBytes(batches);
    const pieces = this.#encoder.encode({ batches, bytes, offset: this.#end, watermark });
    if (zeros.length > 0) pieces.push(zeros);
    try {
      this.#file.write(pieces, this.#end);
    } catch (error) {
      if (error instanceof Error && 'code' in error && NO_SPACE.includes(error.code)) return error;
      throw error;
    }
    this.#end += bytes;
    this.#allocated = Math.max(this.#allocated, this.#end + zeros.length);
    return null;
  }

  #zerosBehind(bytes: number): Uint8Array {
    const end = this.#end + bytes;
    if (end <= this.#allocated || end < this.#zerosFrom) return NOTHING;
    return this.#encoder.zerosAfter(end, bytes);
  }
}
