import { SortedSet } from '../../keyspace/sorted-set.ts';
import type { LexRange, ScoreRange, Span } from '../../keyspace/sorted-set-range.ts';
import type { Args } from '../../resp/args.ts';
import { type ErrorReply, isError, type Reply } from '../../resp/reply.ts';
import { readNumber, readStrings } from '../args.ts';
import { type DataCommand, dataCommand, type KeySpec, type RunContext } from '../command.ts';
import { findAs, noteChange } from '../lookup.ts';
import { clampRanks, readLexRange, readScoreRange } from './ranges.ts';

interface RemoveRequest {
  readonly key: string;
  readonly members: readonly string[];
}

interface RemoveRangeRequest<Range> {
  readonly key: string;
  readonly range: Range;
}

interface Ranks {
  readonly start: number;
  readonly stop: number;
}

function runZrem(context: RunContext, { key, members }: RemoveRequest): Reply {
  const set = findAs(context.db, key, SortedSet);
  if (set === undefined || isError(set)) return set ?? 0;
  let removed = 0;
  for (const member of members) if (set.delete(member)) removed++;
  if (removed > 0) noteChange(context.db, key, set);
  return removed;
}

const REMOVED: readonly KeySpec[] = [
  { first: 1, last: 1, step: 1, access: 'RW', effects: ['delete'] },
];

export const zrem: DataCommand = dataCommand<RemoveRequest>({
  name: 'zrem',
  kind: 'write',
  arity: -3,
  flags: ['write', 'fast'],
  keys: REMOVED,
  group: 'sorted-set',
  since: '1.2.0',
  summary: 'Removes members from a sorted set.',
  complexity: 'O(M*log(N)) for M members removed from N',
  syntax: 'key member [member ...]',
  parse: (args) => ({ key: args.string(1), members: readStrings(args, 2) }),
  run: runZrem,
});

function removeRangeCommand<Range>(
  facts: Pick<DataCommand, 'name' | 'since' | 'summary' | 'syntax'>,
  read: (args: Args, min: number, max: number) => Range | ErrorReply,
  spanOf: (set: SortedSet, range: Range) => Span,
): DataCommand {
  return dataCommand<RemoveRangeRequest<Range>>({
    ...facts,
    kind: 'write',
    arity: 4,
    flags: ['write'],
    keys: REMOVED,
    group: 'sorted-set',
    complexity: 'O(log(N)*M) for M members removed from N',
    parse: (args) => {
      const range = read(args, 2, 3);
      return isError(range) ? range : { key: args.string(1), range };
    },
    run: (context, { key, range }) => {
      const set = findAs(context.db, key, SortedSet);
      if (set === undefined || isError(set)) return set ?? 0;
      const span = spanOf(set, range);
      if (span.count === 0) return 0;
      set.deleteSpan(span);
      noteChange(context.db, key, set);
      return span.count;
    },
  });
}

function readRanks(args: Args, min: number, max: number): Ranks | ErrorReply {
  const start = readNumber(args, min);
  if (isError(start)) return start;
  const stop = readNumber(args, max);
  return isError(stop) ? stop : { start, stop };
}

export const zremrangebyrank: DataCommand = removeRangeCommand<Ranks>(
  {
    name: 'zremrangebyrank',
    since: '2.0.0',
    summary: 'Removes the members of a sorted set with ranks in a range.',
    syntax: 'key start stop',
  },
  readRanks,
  (set, { start, stop }) => clampRanks(start, stop, set.size),
);

export const zremrangebyscore: DataCommand = removeRangeCommand<ScoreRange>(
  {
    name: 'zremrangebyscore',
    since: '1.2.0',
    summary: 'Removes the members of a sorted set with scores in a range.',
    syntax: 'key min max',
  },
  readScoreRange,
  (set, range) => set.scoreSpan(range),
);

export const zremrangebylex: DataCommand = removeRangeCommand<LexRange>(
  {
    name: 'zremrangebylex',
    since: '2.8.9',
    summary: 'Removes the members of a sorted set in a range of bytes, where all scores are equal.',
    syntax: 'key min max',
  },
  readLexRange,
  (set, range) => set.lexSpan(range),
);
