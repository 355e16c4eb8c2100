import type { VisitField } from './hash-fields.ts';
import { KeyHash } from './key-hash.ts';
import type { DigestSink } from './value.ts';

/** Fixed seeds: digests are compared between nodes. */
const FIRST: KeyHash = new KeyHash({ high: 0x243f6a88, low: 0x85a308d3 });
const SECOND: KeyHash = new KeyHash({ high: 0x13198a2e, low: 0x03707344 });
const WORD = 0x100000000;

/** Feeds the fields that `forEach` visits, with values and deadlines but without their order. */
export function feedFields(sink: DigestSink, forEach: (visit: VisitField) => void): void {
  let count = 0;
  let first = 0;
  let second = 0;
  forEach((field, value, deadline = -1) => {
    count++;
    const time = scramble(deadline % WORD) ^ Math.floor(deadline / WORD);
    first = (first + scramble(digestOf(FIRST, field, value) ^ time)) | 0;
    second = (second + scramble(digestOf(SECOND, field, value) ^ time)) | 0;
  });
  sink.number(count);
  sink.number(first);
  sink.number(second);
}

function digestOf(hash: KeyHash, field: string, value: string): number {
  return scramble(scramble(hash.of(field)) ^ hash.of(value));
}

function scramble(word: number): number {
  const mixed = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  return Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35) ^ (mixed >>> 16);
}
