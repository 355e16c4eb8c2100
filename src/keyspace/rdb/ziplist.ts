import { narrow } from '../value.ts';
import { type Allowance, demand } from './malformed.ts';

/** Bytes in all, offset of the last entry, number of entries. */
const HEAD_BYTES = 10;
const END = 0xff;
/** In place of a number of entries that does not fit. */
const UNCOUNTED = 0xffff;
/** The length of the entry before stands in the next four bytes. */
const LONG_PREVIOUS = 0xfe;

const INT_16 = 0xc0;
const INT_32 = 0xd0;
const INT_64 = 0xe0;
const INT_24 = 0xf0;
const INT_8 = 0xfe;
/** Small integers from 0 on, in the head itself. */
const FIRST_SMALL = 0xf1;
const LAST_SMALL = 0xfd;

/** The entries of a ziplist that is all of `bytes`, as text. */
export function readZiplist(bytes: Buffer, allowance: Allowance): string[] {
  demand(bytes.length > HEAD_BYTES, 'a ziplist without a head');
  demand(bytes.readUInt32LE(0) === bytes.length, 'a ziplist of another length');
  const end = bytes.length - 1;
  demand(bytes[end] === END, 'a ziplist without an end');
  const texts: string[] = [];
  let last = HEAD_BYTES;
  let previous = 0;
  for (let at = HEAD_BYTES; at < end; ) {
    const head = bytes[at] === LONG_PREVIOUS ? 5 : 1;
    demand(at + head < end && bytes[at] !== END, 'an entry without a head');
    const before = head === 1 ? bytes[at] : bytes.readUInt32LE(at + 1);
    demand(before === previous, 'an entry before this of another length');
    const entry = readEntry(bytes, at + head, end);
    texts.push(String(entry.element));
    previous = entry.next - at;
    last = at;
    at = entry.next;
  }
  demand(bytes.readUInt32LE(4) === last, 'a ziplist whose last entry is elsewhere');
  const count = bytes.readUInt16LE(8);
  demand(count === UNCOUNTED || count === texts.length, 'a ziplist with another count');
  allowance.takeElements(texts.length);
  return texts;
}

interface Entry {
  readonly element: string | number | bigint;
  readonly next: number;
}

function readEntry(bytes: Buffer, at: number, end: number): Entry {
  const first = bytes[at] as number;
  if (first < 0x40) return string(bytes, at + 1, first, end);
  if (first >= FIRST_SMALL && first <= LAST_SMALL) {
    return { element: first - FIRST_SMALL, next: at + 1 };
  }
  demand(at + headBytes(first) <= end, 'an entry cut off');
  if (first < 0x80) {
    return string(bytes, at + 2, ((first & 0x3f) << 8) | (bytes[at + 1] as number), end);
  }
  if (first < 0xc0) return string(bytes, at + 5, bytes.readUInt32BE(at + 1), end);
  switch (first) {
    case INT_8:
      return { element: bytes.readInt8(at + 1), next: at + 2 };
    case INT_16:
      return { element: bytes.readInt16LE(at + 1), next: at + 3 };
    case INT_24:
      return { element: bytes.readIntLE(at + 1, 3), next: at + 4 };
    case INT_32:
      return { element: bytes.readInt32LE(at + 1), next: at + 5 };
    default: {
      demand(first === INT_64, 'an entry of an unknown kind');
      const value = bytes.readBigInt64LE(at + 1);
      return { element: narrow(value) ?? value, next: at + 9 };
    }
  }
}

/** Bytes of an entry's kind, with those of its integer or of the length of its text. */
function headBytes(first: number): number {
  if (first < 0x80 || first === INT_8) return 2;
  if (first < 0xc0 || first === INT_32) return 5;
  if (first === INT_16) return 3;
  return first === INT_24 ? 4 : 9;
}

function string(bytes: Buffer, at: number, length: number, end: number): Entry {
  demand(length <= end - at, 'an entry that reaches beyond the end');
  return { element: bytes.latin1Slice(at, at + length), next: at + length };
}
