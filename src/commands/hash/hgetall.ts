import { HashValue } from '../../keyspace/hash-value.ts';
import { isError, MapReply, type Reply } from '../../resp/reply.ts';
import { type DataCommand, dataCommand, type RunContext } from '../command.ts';
import { readAs } from '../lookup.ts';
import { READ } from './key.ts';

function runHgetall(context: RunContext, key: string): Reply {
  const hash = readAs(context, key, HashValue);
  if (isError(hash)) return hash;
  const pairs: [string, string][] = [];
  hash?.forEach((field, value) => {
    pairs.push([field, value]);
  });
  return new MapReply(pairs);
}

function runHkeys(context: RunContext, key: string): Reply {
  const hash = readAs(context, key, HashValue);
  if (isError(hash)) return hash;
  const fields: string[] = [];
  hash?.forEach((field) => {
    fields.push(field);
  });
  return fields;
}

function runHvals(context: RunContext, key: string): Reply {
  const hash = readAs(context, key, HashValue);
  if (isError(hash)) return hash;
  const values: string[] = [];
  hash?.forEach((_field, value) => {
    values.push(value);
  });
  return values;
}

function wholeHashCommand(
  facts: Pick<DataCommand, 'name' | 'summary'>,
  run: (context: RunContext, key: string) => Reply,
): DataCommand {
  return dataCommand<string>({
    ...facts,
    kind: 'read',
    arity: 2,
    flags: ['readonly'],
    keys: READ,
    group: 'hash',
    since: '2.0.0',
    complexity: 'O(N) for N fields in the hash',
    syntax: 'key',
    tips: ['nondeterministic_output_order'],
    parse: (args) => args.string(1),
    run,
  });
}

export const hgetall: DataCommand = wholeHashCommand(
  { name: 'hgetall', summary: 'Returns all fields of a hash with their values.' },
  runHgetall,
);

export const hkeys: DataCommand = wholeHashCommand(
  { name: 'hkeys', summary: 'Returns all fields of a hash.' },
  runHkeys,
);

export const hvals: DataCommand = wholeHashCommand(
  { name: 'hvals', summary: 'Returns the values of all fields of a hash.' },
  runHvals,
);
