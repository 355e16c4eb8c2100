import { SortedSet } from '../../keyspace/sorted-set.ts';
import type { Args } from '../../resp/args.ts';
import { DoubleReply, ErrorReply, isError, NULL_ARRAY, type Reply } from '../../resp/reply.ts';
import { readNumber } from '../args.ts';
import { type DataCommand, dataCommand, type RunContext } from '../command.ts';
import { SYNTAX_ERROR } from '../errors.ts';
import { findAs, noteChange } from '../lookup.ts';
import { Elements } from './replies.ts';

type End = 'min' | 'max';

interface PopRequest {
  readonly key: string;
  readonly end: End;
  /** Undefined: one, and the answer is a bare pair. */
  readonly count: number | undefined;
}

interface MultiPopRequest {
  readonly keys: readonly string[];
  readonly end: End;
  readonly count: number;
}

const NOT_POSITIVE: ErrorReply = new ErrorReply('ERR value is out of range, must be positive');
const NO_KEYS: ErrorReply = new ErrorReply('ERR numkeys should be greater than 0');
const NO_COUNT: ErrorReply = new ErrorReply('ERR count should be greater than 0');

/** `ZPOPMIN key [count]`. */
function parsePop(args: Args, end: End): PopRequest | ErrorReply {
  if (args.count > 3) return SYNTAX_ERROR;
  if (args.count === 2) return { key: args.string(1), end, count: undefined };
  const count = readNumber(args, 2);
  if (isError(count) || count < 0) return NOT_POSITIVE;
  return { key: args.string(1), end, count };
}

function runPop(context: RunContext, { key, end, count }: PopRequest): Reply {
  const set = findAs(context.db, key, SortedSet);
  if (set === undefined || isError(set)) return set ?? [];
  const elements = pop(set, end, count ?? 1);
  if (elements.members.length === 0) return [];
  noteChange(context.db, key, set);
  if (count !== undefined) return elements.reply(true);
  return [elements.members[0] as string, new DoubleReply(elements.scores[0] as number)];
}

/** Takes up to `count` elements out of one end of a set, the outermost first. */
export function pop(set: SortedSet, end: End, count: number): Elements {
  const taken = Math.min(count, set.size);
  const span = { first: end === 'min' ? 0 : set.size - taken, count: taken };
  const elements = Elements.of(set, span, end === 'max');
  if (taken > 0) set.deleteSpan(span);
  return elements;
}

/** `ZMPOP numkeys key [key ...] <MIN | MAX> [COUNT count]`. */
function parseZmpop(args: Args): MultiPopRequest | ErrorReply {
  const numkeys = readNumber(args, 1);
  if (isError(numkeys) || numkeys < 1) return NO_KEYS;
  const endAt = 2 + numkeys;
  if (endAt >= args.count) return SYNTAX_ERROR;
  const end = args.is(endAt, 'MIN') ? 'min' : args.is(endAt, 'MAX') ? 'max' : undefined;
  if (end === undefined) return SYNTAX_ERROR;
  let count: number | undefined;
  for (let i = endAt + 1; i < args.count; i += 2) {
    if (count !== undefined || !args.is(i, 'COUNT') || i + 1 >= args.count) return SYNTAX_ERROR;
    const value = readNumber(args, i + 1);
    if (isError(value) || value < 1) return NO_COUNT;
    count = value;
  }
  const keys: string[] = [];
  for (let i = 2; i < endAt; i++) keys.push(args.string(i));
  return { keys, end, count: count ?? 1 };
}

function runZmpop(context: RunContext, { keys, end, count }: MultiPopRequest): Reply {
  for (const key of keys) {
    const set = findAs(context.db, key, SortedSet);
    if (set === undefined) continue;
    if (isError(set)) return set;
    const elements = pop(set, end, count);
    noteChange(context.db, key, set);
    return [key, elements.pairs()];
  }
  return NULL_ARRAY;
}

function popCommand(end: End, summary: string): DataCommand {
  return dataCommand<PopRequest>({
    name: `zpop${end}`,
    kind: 'write',
    arity: -2,
    flags: ['write', 'fast'],
    keys: [{ first: 1, last: 1, step: 1, access: 'RW', effects: ['access', 'delete'] }],
    group: 'sorted-set',
    since: '5.0.0',
    summary,
    complexity: 'O(log(N)*M) for M members removed from N',
    syntax: 'key [count]',
    parse: (args) => parsePop(args, end),
    run: runPop,
  });
}

export const zpopmin: DataCommand = popCommand(
  'min',
  'Removes the members of a sorted set with the lowest scores and returns them.',
);

export const zpopmax: DataCommand = popCommand(
  'max',
  'Removes the members of a sorted set with the highest scores and returns them.',
);

export const zmpop: DataCommand = dataCommand<MultiPopRequest>({
  name: 'zmpop',
  kind: 'write',
  arity: -4,
  flags: ['write', 'movablekeys'],
  keys: [{ countAt: 1, first: 2, step: 1, access: 'RW', effects: ['access', 'delete'] }],
  group: 'sorted-set',
  since: '7.0.0',
  summary: 'Removes members from one end of the first sorted set that is there and returns them.',
  complexity: 'O(K)+O(log(N)*M) for K keys, and M members removed from N',
  syntax: 'numkeys key [key ...] <MIN | MAX> [COUNT count]',
  parse: parseZmpop,
  run: runZmpop,
});
