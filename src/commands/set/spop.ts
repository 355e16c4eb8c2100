import type { Prng } from '../../base/prng.ts';
import { SetValue } from '../../keyspace/set-value.ts';
import type { Args } from '../../resp/args.ts';
import { ErrorReply, isError, type Reply, SetReply } from '../../resp/reply.ts';
import { readNumber } from '../args.ts';
import { type DataCommand, dataCommand, type RunContext } from '../command.ts';
import { SYNTAX_ERROR } from '../errors.ts';
import { findAs, noteChange } from '../lookup.ts';
import { sample } from './sample.ts';

interface SpopRequest {
  readonly key: string;
  /** Undefined: one member, not as a set. */
  readonly count: number | undefined;
}

/** When so many times as many are removed as stay, those that stay are put into a new set. */
const MOVE_FACTOR = 4;

const NOT_POSITIVE: ErrorReply = new ErrorReply('ERR value is out of range, must be positive');

/** `SPOP key [count]`. */
function parseSpop(args: Args): SpopRequest | ErrorReply {
  if (args.count > 3) return SYNTAX_ERROR;
  const key = args.string(1);
  if (args.count === 2) return { key, count: undefined };
  const count = readNumber(args, 2);
  return isError(count) || count < 0 ? NOT_POSITIVE : { key, count };
}

function runSpop(context: RunContext, { key, count }: SpopRequest): Reply {
  const { db } = context;
  const set = findAs(db, key, SetValue);
  if (isError(set)) return set;
  if (set === undefined) return count === undefined ? null : new SetReply([]);
  if (count === undefined) {
    const member = set.take(context.random().below(set.size));
    noteChange(db, key, set);
    return member;
  }
  if (count === 0) return new SetReply([]);
  if (count >= set.size) {
    db.delete(key);
    return new SetReply(set.members());
  }
  const members = takeSome(context.random(), set, count);
  db.touch(key);
  return new SetReply(members);
}

/** Removes `count` members, which is less than all, and returns them. */
function takeSome(random: Prng, set: SetValue, count: number): string[] {
  const members: string[] = [];
  if (count < (set.size - count) * MOVE_FACTOR) {
    for (let i = 0; i < count; i++) members.push(set.take(random.below(set.size)));
    return members;
  }
  const stays = new Uint8Array(set.size);
  const staying = sample(random, set.size, set.size - count).sort();
  for (const number of staying) stays[number] = 1;
  let number = 0;
  set.forEach((member) => {
    if (stays[number++] === 0) members.push(member);
  });
  // In their order, so that a scan that has yet to come to a member still comes to it.
  set.retain(staying);
  return members;
}

export const spop: DataCommand = dataCommand<SpopRequest>({
  name: 'spop',
  kind: 'write',
  arity: -2,
  flags: ['write', 'fast'],
  keys: [{ first: 1, last: 1, step: 1, access: 'RW', effects: ['access', 'delete'] }],
  group: 'set',
  since: '1.0.0',
  summary: 'Removes members chosen at random from a set and returns them.',
  complexity: 'O(1), or O(N) for a count of N',
  syntax: 'key [count]',
  tips: ['nondeterministic_output'],
  parse: parseSpop,
  run: runSpop,
});
