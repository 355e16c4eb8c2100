import type { Prng } from '../../base/prng.ts';
import { SetValue } from '../../keyspace/set-value.ts';
import { MAX_STRING_BYTES } from '../../keyspace/value.ts';
import type { Args } from '../../resp/args.ts';
import { ErrorReply, isError, type Reply } from '../../resp/reply.ts';
import { readInteger } from '../args.ts';
import { type DataCommand, dataCommand, type RunContext } from '../command.ts';
import { SYNTAX_ERROR } from '../errors.ts';
import { readAs } from '../lookup.ts';
import { READ } from './keys.ts';
import { sample } from './sample.ts';

interface SrandmemberRequest {
  readonly key: string;
  /** Negative: so many that may be equal. Undefined: one member, not in an array. */
  readonly count: number | undefined;
}

const MAX_COUNT = 9223372036854775807n;
const COUNT_OUT_OF_RANGE: ErrorReply = new ErrorReply(
  `ERR value is out of range, value must between -${MAX_COUNT} and ${MAX_COUNT}`,
);

/** Redis answers any number of members that may be equal; here the reply must fit in memory. */
const MAX_REPEATED: number = 2 ** 24;
const TOO_MANY: ErrorReply = new ErrorReply('ERR value is out of range');

/** `SRANDMEMBER key [count]`. */
function parseSrandmember(args: Args): SrandmemberRequest | ErrorReply {
  if (args.count > 3) return SYNTAX_ERROR;
  const key = args.string(1);
  if (args.count === 2) return { key, count: undefined };
  const count = readInteger(args, 2);
  if (isError(count)) return count;
  return count < -MAX_COUNT ? COUNT_OUT_OF_RANGE : { key, count: Number(count) };
}

function runSrandmember(context: RunContext, { key, count }: SrandmemberRequest): Reply {
  const set = readAs(context, key, SetValue);
  if (isError(set)) return set;
  if (set === undefined) return count === undefined ? null : [];
  if (count === undefined) return set.at(context.random().below(set.size));
  if (count === 0) return [];
  if (count < 0) return repeated(context.random(), set, -count);
  if (count >= set.size) return set.members();
  return different(context.random(), set, count);
}

function different(random: Prng, set: SetValue, count: number): string[] {
  const members: string[] = [];
  for (const number of sample(random, set.size, count)) members.push(set.at(number));
  return members;
}

function repeated(random: Prng, set: SetValue, count: number): string[] | ErrorReply {
  if (count > MAX_REPEATED) return TOO_MANY;
  const members: string[] = [];
  let bytes = 0;
  for (let i = 0; i < count; i++) {
    const member = set.at(random.below(set.size));
    bytes += member.length;
    if (bytes > MAX_STRING_BYTES) return TOO_MANY;
    members.push(member);
  }
  return members;
}

export const srandmember: DataCommand = dataCommand<SrandmemberRequest>({
  name: 'srandmember',
  kind: 'read',
  arity: -2,
  flags: ['readonly'],
  keys: READ,
  group: 'set',
  since: '1.0.0',
  summary: 'Returns members of a set chosen at random.',
  complexity: 'O(1), or O(N) for a count of N in absolute value',
  syntax: 'key [count]',
  tips: ['nondeterministic_output'],
  parse: parseSrandmember,
  run: runSrandmember,
});
