import { HashValue } from '../../keyspace/hash-value.ts';
import type { Args } from '../../resp/args.ts';
import { type ErrorReply, isError, type Reply } from '../../resp/reply.ts';
import { type Ttl, ttlForm } from '../args.ts';
import { type DataCommand, dataCommand, type RunContext } from '../command.ts';
import { findAs, noteChange } from '../lookup.ts';
import { type FieldsRequest, fieldDeadline, readFields, readFieldTime } from './fields.ts';

interface Asked {
  readonly ttl: Ttl | 'unchanged' | 'persist';
  readonly fields: readonly string[];
}

/**
 * `HGETEX key [EX s | PX ms | EXAT s | PXAT ms | PERSIST] FIELDS numfields field [field ...]`.
 */
function parseHgetex(args: Args): FieldsRequest<Asked> {
  return { key: args.string(1), asked: readAsked(args) };
}

function readAsked(args: Args): Asked | ErrorReply {
  const form = ttlForm(args, 2);
  let ttl: Asked['ttl'] = 'unchanged';
  let at = 2;
  if (form !== undefined) {
    const time = readFieldTime(args, 3, form, 'hgetex');
    if (isError(time)) return time;
    ttl = time;
    at = 4;
  } else if (args.is(2, 'PERSIST')) {
    ttl = 'persist';
    at = 3;
  }
  const fields = readFields(args, at);
  return isError(fields) ? fields : { ttl, fields };
}

function runHgetex(context: RunContext, { key, asked }: FieldsRequest<Asked>): Reply {
  const { db, now } = context;
  const hash = findAs(db, key, HashValue);
  if (isError(hash)) return hash;
  if (isError(asked)) return asked;
  const { ttl, fields } = asked;
  const deadline = typeof ttl === 'string' ? ttl : fieldDeadline(ttl, now, 'hgetex');
  if (isError(deadline)) return deadline;
  if (hash === undefined) return fields.map(() => null);
  let changed = false;
  const values = fields.map((field) => {
    const value = hash.get(field) ?? null;
    if (value !== null && change(hash, field, { deadline, now })) changed = true;
    return value;
  });
  if (changed) noteChange(db, key, hash);
  return values;
}

interface Change {
  readonly deadline: number | 'unchanged' | 'persist';
  readonly now: number;
}

/** Changes the deadline of a field, which is there. Returns whether something was changed. */
function change(hash: HashValue, field: string, { deadline, now }: Change): boolean {
  if (deadline === 'unchanged') return false;
  if (deadline === 'persist') return hash.persist(field);
  if (deadline <= now) hash.delete(field);
  else hash.setDeadline(field, deadline);
  return true;
}

export const hgetex: DataCommand = dataCommand<FieldsRequest<Asked>>({
  name: 'hgetex',
  kind: 'write',
  arity: -5,
  flags: ['write', 'fast'],
  keys: [
    {
      first: 1,
      last: 1,
      step: 1,
      access: 'RW',
      effects: ['access', 'update'],
      notes: 'It changes times to live, which counts as an update.',
    },
  ],
  group: 'hash',
  since: '8.0.0',
  summary: 'Returns the values of fields of a hash and changes their time to live.',
  complexity: 'O(N) for N fields',
  syntax:
    'key [EX seconds | PX milliseconds | EXAT unix-time-seconds | ' +
    'PXAT unix-time-milliseconds | PERSIST] FIELDS <numfields field [field ...]>',
  parse: parseHgetex,
  run: runHgetex,
});
