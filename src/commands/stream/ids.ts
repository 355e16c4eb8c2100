import {
  canonical,
  idAfter,
  idBefore,
  MAX_ID,
  MAX_UINT64,
  MIN_ID,
  type StreamId,
  type Uint64,
} from '../../keyspace/stream-id.ts';
import type { Args } from '../../resp/args.ts';
import { type ErrorReply, isError } from '../../resp/reply.ts';
import { INVALID_END, INVALID_ID, INVALID_START } from './errors.ts';

/** Redis takes no longer ids. */
const MAX_ID_BYTES = 127;
/** So many digits are a safe integer. */
const SAFE_DIGITS = 15;
const ZERO = 48;
const MINUS = 45;
const OPEN = 40;
const STAR = 42;

/** Argument `i` as a whole id: `ms-seq`, or `ms` with `seq` understood. */
export function readId(args: Args, i: number, seq: Uint64 = 0): StreamId | ErrorReply {
  return parseId(args, args.start(i), args.end(i), seq) ?? INVALID_ID;
}

/** Arguments from `first` on as ids, or the error for the first that is none. */
export function readIds(args: Args, first: number): StreamId[] | ErrorReply {
  const ids: StreamId[] = [];
  for (let i = first; i < args.count; i++) {
    const id = readId(args, i);
    if (isError(id)) return id;
    ids.push(id);
  }
  return ids;
}

/** Argument `i` as the first id of a range: also `-`, `+`, or with `(` the id before it. */
export function readStart(args: Args, i: number): StreamId | ErrorReply {
  if (!isExclusive(args, i)) return readLooseId(args, i, 0);
  const id = parseId(args, args.start(i) + 1, args.end(i), 0);
  return id === undefined ? INVALID_ID : (idAfter(id) ?? INVALID_START);
}

/** Argument `i` as the last id of a range, as {@link readStart}. */
export function readEnd(args: Args, i: number): StreamId | ErrorReply {
  if (!isExclusive(args, i)) return readLooseId(args, i, MAX_UINT64);
  const id = parseId(args, args.start(i) + 1, args.end(i), MAX_UINT64);
  return id === undefined ? INVALID_ID : (idBefore(id) ?? INVALID_END);
}

/** Argument `i` as an id, or `-` or `+` for the smallest and the greatest. */
export function readLooseId(args: Args, i: number, seq: Uint64): StreamId | ErrorReply {
  if (args.is(i, '-')) return MIN_ID;
  if (args.is(i, '+')) return MAX_ID;
  return readId(args, i, seq);
}

/** Argument `i` as the time of an id whose number is left open: `ms-*`. */
export function readTimeId(args: Args, i: number): Uint64 | undefined {
  const size = args.size(i);
  if (size < 3 || size > MAX_ID_BYTES || args.buffer[args.end(i) - 1] !== STAR) return undefined;
  const text = args.string(i);
  return text.endsWith('-*') ? parsePart(text.slice(0, -2)) : undefined;
}

function isExclusive(args: Args, i: number): boolean {
  return args.size(i) > 1 && args.buffer[args.start(i)] === OPEN;
}

/** The usual forms are read without making strings of them. */
function parseId(args: Args, start: number, end: number, seq: Uint64): StreamId | undefined {
  const { buffer } = args;
  const middle = digitsEnd(buffer, start, end);
  if (middle === end && isShort(start, end)) return { ms: numberAt(buffer, start, end), seq };
  if (buffer[middle] === MINUS && isShort(start, middle) && isShort(middle + 1, end)) {
    if (digitsEnd(buffer, middle + 1, end) === end) {
      return { ms: numberAt(buffer, start, middle), seq: numberAt(buffer, middle + 1, end) };
    }
  }
  return end - start > MAX_ID_BYTES ? undefined : parseText(buffer.latin1Slice(start, end), seq);
}

function isShort(start: number, end: number): boolean {
  return end > start && end - start <= SAFE_DIGITS;
}

function digitsEnd(buffer: Buffer, start: number, end: number): number {
  let at = start;
  for (; at < end; at++) {
    const digit = (buffer[at] as number) - ZERO;
    if (digit < 0 || digit > 9) break;
  }
  return at;
}

function numberAt(buffer: Buffer, start: number, end: number): number {
  let value = 0;
  for (let i = start; i < end; i++) value = value * 10 + (buffer[i] as number) - ZERO;
  return value;
}

function parseText(given: string, missing: Uint64): StreamId | undefined {
  const zero = given.indexOf('\0');
  const text = zero === -1 ? given : given.slice(0, zero);
  const dash = text.indexOf('-');
  const ms = parsePart(dash === -1 ? text : text.slice(0, dash));
  const seq = dash === -1 ? missing : parsePart(text.slice(dash + 1));
  return ms === undefined || seq === undefined ? undefined : { ms, seq };
}

const PLAIN_NEGATIVE = /^-[1-9]\d*$/;
const LENIENT = /^[ \t\n\v\f\r]*([+-]?)(\d+)$/;

/** One part of an id, read as C's `strtoull` does, which is more than anyone should write. */
function parsePart(text: string): Uint64 | undefined {
  const match = LENIENT.exec(text);
  if (match === null) return undefined;
  const value = BigInt(match[2] ?? '');
  if (value > MAX_UINT64) return undefined;
  if (match[1] !== '-') return canonical(value);
  // A negative number wraps around, unless it is a plain 64-bit integer, which Redis refuses.
  if (PLAIN_NEGATIVE.test(text) && value <= 2n ** 63n) return undefined;
  return canonical(BigInt.asUintN(64, -value));
}
