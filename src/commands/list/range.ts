import type { End } from '../../keyspace/list-segment.ts';
import { ListValue } from '../../keyspace/list-value.ts';
import type { Args } from '../../resp/args.ts';
import { ErrorReply, isError, type Reply } from '../../resp/reply.ts';
import { readInteger } from '../args.ts';
import { type DataCommand, dataCommand, type RunContext } from '../command.ts';
import { SYNTAX_ERROR } from '../errors.ts';
import { readAs } from '../lookup.ts';
import { KEY_READ, readAtLeast, readSpan, resolveSpan, type Span } from './read.ts';

interface RangeRequest extends Span {
  readonly key: string;
}

function parseRange(args: Args): RangeRequest | ErrorReply {
  const span = readSpan(args);
  return isError(span) ? span : { key: args.string(1), ...span };
}

function runRange(context: RunContext, request: RangeRequest): Reply {
  const list = readAs(context, request.key, ListValue);
  if (isError(list)) return list;
  if (list === undefined) return [];
  const { from, to } = resolveSpan(request, list.size);
  return list.range(from, to);
}

interface PositionRequest {
  readonly key: string;
  readonly element: string;
  readonly start: End;
  /** Matches passed over. */
  readonly skip: number;
  /** Most positions to answer; undefined for one, which is then answered without an array. */
  readonly count: number | undefined;
  /** Most elements to look at. */
  readonly within: number;
}

const MAX_RANK = 2n ** 63n - 1n;
const RANK_ZERO: ErrorReply = new ErrorReply(
  "ERR RANK can't be zero: use 1 to start from the first match, 2 from the second ... " +
    'or use negative to start from the end of the list',
);
const RANK_OUT_OF_RANGE: ErrorReply = new ErrorReply(
  `ERR value is out of range, value must between ${-MAX_RANK} and ${MAX_RANK}`,
);
const COUNT_NEGATIVE: ErrorReply = new ErrorReply("ERR COUNT can't be negative");
const MAXLEN_NEGATIVE: ErrorReply = new ErrorReply("ERR MAXLEN can't be negative");

/** `LPOS key element [RANK rank] [COUNT count] [MAXLEN len]`; where one is there twice, the last counts. */
function parsePosition(args: Args): PositionRequest | ErrorReply {
  let rank = 1;
  let count: number | undefined;
  let within = 0;
  for (let i = 3; i < args.count; i += 2) {
    if (i + 1 >= args.count) return SYNTAX_ERROR;
    if (args.is(i, 'RANK')) {
      const value = readRank(args, i + 1);
      if (isError(value)) return value;
      rank = value;
    } else if (args.is(i, 'COUNT')) {
      const value = readAtLeast(args, i + 1, { least: 0, wrong: COUNT_NEGATIVE });
      if (isError(value)) return value;
      count = value;
    } else if (args.is(i, 'MAXLEN')) {
      const value = readAtLeast(args, i + 1, { least: 0, wrong: MAXLEN_NEGATIVE });
      if (isError(value)) return value;
      within = value;
    } else {
      return SYNTAX_ERROR;
    }
  }
  return {
    key: args.string(1),
    element: args.string(2),
    start: rank < 0 ? 'tail' : 'head',
    skip: Math.abs(rank) - 1,
    count,
    within: within === 0 ? Number.POSITIVE_INFINITY : within,
  };
}

function readRank(args: Args, i: number): number | ErrorReply {
  const value = readInteger(args, i);
  if (isError(value)) return value;
  if (value === 0) return RANK_ZERO;
  return value < -MAX_RANK ? RANK_OUT_OF_RANGE : Number(value);
}

function runPosition(context: RunContext, request: PositionRequest): Reply {
  const { key, element, start, skip, count, within } = request;
  const list = readAs(context, key, ListValue);
  if (isError(list)) return list;
  if (list === undefined) return count === undefined ? null : [];
  const limit = count === 0 ? Number.POSITIVE_INFINITY : (count ?? 1);
  const positions = list.positions({ element, start, skip, limit, within });
  return count === undefined ? (positions[0] ?? null) : positions;
}

export const lrange: DataCommand = dataCommand<RangeRequest>({
  name: 'lrange',
  kind: 'read',
  arity: 4,
  flags: ['readonly'],
  keys: KEY_READ,
  group: 'list',
  since: '1.0.0',
  summary: 'Returns the elements of a list in a range.',
  complexity: 'O(S+N) for N elements returned, S elements from the nearer end',
  syntax: 'key start stop',
  parse: parseRange,
  run: runRange,
});

export const lpos: DataCommand = dataCommand<PositionRequest>({
  name: 'lpos',
  kind: 'read',
  arity: -3,
  flags: ['readonly'],
  keys: KEY_READ,
  group: 'list',
  since: '6.0.6',
  summary: 'Returns at which places of a list an element is.',
  complexity: 'O(N) for N elements looked at, which MAXLEN can limit',
  syntax: 'key element [RANK rank] [COUNT num-matches] [MAXLEN len]',
  parse: parsePosition,
  run: runPosition,
});
