import type { Args } from '../../resp/args.ts';
import { ErrorReply, isError } from '../../resp/reply.ts';
import { readInteger, readNumber, readStrings, type Ttl, type TtlForm } from '../args.ts';
import { invalidExpire } from '../errors.ts';

/**
 * What a command with `FIELDS` asks of a hash, or what is wrong with that, which is said only once
 * the key is known to be of the right type, as in Redis.
 */
export interface FieldsRequest<Asked> {
  readonly key: string;
  readonly asked: Asked | ErrorReply;
}

/** What Redis answers for a field that is not there. */
export const NO_FIELD = -2;

/** The greatest deadline of a field, in ms of the epoch: Redis keeps 46 bits for users. */
const MAX_FIELD_TIME: number = 2 ** 46 - 1;

const FIELDS_MISSING: ErrorReply = new ErrorReply(
  'ERR Mandatory argument FIELDS is missing or not at the right position',
);
const NOT_POSITIVE: ErrorReply = new ErrorReply('ERR Number of fields must be a positive integer');
const COUNT_MISMATCH: ErrorReply = new ErrorReply(
  'ERR The `numfields` parameter must match the number of arguments',
);
const NEGATIVE_TIME: ErrorReply = new ErrorReply('ERR invalid expire time, must be >= 0');

/** Reads `FIELDS numfields field [field ...]`, which begins at argument `at` and ends the command. */
export function readFields(
  args: Args,
  at: number,
  notPositive: ErrorReply = NOT_POSITIVE,
): readonly string[] | ErrorReply {
  if (at >= args.count || !args.is(at, 'FIELDS')) return FIELDS_MISSING;
  const count = at + 1 < args.count ? readNumber(args, at + 1) : 0;
  if (isError(count) || count < 1) return notPositive;
  return count === args.count - at - 2 ? readStrings(args, at + 2) : COUNT_MISMATCH;
}

/** Argument `i` as a time of the command `name`; unlike that of a key it may be zero. */
export function readFieldTime(
  args: Args,
  i: number,
  form: TtlForm,
  name: string,
): Ttl | ErrorReply {
  const value = readInteger(args, i);
  if (isError(value)) return value;
  if (value < 0) return NEGATIVE_TIME;
  if (value > Math.floor(MAX_FIELD_TIME / form.unit)) return invalidExpire(name);
  return { kind: form.kind, milliseconds: Number(value) * form.unit };
}

/** The deadline that a time means at `now`, or the error that it is too far away. */
export function fieldDeadline(ttl: Ttl, now: number, name: string): number | ErrorReply {
  const deadline = ttl.kind === 'in' ? ttl.milliseconds + now : ttl.milliseconds;
  return deadline > MAX_FIELD_TIME ? invalidExpire(name) : deadline;
}
