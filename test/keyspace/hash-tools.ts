import { HashValue } from '../../src/keyspace/hash-value.ts';
import type { DigestSink } from '../../src/keyspace/value.ts';
import { hasher } from './hash-stores.ts';

export const LONG: string = 'x'.repeat(65);

export function hashOf(...pairs: readonly string[]): HashValue {
  const hash = new HashValue(hasher);
  hash.setAll(pairs);
  return hash;
}

/** `count` fields f0, f1, … with the values v0, v1, … */
export function numbered(count: number, value = 'v'): HashValue {
  const hash = new HashValue(hasher);
  for (let i = 0; i < count; i++) hash.set(`f${i}`, value + i);
  return hash;
}

export type Entry = readonly [string, string, number | undefined];

export function entries(hash: HashValue): Entry[] {
  const found: Entry[] = [];
  hash.forEach((field, value, deadline) => {
    found.push([field, value, deadline]);
  });
  return found;
}

export function stored(hash: HashValue): Entry[] {
  const found: Entry[] = [];
  hash.forEachStored((field, value, deadline) => {
    found.push([field, value, deadline]);
  });
  return found;
}

export function fieldsOf(hash: HashValue): string {
  return entries(hash)
    .map(([field]) => field)
    .join(' ');
}

/** A hash made anew from what is saved of another. */
export function rebuilt(hash: HashValue): HashValue {
  const copy = new HashValue(hasher);
  copy.raiseTo(hash.encoding());
  hash.forEachStored((field, value, deadline) => {
    copy.set(field, value);
    if (deadline !== undefined) copy.setDeadline(field, deadline);
  });
  copy.asOf = hash.asOf;
  return copy;
}

export function digest(hash: HashValue): string {
  const parts: (string | number)[] = [];
  const sink: DigestSink = {
    text: (text) => void parts.push(text),
    bytes: (bytes) => void parts.push(Buffer.from(bytes).toString('hex')),
    number: (number) => void parts.push(number),
  };
  hash.feed(sink);
  return parts.join();
}
