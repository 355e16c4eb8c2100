import { ListValue } from '../../keyspace/list-value.ts';
import { SetValue } from '../../keyspace/set-value.ts';
import { SortedSet } from '../../keyspace/sorted-set.ts';
import type { Value } from '../../keyspace/value.ts';

export type Sortable = ListValue | SetValue | SortedSet;

export function isSortable(value: Value): value is Sortable {
  return value instanceof ListValue || value instanceof SetValue || value instanceof SortedSet;
}

/** Elements number `from` to `to` - 1 of what SORT answers. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** What LIMIT means for `size` elements. An offset below 0 is 0, a count below 0 is no limit. */
export function windowOf(offset: number, count: number, size: number): Window {
  const from = Math.min(Math.max(offset, 0), size);
  const to = count < 0 ? size : Math.min(from + count, size);
  return { from, to };
}

/** All elements, in the order they have in their collection. They may be views. */
export function elementsOf(value: Sortable): string[] {
  if (value instanceof ListValue) return value.range(0, value.size);
  if (value instanceof SetValue) return value.members();
  return value.range(0, value.size - 1);
}

/**
 * The elements in a window of the collection's own order; `backwards`: of the reverse order, which a
 * set does not have.
 */
export function elementsInOrder(value: Sortable, window: Window, backwards: boolean): string[] {
  const { from, to } = window;
  if (from >= to) return [];
  if (value instanceof SetValue) return value.members().slice(from, to);
  const first = backwards ? value.size - to : from;
  const last = backwards ? value.size - from : to;
  const elements =
    value instanceof ListValue ? value.range(first, last) : value.range(first, last - 1);
  return backwards ? elements.reverse() : elements;
}
