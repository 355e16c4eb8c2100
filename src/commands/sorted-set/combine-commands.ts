import type { KeyHash } from '../../keyspace/key-hash.ts';
import { isError, type Reply } from '../../resp/reply.ts';
import { type DataCommand, dataCommand, type KeySpec, type RunContext } from '../command.ts';
import {
  type Aggregate,
  difference,
  intersection,
  intersectionSize,
  type Source,
  union,
} from './combine.ts';
import { type CombineRequest, parseCombine, resolveSources } from './combine-request.ts';
import type { Elements } from './replies.ts';
import { storeSet } from './store.ts';

/** What one of the three operations makes of its inputs. */
type Combine = (hash: KeyHash, sources: readonly Source[], aggregate: Aggregate) => Elements;

/** Answers the elements, or stores them and answers how many there are. */
function runCombine(context: RunContext, request: CombineRequest, combine: Combine): Reply {
  const { db } = context;
  const { destination } = request;
  const resolved = resolveSources(request, (key) =>
    destination === undefined ? db.read(key, context.now) : db.find(key),
  );
  if (isError(resolved)) return resolved;
  const { options, sources } = resolved;
  const elements = combine(db.hash, sources, options.aggregate);
  if (destination !== undefined) return storeSet(db, destination, elements);
  return elements.reply(options.withScores);
}

function runZintercard(context: RunContext, request: CombineRequest): Reply {
  const resolved = resolveSources(request, (key) => context.db.read(key, context.now));
  if (isError(resolved)) return resolved;
  return intersectionSize(resolved.sources, resolved.options.limit);
}

const SOURCES = { access: 'RO', effects: ['access'] } as const;
const READ: readonly KeySpec[] = [{ countAt: 1, first: 2, step: 1, ...SOURCES }];
const STORED: readonly KeySpec[] = [
  { first: 1, last: 1, step: 1, access: 'OW', effects: ['update'] },
  { countAt: 2, first: 3, step: 1, ...SOURCES },
];

const WEIGHTED = ' [WEIGHTS weight [weight ...]] [AGGREGATE <SUM | MIN | MAX>]';
const UNION_COMPLEXITY = 'O(N)+O(M*log(M)) for N members in all sets and M in the result';
const INTERSECTION_COMPLEXITY =
  'O(N*K)+O(M*log(M)) for N members in the smallest of K sets and M in the result';
const DIFFERENCE_COMPLEXITY =
  'O(L+(N-K)*log(N)) for L members in all sets, N in the first and K in the result';

interface Operation {
  readonly combine: Combine;
  readonly weighted: boolean;
}

const UNION: Operation = { combine: union, weighted: true };
const INTERSECTION: Operation = {
  combine: (_hash, sources, aggregate) => intersection(sources, aggregate),
  weighted: true,
};
const DIFFERENCE: Operation = { combine: difference, weighted: false };

type Facts = Pick<DataCommand, 'name' | 'summary' | 'complexity'>;

function readCommand(facts: Facts, { combine, weighted }: Operation): DataCommand {
  const form = { name: facts.name, store: false, weighted, limited: false };
  return dataCommand<CombineRequest>({
    ...facts,
    kind: 'read',
    arity: -3,
    flags: ['readonly', 'movablekeys'],
    keys: READ,
    group: 'sorted-set',
    since: '6.2.0',
    syntax: `numkeys key [key ...]${weighted ? WEIGHTED : ''} [WITHSCORES]`,
    parse: (args) => parseCombine(args, form),
    run: (context, request) => runCombine(context, request, combine),
  });
}

function storeCommand(
  facts: Facts & Pick<DataCommand, 'since'>,
  { combine, weighted }: Operation,
): DataCommand {
  const form = { name: facts.name, store: true, weighted, limited: false };
  return dataCommand<CombineRequest>({
    ...facts,
    kind: 'write',
    arity: -4,
    flags: ['write', 'denyoom', 'movablekeys'],
    keys: STORED,
    group: 'sorted-set',
    syntax: `destination numkeys key [key ...]${weighted ? WEIGHTED : ''}`,
    parse: (args) => parseCombine(args, form),
    run: (context, request) => runCombine(context, request, combine),
  });
}

export const zunion: DataCommand = readCommand(
  {
    name: 'zunion',
    summary: 'Returns the members of several sorted sets, with their scores put together.',
    complexity: UNION_COMPLEXITY,
  },
  UNION,
);

export const zunionstore: DataCommand = storeCommand(
  {
    name: 'zunionstore',
    since: '2.0.0',
    summary: 'Stores the members of several sorted sets, with their scores put together.',
    complexity: UNION_COMPLEXITY,
  },
  UNION,
);

export const zinter: DataCommand = readCommand(
  {
    name: 'zinter',
    summary: 'Returns the members that several sorted sets have in common.',
    complexity: INTERSECTION_COMPLEXITY,
  },
  INTERSECTION,
);

export const zinterstore: DataCommand = storeCommand(
  {
    name: 'zinterstore',
    since: '2.0.0',
    summary: 'Stores the members that several sorted sets have in common.',
    complexity: INTERSECTION_COMPLEXITY,
  },
  INTERSECTION,
);

export const zdiff: DataCommand = readCommand(
  {
    name: 'zdiff',
    summary: 'Returns the members of a sorted set that are in none of several others.',
    complexity: DIFFERENCE_COMPLEXITY,
  },
  DIFFERENCE,
);

export const zdiffstore: DataCommand = storeCommand(
  {
    name: 'zdiffstore',
    since: '6.2.0',
    summary: 'Stores the members of a sorted set that are in none of several others.',
    complexity: DIFFERENCE_COMPLEXITY,
  },
  DIFFERENCE,
);

export const zintercard: DataCommand = dataCommand<CombineRequest>({
  name: 'zintercard',
  kind: 'read',
  arity: -3,
  flags: ['readonly', 'movablekeys'],
  keys: READ,
  group: 'sorted-set',
  since: '7.0.0',
  summary: 'Counts the members that several sorted sets have in common.',
  complexity: 'O(N*K) for N members in the smallest of K sets',
  syntax: 'numkeys key [key ...] [LIMIT limit]',
  parse: (args) =>
    parseCombine(args, { name: 'zintercard', store: false, weighted: false, limited: true }),
  run: runZintercard,
});
