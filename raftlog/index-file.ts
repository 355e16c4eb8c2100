import { getU32, getU64, putU32, putU64 } from './bytes.ts';
import { crc32c } from './crc32c.ts';
import type { EntryTable } from './entry-table.ts';
import type { FileSystem, LogFile } from './file-system.ts';
import type { FileHeader } from './layout.ts';

export const INDEX_HEADER_BYTES = 64;
export const INDEX_MAGIC: Buffer = Buffer.from('raftidx\n', 'latin1');
const INDEX_VERSION = 1;
const OFFSET_BYTES = 8;
/** Entries per write or read of offsets. */
const CHUNK_ENTRIES = 16384;

/** What the header of an index file says. */
export interface IndexFacts {
  /** Offsets there are, for the entries behind the base of the log. */
  readonly count: number;
  /** This many bytes of the data file were durable when this was written. */
  readonly durableBytes: number;
}

export function indexPath(path: string): string {
  return `${path}.idx`;
}

/** The header, if `file` is an undamaged index of the very log that has the header `log`. */
export function readIndexFacts(file: LogFile, log: FileHeader): IndexFacts | null {
  const bytes = Buffer.alloc(INDEX_HEADER_BYTES);
  if (file.read(bytes, 0, INDEX_HEADER_BYTES, 0) < INDEX_HEADER_BYTES) return null;
  if (!bytes.subarray(0, 8).equals(INDEX_MAGIC) || getU32(bytes, 8) !== INDEX_VERSION) return null;
  if (getU32(bytes, 12) !== headerCrc(bytes) || getU32(bytes, 16) !== log.identity) return null;
  return { count: getU64(bytes, 32), durableBytes: getU64(bytes, 40) };
}

/** First entry whose offset the file has not or has wrong; behind the last one if all are right. */
export function firstWrongOffset(file: LogFile, facts: IndexFacts, table: EntryTable): number {
  const first = table.base.index + 1;
  const last = Math.min(table.last, table.base.index + facts.count);
  const bytes = Buffer.allocUnsafe(Math.min(CHUNK_ENTRIES, last - first + 1) * OFFSET_BYTES);
  for (let index = first; index <= last; ) {
    const wanted = Math.min(CHUNK_ENTRIES, last - index + 1);
    const length = wanted * OFFSET_BYTES;
    const read = file.read(bytes, 0, length, placeOffset(index - first));
    // The rest of an offset that is cut short is whatever stood in this memory before.
    const got = Math.floor(read / OFFSET_BYTES);
    for (let i = 0; i < wanted; i++, index++) {
      if (i >= got || getU64(bytes, i * OFFSET_BYTES) !== table.offset(index)) return index;
    }
  }
  return last + 1;
}

/**
 * The index file of an open log. It is never the truth: it is compared with the log at start,
 * written behind the log without a sync, and given up (see {@link IndexFile.error}) when it cannot
 * be written.
 */
export class IndexFile {
  /** What the file said when it was opened; null if it was new, damaged, or of another log. */
  readonly facts: IndexFacts | null;
  readonly #log: FileHeader;
  #file: LogFile | null = null;
  #error: Error | null = null;

  constructor(files: FileSystem, path: string, log: FileHeader) {
    this.#log = log;
    let facts: IndexFacts | null = null;
    try {
      this.#file = files.open(path, { create: true });
      facts = readIndexFacts(this.#file, log);
    } catch (error) {
      this.#giveUp(error);
    }
    this.facts = facts;
  }

  /** Why the index is no longer kept, or null. */
  get error(): Error | null {
    return this.#error;
  }

  /** See {@link firstWrongOffset}. */
  firstWrong(table: EntryTable): number {
    if (this.facts === null || this.#file === null) return table.base.index + 1;
    try {
      return firstWrongOffset(this.#file, this.facts, table);
    } catch (error) {
      this.#giveUp(error);
      return table.base.index + 1;
    }
  }

  /** Stores the offsets of `from .. last`, and that the log now ends with `last`. */
  write(table: EntryTable, from: number, last: number, durableBytes: number): void {
    if (this.#file === null) return;
    try {
      for (let index = from; index <= last; index += CHUNK_ENTRIES) {
        const count = Math.min(CHUNK_ENTRIES, last - index + 1);
        const bytes = Buffer.allocUnsafe(count * OFFSET_BYTES);
        for (let i = 0; i < count; i++) putU64(bytes, i * OFFSET_BYTES, table.offset(index + i));
        this.#file.write([bytes], placeOffset(index - table.base.index - 1));
      }
      this.#file.write([this.#header(last - table.base.index, durableBytes)], 0);
    } catch (error) {
      this.#giveUp(error);
    }
  }

  close(): void {
    try {
      this.#file?.close();
    } catch (error) {
      this.#giveUp(error);
    }
    this.#file = null;
  }

  #header(count: number, durableBytes: number): Buffer {
    const bytes = Buffer.alloc(INDEX_HEADER_BYTES);
    INDEX_MAGIC.copy(bytes);
    putU32(bytes, 8, INDEX_VERSION);
    putU32(bytes, 16, this.#log.identity);
    putU64(bytes, 24, this.#log.base.index);
    putU64(bytes, 32, count);
    putU64(bytes, 40, durableBytes);
    putU32(bytes, 12, headerCrc(bytes));
    return bytes;
  }

  #giveUp(error: unknown): void {
    this.#error = error instanceof Error ? error : new Error(String(error));
    this.#file = null;
  }
}

function placeOffset(place: number): number {
  return INDEX_HEADER_BYTES + place * OFFSET_BYTES;
}

function headerCrc(bytes: Uint8Array): number {
  return crc32c(bytes, 16, INDEX_HEADER_BYTES, crc32c(bytes, 0, 12, 0));
}
