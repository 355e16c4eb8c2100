import { typeName } from '../../keyspace/value.ts';
import type { Args } from '../../resp/args.ts';
import { type ErrorReply, isError, type Reply } from '../../resp/reply.ts';
import { type DataCommand, dataCommand, type RunContext } from '../command.ts';
import { globMatches } from '../glob.ts';
import { readCursor, readScanOptions, type ScanOptions } from '../scan-options.ts';

interface ScanRequest {
  readonly cursor: number;
  readonly options: ScanOptions;
}

/** Buckets one call visits at most for each key it was asked for: many may be empty. */
const BUCKETS_PER_KEY = 10;
/** Positions of the table have 32 bits. */
const CURSORS = 0x100000000;

/** `SCAN cursor [MATCH pattern] [COUNT count] [TYPE type]`. */
function parseScan(args: Args): ScanRequest | ErrorReply {
  const cursor = readCursor(args, 1);
  if (isError(cursor)) return cursor;
  const options = readScanOptions(args, 2, 'TYPE');
  return isError(options) ? options : { cursor: cursor % CURSORS, options };
}

function readPattern(args: Args, i: number): string | undefined {
  const pattern = args.string(i);
  return pattern === '*' ? undefined : pattern;
}

function runScan(context: RunContext, request: ScanRequest): Reply {
  const { pattern, type, count } = request.options;
  const keys: string[] = [];
  let cursor = request.cursor;
  let visited = 0;
  let buckets = 0;
  do {
    cursor = context.db.scan(cursor, (key, value) => {
      visited++;
      if (type !== undefined && typeName(value) !== type) return;
      if (pattern === undefined || globMatches(pattern, key)) keys.push(key);
    });
    buckets++;
  } while (cursor !== 0 && visited < count && buckets < count * BUCKETS_PER_KEY);
  return [String(cursor), keys];
}

function runKeys(context: RunContext, pattern: string | undefined): Reply {
  const keys: string[] = [];
  context.db.forEach((key) => {
    if (pattern === undefined || globMatches(pattern, key)) keys.push(key);
  });
  return keys;
}

function runRandomkey(context: RunContext): Reply {
  return context.db.randomKey(context.random()) ?? null;
}

export const scan: DataCommand = dataCommand<ScanRequest>({
  name: 'scan',
  kind: 'read',
  arity: -2,
  flags: ['readonly'],
  group: 'generic',
  since: '2.8.0',
  summary: 'Goes through the keys of the database, some at each call.',
  complexity: 'O(1) for each call, O(N) for a whole iteration over N keys',
  syntax: 'cursor [MATCH pattern] [COUNT count] [TYPE type]',
  tips: ['nondeterministic_output', 'request_policy:special'],
  parse: parseScan,
  run: runScan,
});

export const keys: DataCommand = dataCommand<string | undefined>({
  name: 'keys',
  kind: 'read',
  arity: 2,
  flags: ['readonly'],
  group: 'generic',
  since: '1.0.0',
  summary: 'Returns all keys whose names match a pattern.',
  complexity: 'O(N) for N keys in the database',
  syntax: 'pattern',
  categories: ['dangerous'],
  tips: ['request_policy:all_shards', 'nondeterministic_output_order'],
  parse: (args) => readPattern(args, 1),
  run: runKeys,
});

export const randomkey: DataCommand = dataCommand<undefined>({
  name: 'randomkey',
  kind: 'read',
  arity: 1,
  flags: ['readonly'],
  group: 'generic',
  since: '1.0.0',
  summary: 'Returns a key at random.',
  complexity: 'O(1)',
  syntax: '',
  tips: ['request_policy:all_shards', 'nondeterministic_output'],
  parse: () => undefined,
  run: runRandomkey,
});
