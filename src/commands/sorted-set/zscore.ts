import { SortedSet } from '../../keyspace/sorted-set.ts';
import type { LexRange, ScoreRange } from '../../keyspace/sorted-set-range.ts';
import type { Args } from '../../resp/args.ts';
import { DoubleReply, type ErrorReply, isError, type Reply } from '../../resp/reply.ts';
import { readStrings } from '../args.ts';
import { type DataCommand, dataCommand, type KeySpec, type RunContext } from '../command.ts';
import { readAs } from '../lookup.ts';
import { readLexRange, readScoreRange } from './ranges.ts';

interface MemberRequest {
  readonly key: string;
  readonly member: string;
}

interface MembersRequest {
  readonly key: string;
  readonly members: readonly string[];
}

interface CountRequest<Range> {
  readonly key: string;
  readonly range: Range;
}

function runZcard(context: RunContext, key: string): Reply {
  const set = readAs(context, key, SortedSet);
  return isError(set) ? set : (set?.size ?? 0);
}

function runZscore(context: RunContext, { key, member }: MemberRequest): Reply {
  const set = readAs(context, key, SortedSet);
  return isError(set) ? set : scoreReply(set, member);
}

function runZmscore(context: RunContext, { key, members }: MembersRequest): Reply {
  const set = readAs(context, key, SortedSet);
  return isError(set) ? set : members.map((member) => scoreReply(set, member));
}

function scoreReply(set: SortedSet | undefined, member: string): Reply {
  const score = set?.score(member);
  return score === undefined ? null : new DoubleReply(score);
}

function parseCount<Range>(
  args: Args,
  read: (args: Args, min: number, max: number) => Range | ErrorReply,
): CountRequest<Range> | ErrorReply {
  const range = read(args, 2, 3);
  return isError(range) ? range : { key: args.string(1), range };
}

function runZcount(context: RunContext, { key, range }: CountRequest<ScoreRange>): Reply {
  const set = readAs(context, key, SortedSet);
  return isError(set) ? set : (set?.scoreSpan(range).count ?? 0);
}

function runZlexcount(context: RunContext, { key, range }: CountRequest<LexRange>): Reply {
  const set = readAs(context, key, SortedSet);
  return isError(set) ? set : (set?.lexSpan(range).count ?? 0);
}

const READ: readonly KeySpec[] = [
  { first: 1, last: 1, step: 1, access: 'RO', effects: ['access'] },
];

export const zcard: DataCommand = dataCommand<string>({
  name: 'zcard',
  kind: 'read',
  arity: 2,
  flags: ['readonly', 'fast'],
  keys: [{ first: 1, last: 1, step: 1, access: 'RO' }],
  group: 'sorted-set',
  since: '1.2.0',
  summary: 'Returns the number of members of a sorted set.',
  complexity: 'O(1)',
  syntax: 'key',
  parse: (args) => args.string(1),
  run: runZcard,
});

export const zscore: DataCommand = dataCommand<MemberRequest>({
  name: 'zscore',
  kind: 'read',
  arity: 3,
  flags: ['readonly', 'fast'],
  keys: READ,
  group: 'sorted-set',
  since: '1.2.0',
  summary: 'Returns the score of a member of a sorted set.',
  complexity: 'O(1)',
  syntax: 'key member',
  parse: (args) => ({ key: args.string(1), member: args.string(2) }),
  run: runZscore,
});

export const zmscore: DataCommand = dataCommand<MembersRequest>({
  name: 'zmscore',
  kind: 'read',
  arity: -3,
  flags: ['readonly', 'fast'],
  keys: READ,
  group: 'sorted-set',
  since: '6.2.0',
  summary: 'Returns the scores of several members of a sorted set.',
  complexity: 'O(N) for N members asked for',
  syntax: 'key member [member ...]',
  parse: (args) => ({ key: args.string(1), members: readStrings(args, 2) }),
  run: runZmscore,
});

export const zcount: DataCommand = dataCommand<CountRequest<ScoreRange>>({
  name: 'zcount',
  kind: 'read',
  arity: 4,
  flags: ['readonly', 'fast'],
  keys: READ,
  group: 'sorted-set',
  since: '2.0.0',
  summary: 'Counts the members of a sorted set with scores in a range.',
  complexity: 'O(log(N)) for N members',
  syntax: 'key min max',
  parse: (args) => parseCount(args, readScoreRange),
  run: runZcount,
});

export const zlexcount: DataCommand = dataCommand<CountRequest<LexRange>>({
  name: 'zlexcount',
  kind: 'read',
  arity: 4,
  flags: ['readonly', 'fast'],
  keys: READ,
  group: 'sorted-set',
  since: '2.8.9',
  summary: 'Counts the members of a sorted set in a range of bytes, where all scores are equal.',
  complexity: 'O(log(N)) for N members',
  syntax: 'key min max',
  parse: (args) => parseCount(args, readLexRange),
  run: runZlexcount,
});
