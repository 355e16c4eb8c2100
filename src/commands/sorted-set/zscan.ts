import { SortedSet } from '../../keyspace/sorted-set.ts';
import type { Args } from '../../resp/args.ts';
import { formatDouble } from '../../resp/numbers.ts';
import { ErrorReply, isError, type Reply } from '../../resp/reply.ts';
import { readNumber } from '../args.ts';
import { type DataCommand, dataCommand, type RunContext } from '../command.ts';
import { SYNTAX_ERROR } from '../errors.ts';
import { globMatches } from '../glob.ts';
import { readAs } from '../lookup.ts';
import { formatLong } from './long-format.ts';

interface ScanRequest {
  readonly key: string;
  readonly cursor: number;
  /** What is wrong with them is said only of a key that is there and of the right type. */
  readonly options: ScanOptions | ErrorReply;
}

interface ScanOptions {
  /** Undefined: every member. */
  readonly pattern: string | undefined;
  /** About how many members to look at. */
  readonly count: number;
}

const DEFAULT_COUNT = 10;
/** Buckets one call visits at most for each member it was asked for: many may be empty. */
const BUCKETS_PER_MEMBER = 10;
const CURSORS = 0x100000000n;
const MAX_UINT64 = 18446744073709551615n;

const INVALID_CURSOR: ErrorReply = new ErrorReply('ERR invalid cursor');

/** `ZSCAN key cursor [MATCH pattern] [COUNT count]`. */
function parseZscan(args: Args): ScanRequest | ErrorReply {
  const text = args.string(2);
  if (!/^\d{1,20}$/.test(text)) return INVALID_CURSOR;
  const cursor = BigInt(text);
  if (cursor > MAX_UINT64) return INVALID_CURSOR;
  return { key: args.string(1), cursor: Number(cursor % CURSORS), options: readOptions(args) };
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
      const text = args.string(i + 1);
      pattern = text === '*' ? undefined : text;
    } else {
      return SYNTAX_ERROR;
    }
  }
  return { pattern, count };
}

function runZscan(context: RunContext, request: ScanRequest): Reply {
  const set = readAs(context, request.key, SortedSet);
  if (set === undefined || isError(set)) return set ?? ['0', []];
  if (isError(request.options)) return request.options;
  const { pattern, count } = request.options;
  // Redis prints the scores of the large form in another way.
  const format = set.encoding() === 'skiplist' ? formatLong : formatDouble;
  const items: string[] = [];
  let { cursor } = request;
  let visited = 0;
  let buckets = 0;
  do {
    cursor = set.scan(cursor, (member, score) => {
      visited++;
      if (pattern === undefined || globMatches(pattern, member)) items.push(member, format(score));
    });
    buckets++;
  } while (cursor !== 0 && visited < count && buckets < count * BUCKETS_PER_MEMBER);
  return [String(cursor), items];
}

export const zscan: DataCommand = dataCommand<ScanRequest>({
  name: 'zscan',
  kind: 'read',
  arity: -3,
  flags: ['readonly'],
  keys: [{ first: 1, last: 1, step: 1, access: 'RO', effects: ['access'] }],
  group: 'sorted-set',
  since: '2.8.0',
  summary: 'Goes through the members of a sorted set and their scores, some at each call.',
  complexity: 'O(1) for each call, O(N) for a whole iteration over N members',
  syntax: 'key cursor [MATCH pattern] [COUNT count]',
  tips: ['nondeterministic_output'],
  parse: parseZscan,
  run: runZscan,
});
