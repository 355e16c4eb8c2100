import type { FileReader } from '../../raftlog/index.ts';
import { masked } from './level-log.ts';

/** At the end of a table: two handles, zeros up to here, a number that says what this is. */
const FOOTER = 48;
const HANDLES = 40;
const MAGIC = 0xdb4775248b80fb57n;
/** Behind each block: how it is compressed, its checksum. */
const BLOCK_TRAILER = 5;
/** Numbers have at most 64 bits. */
const MOST: number = 2 ** 64;
const PLAIN = 0;
const SNAPPY = 1;

/** Where a block stands. */
interface Handle {
  readonly offset: number;
  readonly size: number;
}

export interface TableDamage {
  readonly offset: number;
  readonly what: string;
}

/**
 * Checks every block of a table of LevelDB against its checksum: LevelDB itself does so only with those
 * that it is asked for, and does not say where the damage is.
 */
export function checkTable(reader: FileReader): readonly TableDamage[] {
  const damages: TableDamage[] = [];
  const footer = footerHandles(reader);
  if (footer === null)
    return [{ offset: Math.max(0, reader.size - FOOTER), what: 'its end is damaged' }];
  for (const [at, handle] of footer.entries()) {
    const block = readBlock(reader, handle);
    const handles = typeof block === 'string' ? block : handlesIn(block);
    if (typeof handles === 'string') {
      damages.push({ offset: handle.offset, what: handles });
      continue;
    }
    for (const each of handles) {
      // The last one of the footer is about the blocks with data, the other one about filters.
      const isData = at === footer.length - 1;
      const problem = blockProblem(reader, each);
      if (problem !== null) {
        damages.push({
          offset: each.offset,
          what: `${isData ? 'a block' : 'a filter'} ${problem}`,
        });
      }
    }
  }
  return damages;
}

function footerHandles(reader: FileReader): readonly Handle[] | null {
  if (reader.size < FOOTER) return null;
  const at = reader.view(reader.size - FOOTER, FOOTER);
  const bytes = Buffer.from(reader.buffer.subarray(at, at + FOOTER));
  if (bytes.readBigUInt64LE(HANDLES) !== MAGIC) return null;
  const cursor = new Cursor(bytes.subarray(0, HANDLES));
  const handles = [cursor.handle(), cursor.handle()];
  return cursor.isBeyond ? null : handles;
}

/** What is wrong with a block, or null. */
function blockProblem(reader: FileReader, { offset, size }: Handle): string | null {
  const end = offset + size;
  if (!Number.isSafeInteger(end) || end + BLOCK_TRAILER > reader.size)
    return 'is beyond the end of the file';
  const sum = reader.crc(offset, end + 1, 0);
  const at = reader.view(end + 1, 4);
  const stored = reader.buffer.readUInt32LE(at);
  return masked(sum) === stored ? null : 'fails its checksum';
}

/** The content of a block that is about others, or what is wrong with it. */
function readBlock(reader: FileReader, handle: Handle): Buffer | string {
  const problem = blockProblem(reader, handle);
  if (problem !== null) return `its index ${problem}`;
  const { offset, size } = handle;
  const at = reader.view(offset, size + 1);
  const type = reader.buffer[at + size];
  const content = reader.buffer.subarray(at, at + size);
  if (type === PLAIN) return Buffer.from(content);
  const plain = type === SNAPPY ? unsnap(content) : null;
  return plain ?? 'its index is compressed in a way that is not known';
}

/** The values of a block: handles of others. */
function handlesIn(block: Buffer): readonly Handle[] | string {
  if (block.length < 4) return 'its index is empty';
  const restarts = block.readUInt32LE(block.length - 4);
  const end = block.length - 4 * (restarts + 1);
  if (end < 0) return 'its index makes no sense';
  const cursor = new Cursor(block.subarray(0, end));
  const handles: Handle[] = [];
  while (!cursor.isAtEnd) {
    cursor.varint();
    const keyBytes = cursor.varint();
    const valueBytes = cursor.varint();
    cursor.skip(keyBytes);
    const behind = cursor.at + valueBytes;
    handles.push(cursor.handle());
    cursor.skip(behind - cursor.at);
    if (cursor.isBeyond) return 'its index makes no sense';
  }
  return handles;
}

class Cursor {
  readonly #bytes: Buffer;
  at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.at >= this.#bytes.length;
  }

  /** Something was read that is not there. */
  get isBeyond(): boolean {
    return this.at > this.#bytes.length;
  }

  varint(): number {
    let value = 0;
    for (let factor = 1; factor < MOST; factor *= 128) {
      const byte = this.#bytes[this.at++] ?? 0;
      value += (byte % 128) * factor;
      if (byte < 128) break;
    }
    return value;
  }

  handle(): Handle {
    return { offset: this.varint(), size: this.varint() };
  }

  skip(count: number): void {
    this.at += count;
  }
}

/** Unpacks what Snappy has packed; null if that is not what it is. */
export function unsnap(packed: Buffer): Buffer | null {
  const from = new Cursor(packed);
  const length = from.varint();
  // Nothing is packed more tightly than three bytes for 64.
  if (length > packed.length * 64) return null;
  const into = Buffer.alloc(length);
  let to = 0;
  while (!from.isAtEnd) {
    const tag = packed[from.at++] as number;
    const kind = tag & 3;
    const more = kind === 0 ? Math.max(0, (tag >>> 2) - 59) : kind === 3 ? 4 : kind;
    if (from.at + more > packed.length) return null;
    const number = more === 0 ? 0 : packed.readUIntLE(from.at, more);
    from.skip(more);
    const count = countOf(tag, number);
    if (to + count > length) return null;
    if (kind === 0) {
      if (from.at + count > packed.length) return null;
      packed.copy(into, to, from.at, from.at + count);
      from.skip(count);
    } else {
      const back = kind === 1 ? ((tag >>> 5) << 8) | number : number;
      if (back === 0 || back > to) return null;
      // What is copied may be what this very copy has put there.
      for (let i = 0; i < count; i++) into[to + i] = into[to + i - back] as number;
    }
    to += count;
  }
  return to === length ? into : null;
}

/** How many bytes an element stands for; `number` is what follows its tag. */
function countOf(tag: number, number: number): number {
  switch (tag & 3) {
    case 0:
      return (tag >>> 2 < 60 ? tag >>> 2 : number) + 1;
    case 1:
      return ((tag >>> 2) & 7) + 4;
    default:
      return (tag >>> 2) + 1;
  }
}
