import type { Database } from '../../keyspace/database.ts';
import { isString, MAX_STRING_BYTES, type StringValue } from '../../keyspace/value.ts';
import type { ErrorReply } from '../../resp/reply.ts';
import type { RunContext } from '../command.ts';
import { STRING_TOO_LONG, WRONG_TYPE } from '../errors.ts';

/** The string at `key` for a read. */
export function readString(context: RunContext, key: string): StringValue | undefined | ErrorReply {
  const value = context.db.read(key, context.now);
  return value === undefined || isString(value) ? value : WRONG_TYPE;
}

/** The string at `key` for a write. */
export function findString(db: Database, key: string): StringValue | undefined | ErrorReply {
  const value = db.find(key);
  return value === undefined || isString(value) ? value : WRONG_TYPE;
}

export function checkLength(length: number): ErrorReply | null {
  return length > MAX_STRING_BYTES ? STRING_TOO_LONG : null;
}
