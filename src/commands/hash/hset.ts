import { HashValue } from '../../keyspace/hash-value.ts';
import type { Args } from '../../resp/args.ts';
import { type ErrorReply, isError, OK, type Reply } from '../../resp/reply.ts';
import { readStrings } from '../args.ts';
import { type DataCommand, dataCommand, type RunContext } from '../command.ts';
import { wrongArity } from '../errors.ts';
import { findAs } from '../lookup.ts';
import { UPDATED } from './key.ts';

interface SetRequest {
  readonly key: string;
  /** Field, value, field, value, … */
  readonly pairs: readonly string[];
}

function parseSet(args: Args, name: string): SetRequest | ErrorReply {
  if (args.count % 2 !== 0) return wrongArity(name);
  return { key: args.string(1), pairs: readStrings(args, 2) };
}

function runSet(context: RunContext, { key, pairs }: SetRequest): number | ErrorReply {
  const { db } = context;
  const found = findAs(db, key, HashValue);
  if (isError(found)) return found;
  const hash = found ?? new HashValue(db.hash);
  const created = hash.setAll(pairs);
  if (found === undefined) db.set(key, hash);
  else db.touch(key);
  return created;
}

function runHmset(context: RunContext, request: SetRequest): Reply {
  const created = runSet(context, request);
  return isError(created) ? created : OK;
}

interface SetnxRequest {
  readonly key: string;
  readonly field: string;
  readonly value: string;
}

function runHsetnx(context: RunContext, { key, field, value }: SetnxRequest): Reply {
  const { db } = context;
  const found = findAs(db, key, HashValue);
  if (isError(found)) return found;
  if (found?.has(field) === true) return 0;
  const hash = found ?? new HashValue(db.hash);
  hash.set(field, value);
  if (found === undefined) db.set(key, hash);
  else db.touch(key);
  return 1;
}

export const hset: DataCommand = dataCommand<SetRequest>({
  name: 'hset',
  kind: 'write',
  arity: -4,
  flags: ['write', 'denyoom', 'fast'],
  keys: UPDATED,
  group: 'hash',
  since: '2.0.0',
  summary: 'Sets fields of a hash and returns how many of them are new.',
  complexity: 'O(N) for N fields',
  syntax: 'key field value [field value ...]',
  parse: (args) => parseSet(args, 'hset'),
  run: runSet,
});

export const hmset: DataCommand = dataCommand<SetRequest>({
  name: 'hmset',
  kind: 'write',
  arity: -4,
  flags: ['write', 'denyoom', 'fast'],
  keys: UPDATED,
  group: 'hash',
  since: '2.0.0',
  summary: 'Sets fields of a hash.',
  complexity: 'O(N) for N fields',
  syntax: 'key field value [field value ...]',
  deprecated: { since: '4.0.0', instead: '`HSET` with several fields' },
  parse: (args) => parseSet(args, 'hmset'),
  run: runHmset,
});

export const hsetnx: DataCommand = dataCommand<SetnxRequest>({
  name: 'hsetnx',
  kind: 'write',
  arity: 4,
  flags: ['write', 'denyoom', 'fast'],
  keys: [{ first: 1, last: 1, step: 1, access: 'RW', effects: ['insert'] }],
  group: 'hash',
  since: '2.0.0',
  summary: 'Sets a field of a hash if the field does not exist.',
  complexity: 'O(1)',
  syntax: 'key field value',
  parse: (args) => ({ key: args.string(1), field: args.string(2), value: args.string(3) }),
  run: runHsetnx,
});
