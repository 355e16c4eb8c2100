import { crc32c, FileReader, type FileSystem } from '../../raftlog/index.ts';
import { PIECE_BYTES, RECORD_KEY_BYTES, recordRange } from '../replica/image/record.ts';
import type { ImageEntry } from '../world/image-store.ts';
import {
  type BackupHead,
  decodeHeader,
  decodeMeta,
  decodeTrailer,
  END_MARK,
  HEADER_BYTES,
  MARK_BYTES,
  TRAILER_BYTES,
} from './backup-format.ts';
import { ImageCheck } from './image-check.ts';
import { messageOf } from './tools.ts';

/** Room for what stands before the bytes in the value of a piece. */
const MAX_VALUE_BYTES: number = PIECE_BYTES + 64;
/** More damage than this is not listed. */
const MOST_DAMAGES = 100;
/** Between two places that are remembered, so that any key is found quickly. */
const PLACE_EVERY_BYTES: number = 1024 * 1024;
const TELL_EVERY_BYTES: number = 16 * 1024 * 1024;

export interface BackupDamage {
  readonly offset: number;
  readonly what: string;
}

/** Where an entry begins. */
export interface Place {
  readonly key: Buffer;
  readonly offset: number;
}

/** Everything that a backup file turned out to be. */
export interface BackupFound {
  /** Null if it cannot be read. */
  readonly head: BackupHead | null;
  /** None: all of it is as it was written. */
  readonly damages: readonly BackupDamage[];
  readonly size: number;
  readonly entries: number;
  /** Of some entries, in order, the first one among them. */
  readonly places: readonly Place[];
}

/** Reads a backup from one end to the other and checks every byte of it. Throws if it cannot be read. */
export function checkBackup(
  files: FileSystem,
  path: string,
  tell: (bytes: number, of: number) => void,
): BackupFound {
  const file = files.open(path, { create: false });
  try {
    return new BackupScan(new FileReader(file, path, file.size()), tell).run();
  } finally {
    file.close();
  }
}

/** The entry that begins at `offset`, in the window of the reader; null: none can. */
export function entryAt(reader: FileReader, offset: number): ImageEntry | null {
  if (offset + MARK_BYTES + RECORD_KEY_BYTES > reader.size) return null;
  const length = u32(reader, offset);
  const bytes = MARK_BYTES + RECORD_KEY_BYTES + length;
  if (length > MAX_VALUE_BYTES || offset + bytes > reader.size) return null;
  const at = reader.view(offset, bytes) + MARK_BYTES;
  const valueAt = at + RECORD_KEY_BYTES;
  return {
    key: reader.buffer.subarray(at, valueAt),
    value: reader.buffer.subarray(valueAt, valueAt + length),
  };
}

function u32(reader: FileReader, offset: number): number {
  // Before the buffer is asked for: it may be another one afterwards.
  const at = reader.view(offset, MARK_BYTES);
  return reader.buffer.readUInt32LE(at);
}

export function entryBytes({ key, value }: ImageEntry): number {
  return MARK_BYTES + key.length + value.length;
}

class BackupScan {
  readonly #reader: FileReader;
  readonly #tell: (bytes: number, of: number) => void;
  readonly #damages: BackupDamage[] = [];
  readonly #places: Place[] = [];
  #at = 0;
  #sum = 0;
  #entries = 0;
  #toldAt = 0;

  constructor(reader: FileReader, tell: (bytes: number, of: number) => void) {
    this.#reader = reader;
    this.#tell = tell;
  }

  run(): BackupFound {
    const head = this.#head();
    if (head !== null) this.#body(head);
    return {
      head,
      damages: this.#damages,
      size: this.#reader.size,
      entries: this.#entries,
      places: this.#places,
    };
  }

  #damaged(offset: number, what: string): void {
    if (this.#damages.length < MOST_DAMAGES) this.#damages.push({ offset, what });
    else if (this.#damages.length === MOST_DAMAGES) {
      this.#damages.push({ offset, what: 'and so on: more is damaged than is worth listing' });
    }
  }

  #head(): BackupHead | null {
    const { size } = this.#reader;
    const start = this.#bytes(0, Math.min(size, HEADER_BYTES));
    const header = decodeHeader(start);
    if (typeof header === 'string') {
      this.#damaged(0, header);
      return null;
    }
    const { nodeId, metaBytes } = header;
    if (HEADER_BYTES + metaBytes > size) {
      this.#damaged(size, 'the file ends here, in the head of the image: it was cut off');
      return null;
    }
    try {
      const stored = decodeMeta(this.#bytes(HEADER_BYTES, metaBytes));
      this.#take(HEADER_BYTES + metaBytes);
      return { nodeId, stored };
    } catch (error) {
      this.#damaged(HEADER_BYTES, messageOf(error));
      return null;
    }
  }

  /** A copy. */
  #bytes(offset: number, length: number): Buffer {
    const at = length === 0 ? 0 : this.#reader.view(offset, length);
    return Buffer.from(this.#reader.buffer.subarray(at, at + length));
  }

  /** These bytes are understood: they are counted in the checksum of the whole. */
  #take(length: number): void {
    const at = this.#reader.view(this.#at, length);
    this.#sum = crc32c(this.#reader.buffer, at, at + length, this.#sum) >>> 0;
    this.#at += length;
  }

  #body({ stored }: BackupHead): void {
    const { size } = this.#reader;
    const check = new ImageCheck(stored.meta);
    const { from, to } = recordRange(stored.generation);
    for (;;) {
      if (this.#at + MARK_BYTES <= size && this.#mark() === END_MARK) break;
      const entry = entryAt(this.#reader, this.#at);
      if (entry === null) {
        this.#stopped();
        return;
      }
      const isOther = entry.key.compare(from) < 0 || entry.key.compare(to) >= 0;
      const found = check.add(entry);
      if (typeof found === 'string') this.#damaged(this.#at, found);
      else if (isOther) this.#damaged(this.#at, 'a record of another generation');
      this.#remember(entry);
      this.#entries++;
      this.#take(entryBytes(entry));
    }
    const missing = check.finish();
    if (missing !== null) this.#damaged(this.#at, missing);
    this.#trailer();
  }

  #mark(): number {
    return u32(this.#reader, this.#at);
  }

  #stopped(): void {
    const { size } = this.#reader;
    const isShort = size - this.#at < MARK_BYTES || this.#mark() <= MAX_VALUE_BYTES;
    if (isShort) this.#damaged(size, 'the file ends here, before its end mark: it was cut off');
    else this.#damaged(this.#at, 'no record begins here: nothing can be read from here on');
  }

  #remember(entry: ImageEntry): void {
    const last = this.#places.at(-1);
    if (last === undefined || this.#at - last.offset >= PLACE_EVERY_BYTES) {
      this.#places.push({ key: Buffer.from(entry.key), offset: this.#at });
    }
    if (this.#at - this.#toldAt < TELL_EVERY_BYTES) return;
    this.#toldAt = this.#at;
    this.#tell(this.#at, this.#reader.size);
  }

  #trailer(): void {
    const { size } = this.#reader;
    if (this.#at + TRAILER_BYTES > size) {
      this.#damaged(size, 'the file ends here, in its end mark: it was cut off');
      return;
    }
    const { entries, sum } = decodeTrailer(this.#bytes(this.#at, TRAILER_BYTES));
    if (entries !== this.#entries) {
      const found = `the end mark speaks of ${entries} entries, there are ${this.#entries}`;
      this.#damaged(this.#at + MARK_BYTES, found);
    }
    this.#take(TRAILER_BYTES - MARK_BYTES);
    if (this.#damages.length === 0 && sum !== this.#sum) {
      this.#damaged(this.#at, 'the checksum of the whole file does not match');
    }
    const rest = size - this.#at - MARK_BYTES;
    if (rest > 0)
      this.#damaged(this.#at + MARK_BYTES, `${rest} bytes follow the end of the backup`);
  }
}
