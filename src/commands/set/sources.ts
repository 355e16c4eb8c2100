import type { Database } from '../../keyspace/database.ts';
import { SetValue } from '../../keyspace/set-value.ts';
import type { Args } from '../../resp/args.ts';
import { type ErrorReply, isError } from '../../resp/reply.ts';
import { readStrings } from '../args.ts';
import type { RunContext } from '../command.ts';
import { findAs, readAs } from '../lookup.ts';
import type { Sources } from './algebra.ts';

/** An operation on sets whose result becomes the value of a key. */
export interface StoreRequest {
  readonly destination: string;
  readonly keys: readonly string[];
}

export function parseStore(args: Args): StoreRequest {
  return { destination: args.string(1), keys: readStrings(args, 2) };
}

/** The sets at `keys` for a read; an error if one is no set, even where another is empty. */
export function readSources(context: RunContext, keys: readonly string[]): Sources | ErrorReply {
  return collect(keys, (key) => readAs(context, key, SetValue));
}

/** The same for a write. */
export function findSources(db: Database, keys: readonly string[]): Sources | ErrorReply {
  return collect(keys, (key) => findAs(db, key, SetValue));
}

/** Puts a result where it is wanted, in place of any value; an empty one is none. Returns its size. */
export function storeResult(db: Database, key: string, result: SetValue): number {
  if (result.size === 0) db.delete(key);
  else db.set(key, result);
  return result.size;
}

function collect(
  keys: readonly string[],
  lookUp: (key: string) => SetValue | undefined | ErrorReply,
): Sources | ErrorReply {
  const sources: (SetValue | undefined)[] = [];
  for (const key of keys) {
    const set = lookUp(key);
    if (isError(set)) return set;
    sources.push(set);
  }
  return sources;
}
