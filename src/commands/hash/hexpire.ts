import { HashValue } from '../../keyspace/hash-value.ts';
import type { Args } from '../../resp/args.ts';
import { ErrorReply, isError, type Reply } from '../../resp/reply.ts';
import type { Ttl, TtlForm } from '../args.ts';
import { type DataCommand, dataCommand, type RunContext } from '../command.ts';
import { findAs, noteChange } from '../lookup.ts';
import {
  type FieldsRequest,
  fieldDeadline,
  NO_FIELD,
  readFields,
  readFieldTime,
} from './fields.ts';
import { UPDATED } from './key.ts';

type Condition = 'always' | 'without-deadline' | 'with-deadline' | 'later' | 'earlier';

interface Expiry {
  readonly ttl: Ttl;
  readonly condition: Condition;
  readonly fields: readonly string[];
  /** The command that was called, for the text of errors. */
  readonly name: string;
}

const CONDITION_NOT_MET = 0;
const DEADLINE_SET = 1;
const DELETED = 2;

const COUNT_NOT_POSITIVE: ErrorReply = new ErrorReply(
  'ERR Parameter `numFields` should be greater than 0',
);

/** `HEXPIRE key seconds [NX | XX | GT | LT] FIELDS numfields field [field ...]` and its kin. */
function parseExpire(args: Args, form: TtlForm, name: string): FieldsRequest<Expiry> {
  return { key: args.string(1), asked: readExpiry(args, form, name) };
}

function readExpiry(args: Args, form: TtlForm, name: string): Expiry | ErrorReply {
  const ttl = readFieldTime(args, 2, form, name);
  if (isError(ttl)) return ttl;
  const condition = readCondition(args);
  const fields = readFields(args, condition === 'always' ? 3 : 4, COUNT_NOT_POSITIVE);
  return isError(fields) ? fields : { ttl, condition, fields, name };
}

function readCondition(args: Args): Condition {
  if (args.is(3, 'NX')) return 'without-deadline';
  if (args.is(3, 'XX')) return 'with-deadline';
  if (args.is(3, 'GT')) return 'later';
  if (args.is(3, 'LT')) return 'earlier';
  return 'always';
}

function runExpire(context: RunContext, { key, asked }: FieldsRequest<Expiry>): Reply {
  const { db, now } = context;
  const hash = findAs(db, key, HashValue);
  if (isError(hash)) return hash;
  if (isError(asked)) return asked;
  const deadline = fieldDeadline(asked.ttl, now, asked.name);
  if (isError(deadline)) return deadline;
  if (hash === undefined) return asked.fields.map(() => NO_FIELD);
  let changed = false;
  const codes = asked.fields.map((field) => {
    if (!hash.has(field)) return NO_FIELD;
    if (!allows(asked.condition, hash.deadline(field), deadline)) return CONDITION_NOT_MET;
    changed = true;
    if (deadline <= now) {
      hash.delete(field);
      return DELETED;
    }
    hash.setDeadline(field, deadline);
    return DEADLINE_SET;
  });
  if (changed) noteChange(db, key, hash);
  return codes;
}

/** A field without a deadline counts as one that is infinitely late. */
function allows(condition: Condition, current: number | undefined, deadline: number): boolean {
  switch (condition) {
    case 'always':
      return true;
    case 'without-deadline':
      return current === undefined;
    case 'with-deadline':
      return current !== undefined;
    case 'later':
      return current !== undefined && deadline > current;
    case 'earlier':
      return current === undefined || deadline < current;
  }
}

function expireCommand(
  form: TtlForm,
  facts: Pick<DataCommand, 'name' | 'summary' | 'syntax'>,
): DataCommand {
  return dataCommand<FieldsRequest<Expiry>>({
    ...facts,
    kind: 'write',
    arity: -6,
    flags: ['write', 'denyoom', 'fast'],
    keys: UPDATED,
    group: 'hash',
    since: '7.4.0',
    complexity: 'O(N log M) for N fields named and M fields with a deadline',
    parse: (args) => parseExpire(args, form, facts.name),
    run: runExpire,
  });
}

const REST = '[NX | XX | GT | LT] FIELDS <numfields field [field ...]>';

export const hexpire: DataCommand = expireCommand(
  { unit: 1000, kind: 'in' },
  {
    name: 'hexpire',
    summary: 'Sets the time to live of fields of a hash in seconds.',
    syntax: `key seconds ${REST}`,
  },
);

export const hpexpire: DataCommand = expireCommand(
  { unit: 1, kind: 'in' },
  {
    name: 'hpexpire',
    summary: 'Sets the time to live of fields of a hash in milliseconds.',
    syntax: `key milliseconds ${REST}`,
  },
);

export const hexpireat: DataCommand = expireCommand(
  { unit: 1000, kind: 'at' },
  {
    name: 'hexpireat',
    summary: 'Sets the Unix time, in seconds, at which fields of a hash go.',
    syntax: `key unix-time-seconds ${REST}`,
  },
);

export const hpexpireat: DataCommand = expireCommand(
  { unit: 1, kind: 'at' },
  {
    name: 'hpexpireat',
    summary: 'Sets the Unix time, in milliseconds, at which fields of a hash go.',
    syntax: `key unix-time-milliseconds ${REST}`,
  },
);
