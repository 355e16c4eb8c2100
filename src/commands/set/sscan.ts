import { SetValue } from '../../keyspace/set-value.ts';
import type { Args } from '../../resp/args.ts';
import { ErrorReply, isError, type Reply } from '../../resp/reply.ts';
import { readNumber } from '../args.ts';
import { type DataCommand, dataCommand, type RunContext } from '../command.ts';
import { SYNTAX_ERROR } from '../errors.ts';
import { globMatches } from '../glob.ts';
import { readAs } from '../lookup.ts';
import { READ } from './keys.ts';

interface SscanRequest {
  readonly key: string;
  readonly cursor: number;
  /** What is wrong with the options is said only of a set, as in Redis. */
  readonly options: ScanOptions | ErrorReply;
}

interface ScanOptions {
  /** Undefined: every member. */
  readonly pattern: string | undefined;
  /** How many members to look at. */
  readonly count: number;
}

const DEFAULT_COUNT = 10;
const MAX_UINT64 = 18446744073709551615n;

const INVALID_CURSOR: ErrorReply = new ErrorReply('ERR invalid cursor');

/** `SSCAN key cursor [MATCH pattern] [COUNT count]`. */
function parseSscan(args: Args): SscanRequest | ErrorReply {
  const cursor = readCursor(args, 2);
  if (isError(cursor)) return cursor;
  return { key: args.string(1), cursor, options: readOptions(args) };
}

/** A cursor is any unsigned 64-bit integer; those given out here are at most the number of members. */
function readCursor(args: Args, i: number): number | ErrorReply {
  const text = args.string(i);
  if (!/^\d{1,20}$/.test(text) || BigInt(text) > MAX_UINT64) return INVALID_CURSOR;
  return Number(text);
}

function readOptions(args: Args): ScanOptions | ErrorReply {
  let pattern: string | undefined;
  let count = DEFAULT_COUNT;
  for (let i = 3; i < args.count; i += 2) {
    if (i + 1 >= args.count) return SYNTAX_ERROR;
    if (args.is(i, 'COUNT')) {
      const value = readNumber(args, i + 1);
      if (isError(value)) return value;
      if (value < 1) return SYNTAX_ERROR;
      count = value;
    } else if (args.is(i, 'MATCH')) {
      pattern = args.string(i + 1);
    } else {
      return SYNTAX_ERROR;
    }
  }
  return { pattern: pattern === '*' ? undefined : pattern, count };
}

/**
 * A small set is returned whole. In a large one the cursor counts down: the members with numbers
 * below it are still to come. What is removed is replaced by the last member, so what is still to
 * come cannot move to where nobody will look any more.
 */
function runSscan(context: RunContext, { key, cursor, options }: SscanRequest): Reply {
  const set = readAs(context, key, SetValue);
  if (set === undefined) return ['0', []];
  if (isError(set)) return set;
  if (isError(options)) return options;
  const { pattern, count } = options;
  const members: string[] = [];
  const visit = (member: string): void => {
    if (pattern === undefined || globMatches(pattern, member)) members.push(member);
  };
  if (set.encoding() !== 'hashtable') {
    set.forEach(visit);
    return ['0', members];
  }
  let at = cursor === 0 ? set.size : Math.min(cursor, set.size);
  const end = Math.max(0, at - count);
  while (at > end) visit(set.at(--at));
  return [String(end), members];
}

export const sscan: DataCommand = dataCommand<SscanRequest>({
  name: 'sscan',
  kind: 'read',
  arity: -3,
  flags: ['readonly'],
  keys: READ,
  group: 'set',
  since: '2.8.0',
  summary: 'Goes through the members of a set, some at each call.',
  complexity: 'O(1) for each call, O(N) for a whole iteration over N members',
  syntax: 'key cursor [MATCH pattern] [COUNT count]',
  tips: ['nondeterministic_output'],
  parse: parseSscan,
  run: runSscan,
});
