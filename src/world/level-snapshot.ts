import type { ClassicLevel, Iterator as LevelIterator } from 'classic-level';
import { assert } from '../base/assert.ts';
import type { ImageEntry, ImageSnapshot } from './image-store.ts';
import type { RecordQuery } from './sorted-records.ts';

type Database = ClassicLevel<Buffer, Buffer>;
type Scan = LevelIterator<Database, Buffer, Buffer>;

/** Entries asked for at once at most: LevelDB makes room for all of them beforehand. */
const LARGEST_FETCH = 4096;

/** Bytes asked for at once at most: LevelDB takes a 32-bit number. */
const MOST_BYTES = 2 ** 31;

const LAST_BYTE: Buffer = Buffer.alloc(1);

/** A scan that stopped in the middle of its range, for a read that goes on there. */
interface OpenScan {
  readonly scan: Scan;
  readonly next: Buffer;
  readonly to: Buffer;
  readonly maxBytes: number;
}

type ReadDone = (error: Error | null, entries: readonly ImageEntry[]) => void;

/**
 * A snapshot of a LevelDB. A read that goes on where the last one ended goes on with the same scan:
 * that is quicker, and LevelDB, which leaves out a block that it cannot read, tells so only at the
 * end of a scan. Who reads a range to its end in this way hears of all that is missing in it.
 */
export class LevelSnapshot implements ImageSnapshot {
  readonly #database: Database;
  readonly #snapshot: ReturnType<Database['snapshot']>;
  readonly #answer: (found: Promise<readonly ImageEntry[]>, done: ReadDone) => void;
  #kept: OpenScan | null = null;
  #closed = false;

  constructor(
    database: Database,
    answer: (found: Promise<readonly ImageEntry[]>, done: ReadDone) => void,
  ) {
    this.#database = database;
    this.#snapshot = database.snapshot();
    this.#answer = answer;
  }

  read(query: RecordQuery, done: ReadDone): void {
    assert(!this.#closed, 'a closed snapshot is not read');
    assert(query.limit >= 1, 'at least one entry is read');
    this.#answer(this.#read(query), done);
  }

  close(): void {
    assert(!this.#closed, 'a snapshot is closed once');
    this.#closed = true;
    this.#keep(null);
    leave(this.#snapshot.close());
  }

  async #read(query: RecordQuery): Promise<readonly ImageEntry[]> {
    const scan = this.#takeKept(query) ?? this.#begin(query);
    const entries: ImageEntry[] = [];
    let finished = false;
    try {
      finished = await fetch(scan, query, entries);
    } catch (error) {
      leave(scan.close());
      throw error;
    }
    const last = entries.at(-1);
    if (finished || query.reverse === true || this.#closed || last === undefined) {
      leave(scan.close());
    } else {
      const { to, maxBytes } = query;
      this.#keep({ scan, next: Buffer.concat([last.key, LAST_BYTE]), to, maxBytes });
    }
    return entries;
  }

  #begin({ from, to, maxBytes, reverse }: RecordQuery): Scan {
    return this.#database.iterator({
      snapshot: this.#snapshot,
      gte: from,
      lt: to,
      reverse: reverse === true,
      // LevelDB stops when there are more.
      highWaterMarkBytes: Math.min(MOST_BYTES, Math.max(0, maxBytes - 1)),
    });
  }

  /** The kept scan if the query goes on with it; it is not kept any longer then. */
  #takeKept(query: RecordQuery): Scan | null {
    const kept = this.#kept;
    if (kept === null || query.reverse === true || query.maxBytes !== kept.maxBytes) return null;
    if (!query.from.equals(kept.next) || !query.to.equals(kept.to)) return null;
    this.#kept = null;
    return kept.scan;
  }

  #keep(scan: OpenScan | null): void {
    if (this.#kept !== null) leave(this.#kept.scan.close());
    this.#kept = scan;
  }
}

/**
 * Reads on until there is enough. Returns true if the scan cannot go on behind the last entry:
 * because it is at its end, or because it has gone further.
 */
async function fetch(scan: Scan, query: RecordQuery, into: ImageEntry[]): Promise<boolean> {
  let bytes = 0;
  for (;;) {
    const found = await scan.nextv(Math.min(LARGEST_FETCH, query.limit - into.length));
    if (found.length === 0) return true;
    let taken = 0;
    for (const [key, value] of found) {
      into.push({ key, value });
      taken += 1;
      bytes += key.length + value.length;
      if (bytes >= query.maxBytes) break;
    }
    if (taken < found.length) return true;
    if (bytes >= query.maxBytes || into.length >= query.limit) return false;
  }
}

/** Lets something close when it can; it is not used any more, whatever comes of it. */
function leave(closing: Promise<void>): void {
  closing.catch(() => {});
}
