import { HashValue } from '../../keyspace/hash-value.ts';
import type { Args } from '../../resp/args.ts';
import { ErrorReply, isError, type Reply } from '../../resp/reply.ts';
import { readNumber } from '../args.ts';
import { type DataCommand, dataCommand, type RunContext } from '../command.ts';
import { SYNTAX_ERROR } from '../errors.ts';
import { globMatches } from '../glob.ts';
import { readAs } from '../lookup.ts';
import { READ } from './key.ts';

interface HscanRequest {
  readonly key: string;
  readonly cursor: number;
  /** What is wrong with the options is said only of a hash, as in Redis. */
  readonly options: ScanOptions | ErrorReply;
}

interface ScanOptions {
  /** Undefined: every field. */
  readonly pattern: string | undefined;
  /** About how many fields to look at. */
  readonly count: number;
  readonly values: boolean;
}

const DEFAULT_COUNT = 10;
const MAX_UINT64 = 18446744073709551615n;

const INVALID_CURSOR: ErrorReply = new ErrorReply('ERR invalid cursor');

/** `HSCAN key cursor [MATCH pattern] [COUNT count] [NOVALUES]`. */
function parseHscan(args: Args): HscanRequest | ErrorReply {
  const cursor = readCursor(args, 2);
  if (isError(cursor)) return cursor;
  return { key: args.string(1), cursor, options: readOptions(args) };
}

/** A cursor is any unsigned 64-bit integer; those given out here are at most the number of fields. */
function readCursor(args: Args, i: number): number | ErrorReply {
  const text = args.string(i);
  if (!/^\d{1,20}$/.test(text) || BigInt(text) > MAX_UINT64) return INVALID_CURSOR;
  return Number(text);
}

function readOptions(args: Args): ScanOptions | ErrorReply {
  let pattern: string | undefined;
  let count = DEFAULT_COUNT;
  let values = true;
  for (let i = 3; i < args.count; i++) {
    const last = i + 1 >= args.count;
    if (args.is(i, 'COUNT') && !last) {
      const value = readNumber(args, ++i);
      if (isError(value)) return value;
      if (value < 1) return SYNTAX_ERROR;
      count = value;
    } else if (args.is(i, 'MATCH') && !last) {
      pattern = args.string(++i);
    } else if (args.is(i, 'NOVALUES')) {
      values = false;
    } else {
      return SYNTAX_ERROR;
    }
  }
  return { pattern: pattern === '*' ? undefined : pattern, count, values };
}

function runHscan(context: RunContext, { key, cursor, options }: HscanRequest): Reply {
  const hash = readAs(context, key, HashValue);
  if (hash === undefined) return ['0', []];
  if (isError(hash)) return hash;
  if (isError(options)) return options;
  const { pattern, values } = options;
  const items: string[] = [];
  const next = hash.scan(cursor, options.count, (field, value) => {
    if (pattern !== undefined && !globMatches(pattern, field)) return;
    items.push(field);
    if (values) items.push(value);
  });
  return [String(next), items];
}

export const hscan: DataCommand = dataCommand<HscanRequest>({
  name: 'hscan',
  kind: 'read',
  arity: -3,
  flags: ['readonly'],
  keys: READ,
  group: 'hash',
  since: '2.8.0',
  summary: 'Goes through the fields of a hash, some at each call.',
  complexity: 'O(1) for each call, O(N) for a whole iteration over N fields',
  syntax: 'key cursor [MATCH pattern] [COUNT count] [NOVALUES]',
  tips: ['nondeterministic_output'],
  parse: parseHscan,
  run: runHscan,
});
