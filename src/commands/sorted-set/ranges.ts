import type { LexBound, LexRange, ScoreRange } from '../../keyspace/sorted-set-range.ts';
import type { Args } from '../../resp/args.ts';
import { parseDouble } from '../../resp/numbers.ts';
import { ErrorReply } from '../../resp/reply.ts';

export const NO_SCORE_RANGE: ErrorReply = new ErrorReply('ERR min or max is not a float');
const NO_LEX_RANGE: ErrorReply = new ErrorReply('ERR min or max not valid string range item');

/** Arguments `min` and `max` as bounds among scores: numbers, excluded with a `(` before them. */
export function readScoreRange(args: Args, min: number, max: number): ScoreRange | ErrorReply {
  const low = readScoreBound(args.string(min));
  const high = readScoreBound(args.string(max));
  if (low === undefined || high === undefined) return NO_SCORE_RANGE;
  return { min: low.score, minOpen: low.open, max: high.score, maxOpen: high.open };
}

function readScoreBound(text: string): { score: number; open: boolean } | undefined {
  const open = text.startsWith('(');
  const score = readLoosely(open ? text.slice(1) : text);
  return score === undefined ? undefined : { score, open };
}

const LEADING_SPACE = /^[ \t-\r]+/;
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/**
 * Bounds are read more loosely than scores: a zero byte ends them, blanks may stand before them,
 * nothing at all is 0, and what overflows is infinite.
 */
function readLoosely(text: string): number | undefined {
  const zero = text.indexOf('\0');
  const word = zero === -1 ? text : text.slice(0, zero);
  if (word === '') return 0;
  const bare = word.replace(LEADING_SPACE, '');
  return parseDouble(bare) ?? (DECIMAL.test(bare) ? Number(bare) : undefined);
}

/** Arguments `min` and `max` as bounds among members: `-`, `+`, `[member` or `(member`. */
export function readLexRange(args: Args, min: number, max: number): LexRange | ErrorReply {
  const low = readLexBound(args.string(min));
  const high = readLexBound(args.string(max));
  return low === undefined || high === undefined ? NO_LEX_RANGE : { min: low, max: high };
}

function readLexBound(text: string): LexBound | undefined {
  switch (text.charAt(0)) {
    case '-':
      return text.length === 1 ? 'least' : undefined;
    case '+':
      return text.length === 1 ? 'greatest' : undefined;
    case '(':
      return { member: text.slice(1), open: true };
    case '[':
      return { member: text.slice(1), open: false };
    default:
      return undefined;
  }
}

/** The ranks `start` to `stop` of `size`; negative ones count from the end. */
export function clampRanks(
  start: number,
  stop: number,
  size: number,
): { first: number; count: number } {
  const first = Math.max(0, start < 0 ? start + size : start);
  const last = Math.min(size - 1, stop < 0 ? stop + size : stop);
  return first > last ? { first: 0, count: 0 } : { first, count: last - first + 1 };
}
