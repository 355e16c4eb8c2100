import { whyRefused } from './batch-rules.ts';
import type { Compaction } from './compaction.ts';
import { startCompaction } from './compaction.ts';
import type { EntryTable } from './entry-table.ts';
import { ioError, RaftLogError } from './errors.ts';
import type { LogFile } from './file-system.ts';
import { closedError, type FsyncStats, GroupCommit } from './group-commit.ts';
import type { AppendCallback } from './group-encoder.ts';
import { IndexFile, indexPath } from './index-file.ts';
import { BATCH_HEADER_BYTES, type Base, type FileHeader, type HardState } from './layout.ts';
import type { AppendBatch, LogOptions, Recovered } from './log-types.ts';
import { indexPieces } from './pieces.ts';
import { type Records, readRecords, replayRecords } from './read-records.ts';

/** The index file is brought up to date when it lags this many entries behind. */
const INDEX_LAG = 4096;

/** Made by {@link openLog}. */
export interface LogParts {
  readonly options: LogOptions;
  readonly file: LogFile;
  readonly index: IndexFile;
  readonly header: FileHeader;
  readonly table: EntryTable;
  readonly hardState: HardState;
  /** Behind the last batch. */
  readonly end: number;
  readonly size: number;
  readonly recovered: Recovered;
}

/** An open log. One at a time for a file; entries are numbered without gaps. */
export class Log {
  readonly path: string;
  readonly recovered: Recovered;
  readonly #options: LogOptions;
  readonly #commit: GroupCommit;
  #header: FileHeader;
  #table: EntryTable;
  #index: IndexFile;
  /** First entry whose place the index file does not know. */
  #indexFrom: number;
  #hardState: HardState;
  #writtenHardState: HardState;
  #writtenLast: number;
  #durableLast: number;
  #closing = false;
  #compaction: Compaction | null = null;

  constructor(parts: LogParts) {
    const { options } = parts;
    this.path = options.path;
    this.recovered = parts.recovered;
    this.#options = options;
    this.#header = parts.header;
    this.#table = parts.table;
    this.#index = parts.index;
    this.#hardState = parts.hardState;
    this.#writtenHardState = parts.hardState;
    this.#writtenLast = parts.table.last;
    this.#durableLast = parts.table.last;
    this.#indexFrom = parts.table.last + 1;
    this.#commit = new GroupCommit({
      path: options.path,
      file: parts.file,
      identity: parts.header.identity,
      end: parts.end,
      allocated: parts.size,
      fsync: options.fsync,
      preallocate: options.preallocate ?? 256 * 1024,
      microseconds: options.microseconds,
      written: (last, hardState) => {
        this.#writtenLast = last;
        this.#writtenHardState = hardState;
      },
      durable: () => this.#noteDurable(),
    });
  }

  get clusterId(): string {
    return this.#header.clusterId;
  }

  get nodeId(): number {
    return this.#header.nodeId;
  }

  /** The entry before {@link firstIndex}. */
  get base(): Base {
    return this.#table.base;
  }

  /** One more than {@link lastIndex} when the log is empty. */
  get firstIndex(): number {
    return this.#table.base.index + 1;
  }

  /** Last entry, counted from {@link append} on. */
  get lastIndex(): number {
    return this.#table.last;
  }

  get lastTerm(): number {
    return this.#table.lastTerm;
  }

  /** Chain of the last entry; the base's when the log is empty. */
  get chain(): number {
    return this.#table.lastChain;
  }

  /** The newest one given to {@link append}. */
  get hardState(): HardState {
    return this.#hardState;
  }

  /** Last entry that stands in the file and can be {@link read}. */
  get writtenIndex(): number {
    return this.#writtenLast;
  }

  /** Last entry that was acknowledged: synced, or with fsync off written. */
  get durableIndex(): number {
    return this.#durableLast;
  }

  get entries(): number {
    return this.#table.last - this.#table.base.index;
  }

  /** Length of the data file with all that is queued and without zeros written ahead. */
  get bytes(): number {
    return this.#commit.queuedEnd;
  }

  /** Bytes of appends that are not even written: a sync is running, or there is no space. */
  get waitingBytes(): number {
    return this.#commit.queuedEnd - this.#commit.end;
  }

  /** Why nothing more is accepted, or null. */
  get failure(): RaftLogError | null {
    return this.#commit.failure;
  }

  /** Why appends wait, or null: the disk has no space. Call {@link retry} now and then. */
  get full(): RaftLogError | null {
    return this.#commit.full;
  }

  /** Why the index file is no longer kept, or null. The log does not need it. */
  get indexError(): Error | null {
    return this.#index.error;
  }

  get fsyncStats(): FsyncStats {
    return this.#commit.stats;
  }

  setFsync(on: boolean): void {
    this.#commit.setFsync(on);
  }

  /**
   * Adds one batch: all of it survives a crash, or nothing. Written at once, or, while an fsync
   * runs, together with all others that came meanwhile. `done` is called in the order of the
   * appends: after the fsync, or, with fsync off and when the log has failed or is closed, before
   * this returns. After the first failed write or sync no append is acknowledged any more; only
   * for want of space appends wait, in their order, see {@link full}.
   *
   * Throws `RAFTLOG_MISUSE` if the batch cannot follow the log; records that are not what `batch`
   * says of them make the log fail as well.
   */
  append(batch: AppendBatch, done: AppendCallback): void {
    if (this.#commit.failure !== null || this.#closing) {
      done(this.#commit.failure ?? closedError(this.path));
      return;
    }
    const truncates = batch.truncateFrom !== 0 && batch.truncateFrom <= this.lastIndex;
    const refusal = whyRefused(batch, truncates, {
      hardState: this.#hardState,
      last: this.lastIndex,
      kept: Math.max(this.#table.base.index, this.#compaction?.base.index ?? 0),
    });
    if (refusal !== null) throw this.#misuse(refusal);
    if (truncates) this.#truncate(batch.truncateFrom);
    const first = this.lastIndex + 1;
    const chain = this.#table.lastChain;
    const { hardState, count, pieces, bytes } = batch;
    const offset = this.#commit.queuedEnd + BATCH_HEADER_BYTES;
    const shape = { count, bytes, offset, maxTerm: hardState.term };
    const wrong = indexPieces(pieces, shape, this.#table);
    if (wrong !== null) {
      const error = this.#misuse(wrong);
      this.#commit.abandon(error);
      throw error;
    }
    this.#hardState = hardState;
    this.#commit.push({ hardState, first, count, truncates, chain, pieces, bytes, done });
  }

  /** Where there was no space: looks whether there is some now. */
  retry(): void {
    this.#commit.retry();
  }

  /** Term of an entry, or of the base. */
  term(index: number): number {
    this.#checkRange(index, this.#table.base.index, this.lastIndex);
    return this.#table.term(index);
  }

  /** CRC-32C over all entries up to this one; equal chains mean equal logs. Also of the base. */
  chainAt(index: number): number {
    this.#checkRange(index, this.#table.base.index, this.lastIndex);
    return this.#table.chain(index);
  }

  /** Length of the record of an entry, header included. */
  entryBytes(index: number): number {
    this.#checkRange(index, this.firstIndex, this.lastIndex);
    return this.#table.bytes(index);
  }

  /**
   * The encoded records from `first` on, up to `last` and up to `maxBytes`, but at least one, as
   * one new buffer. They are read from the file and checked; only entries up to
   * {@link writtenIndex}.
   */
  read(first: number, last: number, maxBytes: number): Records {
    this.#checkRange(first, this.firstIndex, this.#writtenLast);
    this.#checkRange(last, first, this.#writtenLast);
    return readRecords(this.#source(), first, last, maxBytes);
  }

  /** Hands over every record from `from` on. The buffer is valid only during the call. */
  replay(from: number, onRecord: (buffer: Buffer, at: number) => void): void {
    if (from > this.#writtenLast) return;
    this.#checkRange(from, this.firstIndex, this.#writtenLast);
    replayRecords(this.#source(), from, this.#writtenLast, onRecord);
  }

  /**
   * Begins to drop the entries up to `index`, which must be committed and needed no more. Appends
   * go on meanwhile. One at a time.
   */
  compact(index: number): Compaction {
    this.#checkRange(index, this.#table.base.index, this.#durableLast);
    if (this.#compaction !== null) throw this.#misuse('a compaction is running');
    if (this.#closing) throw closedError(this.path);
    const compaction = startCompaction({
      files: this.#options.files,
      path: this.path,
      commit: this.#commit,
      header: this.#header,
      base: { index, term: this.#table.term(index), chain: this.#table.chain(index) },
      hardState: () => this.#writtenHardState,
      lastIndex: () => this.#writtenLast,
      read: (first, last, maxBytes) => this.read(first, last, maxBytes),
      replaced: (header, table, shift) => this.#adopt(header, table, shift),
      ended: () => {
        this.#compaction = null;
      },
    });
    this.#compaction = compaction;
    return compaction;
  }

  /**
   * Waits for all appends, makes everything durable (also with fsync off), brings the index up to
   * date and closes the files. A running compaction is given up, and so are appends for which there
   * is no space: they and this get `RAFTLOG_FULL`.
   */
  close(done: AppendCallback): void {
    if (this.#closing) {
      done(closedError(this.path));
      return;
    }
    this.#closing = true;
    this.#compaction?.abort();
    this.#commit.retry();
    this.#commit.whenDrained(() => {
      const { failure, full } = this.#commit;
      if (failure !== null) {
        this.#closed(failure, done);
        return;
      }
      if (full !== null) this.#commit.giveUpQueue(full);
      this.#commit.settleFile((error) => this.#closed(error ?? full, done));
    });
  }

  /** Gives up: whoever waits gets `RAFTLOG_CLOSED`, the files are closed as soon as possible. */
  abandon(): void {
    if (this.#closing) return;
    this.#closing = true;
    this.#compaction?.abort();
    this.#commit.abandon(closedError(this.path));
    this.#commit.whenDrained(() => this.#closed(this.#commit.failure, () => {}));
  }

  #closed(error: RaftLogError | null, done: AppendCallback): void {
    if (error === null) this.#writeIndex(this.#table.last);
    this.#index.close();
    try {
      this.#commit.file.close();
    } catch (cause) {
      done(error ?? ioError(this.path, 'closing', cause));
      return;
    }
    done(error);
  }

  #truncate(from: number): void {
    this.#compaction?.truncated(from);
    this.#table.truncate(from);
    this.#writtenLast = Math.min(this.#writtenLast, from - 1);
    this.#durableLast = Math.min(this.#durableLast, from - 1);
    this.#indexFrom = Math.min(this.#indexFrom, from);
  }

  #noteDurable(): void {
    this.#durableLast = this.#writtenLast;
    if (this.#durableLast - this.#indexFrom + 1 >= INDEX_LAG) this.#writeIndex(this.#durableLast);
  }

  #writeIndex(last: number): void {
    this.#index.write(this.#table, this.#indexFrom, last, this.#commit.durableEnd);
    this.#indexFrom = last + 1;
  }

  /** A compaction has put another file in place of the old one. */
  #adopt(header: FileHeader, table: EntryTable, shift: number): void {
    this.#header = header;
    table.append(this.#table, shift);
    this.#table = table;
    this.#index.close();
    this.#index = new IndexFile(this.#options.files, indexPath(this.path), header);
    this.#indexFrom = this.firstIndex;
    this.#writeIndex(this.#writtenLast);
  }

  #source(): { path: string; file: LogFile; table: EntryTable } {
    return { path: this.path, file: this.#commit.file, table: this.#table };
  }

  #checkRange(index: number, low: number, high: number): void {
    if (index < low || index > high) throw this.#misuse(`index ${index} is not in ${low}..${high}`);
  }

  #misuse(message: string): RaftLogError {
    return new RaftLogError('RAFTLOG_MISUSE', message, { file: this.path });
  }
}
