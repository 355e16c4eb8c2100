import { integerOf, narrow } from '../../keyspace/value.ts';
import type { Args } from '../../resp/args.ts';
import { ErrorReply, isError, type Reply } from '../../resp/reply.ts';
import { readInteger } from '../args.ts';
import { type DataCommand, dataCommand, type KeySpec, type RunContext } from '../command.ts';
import { NOT_AN_INTEGER } from '../errors.ts';
import { findString } from './lookup.ts';

/** All four commands add; numbers are exact over the whole range of 64 bits. */
interface IncrementRequest {
  readonly key: string;
  readonly by: number | bigint;
}

const OVERFLOW: ErrorReply = new ErrorReply('ERR increment or decrement would overflow');
const DECREMENT_OVERFLOW: ErrorReply = new ErrorReply('ERR decrement would overflow');

function parseIncrby(args: Args): IncrementRequest | ErrorReply {
  const by = readInteger(args, 2);
  return isError(by) ? by : { key: args.string(1), by };
}

function parseDecrby(args: Args): IncrementRequest | ErrorReply {
  const by = readInteger(args, 2);
  if (isError(by)) return by;
  // The smallest integer has no opposite. Zero minus: so that no negative zero comes out.
  const opposite = typeof by === 'number' ? 0 - by : narrow(-by);
  return opposite === undefined ? DECREMENT_OVERFLOW : { key: args.string(1), by: opposite };
}

function runIncrement(context: RunContext, request: IncrementRequest): Reply {
  const old = findString(context.db, request.key);
  if (isError(old)) return old;
  const base = old === undefined ? 0 : integerOf(old);
  if (base === undefined) return NOT_AN_INTEGER;
  const sum = add(base, request.by);
  if (sum === undefined) return OVERFLOW;
  context.db.update(request.key, sum);
  return sum;
}

function add(a: number | bigint, b: number | bigint): number | bigint | undefined {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    if (Number.isSafeInteger(sum)) return sum;
  }
  return narrow(BigInt(a) + BigInt(b));
}

const COUNTER: readonly KeySpec[] = [
  { first: 1, last: 1, step: 1, access: 'RW', effects: ['access', 'update'] },
];

export const incr: DataCommand = dataCommand<IncrementRequest>({
  name: 'incr',
  kind: 'write',
  arity: 2,
  flags: ['write', 'denyoom', 'fast'],
  keys: COUNTER,
  group: 'string',
  since: '1.0.0',
  summary: 'Adds one to the integer at a key, which counts as 0 if it does not exist.',
  complexity: 'O(1)',
  syntax: 'key',
  parse: (args) => ({ key: args.string(1), by: 1 }),
  run: runIncrement,
});

export const decr: DataCommand = dataCommand<IncrementRequest>({
  name: 'decr',
  kind: 'write',
  arity: 2,
  flags: ['write', 'denyoom', 'fast'],
  keys: COUNTER,
  group: 'string',
  since: '1.0.0',
  summary: 'Subtracts one from the integer at a key, which counts as 0 if it does not exist.',
  complexity: 'O(1)',
  syntax: 'key',
  parse: (args) => ({ key: args.string(1), by: -1 }),
  run: runIncrement,
});

export const incrby: DataCommand = dataCommand<IncrementRequest>({
  name: 'incrby',
  kind: 'write',
  arity: 3,
  flags: ['write', 'denyoom', 'fast'],
  keys: COUNTER,
  group: 'string',
  since: '1.0.0',
  summary: 'Adds a number to the integer at a key, which counts as 0 if it does not exist.',
  complexity: 'O(1)',
  syntax: 'key increment',
  parse: parseIncrby,
  run: runIncrement,
});

export const decrby: DataCommand = dataCommand<IncrementRequest>({
  name: 'decrby',
  kind: 'write',
  arity: 3,
  flags: ['write', 'denyoom', 'fast'],
  keys: COUNTER,
  group: 'string',
  since: '1.0.0',
  summary: 'Subtracts a number from the integer at a key, which counts as 0 if it does not exist.',
  complexity: 'O(1)',
  syntax: 'key decrement',
  parse: parseDecrby,
  run: runIncrement,
});
