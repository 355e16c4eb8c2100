/**
 * Arithmetic on numbers of about 106 bits, each the sum of two doubles. It consists of additions,
 * multiplications and divisions only, which give the same bits everywhere.
 */
export interface DoubleDouble {
  readonly hi: number;
  /** At most half a unit in the last place of `hi`. */
  readonly lo: number;
}

/** 2^27 + 1: multiplying by it cuts a double into halves of 26 bits. */
const CUT = 134217729;

/** What rounding took from the sum `s` of two doubles; exact. */
export function sumError(a: number, b: number, s: number): number {
  const fromB = s - a;
  return a - (s - fromB) + (b - fromB);
}

/** The first 26 bits of a double. What they leave of it has 26 bits, too, counting its sign. */
export function head(x: number): number {
  const cut = CUT * x;
  return cut - (cut - x);
}

/** What rounding took from the product `p` of two doubles; exact unless a number is below 1e-140. */
function productError(a: number, b: number, p: number): number {
  const aHigh = head(a);
  const aLow = a - aHigh;
  const bHigh = head(b);
  const bLow = b - bHigh;
  return aHigh * bHigh - p + aHigh * bLow + aLow * bHigh + aLow * bLow;
}

export function sum(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const hi = a.hi + b.hi;
  const lo = a.lo + b.lo;
  const hiError = sumError(a.hi, b.hi, hi);
  const loError = sumError(a.lo, b.lo, lo);
  const first = normal(hi, hiError + lo);
  return normal(first.hi, first.lo + loError);
}

export function product(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const hi = a.hi * b.hi;
  return normal(hi, productError(a.hi, b.hi, hi) + (a.hi * b.lo + a.lo * b.hi));
}

export function negative({ hi, lo }: DoubleDouble): DoubleDouble {
  return { hi: -hi, lo: -lo };
}

/** The quotient by a whole number that is small enough for a product with it to be exact. */
export function fraction(a: DoubleDouble, divisor: number): DoubleDouble {
  const hi = a.hi / divisor;
  const back = hi * divisor;
  return normal(hi, (a.hi - back - productError(hi, divisor, back) + a.lo) / divisor);
}

/** The sum of a large and a small double. */
function normal(large: number, small: number): DoubleDouble {
  const hi = large + small;
  return { hi, lo: small - (hi - large) };
}

/** The square root of 1 - y^2, for y from 0 to below 1. */
export function otherLeg(y: number): DoubleDouble {
  const square = y * y;
  const rest = 1 - square;
  const more = sumError(1, -square, rest) - productError(y, y, square);
  const s = rest + more;
  const root = Math.sqrt(s);
  const back = root * root;
  const left = s - back - productError(root, root, back) + sumError(rest, more, s);
  return { hi: root, lo: left / (2 * root) };
}
