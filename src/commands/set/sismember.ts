import { SetValue } from '../../keyspace/set-value.ts';
import { isError, type Reply, SetReply } from '../../resp/reply.ts';
import { readStrings } from '../args.ts';
import { type DataCommand, dataCommand, type RunContext } from '../command.ts';
import { readAs } from '../lookup.ts';
import { LOOKED_AT, READ } from './keys.ts';

interface MemberRequest {
  readonly key: string;
  readonly member: string;
}

interface MembersRequest {
  readonly key: string;
  readonly members: readonly string[];
}

function runSismember(context: RunContext, { key, member }: MemberRequest): Reply {
  const set = readAs(context, key, SetValue);
  if (isError(set)) return set;
  return set?.has(member) === true ? 1 : 0;
}

function runSmismember(context: RunContext, { key, members }: MembersRequest): Reply {
  const set = readAs(context, key, SetValue);
  if (isError(set)) return set;
  return members.map((member) => (set?.has(member) === true ? 1 : 0));
}

function runScard(context: RunContext, key: string): Reply {
  const set = readAs(context, key, SetValue);
  return isError(set) ? set : (set?.size ?? 0);
}

function runSmembers(context: RunContext, key: string): Reply {
  const set = readAs(context, key, SetValue);
  return isError(set) ? set : new SetReply(set?.members() ?? []);
}

export const sismember: DataCommand = dataCommand<MemberRequest>({
  name: 'sismember',
  kind: 'read',
  arity: 3,
  flags: ['readonly', 'fast'],
  keys: LOOKED_AT,
  group: 'set',
  since: '1.0.0',
  summary: 'Tells whether a set has a member.',
  complexity: 'O(1)',
  syntax: 'key member',
  parse: (args) => ({ key: args.string(1), member: args.string(2) }),
  run: runSismember,
});

export const smismember: DataCommand = dataCommand<MembersRequest>({
  name: 'smismember',
  kind: 'read',
  arity: -3,
  flags: ['readonly', 'fast'],
  keys: READ,
  group: 'set',
  since: '6.2.0',
  summary: 'Tells of each member given whether a set has it.',
  complexity: 'O(N) for N members given',
  syntax: 'key member [member ...]',
  parse: (args) => ({ key: args.string(1), members: readStrings(args, 2) }),
  run: runSmismember,
});

export const scard: DataCommand = dataCommand<string>({
  name: 'scard',
  kind: 'read',
  arity: 2,
  flags: ['readonly', 'fast'],
  keys: LOOKED_AT,
  group: 'set',
  since: '1.0.0',
  summary: 'Returns the number of members of a set.',
  complexity: 'O(1)',
  syntax: 'key',
  parse: (args) => args.string(1),
  run: runScard,
});

export const smembers: DataCommand = dataCommand<string>({
  name: 'smembers',
  kind: 'read',
  arity: 2,
  flags: ['readonly'],
  keys: READ,
  group: 'set',
  since: '1.0.0',
  summary: 'Returns all members of a set.',
  complexity: 'O(N) for N members',
  syntax: 'key',
  tips: ['nondeterministic_output_order'],
  parse: (args) => args.string(1),
  run: runSmembers,
});
