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

/** Whether a score is below a range. */
export function belowMin(range: ScoreRange): (score: number) => boolean {
  const { min } = range;
  return range.minOpen ? (score) => score <= min : (score) => score < min;
}

/** Whether a score is not above a range. */
export function withinMax(range: ScoreRange): (score: number) => boolean {
  const { max } = range;
  return range.maxOpen ? (score) => score < max : (score) => score <= max;
}

/** Whether a member is below the lower bound of a range. */
export function belowLexMin({ min }: LexRange): (member: string) => boolean {
  if (typeof min === 'string') return () => min === 'greatest';
  const bound = min.member;
  return min.open ? (member) => member <= bound : (member) => member < bound;
}

/** Whether a member is not above the upper bound of a range. */
export function withinLexMax({ max }: LexRange): (member: string) => boolean {
  if (typeof max === 'string') return () => max === 'greatest';
  const bound = max.member;
  return max.open ? (member) => member < bound : (member) => member <= bound;
}
