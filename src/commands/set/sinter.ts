import { SetValue } from '../../keyspace/set-value.ts';
import type { Args } from '../../resp/args.ts';
import { ErrorReply, isError, type Reply, SetReply } from '../../resp/reply.ts';
import { readNumber, readStrings } from '../args.ts';
import { type DataCommand, dataCommand, type RunContext } from '../command.ts';
import { SYNTAX_ERROR } from '../errors.ts';
import { intersect, intersectionSize } from './algebra.ts';
import { ALL_READ, REST_READ } from './keys.ts';
import { findSources, parseStore, readSources, type StoreRequest, storeResult } from './sources.ts';

interface SintercardRequest {
  readonly keys: readonly string[];
  /** Counting ends there. */
  readonly limit: number;
}

const NO_KEYS: ErrorReply = new ErrorReply('ERR numkeys should be greater than 0');
const TOO_MANY_KEYS: ErrorReply = new ErrorReply(
  "ERR Number of keys can't be greater than number of args",
);
const NEGATIVE_LIMIT: ErrorReply = new ErrorReply("ERR LIMIT can't be negative");

function runSinter(context: RunContext, keys: readonly string[]): Reply {
  const sources = readSources(context, keys);
  if (isError(sources)) return sources;
  const members: string[] = [];
  intersect(sources, (member) => members.push(member) > 0);
  return new SetReply(members);
}

/** `SINTERCARD numkeys key [key ...] [LIMIT limit]`; a limit of 0 is none. */
function parseSintercard(args: Args): SintercardRequest | ErrorReply {
  const count = readNumber(args, 1);
  if (isError(count) || count < 1) return NO_KEYS;
  if (count > args.count - 2) return TOO_MANY_KEYS;
  let limit = 0;
  for (let i = 2 + count; i < args.count; i += 2) {
    if (!args.is(i, 'LIMIT') || i + 1 >= args.count) return SYNTAX_ERROR;
    const value = readNumber(args, i + 1);
    if (isError(value) || value < 0) return NEGATIVE_LIMIT;
    limit = value;
  }
  const keys: string[] = [];
  for (let i = 2; i < 2 + count; i++) keys.push(args.string(i));
  return { keys, limit: limit === 0 ? Number.POSITIVE_INFINITY : limit };
}

function runSintercard(context: RunContext, { keys, limit }: SintercardRequest): Reply {
  const sources = readSources(context, keys);
  if (isError(sources)) return sources;
  return intersectionSize(sources, limit);
}

function runSinterstore(context: RunContext, { destination, keys }: StoreRequest): Reply {
  const { db } = context;
  const sources = findSources(db, keys);
  if (isError(sources)) return sources;
  const result = new SetValue(db.hash);
  intersect(sources, (member, views) => {
    result.add(member, views);
    return true;
  });
  return storeResult(db, destination, result);
}

export const sinter: DataCommand = dataCommand<readonly string[]>({
  name: 'sinter',
  kind: 'read',
  arity: -2,
  flags: ['readonly'],
  keys: ALL_READ,
  group: 'set',
  since: '1.0.0',
  summary: 'Returns the members that several sets have in common.',
  complexity: 'O(N*M) at worst for M sets, the smallest of which has N members',
  syntax: 'key [key ...]',
  tips: ['nondeterministic_output_order'],
  parse: (args) => readStrings(args, 1),
  run: runSinter,
});

export const sintercard: DataCommand = dataCommand<SintercardRequest>({
  name: 'sintercard',
  kind: 'read',
  arity: -3,
  flags: ['readonly', 'movablekeys'],
  keys: [{ countAt: 1, first: 2, step: 1, access: 'RO', effects: ['access'] }],
  group: 'set',
  since: '7.0.0',
  summary: 'Returns how many members several sets have in common.',
  complexity: 'O(N*M) at worst for M sets, the smallest of which has N members',
  syntax: 'numkeys key [key ...] [LIMIT limit]',
  parse: parseSintercard,
  run: runSintercard,
});

export const sinterstore: DataCommand = dataCommand<StoreRequest>({
  name: 'sinterstore',
  kind: 'write',
  arity: -3,
  flags: ['write', 'denyoom'],
  keys: [{ first: 1, last: 1, step: 1, access: 'RW', effects: ['update'] }, REST_READ],
  group: 'set',
  since: '1.0.0',
  summary: 'Stores the members that several sets have in common as a set.',
  complexity: 'O(N*M) at worst for M sets, the smallest of which has N members',
  syntax: 'destination key [key ...]',
  parse: parseStore,
  run: runSinterstore,
});
