import type { Database } from '../../keyspace/database.ts';
import { copyOf } from '../../keyspace/value.ts';

export interface Place {
  readonly db: Database;
  readonly key: string;
}

/** Puts value and deadline of a key, which exists, at another place instead. */
export function moveKey(from: Place, to: Place): void {
  const value = from.db.find(from.key);
  if (value === undefined) return;
  const deadline = from.db.deadline(from.key);
  from.db.delete(from.key);
  to.db.set(to.key, value);
  if (deadline !== undefined) to.db.expireAt(to.key, deadline);
}

/** Puts a copy of value and deadline of a key, which exists, at another place. */
export function copyKey(from: Place, to: Place): void {
  const value = from.db.find(from.key);
  if (value === undefined) return;
  const deadline = from.db.deadline(from.key);
  to.db.set(to.key, copyOf(value));
  if (deadline !== undefined) to.db.expireAt(to.key, deadline);
}
