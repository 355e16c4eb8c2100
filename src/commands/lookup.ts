import type { Database } from '../keyspace/database.ts';
import type { Collection } from '../keyspace/value.ts';
import type { ErrorReply } from '../resp/reply.ts';
import type { RunContext } from './command.ts';
import { WRONG_TYPE } from './errors.ts';

/** The class of a collection, to tell values apart by. */
type CollectionClass<C extends Collection> = abstract new (...args: never[]) => C;

/** The collection at `key` for a read, if there is one and it is of that class. */
export function readAs<C extends Collection>(
  context: RunContext,
  key: string,
  kind: CollectionClass<C>,
): C | undefined | ErrorReply {
  const value = context.db.read(key, context.now);
  return value === undefined || value instanceof kind ? value : WRONG_TYPE;
}

/** The collection at `key` for a write. */
export function findAs<C extends Collection>(
  db: Database,
  key: string,
  kind: CollectionClass<C>,
): C | undefined | ErrorReply {
  const value = db.find(key);
  return value === undefined || value instanceof kind ? value : WRONG_TYPE;
}

/** A collection was changed in place: notes it, or deletes the key if nothing is left. */
export function noteChange(db: Database, key: string, value: Collection): void {
  if (value.size === 0) db.delete(key);
  else db.touch(key);
}
