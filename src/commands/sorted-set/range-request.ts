import type { SortedSet } from '../../keyspace/sorted-set.ts';
import type { LexRange, ScoreRange, Span } from '../../keyspace/sorted-set-range.ts';
import type { Args } from '../../resp/args.ts';
import { ErrorReply, isError } from '../../resp/reply.ts';
import { readNumber } from '../args.ts';
import { SYNTAX_ERROR } from '../errors.ts';
import { clampRanks, readLexRange, readScoreRange } from './ranges.ts';

/** Which elements of a sorted set, and in which order: ZRANGE and all its kin. */
export interface RangeRequest {
  readonly key: string;
  readonly selection: Selection;
  /** From the greatest down. Ranks and offsets count from there too. */
  readonly reverse: boolean;
  /** Elements skipped; a negative number skips all. */
  readonly offset: number;
  /** Elements wanted; a negative number means all. */
  readonly limit: number;
  readonly withScores: boolean;
}

type Selection =
  | { readonly by: 'rank'; readonly start: number; readonly stop: number }
  | { readonly by: 'score'; readonly range: ScoreRange }
  | { readonly by: 'lex'; readonly range: LexRange };

/** What the name of a command says, and what is left to its options. */
export interface RangeForm {
  /** Where the key stands; the bounds follow it. */
  readonly keyAt: number;
  readonly by: Selection['by'] | 'any';
  readonly reverse: boolean | 'any';
  readonly store: boolean;
}

interface RangeOptions {
  readonly by: Selection['by'];
  readonly reverse: boolean;
  readonly offset: number;
  readonly limit: number;
  readonly withScores: boolean;
}

const LIMIT_OF_RANKS: ErrorReply = new ErrorReply(
  'ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX',
);
const SCORES_OF_LEX: ErrorReply = new ErrorReply(
  'ERR syntax error, WITHSCORES not supported in combination with BYLEX',
);

/** `… key min max [BYSCORE | BYLEX] [REV] [LIMIT offset count] [WITHSCORES]`. */
export function parseRange(args: Args, form: RangeForm): RangeRequest | ErrorReply {
  const options = readOptions(args, form);
  if (isError(options)) return options;
  const selection = readSelection(args, form.keyAt, options);
  if (isError(selection)) return selection;
  const { reverse, offset, limit, withScores } = options;
  return { key: args.string(form.keyAt), selection, reverse, offset, limit, withScores };
}

function readOptions(args: Args, form: RangeForm): RangeOptions | ErrorReply {
  let { by, reverse } = form;
  let offset = 0;
  let limit = -1;
  let withScores = false;
  for (let i = form.keyAt + 3; i < args.count; i++) {
    if (!form.store && args.is(i, 'WITHSCORES')) {
      withScores = true;
    } else if (args.is(i, 'LIMIT') && i + 2 < args.count) {
      const first = readNumber(args, i + 1);
      if (isError(first)) return first;
      const second = readNumber(args, i + 2);
      if (isError(second)) return second;
      offset = first;
      limit = second;
      i += 2;
    } else if (reverse === 'any' && args.is(i, 'REV')) {
      reverse = true;
    } else if (by === 'any' && args.is(i, 'BYLEX')) {
      by = 'lex';
    } else if (by === 'any' && args.is(i, 'BYSCORE')) {
      by = 'score';
    } else {
      return SYNTAX_ERROR;
    }
  }
  const options = {
    by: by === 'any' ? 'rank' : by,
    reverse: reverse === true,
    offset,
    limit,
    withScores,
  };
  if (limit !== -1 && options.by === 'rank') return LIMIT_OF_RANKS;
  if (withScores && options.by === 'lex') return SCORES_OF_LEX;
  return options;
}

function readSelection(args: Args, keyAt: number, options: RangeOptions): Selection | ErrorReply {
  const { by, reverse } = options;
  if (by === 'rank') {
    const start = readNumber(args, keyAt + 1);
    if (isError(start)) return start;
    const stop = readNumber(args, keyAt + 2);
    return isError(stop) ? stop : { by, start, stop };
  }
  // Downwards, the greater bound comes first.
  const min = reverse ? keyAt + 2 : keyAt + 1;
  const max = reverse ? keyAt + 1 : keyAt + 2;
  if (by === 'score') {
    const range = readScoreRange(args, min, max);
    return isError(range) ? range : { by, range };
  }
  const range = readLexRange(args, min, max);
  return isError(range) ? range : { by, range };
}

/** The elements of `set` that a request means. */
export function spanOf(set: SortedSet, request: RangeRequest): Span {
  const { selection, reverse } = request;
  if (selection.by === 'rank') {
    const { first, count } = clampRanks(selection.start, selection.stop, set.size);
    return { first: reverse ? set.size - first - count : first, count };
  }
  const span =
    selection.by === 'score' ? set.scoreSpan(selection.range) : set.lexSpan(selection.range);
  return limited(span, request);
}

function limited(span: Span, { offset, limit, reverse }: RangeRequest): Span {
  if (offset < 0 || offset >= span.count) return { first: span.first, count: 0 };
  const left = span.count - offset;
  const count = limit < 0 ? left : Math.min(limit, left);
  return { first: span.first + (reverse ? left - count : offset), count };
}
