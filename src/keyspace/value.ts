import { RawString } from './raw-string.ts';

export type TypeName = 'string' | 'hash' | 'list' | 'set' | 'zset' | 'stream';

/**
 * A string value, in the form that costs least:
 * - a number or (beyond 2^53) a bigint for what reads back as exactly that 64-bit integer,
 * - a latin1 string, one char per byte,
 * - a {@link RawString} for what is large or was edited in place.
 * `typeof` tells them apart. One value has one form only if it was made by {@link stringOf} and
 * never edited: 10 and '10' are both possible (INCRBYFLOAT leaves text).
 */
export type StringValue = number | bigint | string | RawString;

/** What every type with elements has; each is a class in a file of its own. */
export interface Collection {
  readonly type: Exclude<TypeName, 'string'>;
  /** Number of elements. A collection that loses its last one is deleted (a stream stays). */
  readonly size: number;
  /** Redis's name for the inner form, as OBJECT ENCODING shows it. */
  encoding(): string;
  /** About how many bytes it takes, for MEMORY USAGE; `samples` elements are looked at, 0: all. */
  memory(samples: number): number;
  /** An independent copy that iterates in the same order. */
  copy(): Collection;
  /** Feeds everything that makes two values equal, in an order that depends on nothing else. */
  feed(sink: DigestSink): void;
}

export interface DigestSink {
  text(text: string): void;
  bytes(bytes: Uint8Array): void;
  number(value: number): void;
}

export type Value = StringValue | Collection;

export function isString(value: Value): value is StringValue {
  return typeof value !== 'object' || value instanceof RawString;
}

export function typeName(value: Value): TypeName {
  return isString(value) ? 'string' : value.type;
}

/** Number of elements of a value; 1 for a string. */
export function sizeOf(value: Value): number {
  return isString(value) ? 1 : value.size;
}

/** Strings longer than this live outside V8's heap. */
export const LARGE_STRING_BYTES = 8192;

/** No string value may be longer: Redis's default `proto-max-bulk-len`. */
export const MAX_STRING_BYTES: number = 512 * 1024 * 1024;

/** Longest decimal form of a 64-bit integer, sign included. */
const MAX_INTEGER_CHARS = 20;
/** So many digits always fit in 2^53. */
const SAFE_DIGITS = 15;
const MIN_INT64 = -(2n ** 63n);
const MAX_INT64: bigint = 2n ** 63n - 1n;

/** The value for bytes as a client sent them. `text` has at most {@link LARGE_STRING_BYTES} chars. */
export function stringOf(text: string): StringValue {
  return parseInteger(text) ?? text;
}

/**
 * The 64-bit integer that `text` spells in the only form Redis takes for one: no sign but `-`, no
 * leading zeros, no blanks. A bigint beyond 2^53; undefined if it is something else.
 */
export function parseInteger(text: string): number | bigint | undefined {
  const length = text.length;
  if (length === 0 || length > MAX_INTEGER_CHARS) return undefined;
  const negative = text.charCodeAt(0) === 45;
  const digits = negative ? length - 1 : length;
  const first = text.charCodeAt(negative ? 1 : 0);
  if (first === 48) return length === 1 ? 0 : undefined;
  let value = 0;
  for (let i = negative ? 1 : 0; i < length; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
  }
  if (digits === 0) return undefined;
  if (digits <= SAFE_DIGITS) return negative ? -value : value;
  return narrow(BigInt(text));
}

/** `value` as a number if that is exact, undefined if it does not fit in 64 bits. */
export function narrow(value: bigint): number | bigint | undefined {
  if (value < MIN_INT64 || value > MAX_INT64) return undefined;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** The integer a string value spells, as for {@link parseInteger}. */
export function integerOf(value: StringValue): number | bigint | undefined {
  switch (typeof value) {
    case 'number':
    case 'bigint':
      return value;
    case 'string':
      return parseInteger(value);
    default:
      return value.length > MAX_INTEGER_CHARS ? undefined : parseInteger(value.text());
  }
}

/**
 * `text` in one piece. V8 keeps what was sliced or put together as a view on its parts, which is no
 * way to keep a value for long.
 */
export function flat(text: string): string {
  return Buffer.from(text, 'latin1').latin1Slice();
}

/** Length in bytes. */
export function lengthOf(value: StringValue): number {
  switch (typeof value) {
    case 'string':
      return value.length;
    case 'number':
    case 'bigint':
      return String(value).length;
    default:
      return value.length;
  }
}

/** The whole as latin1 text. Not for values that may be long: those do not fit in a JS string. */
export function textOf(value: StringValue): string {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'bigint':
      return String(value);
    default:
      return value.text();
  }
}

/** The value as a bulk reply: text, or bytes that stay as they are. */
export function replyOf(value: StringValue): string | Uint8Array {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'bigint':
      return String(value);
    default:
      return value.share();
  }
}

/** Bytes `start` to `end` (exclusive) as a bulk reply. */
export function sliceOf(value: StringValue, start: number, end: number): string | Uint8Array {
  if (value instanceof RawString) return value.slice(start, end);
  return textOf(value).slice(start, end);
}

/** An independent copy. */
export function copyOf(value: Value): Value {
  return typeof value === 'object' ? value.copy() : value;
}

/** Up to this many bytes Redis keeps a string in one piece with its header. */
const EMBEDDED_BYTES = 44;

/** Redis's name for the inner form. */
export function encodingOf(value: Value): string {
  switch (typeof value) {
    case 'number':
    case 'bigint':
      return 'int';
    case 'string':
      return value.length <= EMBEDDED_BYTES ? 'embstr' : 'raw';
    default:
      return value.encoding();
  }
}
