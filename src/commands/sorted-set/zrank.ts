import { assert } from '../../base/assert.ts';
import { SortedSet } from '../../keyspace/sorted-set.ts';
import type { Args } from '../../resp/args.ts';
import { DoubleReply, type ErrorReply, isError, NULL_ARRAY, type Reply } from '../../resp/reply.ts';
import { type DataCommand, dataCommand, type RunContext } from '../command.ts';
import { SYNTAX_ERROR, wrongArity } from '../errors.ts';
import { readAs } from '../lookup.ts';

interface RankRequest {
  readonly key: string;
  readonly member: string;
  readonly withScore: boolean;
  readonly reverse: boolean;
}

/** `ZRANK key member [WITHSCORE]`, ZREVRANK. */
function parseRank(args: Args, name: string): RankRequest | ErrorReply {
  if (args.count > 4) return wrongArity(name);
  const withScore = args.count === 4;
  if (withScore && !args.is(3, 'WITHSCORE')) return SYNTAX_ERROR;
  const reverse = name === 'zrevrank';
  return { key: args.string(1), member: args.string(2), withScore, reverse };
}

function runRank(context: RunContext, request: RankRequest): Reply {
  const set = readAs(context, request.key, SortedSet);
  if (isError(set)) return set;
  const rank = set?.rank(request.member) ?? -1;
  if (set === undefined || rank === -1) return request.withScore ? NULL_ARRAY : null;
  const position = request.reverse ? set.size - 1 - rank : rank;
  if (!request.withScore) return position;
  const score = set.score(request.member);
  assert(score !== undefined, 'what has a rank has a score');
  return [position, new DoubleReply(score)];
}

function rankCommand(facts: Pick<DataCommand, 'name' | 'summary'>): DataCommand {
  return dataCommand<RankRequest>({
    ...facts,
    kind: 'read',
    arity: -3,
    flags: ['readonly', 'fast'],
    keys: [{ first: 1, last: 1, step: 1, access: 'RO', effects: ['access'] }],
    group: 'sorted-set',
    since: '2.0.0',
    complexity: 'O(log(N)) for N members',
    syntax: 'key member [WITHSCORE]',
    parse: (args) => parseRank(args, facts.name),
    run: runRank,
  });
}

export const zrank: DataCommand = rankCommand({
  name: 'zrank',
  summary: 'Returns how many members of a sorted set come before a member.',
});

export const zrevrank: DataCommand = rankCommand({
  name: 'zrevrank',
  summary: 'Returns how many members of a sorted set come after a member.',
});
