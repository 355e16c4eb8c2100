import { HashValue } from '../../keyspace/hash-value.ts';
import { flat, narrow, parseInteger } from '../../keyspace/value.ts';
import type { Args } from '../../resp/args.ts';
import { ErrorReply, isError, type Reply } from '../../resp/reply.ts';
import { readInteger } from '../args.ts';
import { type DataCommand, dataCommand, type KeySpec, type RunContext } from '../command.ts';
import { NOT_A_FLOAT } from '../errors.ts';
import {
  addLongDoubles,
  formatLongDouble,
  type LongDouble,
  MAX_LONG_DOUBLE_CHARS,
  parseLongDouble,
} from '../long-double.ts';
import { findAs } from '../lookup.ts';

interface IncrementRequest<Amount> {
  readonly key: string;
  readonly field: string;
  readonly by: Amount;
}

const VALUE_NOT_INTEGER: ErrorReply = new ErrorReply('ERR hash value is not an integer');
const VALUE_NOT_FLOAT: ErrorReply = new ErrorReply('ERR hash value is not a float');
const OVERFLOW: ErrorReply = new ErrorReply('ERR increment or decrement would overflow');
const INFINITE_INCREMENT: ErrorReply = new ErrorReply('ERR value is NaN or Infinity');
const NOT_FINITE: ErrorReply = new ErrorReply('ERR increment would produce NaN or Infinity');

function parseHincrby(args: Args): IncrementRequest<number | bigint> | ErrorReply {
  const by = readInteger(args, 3);
  return isError(by) ? by : { key: args.string(1), field: args.string(2), by };
}

function runHincrby(context: RunContext, request: IncrementRequest<number | bigint>): Reply {
  const { db } = context;
  const { key, field, by } = request;
  const hash = findAs(db, key, HashValue);
  if (isError(hash)) return hash;
  const old = parseInteger(hash?.get(field) ?? '0');
  if (old === undefined) return VALUE_NOT_INTEGER;
  const sum = add(old, by);
  if (sum === undefined) return OVERFLOW;
  put(context, hash, { key, field, value: String(sum) });
  return sum;
}

function add(a: number | bigint, b: number | bigint): number | bigint | undefined {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    if (Number.isSafeInteger(sum)) return sum;
  }
  return narrow(BigInt(a) + BigInt(b));
}

function parseHincrbyfloat(args: Args): IncrementRequest<LongDouble> | ErrorReply {
  if (args.size(3) > MAX_LONG_DOUBLE_CHARS) return NOT_A_FLOAT;
  const by = parseLongDouble(args.string(3));
  if (by === undefined) return NOT_A_FLOAT;
  if (by === 'infinite') return INFINITE_INCREMENT;
  return { key: args.string(1), field: args.string(2), by };
}

function runHincrbyfloat(context: RunContext, request: IncrementRequest<LongDouble>): Reply {
  const { db } = context;
  const { key, field, by } = request;
  const hash = findAs(db, key, HashValue);
  if (isError(hash)) return hash;
  const old = parseLongDouble(hash?.get(field) ?? '0');
  if (old === undefined) return VALUE_NOT_FLOAT;
  const sum = old === 'infinite' ? undefined : addLongDoubles(old, by);
  if (sum === undefined) return NOT_FINITE;
  const value = flat(formatLongDouble(sum));
  put(context, hash, { key, field, value });
  return value;
}

interface Assignment {
  readonly key: string;
  readonly field: string;
  readonly value: string;
}

/** Sets a field, which keeps its deadline, of a hash that may not be there yet. */
function put(context: RunContext, found: HashValue | undefined, assignment: Assignment): void {
  const { db } = context;
  const { key, field, value } = assignment;
  const hash = found ?? new HashValue(db.hash);
  hash.update(field, value);
  if (found === undefined) db.set(key, hash);
  else db.touch(key);
}

const COUNTER: readonly KeySpec[] = [
  { first: 1, last: 1, step: 1, access: 'RW', effects: ['access', 'update'] },
];

export const hincrby: DataCommand = dataCommand<IncrementRequest<number | bigint>>({
  name: 'hincrby',
  kind: 'write',
  arity: 4,
  flags: ['write', 'denyoom', 'fast'],
  keys: COUNTER,
  group: 'hash',
  since: '2.0.0',
  summary: 'Adds a number to the integer in a field of a hash, which counts as 0 if absent.',
  complexity: 'O(1)',
  syntax: 'key field increment',
  parse: parseHincrby,
  run: runHincrby,
});

export const hincrbyfloat: DataCommand = dataCommand<IncrementRequest<LongDouble>>({
  name: 'hincrbyfloat',
  kind: 'write',
  arity: 4,
  flags: ['write', 'denyoom', 'fast'],
  keys: COUNTER,
  group: 'hash',
  since: '2.6.0',
  summary: 'Adds a floating point number to the number in a field of a hash, 0 if absent.',
  complexity: 'O(1)',
  syntax: 'key field increment',
  parse: parseHincrbyfloat,
  run: runHincrbyfloat,
});
