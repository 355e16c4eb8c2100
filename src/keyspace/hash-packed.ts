import { isShort } from './hash-fields.ts';
import {
  packElement,
  packedAt,
  packedFindKey,
  packedNext,
  packedSeek,
  packedSplice,
  unpack,
} from './packed.ts';

/** A small hash as one packed string: field, value, field, value, … Changes make another string. */

/** Each change copies the whole string, so there is an end to its length. */
export const MAX_PACKED_CHARS = 2048;

export function packedGet(packed: string, field: string): string | undefined {
  const at = packedFindKey(packed, field);
  return at === -1 ? undefined : packedAt(packed, packedNext(packed, at));
}

/** Field number `at` and its value. */
export function packedPair(packed: string, at: number): readonly [string, string] {
  const start = packedSeek(packed, 2 * at);
  return [packedAt(packed, start), packedAt(packed, packedNext(packed, start))];
}

/**
 * The string with a field set, which stands at `at` or is new (-1); undefined if that is too long.
 * Both elements are short enough to be packed.
 */
export function packedSet(
  packed: string,
  at: number,
  { field, value }: { readonly field: string; readonly value: string },
): string | undefined {
  const start = at === -1 ? packed.length : packedNext(packed, at);
  const end = at === -1 ? start : packedNext(packed, start);
  const part = at === -1 ? packElement(field) + packElement(value) : packElement(value);
  if (packed.length - (end - start) + part.length > MAX_PACKED_CHARS) return undefined;
  return packedSplice(packed, start, end, part);
}

/** The string without the field at `at`. */
export function packedRemove(packed: string, at: number): string {
  return packedSplice(packed, at, packedNext(packed, packedNext(packed, at)), '');
}

/**
 * Fields and values, as views on the string, after setting `pairs`: field, value, field, value, …
 * Undefined if the result may be too long to be packed.
 */
export function packedMerge(packed: string, pairs: readonly string[]): string[] | undefined {
  let chars = packed.length;
  for (const element of pairs) {
    chars += element.length + 1;
    if (!isShort(element) || chars > MAX_PACKED_CHARS) return undefined;
  }
  const items = unpack(packed);
  for (let i = 0; i < pairs.length; i += 2) {
    const field = pairs[i] as string;
    let at = 0;
    while (at < items.length && items[at] !== field) at += 2;
    items[at] = field;
    items[at + 1] = pairs[i + 1] as string;
  }
  return items;
}

export function packedForEach(
  packed: string,
  visit: (field: string, value: string, deadline: undefined) => void,
): void {
  for (let at = 0; at < packed.length; ) {
    const value = packedNext(packed, at);
    visit(packedAt(packed, at), packedAt(packed, value), undefined);
    at = packedNext(packed, value);
  }
}
