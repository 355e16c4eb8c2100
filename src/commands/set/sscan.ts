import { SetValue } from '../../keyspace/set-value.ts';
import { isError, type Reply } from '../../resp/reply.ts';
import { type DataCommand, dataCommand, type RunContext } from '../command.ts';
import { globMatches } from '../glob.ts';
import { readAs } from '../lookup.ts';
import { type ElementScan, readElementScan } from '../scan-options.ts';
import { READ } from './keys.ts';

/**
 * A small set is returned whole. In a large one the cursor counts down: the members with numbers
 * below it are still to come. What is removed is replaced by the last member, so what is still to
 * come cannot move to where nobody will look any more.
 */
function runSscan(context: RunContext, { key, cursor, options }: ElementScan): Reply {
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

export const sscan: DataCommand = dataCommand<ElementScan>({
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
  parse: (args) => readElementScan(args, null),
  run: runSscan,
});
