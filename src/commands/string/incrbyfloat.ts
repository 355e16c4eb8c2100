import { flat, lengthOf, type StringValue, textOf } from '../../keyspace/value.ts';
import type { Args } from '../../resp/args.ts';
import { ErrorReply, isError, type Reply } from '../../resp/reply.ts';
import { type DataCommand, dataCommand, type RunContext } from '../command.ts';
import { NOT_A_FLOAT } from '../errors.ts';
import {
  addLongDoubles,
  formatLongDouble,
  type LongDouble,
  MAX_LONG_DOUBLE_CHARS,
  parseLongDouble,
} from '../long-double.ts';
import { findString } from './lookup.ts';

interface IncrementFloatRequest {
  readonly key: string;
  /** Undefined if it is no number, which is said only of a key of the right type, as in Redis. */
  readonly by: LongDouble | 'infinite' | undefined;
}

const NOT_FINITE: ErrorReply = new ErrorReply('ERR increment would produce NaN or Infinity');

function parseIncrbyfloat(args: Args): IncrementFloatRequest {
  const long = args.size(2) > MAX_LONG_DOUBLE_CHARS;
  return { key: args.string(1), by: long ? undefined : parseLongDouble(args.string(2)) };
}

function runIncrbyfloat(context: RunContext, request: IncrementFloatRequest): Reply {
  const old = findString(context.db, request.key);
  if (isError(old)) return old;
  const base = floatOf(old ?? 0);
  const { by } = request;
  if (base === undefined || by === undefined) return NOT_A_FLOAT;
  if (base === 'infinite' || by === 'infinite') return NOT_FINITE;
  const sum = addLongDoubles(base, by);
  if (sum === undefined) return NOT_FINITE;
  const text = flat(formatLongDouble(sum));
  context.db.update(request.key, text);
  return text;
}

function floatOf(value: StringValue): LongDouble | 'infinite' | undefined {
  return lengthOf(value) > MAX_LONG_DOUBLE_CHARS ? undefined : parseLongDouble(textOf(value));
}

export const incrbyfloat: DataCommand = dataCommand<IncrementFloatRequest>({
  name: 'incrbyfloat',
  kind: 'write',
  arity: 3,
  flags: ['write', 'denyoom', 'fast'],
  keys: [{ first: 1, last: 1, step: 1, access: 'RW', effects: ['access', 'update'] }],
  group: 'string',
  since: '2.6.0',
  summary: 'Adds a floating point number to the number at a key, which counts as 0 if absent.',
  complexity: 'O(1)',
  syntax: 'key increment',
  parse: parseIncrbyfloat,
  run: runIncrbyfloat,
});
