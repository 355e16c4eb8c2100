import { SortedSet } from '../../keyspace/sorted-set.ts';
import { formatDouble } from '../../resp/numbers.ts';
import { isError, type Reply } from '../../resp/reply.ts';
import { type DataCommand, dataCommand, type RunContext } from '../command.ts';
import { globMatches } from '../glob.ts';
import { readAs } from '../lookup.ts';
import { type ElementScan, readElementScan } from '../scan-options.ts';
import { formatLong } from './long-format.ts';

/** Buckets one call visits at most for each member it was asked for: many may be empty. */
const BUCKETS_PER_MEMBER = 10;
/** Positions of the table have 32 bits. */
const CURSORS = 0x100000000;

function runZscan(context: RunContext, request: ElementScan): Reply {
  const set = readAs(context, request.key, SortedSet);
  if (set === undefined || isError(set)) return set ?? ['0', []];
  if (isError(request.options)) return request.options;
  const { pattern, count } = request.options;
  // Redis prints the scores of the large form in another way.
  const format = set.encoding() === 'skiplist' ? formatLong : formatDouble;
  const items: string[] = [];
  let cursor = request.cursor % CURSORS;
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

export const zscan: DataCommand = dataCommand<ElementScan>({
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
  parse: (args) => readElementScan(args, null),
  run: runZscan,
});
