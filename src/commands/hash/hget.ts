import { HashValue } from '../../keyspace/hash-value.ts';
import type { Args } from '../../resp/args.ts';
import { isError, type Reply } from '../../resp/reply.ts';
import { readStrings } from '../args.ts';
import { type DataCommand, dataCommand, type RunContext } from '../command.ts';
import { readAs } from '../lookup.ts';
import { LOOKED_AT, READ } from './key.ts';

interface FieldRequest {
  readonly key: string;
  readonly field: string;
}

function parseField(args: Args): FieldRequest {
  return { key: args.string(1), field: args.string(2) };
}

function runHget(context: RunContext, { key, field }: FieldRequest): Reply {
  const hash = readAs(context, key, HashValue);
  if (isError(hash)) return hash;
  return hash?.get(field) ?? null;
}

interface FieldsRequest {
  readonly key: string;
  readonly fields: readonly string[];
}

function runHmget(context: RunContext, { key, fields }: FieldsRequest): Reply {
  const hash = readAs(context, key, HashValue);
  if (isError(hash)) return hash;
  return fields.map((field) => hash?.get(field) ?? null);
}

function runHexists(context: RunContext, { key, field }: FieldRequest): Reply {
  const hash = readAs(context, key, HashValue);
  if (isError(hash)) return hash;
  return hash?.has(field) === true ? 1 : 0;
}

function runHstrlen(context: RunContext, { key, field }: FieldRequest): Reply {
  const hash = readAs(context, key, HashValue);
  if (isError(hash)) return hash;
  return hash?.get(field)?.length ?? 0;
}

function runHlen(context: RunContext, key: string): Reply {
  const hash = readAs(context, key, HashValue);
  if (isError(hash)) return hash;
  return hash?.size ?? 0;
}

export const hget: DataCommand = dataCommand<FieldRequest>({
  name: 'hget',
  kind: 'read',
  arity: 3,
  flags: ['readonly', 'fast'],
  keys: READ,
  group: 'hash',
  since: '2.0.0',
  summary: 'Returns the value of a field of a hash.',
  complexity: 'O(1)',
  syntax: 'key field',
  parse: parseField,
  run: runHget,
});

export const hmget: DataCommand = dataCommand<FieldsRequest>({
  name: 'hmget',
  kind: 'read',
  arity: -3,
  flags: ['readonly', 'fast'],
  keys: READ,
  group: 'hash',
  since: '2.0.0',
  summary: 'Returns the values of several fields of a hash, null for each that does not exist.',
  complexity: 'O(N) for N fields asked for',
  syntax: 'key field [field ...]',
  parse: (args) => ({ key: args.string(1), fields: readStrings(args, 2) }),
  run: runHmget,
});

export const hexists: DataCommand = dataCommand<FieldRequest>({
  name: 'hexists',
  kind: 'read',
  arity: 3,
  flags: ['readonly', 'fast'],
  keys: LOOKED_AT,
  group: 'hash',
  since: '2.0.0',
  summary: 'Tells whether a field of a hash exists.',
  complexity: 'O(1)',
  syntax: 'key field',
  parse: parseField,
  run: runHexists,
});

export const hstrlen: DataCommand = dataCommand<FieldRequest>({
  name: 'hstrlen',
  kind: 'read',
  arity: 3,
  flags: ['readonly', 'fast'],
  keys: LOOKED_AT,
  group: 'hash',
  since: '3.2.0',
  summary: 'Returns the length of the value of a field of a hash, in bytes.',
  complexity: 'O(1)',
  syntax: 'key field',
  parse: parseField,
  run: runHstrlen,
});

export const hlen: DataCommand = dataCommand<string>({
  name: 'hlen',
  kind: 'read',
  arity: 2,
  flags: ['readonly', 'fast'],
  keys: LOOKED_AT,
  group: 'hash',
  since: '2.0.0',
  summary: 'Returns the number of fields of a hash.',
  complexity: 'O(1)',
  syntax: 'key',
  parse: (args) => args.string(1),
  run: runHlen,
});
