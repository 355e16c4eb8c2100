import { MEMBER_WORDS } from './entries.ts';
import type { KeyHash } from './key-hash.ts';
import { KeyTable } from './key-table.ts';
import { RankedTree } from './ranked-tree.ts';

/** What a large sorted set is made of: an element is looked up by its member, and by its place. */
export interface Large {
  readonly table: KeyTable<number>;
  readonly tree: RankedTree;
}

export function newLarge(hash: KeyHash): Large {
  // NaN, which never comes in, makes the columns of values arrays of doubles.
  const table = new KeyTable<number>(hash, MEMBER_WORDS, Number.NaN);
  return { table, tree: new RankedTree() };
}

/** Adds a member that is not there. */
export function addLarge({ table, tree }: Large, member: string, score: number): void {
  table.add(member, score);
  tree.insert(score, member);
}
