import type { Entries } from './entries.ts';
import { KeyHash } from './key-hash.ts';
import type { DigestSink } from './value.ts';

/** Fixed seeds, unlike those of tables: digests are compared between nodes. */
const FIRST: KeyHash = new KeyHash({ high: 0x452821e6, low: 0x38d01377 });
const SECOND: KeyHash = new KeyHash({ high: 0x0be5466c, low: 0x34e90c6c });

/** Feeds what members there are: sums of their hashes, which do not depend on the order. */
export function feedMembers(
  sink: DigestSink,
  members: { readonly size: number; forEach(visit: (member: string) => void): void },
): void {
  let first = 0;
  let second = 0;
  members.forEach((member) => {
    first = (first + FIRST.of(member)) | 0;
    second = (second + SECOND.of(member)) | 0;
  });
  sink.number(members.size);
  sink.number(first);
  sink.number(second);
}

/** About what things take in memory: a set itself, a string's head, a member's part of a table. */
const OBJECT_BYTES = 56;
const STRING_BYTES = 16;
const ENTRY_BYTES = 32;

/** Memory of a set whose members take `bytes` in one string. */
export function memoryOfPacked(bytes: number): number {
  return OBJECT_BYTES + STRING_BYTES + bytes;
}

/** Memory of a set in a table; `samples` members are looked at, 0: all. */
export function memoryOfTable(entries: Entries<null>, samples: number): number {
  const { count } = entries;
  const looked = samples === 0 ? count : Math.min(samples, count);
  let bytes = 0;
  for (let i = 0; i < looked; i++) bytes += STRING_BYTES + entries.key(i).length;
  const each = ENTRY_BYTES + (looked === 0 ? 0 : bytes / looked);
  return OBJECT_BYTES + Math.round(count * each);
}
