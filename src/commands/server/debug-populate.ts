import { RawString } from '../../keyspace/raw-string.ts';
import { LARGE_STRING_BYTES, type StringValue } from '../../keyspace/value.ts';
import type { Args } from '../../resp/args.ts';
import { ErrorReply, isError, OK, type Reply } from '../../resp/reply.ts';
import { readNumber } from '../args.ts';
import { type DataCommand, dataCommand, type RunContext } from '../command.ts';
import { SYNTAX_ERROR } from '../errors.ts';

export const POPULATE: string = 'debug-populate';

/** All of it is one entry of the log, which every node must apply in one go. */
const MAX_KEYS = 1_000_000;
const MAX_BYTES: number = 256 * 1024 * 1024;

const NOT_POSITIVE: ErrorReply = new ErrorReply('ERR value is out of range, must be positive');
const TOO_MUCH: ErrorReply = new ErrorReply(
  `ERR at most ${MAX_KEYS} keys and ${MAX_BYTES} bytes of values at once`,
);

interface PopulateRequest {
  readonly count: number;
  readonly prefix: string;
  /** Length of the values; 0: as long as their text. */
  readonly size: number;
}

function parsePopulate(args: Args): PopulateRequest | ErrorReply {
  if (args.count > 4) return SYNTAX_ERROR;
  const count = readPositive(args, 1);
  if (isError(count)) return count;
  const size = args.count === 4 ? readPositive(args, 3) : 0;
  if (isError(size)) return size;
  if (count > MAX_KEYS || count * size > MAX_BYTES) return TOO_MUCH;
  return { count, prefix: args.count > 2 ? args.string(2) : 'key', size };
}

function readPositive(args: Args, i: number): number | ErrorReply {
  const value = readNumber(args, i);
  return isError(value) || value < 0 ? NOT_POSITIVE : value;
}

/** Keys that are there stay as they are. */
function runPopulate({ db }: RunContext, { count, prefix, size }: PopulateRequest): Reply {
  for (let i = 0; i < count; i++) {
    const key = Buffer.from(`${prefix}:${i}`, 'latin1').latin1Slice();
    if (db.find(key) === undefined) db.set(key, valueNumber(i, size));
  }
  return OK;
}

function valueNumber(i: number, size: number): StringValue {
  const text = `value:${i}`;
  const bytes = Buffer.alloc(size === 0 ? text.length : size);
  bytes.latin1Write(text, 0, Math.min(text.length, bytes.length));
  return bytes.length > LARGE_STRING_BYTES ? RawString.ofBytes(bytes) : bytes.latin1Slice();
}

/** What DEBUG POPULATE sends through the log. */
export const debugPopulate: DataCommand = dataCommand<PopulateRequest>({
  name: POPULATE,
  kind: 'write',
  arity: -2,
  flags: ['write', 'denyoom', 'admin', 'noscript'],
  group: 'server',
  since: '7.4.0',
  summary: 'The entry of DEBUG POPULATE: makes string keys named by a prefix and a number.',
  complexity: 'O(N) with N keys',
  syntax: 'count [prefix [size]]',
  parse: parsePopulate,
  run: runPopulate,
});
