import type { End } from './list-segment.ts';
import { LISTPACK_EMPTY_BYTES, listpackEntryBytes } from './list-size.ts';
import {
  MAX_PACKED_ELEMENT,
  pack,
  packElement,
  packedAt,
  packedNext,
  packedSeek,
  packedSplice,
} from './packed.ts';

/** Most bytes of a list that is one packed string: a push copies them all. */
export const PACKED_LIST_BYTES = 2048;

/** Whether a packed list can take these elements and stay packed. */
export function fitsPacked(packed: string, elements: readonly string[]): boolean {
  let bytes = packed.length;
  for (const element of elements) {
    bytes += 1 + element.length;
    if (element.length > MAX_PACKED_ELEMENT || bytes > PACKED_LIST_BYTES) return false;
  }
  return true;
}

/** Number of elements. */
export function packedCount(packed: string): number {
  let count = 0;
  for (let at = 0; at < packed.length; at = packedNext(packed, at)) count++;
  return count;
}

/** With elements added one by one at an end. */
export function packedPush(packed: string, end: End, elements: readonly string[]): string {
  if (end === 'head') return packedSplice(packed, 0, 0, packFew(elements.toReversed()));
  return packedSplice(packed, packed.length, packed.length, packFew(elements));
}

/** Elements number `from` to `to` - 1. */
export function packedKeep(packed: string, from: number, to: number): string {
  const end = packedSeek(packed, to);
  const kept = packedSplice(packed, end, packed.length, '');
  return packedSplice(kept, 0, packedSeek(kept, from), '');
}

/** As `pack`; quick for one element, which is what most pushes add. */
export function packFew(elements: readonly string[]): string {
  return elements.length === 1 ? packElement(elements[0] as string) : pack(elements);
}

/** Bytes of the listpack that Redis would make of a packed string. */
export function packedListpackBytes(packed: string): number {
  let bytes = LISTPACK_EMPTY_BYTES;
  for (let at = 0; at < packed.length; at = packedNext(packed, at)) {
    bytes += listpackEntryBytes(packedAt(packed, at));
  }
  return bytes;
}

/** V8 copies slices that are shorter than this, and faster than a Buffer does. */
const MIN_VIEW_CHARS = 13;

/** The elements of a packed string, each a string of its own and no view. */
export function unpackApart(packed: string): string[] {
  const bytes = Buffer.from(packed, 'latin1');
  const elements: string[] = [];
  for (let at = 0; at < packed.length; at = packedNext(packed, at)) {
    const length = packed.charCodeAt(at);
    const isShort = length < MIN_VIEW_CHARS;
    elements.push(isShort ? packedAt(packed, at) : bytes.latin1Slice(at + 1, at + 1 + length));
  }
  return elements;
}
