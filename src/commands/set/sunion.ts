import { SetValue } from '../../keyspace/set-value.ts';
import { isError, type Reply, SetReply } from '../../resp/reply.ts';
import { readStrings } from '../args.ts';
import { type DataCommand, dataCommand, type RunContext } from '../command.ts';
import { difference, differenceList, unionList, unite } from './algebra.ts';
import { ALL_READ, REST_READ } from './keys.ts';
import { findSources, parseStore, readSources, type StoreRequest, storeResult } from './sources.ts';

function runSunion(context: RunContext, keys: readonly string[]): Reply {
  const sources = readSources(context, keys);
  if (isError(sources)) return sources;
  const sets = sources.filter((set) => set !== undefined);
  const [only] = sets;
  if (sets.length === 1 && only !== undefined) return new SetReply(only.members());
  return new SetReply(unionList(sets, context.db.hash));
}

function runSunionstore({ db }: RunContext, { destination, keys }: StoreRequest): Reply {
  const sources = findSources(db, keys);
  if (isError(sources)) return sources;
  const union = new SetValue(db.hash);
  unite(sources, union);
  return storeResult(db, destination, union);
}

function runSdiff(context: RunContext, keys: readonly string[]): Reply {
  const sources = readSources(context, keys);
  if (isError(sources)) return sources;
  return new SetReply(differenceList(sources, context.db.hash));
}

function runSdiffstore({ db }: RunContext, { destination, keys }: StoreRequest): Reply {
  const sources = findSources(db, keys);
  return isError(sources) ? sources : storeResult(db, destination, difference(sources, db.hash));
}

export const sunion: DataCommand = dataCommand<readonly string[]>({
  name: 'sunion',
  kind: 'read',
  arity: -2,
  flags: ['readonly'],
  keys: ALL_READ,
  group: 'set',
  since: '1.0.0',
  summary: 'Returns the members of several sets, each once.',
  complexity: 'O(N) for N members in all sets',
  syntax: 'key [key ...]',
  tips: ['nondeterministic_output_order'],
  parse: (args) => readStrings(args, 1),
  run: runSunion,
});

export const sunionstore: DataCommand = dataCommand<StoreRequest>({
  name: 'sunionstore',
  kind: 'write',
  arity: -3,
  flags: ['write', 'denyoom'],
  keys: [{ first: 1, last: 1, step: 1, access: 'OW', effects: ['update'] }, REST_READ],
  group: 'set',
  since: '1.0.0',
  summary: 'Stores the members of several sets as one set.',
  complexity: 'O(N) for N members in all sets',
  syntax: 'destination key [key ...]',
  parse: parseStore,
  run: runSunionstore,
});

export const sdiff: DataCommand = dataCommand<readonly string[]>({
  name: 'sdiff',
  kind: 'read',
  arity: -2,
  flags: ['readonly'],
  keys: ALL_READ,
  group: 'set',
  since: '1.0.0',
  summary: 'Returns the members of the first set that no other set has.',
  complexity: 'O(N) for N members in all sets',
  syntax: 'key [key ...]',
  tips: ['nondeterministic_output_order'],
  parse: (args) => readStrings(args, 1),
  run: runSdiff,
});

export const sdiffstore: DataCommand = dataCommand<StoreRequest>({
  name: 'sdiffstore',
  kind: 'write',
  arity: -3,
  flags: ['write', 'denyoom'],
  keys: [{ first: 1, last: 1, step: 1, access: 'OW', effects: ['update'] }, REST_READ],
  group: 'set',
  since: '1.0.0',
  summary: 'Stores the members of the first set that no other set has as a set.',
  complexity: 'O(N) for N members in all sets',
  syntax: 'destination key [key ...]',
  parse: parseStore,
  run: runSdiffstore,
});
