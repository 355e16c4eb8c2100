import { HashValue } from '../../keyspace/hash-value.ts';
import { isError, type Reply } from '../../resp/reply.ts';
import { type DataCommand, dataCommand, type RunContext } from '../command.ts';
import { globMatches } from '../glob.ts';
import { readAs } from '../lookup.ts';
import { type ElementScan, readElementScan } from '../scan-options.ts';
import { READ } from './key.ts';

function runHscan(context: RunContext, { key, cursor, options }: ElementScan): Reply {
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

export const hscan: DataCommand = dataCommand<ElementScan>({
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
  parse: (args) => readElementScan(args, 'NOVALUES'),
  run: runHscan,
});
