import type { FieldStore } from '../../src/keyspace/hash-fields.ts';
import { FlatFields } from '../../src/keyspace/hash-flat.ts';
import { TableFields } from '../../src/keyspace/hash-table.ts';
import { KeyHash } from '../../src/keyspace/key-hash.ts';

export const hasher: KeyHash = new KeyHash({ high: 1, low: 2 });

/** Each form of a hash that is not packed, in the encoding of a hash table and empty. */
export function emptyStores(): FieldStore[] {
  return [new FlatFields(hasher, 'hashtable', []), new TableFields(hasher)];
}

/** Fields f0, f1, … with the values v0, v1, … */
export function fill(store: FieldStore, count: number): FieldStore {
  for (let i = 0; i < count; i++) store.add(`f${i}`, `v${i}`);
  return store;
}

/** Field, value and deadline of each field in order. */
export function contentOf(store: FieldStore): [string, string, number][] {
  return Array.from({ length: store.count }, (_, at) => [
    store.field(at),
    store.value(at),
    store.deadline(at),
  ]);
}
