/** Scores between two bounds; `open` bounds are outside. */
export interface ScoreRange {
  readonly min: number;
  readonly minOpen: boolean;
  readonly max: number;
  readonly maxOpen: boolean;
}

/** A bound among members, which are ordered by bytes; `least` is below all of them. */
export type LexBound = 'least' | 'greatest' | { readonly member: string; readonly open: boolean };

export interface LexRange {
  readonly min: LexBound;
  readonly max: LexBound;
}

/** Elements of consecutive ranks: the first of them counted from 0 at the lowest score. */
export interface Span {
  readonly first: number;
  readonly count: number;
}

/** Elements one after another, column by column. */
export interface Columns {
  readonly members: string[];
  readonly scores: number[];
}

/** Tells the elements below something from the others, in order. */
type IsBelow = (score: number, member: string) => boolean;

/** Whether a score is below a range. */
export function belowMin({ min, minOpen }: ScoreRange): IsBelow {
  return minOpen ? (score) => score <= min : (score) => score < min;
}

/** Whether a score is not above a range. */
export function withinMax({ max, maxOpen }: ScoreRange): IsBelow {
  return maxOpen ? (score) => score < max : (score) => score <= max;
}

/** Whether a member is below a range. */
export function belowLexMin({ min }: LexRange): IsBelow {
  return belowBound(min, true);
}

/** Whether a member is not above a range. */
export function withinLexMax({ max }: LexRange): IsBelow {
  return belowBound(max, false);
}

/** `isMin`: an open bound is below itself; as an upper bound it is below itself if it is not open. */
function belowBound(bound: LexBound, isMin: boolean): IsBelow {
  if (typeof bound === 'string') return () => bound === 'greatest';
  const { member: limit, open } = bound;
  return open === isMin ? (_, member) => member <= limit : (_, member) => member < limit;
}
