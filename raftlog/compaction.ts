import { EntryTable } from './entry-table.ts';
import { ioError, RaftLogError } from './errors.ts';
import type { FileSystem, LogFile } from './file-system.ts';
import type { GroupCommit } from './group-commit.ts';
import type { AppendCallback } from './group-encoder.ts';
import {
  BATCH_HEADER_BYTES,
  type Base,
  encodeBatchHead,
  FILE_HEADER_BYTES,
  type FileHeader,
  type HardState,
} from './layout.ts';
import { newPath, replaceLog, writeFileHeader } from './new-file.ts';
import { indexPieces } from './pieces.ts';
import type { Records } from './read-records.ts';

const FINAL_STEP_BYTES = 1 << 20;

/** What a compaction needs of the log it works for. */
export interface CompactionHost {
  readonly files: FileSystem;
  readonly path: string;
  readonly commit: GroupCommit;
  readonly header: FileHeader;
  readonly base: Base;
  /** Hard state and last entry as they stand in the file. */
  readonly hardState: () => HardState;
  readonly lastIndex: () => number;
  readonly read: (first: number, last: number, maxBytes: number) => Records;
  /** The new file is in place; what is queued moves by `shift` bytes. */
  readonly replaced: (header: FileHeader, table: EntryTable, shift: number) => void;
  readonly ended: () => void;
}

/**
 * Drops the front of a log: copies what follows `base` to a new file beside it, slice by slice as
 * the caller has time, then puts that file in place of the old one. Until then the old file stays
 * the log, so that a crash or a failure loses nothing.
 */
export class Compaction {
  readonly base: Base;
  readonly #host: CompactionHost;
  readonly #header: FileHeader;
  readonly #table: EntryTable;
  #file: LogFile | null;
  #end: number = FILE_HEADER_BYTES;
  #hardState: HardState;
  /** Last entry of the new file, and its chain; the table may have been truncated since. */
  #copied: { readonly last: number; readonly chain: number };
  /** Entries were copied that the log has truncated since. */
  #mustTruncate = false;
  #finishing = false;
  #ended = false;
  #removed = false;

  constructor(host: CompactionHost, file: LogFile, header: FileHeader) {
    this.base = host.base;
    this.#host = host;
    this.#file = file;
    this.#header = header;
    this.#hardState = header.hardState;
    this.#table = new EntryTable(host.base);
    this.#copied = { last: host.base.index, chain: host.base.chain };
  }

  /** Last entry copied; the base's index at first. */
  get copiedIndex(): number {
    return this.#table.last;
  }

  /**
   * Copies about `maxBytes`, at least one entry. Returns true once all that is written to the log
   * has been copied. If it throws, the compaction is over and the log is as it was.
   */
  step(maxBytes: number): boolean {
    this.#check();
    try {
      return this.#copy(maxBytes);
    } catch (error) {
      this.#giveUp();
      throw error;
    }
  }

  /**
   * Copies what is left and puts the new file in place. Appends wait for the short last part. With
   * an error the log is as it was, unless {@link Log.failure} says that it has failed.
   */
  finish(done: AppendCallback): void {
    this.#check();
    this.#finishing = true;
    // The bulk is synced while appends go on; then only what came meanwhile is left to do.
    this.#sync(done, () => {
      this.#host.commit.hold(() => {
        try {
          while (!this.#copy(FINAL_STEP_BYTES));
          if (this.#mustTruncate || this.#hardStateChanged()) this.#writeBatch([], 0, 0);
        } catch (error) {
          this.#stop(error, done);
          return;
        }
        this.#sync(done, () => this.#replace(done));
      });
    });
  }

  /** Gives up; the log is as it was. */
  abort(): void {
    if (this.#ended) return;
    this.#ended = true;
    // The file stays open while it is being synced, but its name must be free for the next one.
    if (this.#finishing) this.#removeFile();
    else this.#giveUp();
  }

  /** The log has dropped its entries from `from` on. */
  truncated(from: number): void {
    if (from > this.#table.last) return;
    this.#table.truncate(from);
    this.#mustTruncate = true;
  }

  #copy(maxBytes: number): boolean {
    const first = this.#table.last + 1;
    const last = this.#host.lastIndex();
    if (first > last) return true;
    const records = this.#host.read(first, last, maxBytes);
    this.#writeBatch([records.buffer], records.last - first + 1, records.buffer.length);
    return records.last === last;
  }

  #writeBatch(pieces: readonly Uint8Array[], count: number, bodyBytes: number): void {
    const head = Buffer.alloc(BATCH_HEADER_BYTES);
    const hardState = this.#host.hardState();
    const batch = {
      offset: this.#end,
      watermark: 0,
      hardState,
      first: this.#table.last + 1,
      count,
      bodyBytes,
      truncates: this.#mustTruncate,
      chain: this.#table.lastChain,
    };
    encodeBatchHead(head, 0, batch, this.#header.identity);
    try {
      this.#file?.write([head, ...pieces], this.#end);
    } catch (error) {
      throw ioError(newPath(this.#host.path), `writing at ${this.#end}`, error);
    }
    const offset = this.#end + BATCH_HEADER_BYTES;
    const shape = { count, bytes: bodyBytes, offset, maxTerm: hardState.term };
    const wrong = indexPieces(pieces, shape, this.#table);
    if (wrong !== null) throw new RaftLogError('RAFTLOG_CORRUPT', wrong, { file: this.#host.path });
    this.#end = offset + bodyBytes;
    this.#copied = { last: this.#table.last, chain: this.#table.lastChain };
    this.#hardState = hardState;
    this.#mustTruncate = false;
  }

  #hardStateChanged(): boolean {
    const { term, vote } = this.#host.hardState();
    return term !== this.#hardState.term || vote !== this.#hardState.vote;
  }

  #sync(done: AppendCallback, next: () => void): void {
    this.#file?.syncCallback((error) => {
      if (error !== null) this.#stop(ioError(newPath(this.#host.path), 'syncing', error), done);
      else if (this.#ended) this.#stop(this.#over(), done);
      else next();
    });
  }

  /** The log is held, and the new file is durable up to its end. */
  #replace(done: AppendCallback): void {
    const { commit, files, path } = this.#host;
    const failure = commit.failure;
    if (failure !== null) {
      this.#stop(failure, done);
      return;
    }
    this.#file?.close();
    this.#file = null;
    let opened: LogFile;
    try {
      opened = replaceLog(files, path);
    } catch (error) {
      // Which of the two files would be found after a crash is not known any more.
      const failed = ioError(path, 'putting the compacted log in place', error);
      commit.abandon(failed);
      this.#stop(failed, done);
      return;
    }
    const old = commit.file;
    const { identity } = this.#header;
    const shift = commit.replaceFile({
      file: opened,
      identity,
      end: this.#end,
      ...this.#copied,
    });
    old.close();
    this.#host.replaced(this.#header, this.#table, shift);
    this.#end = 0;
    this.#ended = true;
    this.#host.ended();
    commit.release();
    done(null);
  }

  #stop(cause: unknown, done: AppendCallback): void {
    this.#giveUp();
    this.#host.commit.release();
    done(cause instanceof Error ? cause : ioError(this.#host.path, 'compacting', cause));
  }

  #giveUp(): void {
    this.#ended = true;
    this.#host.ended();
    this.#file?.close();
    this.#file = null;
    this.#removeFile();
  }

  #removeFile(): void {
    if (this.#removed) return;
    this.#removed = true;
    try {
      this.#host.files.remove(newPath(this.#host.path));
    } catch {
      // A file left over is removed by the next opening of the log.
    }
  }

  #check(): void {
    if (this.#ended || this.#finishing) throw this.#over();
  }

  #over(): RaftLogError {
    return new RaftLogError('RAFTLOG_CLOSED', 'the compaction is over', { file: this.#host.path });
  }
}

export function startCompaction(host: CompactionHost): Compaction {
  const { files, path, base } = host;
  const { clusterId, nodeId, generation } = host.header;
  const fields = {
    clusterId,
    nodeId,
    base,
    hardState: host.hardState(),
    generation: generation + 1,
  };
  const { file, header } = writeFileHeader(files, path, fields);
  return new Compaction(host, file, header);
}
