import { SortedSet } from '../../keyspace/sorted-set.ts';
import type { Args } from '../../resp/args.ts';
import { type ErrorReply, isError, type Reply } from '../../resp/reply.ts';
import { type DataCommand, dataCommand, type KeySpec, type RunContext } from '../command.ts';
import { findAs, readAs } from '../lookup.ts';
import { parseRange, type RangeForm, type RangeRequest, spanOf } from './range-request.ts';
import { Elements } from './replies.ts';
import { storeSet } from './store.ts';

interface StoreRequest {
  readonly destination: string;
  readonly source: RangeRequest;
}

function runRange(context: RunContext, request: RangeRequest): Reply {
  const set = readAs(context, request.key, SortedSet);
  if (set === undefined || isError(set)) return set ?? [];
  return Elements.of(set, spanOf(set, request), request.reverse).reply(request.withScores);
}

const STORE_FORM: RangeForm = { keyAt: 2, by: 'any', reverse: 'any', store: true };

/** `ZRANGESTORE dst src min max [BYSCORE | BYLEX] [REV] [LIMIT offset count]`. */
function parseZrangestore(args: Args): StoreRequest | ErrorReply {
  const source = parseRange(args, STORE_FORM);
  return isError(source) ? source : { destination: args.string(1), source };
}

function runZrangestore(context: RunContext, { destination, source }: StoreRequest): Reply {
  const { db } = context;
  const set = findAs(db, source.key, SortedSet);
  if (isError(set)) return set;
  const span = set === undefined ? { first: 0, count: 0 } : spanOf(set, source);
  const elements = new Elements();
  set?.collect(span, elements);
  return storeSet(db, destination, elements);
}

const READ: readonly KeySpec[] = [
  { first: 1, last: 1, step: 1, access: 'RO', effects: ['access'] },
];

type RangeFacts = Pick<DataCommand, 'name' | 'since' | 'summary' | 'syntax' | 'deprecated'>;

function rangeCommand(
  facts: RangeFacts,
  { by, reverse }: Pick<RangeForm, 'by' | 'reverse'>,
): DataCommand {
  const form: RangeForm = { keyAt: 1, by, reverse, store: false };
  return dataCommand<RangeRequest>({
    ...facts,
    kind: 'read',
    arity: -4,
    flags: ['readonly'],
    keys: READ,
    group: 'sorted-set',
    complexity: 'O(log(N)+M) for M members returned of N',
    parse: (args) => parseRange(args, form),
    run: runRange,
  });
}

export const zrange: DataCommand = rangeCommand(
  {
    name: 'zrange',
    since: '1.2.0',
    summary: 'Returns the members of a sorted set in a range of ranks, of scores or of bytes.',
    syntax: 'key start stop [BYSCORE | BYLEX] [REV] [LIMIT offset count] [WITHSCORES]',
  },
  { by: 'any', reverse: 'any' },
);

export const zrevrange: DataCommand = rangeCommand(
  {
    name: 'zrevrange',
    since: '1.2.0',
    summary: 'Returns the members of a sorted set in a range of ranks, from the greatest down.',
    syntax: 'key start stop [WITHSCORES]',
    deprecated: { since: '6.2.0', instead: '`ZRANGE` with the option `REV`' },
  },
  { by: 'rank', reverse: true },
);

export const zrangebyscore: DataCommand = rangeCommand(
  {
    name: 'zrangebyscore',
    since: '1.0.5',
    summary: 'Returns the members of a sorted set with scores in a range.',
    syntax: 'key min max [WITHSCORES] [LIMIT offset count]',
    deprecated: { since: '6.2.0', instead: '`ZRANGE` with the option `BYSCORE`' },
  },
  { by: 'score', reverse: false },
);

export const zrevrangebyscore: DataCommand = rangeCommand(
  {
    name: 'zrevrangebyscore',
    since: '2.2.0',
    summary: 'Returns the members of a sorted set with scores in a range, from the greatest down.',
    syntax: 'key max min [WITHSCORES] [LIMIT offset count]',
    deprecated: { since: '6.2.0', instead: '`ZRANGE` with the options `REV` and `BYSCORE`' },
  },
  { by: 'score', reverse: true },
);

export const zrangebylex: DataCommand = rangeCommand(
  {
    name: 'zrangebylex',
    since: '2.8.9',
    summary: 'Returns the members of a sorted set in a range of bytes, where all scores are equal.',
    syntax: 'key min max [LIMIT offset count]',
    deprecated: { since: '6.2.0', instead: '`ZRANGE` with the option `BYLEX`' },
  },
  { by: 'lex', reverse: false },
);

export const zrevrangebylex: DataCommand = rangeCommand(
  {
    name: 'zrevrangebylex',
    since: '2.8.9',
    summary: 'Returns the members of a sorted set in a range of bytes, from the greatest down.',
    syntax: 'key max min [LIMIT offset count]',
    deprecated: { since: '6.2.0', instead: '`ZRANGE` with the options `REV` and `BYLEX`' },
  },
  { by: 'lex', reverse: true },
);

export const zrangestore: DataCommand = dataCommand<StoreRequest>({
  name: 'zrangestore',
  kind: 'write',
  arity: -5,
  flags: ['write', 'denyoom'],
  keys: [
    { first: 1, last: 1, step: 1, access: 'OW', effects: ['update'] },
    { first: 2, last: 2, step: 1, access: 'RO', effects: ['access'] },
  ],
  group: 'sorted-set',
  since: '6.2.0',
  summary: 'Stores the members of a sorted set in a range, with their scores, as another.',
  complexity: 'O(log(N)+M) for M members stored of N',
  syntax: 'dst src min max [BYSCORE | BYLEX] [REV] [LIMIT offset count]',
  parse: parseZrangestore,
  run: runZrangestore,
});
