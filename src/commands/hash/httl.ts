import { HashValue } from '../../keyspace/hash-value.ts';
import type { Args } from '../../resp/args.ts';
import { isError, type Reply } from '../../resp/reply.ts';
import { type DataCommand, dataCommand, type RunContext } from '../command.ts';
import { findAs, noteChange, readAs } from '../lookup.ts';
import { type FieldsRequest, NO_FIELD, readFields } from './fields.ts';
import { READ, UPDATED } from './key.ts';

const NO_DEADLINE = -1;
const PERSISTED = 1;

type Request = FieldsRequest<readonly string[]>;

/** What a command of this family makes of a deadline. */
type Answer = (deadline: number, now: number) => number;

function parseFields(args: Args): Request {
  return { key: args.string(1), asked: readFields(args, 2) };
}

function runTtl(context: RunContext, { key, asked }: Request, answer: Answer): Reply {
  const hash = readAs(context, key, HashValue);
  if (isError(hash)) return hash;
  if (isError(asked)) return asked;
  return asked.map((field) => {
    if (hash?.has(field) !== true) return NO_FIELD;
    const deadline = hash.deadline(field);
    return deadline === undefined ? NO_DEADLINE : answer(deadline, context.now);
  });
}

function runHpersist(context: RunContext, { key, asked }: Request): Reply {
  const { db } = context;
  const hash = findAs(db, key, HashValue);
  if (isError(hash)) return hash;
  if (isError(asked)) return asked;
  if (hash === undefined) return asked.map(() => NO_FIELD);
  let changed = false;
  const codes = asked.map((field) => {
    if (!hash.has(field)) return NO_FIELD;
    if (!hash.persist(field)) return NO_DEADLINE;
    changed = true;
    return PERSISTED;
  });
  if (changed) noteChange(db, key, hash);
  return codes;
}

function left(deadline: number, now: number): number {
  return Math.max(0, deadline - now);
}

/** Rounded up, unlike the time to live of a key. */
function toSeconds(milliseconds: number): number {
  return Math.ceil(milliseconds / 1000);
}

const SYNTAX = 'key FIELDS <numfields field [field ...]>';

function ttlCommand(
  facts: Pick<DataCommand, 'name' | 'summary' | 'tips'>,
  answer: Answer,
): DataCommand {
  return dataCommand<Request>({
    ...facts,
    kind: 'read',
    arity: -5,
    flags: ['readonly', 'fast'],
    keys: READ,
    group: 'hash',
    since: '7.4.0',
    complexity: 'O(N) for N fields named',
    syntax: SYNTAX,
    parse: parseFields,
    run: (context, request) => runTtl(context, request, answer),
  });
}

export const httl: DataCommand = ttlCommand(
  {
    name: 'httl',
    summary: 'Returns the seconds that fields of a hash have left, -1 and -2 as for TTL.',
    tips: ['nondeterministic_output'],
  },
  (deadline, now) => toSeconds(left(deadline, now)),
);

export const hpttl: DataCommand = ttlCommand(
  {
    name: 'hpttl',
    summary: 'Returns the milliseconds that fields of a hash have left, -1 and -2 as for TTL.',
    tips: ['nondeterministic_output'],
  },
  left,
);

export const hexpiretime: DataCommand = ttlCommand(
  {
    name: 'hexpiretime',
    summary: 'Returns the Unix times, in seconds, at which fields of a hash go.',
  },
  toSeconds,
);

export const hpexpiretime: DataCommand = ttlCommand(
  {
    name: 'hpexpiretime',
    summary: 'Returns the Unix times, in milliseconds, at which fields of a hash go.',
  },
  (deadline) => deadline,
);

export const hpersist: DataCommand = dataCommand<Request>({
  name: 'hpersist',
  kind: 'write',
  arity: -5,
  flags: ['write', 'fast'],
  keys: UPDATED,
  group: 'hash',
  since: '7.4.0',
  summary: 'Takes the time to live of fields of a hash away, so that they stay.',
  complexity: 'O(N log M) for N fields named and M fields with a deadline',
  syntax: SYNTAX,
  parse: parseFields,
  run: runHpersist,
});
