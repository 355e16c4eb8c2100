import { replyOf, type StringValue } from '../../keyspace/value.ts';
import type { Args } from '../../resp/args.ts';
import { type ErrorReply, isError, OK, type Reply } from '../../resp/reply.ts';
import {
  deadlineOf,
  EX,
  PX,
  readTtl,
  readValue,
  type Ttl,
  type TtlForm,
  ttlForm,
} from '../args.ts';
import { type DataCommand, dataCommand, type KeySpec, type RunContext } from '../command.ts';
import { SYNTAX_ERROR } from '../errors.ts';
import { findString } from './lookup.ts';

type Condition = 'always' | 'if-absent' | 'if-present';

/** What SET and its older kin have in common. */
interface SetRequest {
  readonly key: string;
  readonly value: StringValue;
  readonly condition: Condition;
  /** `done`: OK or null. `flag`: 1 or 0. `old`: the value before, or null. */
  readonly answer: 'done' | 'flag' | 'old';
  readonly ttl: Ttl | 'none' | 'keep';
  /** The command that was called, for the text of errors. */
  readonly name: string;
}

/** `SET key value [NX | XX] [GET] [EX s | PX ms | EXAT s | PXAT ms | KEEPTTL]`. */
function parseSet(args: Args): SetRequest | ErrorReply {
  let condition: Condition = 'always';
  let answer: 'done' | 'old' = 'done';
  let keep = false;
  let form: TtlForm | undefined;
  let ttlAt = 0;
  for (let i = 3; i < args.count; i++) {
    if (args.is(i, 'NX') && condition !== 'if-present') {
      condition = 'if-absent';
    } else if (args.is(i, 'XX') && condition !== 'if-absent') {
      condition = 'if-present';
    } else if (args.is(i, 'GET')) {
      answer = 'old';
    } else if (args.is(i, 'KEEPTTL') && form === undefined) {
      keep = true;
    } else {
      // The same unit may be given twice, and the last one counts; two units exclude each other.
      const found = ttlForm(args, i);
      if (found === undefined || keep || (form !== undefined && form !== found))
        return SYNTAX_ERROR;
      if (i + 1 >= args.count) return SYNTAX_ERROR;
      form = found;
      ttlAt = ++i;
    }
  }
  const ttl = form === undefined ? (keep ? 'keep' : 'none') : readTtl(args, ttlAt, form, 'set');
  if (isError(ttl)) return ttl;
  return { key: args.string(1), value: readValue(args, 2), condition, answer, ttl, name: 'set' };
}

function parseSetex(args: Args, form: TtlForm, name: string): SetRequest | ErrorReply {
  const ttl = readTtl(args, 2, form, name);
  if (isError(ttl)) return ttl;
  const value = readValue(args, 3);
  return { key: args.string(1), value, condition: 'always', answer: 'done', ttl, name };
}

function parseSetnx(args: Args): SetRequest {
  const value = readValue(args, 2);
  return {
    key: args.string(1),
    value,
    condition: 'if-absent',
    answer: 'flag',
    ttl: 'none',
    name: 'setnx',
  };
}

function parseGetset(args: Args): SetRequest {
  const value = readValue(args, 2);
  return {
    key: args.string(1),
    value,
    condition: 'always',
    answer: 'old',
    ttl: 'none',
    name: 'getset',
  };
}

function runSet(context: RunContext, request: SetRequest): Reply {
  const { db } = context;
  const { key, ttl } = request;
  if (request.condition === 'always' && request.answer === 'done' && ttl === 'none') {
    db.set(key, request.value);
    return OK;
  }
  let deadline: number | undefined;
  if (typeof ttl === 'object') {
    const at = deadlineOf(ttl, context.now, request.name);
    if (isError(at)) return at;
    deadline = at;
  }
  let old: Reply = null;
  if (request.answer === 'old') {
    const value = findString(db, key);
    if (isError(value)) return value;
    if (value !== undefined) old = replyOf(value);
  }
  if (request.condition !== 'always') {
    const present = db.find(key) !== undefined;
    if (present !== (request.condition === 'if-present')) {
      return request.answer === 'old' ? old : request.answer === 'flag' ? 0 : null;
    }
  }
  if (ttl === 'keep') db.update(key, request.value);
  else db.set(key, request.value);
  if (deadline !== undefined) db.expireAt(key, deadline);
  return request.answer === 'old' ? old : request.answer === 'flag' ? 1 : OK;
}

const OVERWRITTEN: readonly KeySpec[] = [
  { first: 1, last: 1, step: 1, access: 'OW', effects: ['update'] },
];

export const set: DataCommand = dataCommand<SetRequest>({
  name: 'set',
  kind: 'write',
  arity: -3,
  flags: ['write', 'denyoom'],
  keys: [
    {
      first: 1,
      last: 1,
      step: 1,
      access: 'RW',
      effects: ['access', 'update'],
      variable: true,
      notes: 'It reads the key only with the option GET.',
    },
  ],
  group: 'string',
  since: '1.0.0',
  summary: 'Sets a key to a string value, on a condition and with a time to live if wanted.',
  complexity: 'O(1)',
  syntax:
    'key value [NX | XX] [GET] [EX seconds | PX milliseconds | ' +
    'EXAT unix-time-seconds | PXAT unix-time-milliseconds | KEEPTTL]',
  parse: parseSet,
  run: runSet,
});

export const setex: DataCommand = dataCommand<SetRequest>({
  name: 'setex',
  kind: 'write',
  arity: 4,
  flags: ['write', 'denyoom'],
  keys: OVERWRITTEN,
  group: 'string',
  since: '2.0.0',
  summary: 'Sets a key to a string value with a time to live in seconds.',
  complexity: 'O(1)',
  syntax: 'key seconds value',
  deprecated: { since: '2.6.12', instead: '`SET` with the option `EX`' },
  parse: (args) => parseSetex(args, EX, 'setex'),
  run: runSet,
});

export const psetex: DataCommand = dataCommand<SetRequest>({
  name: 'psetex',
  kind: 'write',
  arity: 4,
  flags: ['write', 'denyoom'],
  keys: OVERWRITTEN,
  group: 'string',
  since: '2.6.0',
  summary: 'Sets a key to a string value with a time to live in milliseconds.',
  complexity: 'O(1)',
  syntax: 'key milliseconds value',
  deprecated: { since: '2.6.12', instead: '`SET` with the option `PX`' },
  parse: (args) => parseSetex(args, PX, 'psetex'),
  run: runSet,
});

export const setnx: DataCommand = dataCommand<SetRequest>({
  name: 'setnx',
  kind: 'write',
  arity: 3,
  flags: ['write', 'denyoom', 'fast'],
  keys: [{ first: 1, last: 1, step: 1, access: 'OW', effects: ['insert'] }],
  group: 'string',
  since: '1.0.0',
  summary: 'Sets a key to a string value if the key does not exist.',
  complexity: 'O(1)',
  syntax: 'key value',
  deprecated: { since: '2.6.12', instead: '`SET` with the option `NX`' },
  parse: parseSetnx,
  run: runSet,
});

export const getset: DataCommand = dataCommand<SetRequest>({
  name: 'getset',
  kind: 'write',
  arity: 3,
  flags: ['write', 'denyoom', 'fast'],
  keys: [{ first: 1, last: 1, step: 1, access: 'RW', effects: ['access', 'update'] }],
  group: 'string',
  since: '1.0.0',
  summary: 'Sets a key to a string value and returns the value it had.',
  complexity: 'O(1)',
  syntax: 'key value',
  deprecated: { since: '6.2.0', instead: '`SET` with the option `GET`' },
  parse: parseGetset,
  run: runSet,
});
