import type { Prng } from '../../base/prng.ts';
import { SortedSet } from '../../keyspace/sorted-set.ts';
import type { Args } from '../../resp/args.ts';
import { ErrorReply, isError, type Reply } from '../../resp/reply.ts';
import { readInteger } from '../args.ts';
import { type DataCommand, dataCommand, type RunContext } from '../command.ts';
import { SYNTAX_ERROR } from '../errors.ts';
import { readAs } from '../lookup.ts';
import { Elements } from './replies.ts';

interface RandomRequest {
  readonly key: string;
  /** Undefined: one, not in an array. Negative: so many, and any may come again. */
  readonly count: number | undefined;
  readonly withScores: boolean;
}

/** Redis tries to answer with any number of repetitions; here a reply has no more than these. */
const MAX_REPEATED = 10_000_000;
/** Above a third of all, each element is asked whether it is wanted. */
const SPARSE = 3;
/** As many numbers as a set can surely hold. */
const MAX_SPARSE = 1_000_000;

const MAX_INT64 = 2n ** 63n - 1n;
const NO_COUNT: ErrorReply = new ErrorReply(
  `ERR value is out of range, value must between ${-MAX_INT64} and ${MAX_INT64}`,
);
const OUT_OF_RANGE: ErrorReply = new ErrorReply('ERR value is out of range');

/** `ZRANDMEMBER key [count [WITHSCORES]]`. */
function parseZrandmember(args: Args): RandomRequest | ErrorReply {
  const key = args.string(1);
  if (args.count === 2) return { key, count: undefined, withScores: false };
  const count = readInteger(args, 2);
  if (isError(count)) return count;
  if (count < -MAX_INT64) return NO_COUNT;
  const withScores = args.count === 4 && args.is(3, 'WITHSCORES');
  if (args.count > 4 || (args.count === 4 && !withScores)) return SYNTAX_ERROR;
  if (withScores && (count < -MAX_INT64 / 2n || count > MAX_INT64 / 2n)) return OUT_OF_RANGE;
  if (count < -MAX_REPEATED) return OUT_OF_RANGE;
  return { key, count: Number(count), withScores };
}

function runZrandmember(context: RunContext, { key, count, withScores }: RandomRequest): Reply {
  const set = readAs(context, key, SortedSet);
  if (isError(set)) return set;
  if (set === undefined) return count === undefined ? null : [];
  const random = context.random();
  const elements = new Elements();
  if (count === undefined) {
    set.walk({ first: random.below(set.size), count: 1 }, elements.add);
    return elements.members[0] ?? null;
  }
  if (count < 0) addRepeated(set, -count, { random, elements });
  else if (count >= set.size) set.walkBack({ first: 0, count: set.size }, elements.add);
  else addDistinct(set, count, { random, elements });
  return elements.reply(withScores);
}

interface Draw {
  readonly random: Prng;
  readonly elements: Elements;
}

function addRepeated(set: SortedSet, count: number, { random, elements }: Draw): void {
  for (let i = 0; i < count; i++) {
    set.walk({ first: random.below(set.size), count: 1 }, elements.add);
  }
}

/** Adds `count` of more elements, each at most once. */
function addDistinct(set: SortedSet, count: number, { random, elements }: Draw): void {
  if (count * SPARSE > set.size || count > MAX_SPARSE) {
    let wanted = count;
    let left = set.size;
    set.forEach((member, score) => {
      if (random.below(left--) >= wanted) return;
      wanted--;
      elements.add(member, score);
    });
    return;
  }
  const ranks = new Set<number>();
  while (ranks.size < count) ranks.add(random.below(set.size));
  for (const rank of ranks) set.walk({ first: rank, count: 1 }, elements.add);
}

export const zrandmember: DataCommand = dataCommand<RandomRequest>({
  name: 'zrandmember',
  kind: 'read',
  arity: -2,
  flags: ['readonly'],
  keys: [{ first: 1, last: 1, step: 1, access: 'RO', effects: ['access'] }],
  group: 'sorted-set',
  since: '6.2.0',
  summary: 'Returns members of a sorted set at random.',
  complexity: 'O(N*log(M)) for N members returned of M',
  syntax: 'key [count [WITHSCORES]]',
  tips: ['nondeterministic_output'],
  parse: parseZrandmember,
  run: runZrandmember,
});
