import type { End } from '../../keyspace/list-segment.ts';
import type { Args } from '../../resp/args.ts';
import { ErrorReply, isError } from '../../resp/reply.ts';
import { readNumber } from '../args.ts';
import type { KeySpec } from '../command.ts';
import { SYNTAX_ERROR } from '../errors.ts';

/** Two numbers, both included, that count from the tail where they are negative. */
export interface Span {
  readonly start: number;
  readonly stop: number;
}

/** Arguments 2 and 3 as a span. */
export function readSpan(args: Args): Span | ErrorReply {
  const start = readNumber(args, 2);
  if (isError(start)) return start;
  const stop = readNumber(args, 3);
  return isError(stop) ? stop : { start, stop };
}

/** The elements that a span means: from `from` to `to` - 1, none if `to` ≤ `from`. */
export function resolveSpan(span: Span, size: number): { from: number; to: number } {
  const from = Math.max(0, span.start < 0 ? span.start + size : span.start);
  const last = span.stop < 0 ? span.stop + size : span.stop;
  const to = Math.min(last + 1, size);
  return from < to ? { from, to } : { from: 0, to: 0 };
}

/** Argument `i`, LEFT or RIGHT. */
export function readEnd(args: Args, i: number): End | ErrorReply {
  if (args.is(i, 'LEFT')) return 'head';
  return args.is(i, 'RIGHT') ? 'tail' : SYNTAX_ERROR;
}

/** Argument `i` as a number ≥ `least`; anything else is `wrong`. */
export function readAtLeast(
  args: Args,
  i: number,
  { least, wrong }: { readonly least: number; readonly wrong: ErrorReply },
): number | ErrorReply {
  const value = readNumber(args, i);
  return isError(value) || value < least ? wrong : value;
}

export const NOT_POSITIVE: ErrorReply = new ErrorReply(
  'ERR value is out of range, must be positive',
);

export const KEY_READ: readonly KeySpec[] = [
  { first: 1, last: 1, step: 1, access: 'RO', effects: ['access'] },
];

export const KEY_INSERTED: readonly KeySpec[] = [
  { first: 1, last: 1, step: 1, access: 'RW', effects: ['insert'] },
];

export const KEY_DELETED: readonly KeySpec[] = [
  { first: 1, last: 1, step: 1, access: 'RW', effects: ['delete'] },
];
