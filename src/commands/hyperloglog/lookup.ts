import type { Database } from '../../keyspace/database.ts';
import { looksLikeHyperloglog } from '../../keyspace/hyperloglog-format.ts';
import { RawString } from '../../keyspace/raw-string.ts';
import { isString, textOf, type Value } from '../../keyspace/value.ts';
import { ErrorReply } from '../../resp/reply.ts';
import type { RunContext } from '../command.ts';
import { WRONG_TYPE } from '../errors.ts';

const NOT_A_HYPERLOGLOG: ErrorReply = new ErrorReply(
  'WRONGTYPE Key is not a valid HyperLogLog string value.',
);
export const CORRUPT: ErrorReply = new ErrorReply('INVALIDOBJ Corrupted HLL object detected');

/** The HyperLogLog at `key` for a read, as it is or as a copy. */
export function readHyperloglog(
  context: RunContext,
  key: string,
): RawString | undefined | ErrorReply {
  return hyperloglogOf(context.db.read(key, context.now));
}

/** The HyperLogLog at `key` for a write, as it is or as a copy that has yet to be stored. */
export function findHyperloglog(db: Database, key: string): RawString | undefined | ErrorReply {
  return hyperloglogOf(db.find(key));
}

function hyperloglogOf(value: Value | undefined): RawString | undefined | ErrorReply {
  if (value === undefined) return undefined;
  if (!isString(value)) return WRONG_TYPE;
  const raw = value instanceof RawString ? value : RawString.ofText(textOf(value));
  return looksLikeHyperloglog(raw) ? raw : NOT_A_HYPERLOGLOG;
}
