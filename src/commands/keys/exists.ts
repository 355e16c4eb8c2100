import { typeName } from '../../keyspace/value.ts';
import { type Reply, SimpleString } from '../../resp/reply.ts';
import { readStrings } from '../args.ts';
import { type DataCommand, dataCommand, type KeySpec, type RunContext } from '../command.ts';

/** A key that is named twice counts twice. */
function runExists(context: RunContext, keys: readonly string[]): Reply {
  let found = 0;
  for (const key of keys) if (context.db.has(key)) found++;
  return found;
}

function runTouch(context: RunContext, keys: readonly string[]): Reply {
  let found = 0;
  for (const key of keys) if (context.db.read(key, context.now) !== undefined) found++;
  return found;
}

function runType(context: RunContext, key: string): Reply {
  const value = context.db.peek(key);
  return new SimpleString(value === undefined ? 'none' : typeName(value));
}

const LOOKED_AT: readonly KeySpec[] = [{ first: 1, last: -1, step: 1, access: 'RO' }];

export const exists: DataCommand = dataCommand<readonly string[]>({
  name: 'exists',
  kind: 'read',
  arity: -2,
  flags: ['readonly', 'fast'],
  keys: LOOKED_AT,
  group: 'generic',
  since: '1.0.0',
  summary: 'Returns how many of the keys exist.',
  complexity: 'O(N) for N keys',
  syntax: 'key [key ...]',
  tips: ['request_policy:multi_shard', 'response_policy:agg_sum'],
  parse: (args) => readStrings(args, 1),
  run: runExists,
});

export const touch: DataCommand = dataCommand<readonly string[]>({
  name: 'touch',
  kind: 'read',
  arity: -2,
  flags: ['readonly', 'fast'],
  keys: LOOKED_AT,
  group: 'generic',
  since: '3.2.1',
  summary: 'Marks keys as accessed now and returns how many of them exist.',
  complexity: 'O(N) for N keys',
  syntax: 'key [key ...]',
  tips: ['request_policy:multi_shard', 'response_policy:agg_sum'],
  parse: (args) => readStrings(args, 1),
  run: runTouch,
});

export const type: DataCommand = dataCommand<string>({
  name: 'type',
  kind: 'read',
  arity: 2,
  flags: ['readonly', 'fast'],
  keys: [{ first: 1, last: 1, step: 1, access: 'RO' }],
  group: 'generic',
  since: '1.0.0',
  summary: 'Returns the type of the value of a key.',
  complexity: 'O(1)',
  syntax: 'key',
  parse: (args) => args.string(1),
  run: runType,
});
