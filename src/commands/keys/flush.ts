import type { Args } from '../../resp/args.ts';
import { type ErrorReply, OK, type Reply } from '../../resp/reply.ts';
import { type DataCommand, dataCommand, type RunContext } from '../command.ts';
import { SYNTAX_ERROR } from '../errors.ts';

type FlushRequest = 'sync' | 'async';

/**
 * `[ASYNC | SYNC]`: both do the same. The keys are gone at once and their memory is given back by the
 * garbage collector.
 */
function parseFlush(args: Args): FlushRequest | ErrorReply {
  if (args.count > 2) return SYNTAX_ERROR;
  if (args.count === 1 || args.is(1, 'SYNC')) return 'sync';
  return args.is(1, 'ASYNC') ? 'async' : SYNTAX_ERROR;
}

function runFlushdb(context: RunContext): Reply {
  context.db.clear();
  return OK;
}

function runFlushall(context: RunContext): Reply {
  context.keyspace.clear();
  return OK;
}

export const flushdb: DataCommand = dataCommand<FlushRequest>({
  name: 'flushdb',
  kind: 'write',
  arity: -1,
  flags: ['write'],
  group: 'server',
  since: '1.0.0',
  summary: 'Deletes all keys of the database.',
  complexity: 'O(1)',
  syntax: '[ASYNC | SYNC]',
  categories: ['keyspace', 'dangerous'],
  tips: ['request_policy:all_shards', 'response_policy:all_succeeded'],
  parse: parseFlush,
  run: runFlushdb,
});

export const flushall: DataCommand = dataCommand<FlushRequest>({
  name: 'flushall',
  kind: 'write',
  arity: -1,
  flags: ['write'],
  group: 'server',
  since: '1.0.0',
  summary: 'Deletes all keys of all databases.',
  complexity: 'O(1)',
  syntax: '[ASYNC | SYNC]',
  categories: ['keyspace', 'dangerous'],
  tips: ['request_policy:all_shards', 'response_policy:all_succeeded'],
  parse: parseFlush,
  run: runFlushall,
});

export const dbsize: DataCommand = dataCommand<undefined>({
  name: 'dbsize',
  kind: 'read',
  arity: 1,
  flags: ['readonly', 'fast'],
  group: 'server',
  since: '1.0.0',
  summary: 'Returns the number of keys in the database.',
  complexity: 'O(1)',
  syntax: '',
  categories: ['keyspace'],
  tips: ['request_policy:all_shards', 'response_policy:agg_sum'],
  parse: () => undefined,
  run: (context) => context.db.size,
});
