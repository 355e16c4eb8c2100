import { HashValue } from '../../keyspace/hash-value.ts';
import { isString, type StringValue, type Value } from '../../keyspace/value.ts';

/**
 * What BY and GET look up for an element: the element itself, nothing, or the string at the key that
 * the pattern makes of it, or a field of the hash at that key.
 */
export type SortPattern =
  | { readonly kind: 'element' }
  | { readonly kind: 'nothing' }
  | {
      readonly kind: 'key';
      readonly prefix: string;
      readonly suffix: string;
      readonly field: string | undefined;
    };

/** The value at a key. */
export type Lookup = (key: string) => Value | undefined;

const ARROW = '->';

/** The first `*` stands for the element; `->` behind it for the field of a hash, unless it ends there. */
export function readPattern(text: string): SortPattern {
  if (text === '#') return { kind: 'element' };
  const star = text.indexOf('*');
  if (star === -1) return { kind: 'nothing' };
  const prefix = text.slice(0, star);
  const arrow = text.indexOf(ARROW, star + 1);
  if (arrow === -1 || arrow + ARROW.length === text.length) {
    return { kind: 'key', prefix, suffix: text.slice(star + 1), field: undefined };
  }
  const suffix = text.slice(star + 1, arrow);
  return { kind: 'key', prefix, suffix, field: text.slice(arrow + ARROW.length) };
}

/** Undefined if there is nothing, or something of another type. */
export function lookUpPattern(
  pattern: SortPattern,
  element: string,
  lookup: Lookup,
): StringValue | undefined {
  switch (pattern.kind) {
    case 'element':
      return element;
    case 'nothing':
      return undefined;
    case 'key': {
      const value = lookup(pattern.prefix + element + pattern.suffix);
      if (value === undefined) return undefined;
      if (pattern.field === undefined) return isString(value) ? value : undefined;
      return value instanceof HashValue ? value.get(pattern.field) : undefined;
    }
  }
}
