import type { Args } from '../../resp/args.ts';
import { ErrorReply, isError, type Reply } from '../../resp/reply.ts';
import { MAX_DEADLINE, MAX_TIME, readInteger } from '../args.ts';
import { type DataCommand, dataCommand, type KeySpec, type RunContext } from '../command.ts';
import { invalidExpire } from '../errors.ts';

/** One of the four commands: in which unit it counts, and whether from now on or from the epoch. */
interface Form {
  readonly name: string;
  readonly unit: 1 | 1000;
  readonly from: 'now' | 'epoch';
}

type Condition =
  | 'always'
  | 'without-deadline'
  | 'with-deadline'
  | 'later'
  | 'earlier'
  | 'with-deadline-and-later'
  | 'with-deadline-and-earlier';

interface ExpireRequest {
  readonly key: string;
  readonly milliseconds: number;
  readonly condition: Condition;
  readonly form: Form;
}

const MAX_INT64 = 9223372036854775807n;

const NX_AND_OTHERS: ErrorReply = new ErrorReply(
  'ERR NX and XX, GT or LT options at the same time are not compatible',
);
const GT_AND_LT: ErrorReply = new ErrorReply(
  'ERR GT and LT options at the same time are not compatible',
);

/** `EXPIRE key seconds [NX | XX | GT | LT]` and its kin. */
function parseExpire(args: Args, form: Form): ExpireRequest | ErrorReply {
  const condition = readCondition(args);
  if (isError(condition)) return condition;
  const when = readInteger(args, 2);
  if (isError(when)) return when;
  const milliseconds = BigInt(when) * BigInt(form.unit);
  if (milliseconds > MAX_INT64 || milliseconds < -MAX_INT64 - 1n) return invalidExpire(form.name);
  return { key: args.string(1), milliseconds: Number(milliseconds), condition, form };
}

function readCondition(args: Args): Condition | ErrorReply {
  let nx = false;
  let xx = false;
  let gt = false;
  let lt = false;
  for (let i = 3; i < args.count; i++) {
    if (args.is(i, 'NX')) nx = true;
    else if (args.is(i, 'XX')) xx = true;
    else if (args.is(i, 'GT')) gt = true;
    else if (args.is(i, 'LT')) lt = true;
    else return new ErrorReply(`ERR Unsupported option ${args.string(i)}`);
  }
  if (nx && (xx || gt || lt)) return NX_AND_OTHERS;
  if (gt && lt) return GT_AND_LT;
  if (nx) return 'without-deadline';
  if (gt) return xx ? 'with-deadline-and-later' : 'later';
  if (lt) return xx ? 'with-deadline-and-earlier' : 'earlier';
  return xx ? 'with-deadline' : 'always';
}

function runExpire(context: RunContext, request: ExpireRequest): Reply {
  const { db, now } = context;
  const { key, form } = request;
  const deadline = request.milliseconds + (form.from === 'now' ? now : 0);
  if (deadline > MAX_TIME) return invalidExpire(form.name);
  if (db.find(key) === undefined) return 0;
  if (!allows(request.condition, db.deadline(key), deadline)) return 0;
  if (deadline <= now) db.delete(key);
  else db.expireAt(key, Math.min(deadline, MAX_DEADLINE));
  return 1;
}

/** A key without a deadline counts as one that is infinitely late. */
function allows(condition: Condition, current: number | undefined, deadline: number): boolean {
  switch (condition) {
    case 'always':
      return true;
    case 'without-deadline':
      return current === undefined;
    case 'with-deadline':
      return current !== undefined;
    case 'later':
    case 'with-deadline-and-later':
      return current !== undefined && deadline > current;
    case 'earlier':
      return current === undefined || deadline < current;
    case 'with-deadline-and-earlier':
      return current !== undefined && deadline < current;
  }
}

const KEY: readonly KeySpec[] = [{ first: 1, last: 1, step: 1, access: 'RW', effects: ['update'] }];

function expireCommand(
  form: Form,
  facts: Pick<DataCommand, 'since' | 'summary' | 'syntax'>,
): DataCommand {
  return dataCommand<ExpireRequest>({
    ...facts,
    name: form.name,
    kind: 'write',
    arity: -3,
    flags: ['write', 'fast'],
    keys: KEY,
    group: 'generic',
    complexity: 'O(log N) for N keys with a deadline',
    parse: (args) => parseExpire(args, form),
    run: runExpire,
  });
}

export const expire: DataCommand = expireCommand(
  { name: 'expire', unit: 1000, from: 'now' },
  {
    since: '1.0.0',
    summary: 'Sets the time to live of a key in seconds.',
    syntax: 'key seconds [NX | XX | GT | LT]',
  },
);

export const pexpire: DataCommand = expireCommand(
  { name: 'pexpire', unit: 1, from: 'now' },
  {
    since: '2.6.0',
    summary: 'Sets the time to live of a key in milliseconds.',
    syntax: 'key milliseconds [NX | XX | GT | LT]',
  },
);

export const expireat: DataCommand = expireCommand(
  { name: 'expireat', unit: 1000, from: 'epoch' },
  {
    since: '1.2.0',
    summary: 'Sets the Unix time, in seconds, at which a key goes.',
    syntax: 'key unix-time-seconds [NX | XX | GT | LT]',
  },
);

export const pexpireat: DataCommand = expireCommand(
  { name: 'pexpireat', unit: 1, from: 'epoch' },
  {
    since: '2.6.0',
    summary: 'Sets the Unix time, in milliseconds, at which a key goes.',
    syntax: 'key unix-time-milliseconds [NX | XX | GT | LT]',
  },
);
