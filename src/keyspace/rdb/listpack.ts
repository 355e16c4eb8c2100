import { narrow } from '../value.ts';
import type { Element } from './element.ts';
import { type Allowance, demand } from './malformed.ts';

/** Bytes in all and number of elements. */
const HEAD_BYTES = 6;
const END = 0xff;
/** In place of a number of elements that does not fit. */
const UNCOUNTED = 0xffff;

const STRING_32 = 0xf0;
const INT_16 = 0xf1;
const INT_24 = 0xf2;
const INT_32 = 0xf3;
const INT_64 = 0xf4;

/** The elements of a listpack that is all of `bytes`. */
export function readListpack(bytes: Buffer, allowance: Allowance): Element[] {
  demand(bytes.length > HEAD_BYTES, 'a listpack without a head');
  demand(bytes.readUInt32LE(0) === bytes.length, 'a listpack of another length');
  const end = bytes.length - 1;
  demand(bytes[end] === END, 'a listpack without an end');
  const elements: Element[] = [];
  for (let at = HEAD_BYTES; at < end; ) {
    const entry = readEntry(bytes, at, end);
    elements.push(entry.element);
    at = checkBackLength(bytes, at, entry.next, end);
  }
  const count = bytes.readUInt16LE(4);
  demand(count === UNCOUNTED || count === elements.length, 'a listpack with another count');
  allowance.takeElements(elements.length);
  return elements;
}

interface Entry {
  readonly element: Element;
  readonly next: number;
}

function readEntry(bytes: Buffer, at: number, end: number): Entry {
  const first = bytes[at] as number;
  if (first < 0x80) return { element: first, next: at + 1 };
  if (first < 0xc0) return string(bytes, at + 1, first & 0x3f, end);
  demand(at + headBytes(first) <= end, 'an element without its head');
  if (first < 0xe0) {
    const value = ((first & 0x1f) << 8) | (bytes[at + 1] as number);
    return { element: (value << 19) >> 19, next: at + 2 };
  }
  if (first < 0xf0) {
    return string(bytes, at + 2, ((first & 0xf) << 8) | (bytes[at + 1] as number), end);
  }
  switch (first) {
    case STRING_32:
      return string(bytes, at + 5, bytes.readUInt32LE(at + 1), end);
    case INT_16:
      return { element: bytes.readInt16LE(at + 1), next: at + 3 };
    case INT_24:
      return { element: bytes.readIntLE(at + 1, 3), next: at + 4 };
    case INT_32:
      return { element: bytes.readInt32LE(at + 1), next: at + 5 };
    default: {
      demand(first === INT_64, 'an element of an unknown kind');
      const value = bytes.readBigInt64LE(at + 1);
      return { element: narrow(value) ?? value, next: at + 9 };
    }
  }
}

/** Bytes of an element before those of its text. */
function headBytes(first: number): number {
  if (first < STRING_32) return 2;
  if (first === INT_16) return 3;
  if (first === INT_24) return 4;
  return first === INT_64 ? 9 : 5;
}

function string(bytes: Buffer, at: number, length: number, end: number): Entry {
  demand(length <= end - at, 'an element that reaches beyond the end');
  return { element: bytes.latin1Slice(at, at + length), next: at + length };
}

/**
 * Behind each element stands its length, seven bits a byte, made to be read backwards. Returns where
 * the next element begins.
 */
function checkBackLength(bytes: Buffer, start: number, from: number, end: number): number {
  const length = from - start;
  const size = backLengthBytes(length);
  demand(from + size <= end, 'an element without its length');
  let rest = length;
  for (let i = size - 1; i >= 0; i--) {
    const byte = (rest & 0x7f) | (i === 0 ? 0 : 0x80);
    demand(bytes[from + i] === byte, 'an element of another length');
    rest = Math.floor(rest / 128);
  }
  return from + size;
}

/** The borders are Redis's, one less than what would fit. */
function backLengthBytes(length: number): number {
  if (length <= 127) return 1;
  if (length < 16383) return 2;
  if (length < 2097151) return 3;
  return length < 268435455 ? 4 : 5;
}
