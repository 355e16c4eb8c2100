import { parseInteger } from './value.ts';

/**
 * How large Redis's own form of a list would be. Nothing here is stored that way, but OBJECT ENCODING
 * tells clients on which side of Redis's limits a list is, and so these are counted by its rules.
 *
 * A listpack is a header of 6 bytes, the entries, and a byte that ends it. An entry is the element,
 * then its own length for walking backwards. Integers in their canonical spelling take 1, 2, 3, 4, 5
 * or 9 bytes; other elements their length and 1, 2 or 5 bytes more.
 */

/** Bytes of a listpack without entries. */
export const LISTPACK_EMPTY_BYTES = 7;

/** Most bytes of one listpack: `list-max-listpack-size` -2, Redis's default. */
export const NODE_BYTES = 8192;

/** Redis guesses that an entry takes so many bytes more than its element when it looks for room. */
export const ENTRY_OVERHEAD = 8;

/** Whether Redis gives an element a node of its own. */
export function isLarge(element: string): boolean {
  return element.length > NODE_BYTES;
}

/** Bytes of one element in a listpack. */
export function listpackEntryBytes(element: string): number {
  const bytes = encodedBytes(element);
  return bytes + backLengthBytes(bytes);
}

function encodedBytes(element: string): number {
  const integer = parseInteger(element);
  if (integer !== undefined) return typeof integer === 'bigint' ? 9 : integerBytes(integer);
  const { length } = element;
  if (length < 64) return 1 + length;
  return length < 4096 ? 2 + length : 5 + length;
}

function integerBytes(value: number): number {
  if (value >= 0 && value <= 127) return 1;
  if (value >= -(2 ** 12) && value < 2 ** 12) return 2;
  if (value >= -(2 ** 15) && value < 2 ** 15) return 3;
  if (value >= -(2 ** 23) && value < 2 ** 23) return 4;
  return value >= -(2 ** 31) && value < 2 ** 31 ? 5 : 9;
}

function backLengthBytes(bytes: number): number {
  if (bytes <= 127) return 1;
  if (bytes < 16383) return 2;
  if (bytes < 2097151) return 3;
  return bytes < 268435455 ? 4 : 5;
}

/** Bytes of the listpack of these elements. */
export function listpackBytes(elements: readonly string[]): number {
  let bytes = LISTPACK_EMPTY_BYTES;
  for (const element of elements) bytes += listpackEntryBytes(element);
  return bytes;
}

/** Chars of all elements together. */
export function bytesOf(elements: readonly string[]): number {
  let bytes = 0;
  for (const element of elements) bytes += element.length;
  return bytes;
}
