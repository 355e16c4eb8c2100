import { replyOf } from '../../keyspace/value.ts';
import type { Args } from '../../resp/args.ts';
import { type ErrorReply, isError, type Reply } from '../../resp/reply.ts';
import { deadlineOf, readTtl, type Ttl, type TtlForm, ttlForm } from '../args.ts';
import { type DataCommand, dataCommand, type RunContext } from '../command.ts';
import { SYNTAX_ERROR } from '../errors.ts';
import { findString } from './lookup.ts';

interface GetexRequest {
  readonly key: string;
  /** An error is answered only if the key exists, as in Redis. */
  readonly ttl: Ttl | 'unchanged' | 'persist' | ErrorReply;
}

/** `GETEX key [EX s | PX ms | EXAT s | PXAT ms | PERSIST]`. */
function parseGetex(args: Args): GetexRequest | ErrorReply {
  let persist = false;
  let form: TtlForm | undefined;
  let ttlAt = 0;
  for (let i = 2; i < args.count; i++) {
    if (args.is(i, 'PERSIST') && form === undefined) {
      persist = true;
    } else {
      const found = ttlForm(args, i);
      if (found === undefined || persist) return SYNTAX_ERROR;
      if ((form !== undefined && form !== found) || i + 1 >= args.count) return SYNTAX_ERROR;
      form = found;
      ttlAt = ++i;
    }
  }
  const key = args.string(1);
  if (form === undefined) return { key, ttl: persist ? 'persist' : 'unchanged' };
  return { key, ttl: readTtl(args, ttlAt, form, 'getex') };
}

function runGetex(context: RunContext, request: GetexRequest): Reply {
  const { db, now } = context;
  const { key, ttl } = request;
  const value = findString(db, key);
  if (value === undefined) return null;
  if (isError(value)) return value;
  if (isError(ttl)) return ttl;
  const reply = replyOf(value);
  if (ttl === 'persist') {
    db.persist(key);
  } else if (ttl !== 'unchanged') {
    const deadline = deadlineOf(ttl, now, 'getex');
    if (isError(deadline)) return deadline;
    if (deadline <= now) db.delete(key);
    else db.expireAt(key, deadline);
  }
  return reply;
}

function runGetdel(context: RunContext, key: string): Reply {
  const value = findString(context.db, key);
  if (value === undefined) return null;
  if (isError(value)) return value;
  const reply = replyOf(value);
  context.db.delete(key);
  return reply;
}

export const getex: DataCommand = dataCommand<GetexRequest>({
  name: 'getex',
  kind: 'write',
  arity: -2,
  flags: ['write', 'fast'],
  keys: [
    {
      first: 1,
      last: 1,
      step: 1,
      access: 'RW',
      effects: ['access', 'update'],
      notes: 'It changes the time to live, which counts as an update.',
    },
  ],
  group: 'string',
  since: '6.2.0',
  summary: 'Returns the string value of a key and changes its time to live.',
  complexity: 'O(1)',
  syntax:
    'key [EX seconds | PX milliseconds | EXAT unix-time-seconds | ' +
    'PXAT unix-time-milliseconds | PERSIST]',
  parse: parseGetex,
  run: runGetex,
});

export const getdel: DataCommand = dataCommand<string>({
  name: 'getdel',
  kind: 'write',
  arity: 2,
  flags: ['write', 'fast'],
  keys: [{ first: 1, last: 1, step: 1, access: 'RW', effects: ['access', 'delete'] }],
  group: 'string',
  since: '6.2.0',
  summary: 'Returns the string value of a key and deletes the key.',
  complexity: 'O(1)',
  syntax: 'key',
  parse: (args) => args.string(1),
  run: runGetdel,
});
