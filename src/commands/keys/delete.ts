import type { Reply } from '../../resp/reply.ts';
import { readStrings } from '../args.ts';
import { type DataCommand, dataCommand, type KeySpec, type RunContext } from '../command.ts';

/**
 * Memory is given back by the garbage collector, a bit at a time, so UNLINK has nothing left to do
 * that DEL does not.
 */
function runDelete(context: RunContext, keys: readonly string[]): Reply {
  let deleted = 0;
  for (const key of keys) if (context.db.delete(key)) deleted++;
  return deleted;
}

const REMOVED: readonly KeySpec[] = [
  { first: 1, last: -1, step: 1, access: 'RM', effects: ['delete'] },
];

export const del: DataCommand = dataCommand<readonly string[]>({
  name: 'del',
  kind: 'write',
  arity: -2,
  flags: ['write'],
  keys: REMOVED,
  group: 'generic',
  since: '1.0.0',
  summary: 'Deletes keys and returns how many there were.',
  complexity: 'O(N) for N keys',
  syntax: 'key [key ...]',
  tips: ['request_policy:multi_shard', 'response_policy:agg_sum'],
  parse: (args) => readStrings(args, 1),
  run: runDelete,
});

export const unlink: DataCommand = dataCommand<readonly string[]>({
  name: 'unlink',
  kind: 'write',
  arity: -2,
  flags: ['write', 'fast'],
  keys: REMOVED,
  group: 'generic',
  since: '4.0.0',
  summary: 'Deletes keys and returns how many there were; memory is freed in the background.',
  complexity: 'O(N) for N keys',
  syntax: 'key [key ...]',
  tips: ['request_policy:multi_shard', 'response_policy:agg_sum'],
  parse: (args) => readStrings(args, 1),
  run: runDelete,
});
