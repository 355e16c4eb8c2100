import { HashValue } from '../../keyspace/hash-value.ts';
import type { Args } from '../../resp/args.ts';
import { isError, type Reply } from '../../resp/reply.ts';
import { readStrings } from '../args.ts';
import { type DataCommand, dataCommand, type RunContext } from '../command.ts';
import { findAs, noteChange } from '../lookup.ts';
import { type FieldsRequest, readFields } from './fields.ts';

interface DeleteRequest {
  readonly key: string;
  readonly fields: readonly string[];
}

function runHdel(context: RunContext, { key, fields }: DeleteRequest): Reply {
  const { db } = context;
  const hash = findAs(db, key, HashValue);
  if (isError(hash)) return hash;
  if (hash === undefined) return 0;
  let deleted = 0;
  for (const field of fields) {
    if (hash.delete(field)) deleted++;
  }
  if (deleted > 0) noteChange(db, key, hash);
  return deleted;
}

/** `HGETDEL key FIELDS numfields field [field ...]`. */
function parseHgetdel(args: Args): FieldsRequest<readonly string[]> {
  return { key: args.string(1), asked: readFields(args, 2) };
}

function runHgetdel(context: RunContext, request: FieldsRequest<readonly string[]>): Reply {
  const { db } = context;
  const { key, asked } = request;
  const hash = findAs(db, key, HashValue);
  if (isError(hash)) return hash;
  if (isError(asked)) return asked;
  if (hash === undefined) return asked.map(() => null);
  let deleted = 0;
  const values = asked.map((field) => {
    const value = hash.get(field);
    if (hash.delete(field)) deleted++;
    return value ?? null;
  });
  if (deleted > 0) noteChange(db, key, hash);
  return values;
}

export const hdel: DataCommand = dataCommand<DeleteRequest>({
  name: 'hdel',
  kind: 'write',
  arity: -3,
  flags: ['write', 'fast'],
  keys: [{ first: 1, last: 1, step: 1, access: 'RW', effects: ['delete'] }],
  group: 'hash',
  since: '2.0.0',
  summary: 'Deletes fields of a hash and returns how many existed.',
  complexity: 'O(N) for N fields',
  syntax: 'key field [field ...]',
  parse: (args) => ({ key: args.string(1), fields: readStrings(args, 2) }),
  run: runHdel,
});

export const hgetdel: DataCommand = dataCommand<FieldsRequest<readonly string[]>>({
  name: 'hgetdel',
  kind: 'write',
  arity: -5,
  flags: ['write', 'fast'],
  keys: [{ first: 1, last: 1, step: 1, access: 'RW', effects: ['access', 'delete'] }],
  group: 'hash',
  since: '8.0.0',
  summary: 'Returns the values of fields of a hash and deletes these fields.',
  complexity: 'O(N) for N fields',
  syntax: 'key FIELDS <numfields field [field ...]>',
  parse: parseHgetdel,
  run: runHgetdel,
});
