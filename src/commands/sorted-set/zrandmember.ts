import type { Prng } from '../../base/prng.ts';
import { SortedSet } from '../../keyspace/sorted-set.ts';
import { MAX_STRING_BYTES } from '../../keyspace/value.ts';
import type { Args } from '../../resp/args.ts';
import { ErrorReply, isError, type Reply } from '../../resp/reply.ts';
import { readInteger } from '../args.ts';
import { type DataCommand, dataCommand, type RunContext } from '../command.ts';
import { SYNTAX_ERROR } from '../errors.ts';
import { readAs } from '../lookup.ts';
import { sample } from '../set/sample.ts';
import { Elements } from './replies.ts';

interface RandomRequest {
  readonly key: string;
  /** Undefined: one, not in an array. Negative: so many, and any may come again. */
  readonly count: number | undefined;
  readonly withScores: boolean;
}

/** Redis answers any number of members that may be equal; here the reply must fit in memory. */
const MAX_REPEATED: number = 2 ** 24;

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
  return { key, count: Number(count), withScores };
}

function runZrandmember(context: RunContext, { key, count, withScores }: RandomRequest): Reply {
  const set = readAs(context, key, SortedSet);
  if (isError(set)) return set;
  if (set === undefined) return count === undefined ? null : [];
  const elements = new Elements();
  if (count === undefined) {
    addRank(set, context.random().below(set.size), elements);
    return elements.members[0] ?? null;
  }
  if (count >= set.size) {
    return Elements.of(set, { first: 0, count: set.size }, true).reply(withScores);
  }
  if (count > 0) {
    for (const rank of sample(context.random(), set.size, count)) addRank(set, rank, elements);
  } else if (!addRepeated(set, -count, { random: context.random(), elements })) {
    return OUT_OF_RANGE;
  }
  return elements.reply(withScores);
}

function addRank(set: SortedSet, rank: number, elements: Elements): void {
  set.collect({ first: rank, count: 1 }, elements);
}

/** Returns whether so many fit in a reply. */
function addRepeated(
  set: SortedSet,
  count: number,
  { random, elements }: { random: Prng; elements: Elements },
): boolean {
  if (count > MAX_REPEATED) return false;
  let bytes = 0;
  for (let i = 0; i < count && bytes <= MAX_STRING_BYTES; i++) {
    addRank(set, random.below(set.size), elements);
    bytes += (elements.members[i] as string).length;
  }
  return bytes <= MAX_STRING_BYTES;
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
