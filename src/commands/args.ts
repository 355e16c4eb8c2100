import { RawString } from '../keyspace/raw-string.ts';
import { LARGE_STRING_BYTES, parseInteger, type StringValue, stringOf } from '../keyspace/value.ts';
import type { Args } from '../resp/args.ts';
import { ErrorReply, isError } from '../resp/reply.ts';
import { invalidExpire, NOT_AN_INTEGER } from './errors.ts';

/** Argument `i` as a string value of its own, in the form that costs least. */
export function readValue(args: Args, i: number): StringValue {
  if (args.size(i) > LARGE_STRING_BYTES) return RawString.ofBytes(args.bytes(i));
  return stringOf(args.string(i));
}

/** Argument `i` as something to put into a string: text, or a copy of its bytes if it is long. */
export function readPart(args: Args, i: number): string | Uint8Array {
  return args.size(i) > LARGE_STRING_BYTES ? args.bytes(i) : args.string(i);
}

/** Arguments from `first` on, every `step`-th, as strings. */
export function readStrings(args: Args, first: number, step = 1): string[] {
  const strings: string[] = [];
  for (let i = first; i < args.count; i += step) strings.push(args.string(i));
  return strings;
}

/** Longest decimal form of a 64-bit integer. Longer arguments are not made into strings. */
const MAX_INTEGER_BYTES = 20;

/** Argument `i` as an exact 64-bit integer: a bigint beyond 2^53. */
export function readInteger(args: Args, i: number): number | bigint | ErrorReply {
  if (args.size(i) > MAX_INTEGER_BYTES) return NOT_AN_INTEGER;
  return parseInteger(args.string(i)) ?? NOT_AN_INTEGER;
}

/**
 * Argument `i`, which Redis reads as a 64-bit integer, where all that lies beyond 2^53 has the same
 * effect: rounded to a double.
 */
export function readNumber(args: Args, i: number): number | ErrorReply {
  const value = readInteger(args, i);
  return typeof value === 'bigint' ? Number(value) : value;
}

const MAX_INT32 = 2147483647;
const MIN_INT32 = -2147483648;
const NOT_AN_INT32: ErrorReply = new ErrorReply(
  `ERR value is out of range, value must between ${MIN_INT32} and ${MAX_INT32}`,
);

/** Argument `i` as a 32-bit integer, which is how Redis reads the numbers of databases. */
export function readInt32(args: Args, i: number): number | ErrorReply {
  const value = readNumber(args, i);
  if (isError(value)) return value;
  return value < MIN_INT32 || value > MAX_INT32 ? NOT_AN_INT32 : value;
}

/** The greatest time in each unit whose milliseconds fit in 64 bits. */
const MAX_TIMES: Readonly<Record<TtlForm['unit'], bigint>> = {
  1: 9223372036854775807n,
  1000: 9223372036854775n,
};
/** The end of 64 bits as a double: times are compared with it after rounding. */
export const MAX_TIME: number = 2 ** 63;

/** The greatest deadline kept: any later one (year 287396 on) is held as this. */
export const MAX_DEADLINE: number = Number.MAX_SAFE_INTEGER;

/** A time to live as given: `in` so many milliseconds, or `at` so many of the epoch. */
export interface Ttl {
  readonly kind: 'in' | 'at';
  readonly milliseconds: number;
}

export interface TtlForm {
  readonly unit: 1 | 1000;
  readonly kind: 'in' | 'at';
}

/** The options EX, PX, EXAT and PXAT. */
export function ttlForm(args: Args, i: number): TtlForm | undefined {
  if (args.is(i, 'EX')) return EX;
  if (args.is(i, 'PX')) return PX;
  if (args.is(i, 'EXAT')) return EXAT;
  if (args.is(i, 'PXAT')) return PXAT;
  return undefined;
}

export const EX: TtlForm = { unit: 1000, kind: 'in' };
export const PX: TtlForm = { unit: 1, kind: 'in' };
const EXAT: TtlForm = { unit: 1000, kind: 'at' };
const PXAT: TtlForm = { unit: 1, kind: 'at' };

/** Argument `i` as a time to live of the command `name`; it must be positive. */
export function readTtl(args: Args, i: number, form: TtlForm, name: string): Ttl | ErrorReply {
  const value = readInteger(args, i);
  if (isError(value)) return value;
  if (value <= 0 || value > MAX_TIMES[form.unit]) return invalidExpire(name);
  return { kind: form.kind, milliseconds: Number(value) * form.unit };
}

/** The deadline a time to live means at `now`, or the error that it is too far away. */
export function deadlineOf(ttl: Ttl, now: number, name: string): number | ErrorReply {
  const deadline = ttl.kind === 'in' ? ttl.milliseconds + now : ttl.milliseconds;
  if (deadline > MAX_TIME) return invalidExpire(name);
  return Math.min(deadline, MAX_DEADLINE);
}
