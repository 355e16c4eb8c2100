import { isString, lengthOf, replyOf, sliceOf } from '../../keyspace/value.ts';
import type { Args } from '../../resp/args.ts';
import { type ErrorReply, isError, type Reply } from '../../resp/reply.ts';
import { readNumber, readStrings } from '../args.ts';
import { type DataCommand, dataCommand, type KeySpec, type RunContext } from '../command.ts';
import { WRONG_TYPE } from '../errors.ts';
import { readString } from './lookup.ts';

const KEY_READ: readonly KeySpec[] = [
  { first: 1, last: 1, step: 1, access: 'RO', effects: ['access'] },
];

function parseKey(args: Args): string {
  return args.string(1);
}

function runGet(context: RunContext, key: string): Reply {
  const value = context.db.read(key, context.now);
  if (typeof value === 'string') return value;
  if (value === undefined) return null;
  return isString(value) ? replyOf(value) : WRONG_TYPE;
}

function runMget(context: RunContext, keys: readonly string[]): Reply {
  return keys.map((key) => {
    const value = context.db.read(key, context.now);
    return value !== undefined && isString(value) ? replyOf(value) : null;
  });
}

function runStrlen(context: RunContext, key: string): Reply {
  const value = readString(context, key);
  if (value === undefined) return 0;
  return isError(value) ? value : lengthOf(value);
}

interface RangeRequest {
  readonly key: string;
  readonly start: number;
  readonly end: number;
}

function parseRange(args: Args): RangeRequest | ErrorReply {
  const start = readNumber(args, 2);
  if (isError(start)) return start;
  const end = readNumber(args, 3);
  if (isError(end)) return end;
  return { key: args.string(1), start, end };
}

/** `start` and `end` are both included and count from the end of the string where negative. */
function runRange(context: RunContext, request: RangeRequest): Reply {
  const value = readString(context, request.key);
  if (value === undefined) return '';
  if (isError(value)) return value;
  if (request.start < 0 && request.end < 0 && request.start > request.end) return '';
  const length = lengthOf(value);
  const start = request.start < 0 ? Math.max(0, length + request.start) : request.start;
  const last = request.end < 0 ? Math.max(0, length + request.end) : request.end;
  const end = Math.min(last + 1, length);
  return start >= end ? '' : sliceOf(value, start, end);
}

export const get: DataCommand = dataCommand<string>({
  name: 'get',
  kind: 'read',
  arity: 2,
  flags: ['readonly', 'fast'],
  keys: KEY_READ,
  group: 'string',
  since: '1.0.0',
  summary: 'Returns the string value of a key.',
  complexity: 'O(1)',
  syntax: 'key',
  parse: parseKey,
  run: runGet,
});

export const mget: DataCommand = dataCommand<readonly string[]>({
  name: 'mget',
  kind: 'read',
  arity: -2,
  flags: ['readonly', 'fast'],
  keys: [{ first: 1, last: -1, step: 1, access: 'RO', effects: ['access'] }],
  group: 'string',
  since: '1.0.0',
  summary: 'Returns the string values of several keys, null for each that has none.',
  complexity: 'O(N) for N keys',
  syntax: 'key [key ...]',
  tips: ['request_policy:multi_shard'],
  parse: (args) => readStrings(args, 1),
  run: runMget,
});

export const strlen: DataCommand = dataCommand<string>({
  name: 'strlen',
  kind: 'read',
  arity: 2,
  flags: ['readonly', 'fast'],
  keys: [{ first: 1, last: 1, step: 1, access: 'RO' }],
  group: 'string',
  since: '2.2.0',
  summary: 'Returns the length of a string value in bytes.',
  complexity: 'O(1)',
  syntax: 'key',
  parse: parseKey,
  run: runStrlen,
});

export const getrange: DataCommand = dataCommand<RangeRequest>({
  name: 'getrange',
  kind: 'read',
  arity: 4,
  flags: ['readonly'],
  keys: KEY_READ,
  group: 'string',
  since: '2.4.0',
  summary: 'Returns a part of a string value, given by its first and last byte.',
  complexity: 'O(N) for N bytes returned',
  syntax: 'key start end',
  parse: parseRange,
  run: runRange,
});

export const substr: DataCommand = dataCommand<RangeRequest>({
  name: 'substr',
  kind: 'read',
  arity: 4,
  flags: ['readonly'],
  keys: KEY_READ,
  group: 'string',
  since: '1.0.0',
  summary: 'Returns a part of a string value: the older name of GETRANGE.',
  complexity: 'O(N) for N bytes returned',
  syntax: 'key start end',
  deprecated: { since: '2.0.0', instead: '`GETRANGE`' },
  parse: parseRange,
  run: runRange,
});
