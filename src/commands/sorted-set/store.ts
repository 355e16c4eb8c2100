import type { Database } from '../../keyspace/database.ts';
import { SortedSet } from '../../keyspace/sorted-set.ts';
import type { Elements } from './replies.ts';

/**
 * Makes elements, which are in order, the value of a key, or deletes the key if there are none.
 * Returns how many there are.
 */
export function storeSet(db: Database, key: string, elements: Elements): number {
  const { members, scores } = elements;
  if (members.length === 0) db.delete(key);
  else db.set(key, SortedSet.ofSorted(db.hash, members, scores));
  return members.length;
}
