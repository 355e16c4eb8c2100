import { isShort } from './hash-fields.ts';
import { packedAt, packedFindKey, packedNext, packedSeek, packedSplice } from './packed.ts';
import { PackedEdit } from './packed-edit.ts';

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
  const isNew = at === -1;
  const start = isNew ? packed.length : packedNext(packed, at);
  const end = isNew ? start : packedNext(packed, start);
  const added = value.length + 1 + (isNew ? field.length + 1 : 0);
  if (packed.length - (end - start) + added > MAX_PACKED_CHARS) return undefined;
  const edit = new PackedEdit(packed, added);
  if (isNew) {
    edit.add(field);
    edit.add(value);
  } else {
    edit.put(start, end, value);
  }
  return edit.packed();
}

/** The string without the field at `at`. */
export function packedRemove(packed: string, at: number): string {
  return packedSplice(packed, at, packedNext(packed, packedNext(packed, at)), '');
}

/**
 * The string with several fields set (`pairs`: field, value, field, value, …) and how many of them are
 * new; undefined if the string may become too long.
 */
export function packedMerge(
  packed: string,
  pairs: readonly string[],
): { readonly packed: string; readonly created: number } | undefined {
  let added = 0;
  for (const element of pairs) {
    added += element.length + 1;
    if (!isShort(element) || packed.length + added > MAX_PACKED_CHARS) return undefined;
  }
  const edit = new PackedEdit(packed, added);
  let created = 0;
  for (let i = 0; i < pairs.length; i += 2) {
    const field = pairs[i] as string;
    const value = pairs[i + 1] as string;
    const at = edit.findKey(field);
    if (at === -1) {
      edit.add(field);
      edit.add(value);
      created++;
    } else {
      const start = edit.next(at);
      edit.put(start, edit.next(start), value);
    }
  }
  return { packed: edit.packed(), created };
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
