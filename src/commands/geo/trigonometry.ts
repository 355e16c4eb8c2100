import {
  type DoubleDouble,
  fraction,
  head,
  negative,
  otherLeg,
  product,
  sum,
  sumError,
} from './double-double.ts';

/**
 * Sines, cosines and arcsines whose every bit is the same on all nodes, which those of the engine
 * need not be if its versions differ. Results are rounded correctly: they are computed to some 64
 * bits, and where these do not tell which double is nearest, to about 100.
 */

/** Pi / 2 in three parts. The first ones are so short that products with a quadrant are exact. */
const HALF_PI_1: number = 0xc90fdaa22168 / 2 ** 47;
const HALF_PI_2: number = 0x308d313198a2e / 2 ** 97;
const HALF_PI_3: number = 0x1b839a252049c / 2 ** 152;
/** Pi / 2 as two doubles. */
const HALF_PI: DoubleDouble = { hi: Math.PI / 2, lo: 6.123233995736766e-17 };

/** The largest argument whose quadrant is found exactly. */
const MAX_ANGLE = 16;
/** Sines and arcsines up to here are their arguments. */
const TINY: number = 2 ** -27;
/** First results are nearer to the true ones than this, relatively. */
const DOUBT: number = 2 ** -64;

/** Steps of the table to one radian. */
const STEPS = 64;
/** Added to round to steps. An angle below half a step is none: what is left must be exact. */
const ALMOST_HALF = 0.499;
/** Steps from 0 to beyond pi / 4. */
const TABLE_SIZE = 53;
/** Sines and cosines of all steps: the first 26 bits of each and the rest, in turn. */
const SINES: Float64Array = new Float64Array(2 * TABLE_SIZE);
const COSINES: Float64Array = new Float64Array(2 * TABLE_SIZE);

/** The sine of an angle in radians up to 16; NaN of others. */
export function sine(x: number): number {
  const angle = Math.abs(x);
  if (angle < TINY) return x;
  const result = angle < 1 / (2 * STEPS) ? smallSine(angle) : turned(angle, 0);
  return x < 0 ? -result : result;
}

/** What {@link nearest} gives for angles below half a step, sooner. */
function smallSine(angle: number): number {
  const square = angle * angle;
  const tail = angle * square * (-1 / 6 + square * (1 / 120 - square / 5040));
  const least = angle + (tail - DOUBT * angle);
  return least === angle + (tail + DOUBT * angle) ? least : nearest(false, angle, 0);
}

/** The cosine of an angle in radians up to 16; NaN of others. */
export function cosine(x: number): number {
  return turned(Math.abs(x), 1);
}

/** The sine of an angle plus so many right angles. */
function turned(x: number, rightAngles: number): number {
  if (x <= Math.PI / 4) return inQuadrant(rightAngles, x, 0);
  if (!(x <= MAX_ANGLE)) return Number.NaN;
  const n = Math.floor(x / HALF_PI.hi + 0.5);
  const most = x - n * HALF_PI_1;
  const taken = n * HALF_PI_2;
  const rough = most - taken;
  const rest = sumError(most, -taken, rough) - n * HALF_PI_3;
  const hi = rough + rest;
  return inQuadrant(rightAngles + n, hi, sumError(rough, rest, hi));
}

/** The sine of an angle of at most pi / 4 plus so many right angles. */
function inQuadrant(quadrant: number, hi: number, lo: number): number {
  const odd = (quadrant & 1) === 1;
  let minus = (quadrant & 2) !== 0;
  if (hi < 0 && !odd) minus = !minus;
  const result = hi < 0 ? nearest(odd, -hi, -lo) : nearest(odd, hi, lo);
  return minus ? -result : result;
}

/** The cosine or sine of a positive angle, from the table's nearest one. */
function nearest(isCosine: boolean, angle: number, angleLow: number): number {
  const k = Math.floor(angle * STEPS + ALMOST_HALF);
  const r = angle - k / STEPS;
  const rHigh = head(r);
  // cos(t + r) = cos t cos r - sin t sin r, and sin(t + r) = sin t cos r + cos t sin r.
  const own = isCosine ? COSINES : SINES;
  const other = isCosine ? SINES : COSINES;
  const sign = isCosine ? -1 : 1;
  const a = own[2 * k] as number;
  const aLow = own[2 * k + 1] as number;
  const b = sign * (other[2 * k] as number);
  const bLow = sign * (other[2 * k + 1] as number);
  const rr = r * r;
  const sineTail = r * rr * (-1 / 6 + rr * (1 / 120 - rr / 5040)) + angleLow;
  const versine = rr * (0.5 - rr * (1 / 24 - rr / 720)) + r * angleLow;
  const p = b * rHigh;
  const hi = a + p;
  const small = b * (r - rHigh) + (bLow * r + aLow);
  const lo = p - (hi - a) + small + ((b + bLow) * sineTail - (a + aLow) * versine);
  const least = hi + (lo - DOUBT * hi);
  if (least === hi + (lo + DOUBT * hi)) return least;
  const { cosine, sine } = expand({ hi: angle, lo: angleLow });
  return isCosine ? cosine.hi : sine.hi;
}

/** The angle from -pi / 2 to pi / 2 with that sine; NaN if there is none. */
export function arcSine(y: number): number {
  const sine = Math.abs(y);
  if (sine < TINY) return y;
  if (!(sine < 1)) return sine === 1 ? y * HALF_PI.hi : Number.NaN;
  const angle = sine < 1 / (2 * STEPS) ? smallArc(sine) : arc(sine);
  return y < 0 ? -angle : angle;
}

function smallArc(sine: number): number {
  const tail = sine * arcTail(sine * sine);
  const least = sine + (tail - DOUBT * sine);
  return least === sine + (tail + DOUBT * sine) ? least : refined(sine, least);
}

/** What is to be added to an arc sine's argument d, divided by it. */
function arcTail(dd: number): number {
  return dd * (1 / 6 + dd * (3 / 40 + dd * (15 / 336 + dd * (105 / 3456))));
}

function arc(sine: number): number {
  const { hi: cosine, lo: cosineLow } = otherLeg(sine);
  const steep = sine > cosine;
  const leg = steep ? cosine : sine;
  const square = leg * leg;
  const guess =
    leg * (1 + square * (1 / 6 + square * (3 / 40 + square * (15 / 336 + square / 24))));
  const k = Math.floor(guess * STEPS + ALMOST_HALF);
  // From the angle t in the table: sin(x - t) = sin x cos t - cos x sin t.
  const sines = steep ? COSINES : SINES;
  const cosines = steep ? SINES : COSINES;
  const c = cosines[2 * k] as number;
  const s = sines[2 * k] as number;
  const sineHigh = head(sine);
  const cosineHigh = head(cosine);
  const p = sineHigh * c;
  const q = cosineHigh * s;
  const d = p - q;
  const small = sine * (cosines[2 * k + 1] as number) - cosine * (sines[2 * k + 1] as number);
  const rest = (sine - sineHigh) * c - (cosine - cosineHigh + cosineLow) * s;
  const dLow = sumError(p, -q, d) + (rest + small);
  const t = steep ? HALF_PI.hi - k / STEPS : k / STEPS;
  const tLow = steep ? sumError(HALF_PI.hi, -k / STEPS, t) + HALF_PI.lo : 0;
  const hi = t + d;
  const whole = d + dLow;
  const lo = sumError(t, d, hi) + (tLow + dLow) + whole * arcTail(whole * whole);
  const least = hi + (lo - DOUBT * hi);
  return least === hi + (lo + DOUBT * hi) ? least : refined(sine, least);
}

/** Makes an arc sine out of one that is off by a unit in the last place. */
function refined(y: number, angle: number): number {
  const cosineOfArc = otherLeg(y);
  const from = angle > Math.PI / 4 ? sum(HALF_PI, { hi: -angle, lo: 0 }) : { hi: angle, lo: 0 };
  const expanded = expand(from);
  const [s, c] =
    angle > Math.PI / 4 ? [expanded.cosine, expanded.sine] : [expanded.sine, expanded.cosine];
  // The sine of the difference is the difference.
  const off = sum(product({ hi: y, lo: 0 }, c), negative(product(cosineOfArc, s)));
  return sum({ hi: angle, lo: 0 }, off).hi;
}

/** So many terms that those left out are below 2^-106 for angles up to pi / 4. */
const TERMS = 30;

/** Sine and cosine of a small angle by their series. */
function expand(angle: DoubleDouble): { sine: DoubleDouble; cosine: DoubleDouble } {
  let sine: DoubleDouble = { hi: 0, lo: 0 };
  let cosine: DoubleDouble = { hi: 1, lo: 0 };
  let term = cosine;
  for (let i = 1; i < TERMS; i++) {
    term = fraction(product(term, angle), i);
    if (i % 2 === 1) {
      sine = sum(sine, term);
      term = negative(term);
    } else cosine = sum(cosine, term);
  }
  return { sine, cosine };
}

function fillTable(): void {
  for (let k = 0; k < TABLE_SIZE; k++) {
    const { sine, cosine } = expand({ hi: k / STEPS, lo: 0 });
    const sineHigh = head(sine.hi);
    const cosineHigh = head(cosine.hi);
    SINES.set([sineHigh, sine.hi - sineHigh + sine.lo], 2 * k);
    COSINES.set([cosineHigh, cosine.hi - cosineHigh + cosine.lo], 2 * k);
  }
}

fillTable();
