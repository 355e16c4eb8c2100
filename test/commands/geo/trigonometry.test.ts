import t from 'tap';
import { Prng } from '../../../src/base/prng.ts';
import { arcSine, cosine, sine } from '../../../src/commands/geo/trigonometry.ts';

const ARGUMENTS = Number(process.env['ARGUMENTS'] ?? 3000);
const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

/** Fixed-point numbers with so many bits behind the point. */
const BITS = 300n;
const ONE = 1n << BITS;

/** Exact for arguments of at least 2^-190. */
function fixed(x: number): bigint {
  let whole = x;
  let bits = 0n;
  for (; !Number.isInteger(whole); bits++) whole *= 2;
  return (BigInt(whole) << BITS) >> bits;
}

/** The nearest double. */
function rounded(x: bigint): number {
  return Number(x) / Number(ONE);
}

/** The series of a sine (from 1) or of a cosine (from 0). */
function series(x: bigint, from: 0 | 1): bigint {
  const square = (x * x) >> BITS;
  let term = from === 0 ? ONE : x;
  let sum = 0n;
  for (let i = BigInt(from); term !== 0n; i += 2n) {
    sum += term;
    term = (-term * square) / (ONE * (i + 1n) * (i + 2n));
  }
  return sum;
}

function exactSine(x: number): number {
  return rounded(series(fixed(x), 1));
}

function exactCosine(x: number): number {
  return rounded(series(fixed(x), 0));
}

/** Improves an arc that is right to 50 bits; the sine of what is missing is what is missing. */
function exactArcSine(y: number): number {
  let arc = fixed(Math.asin(y));
  const sine = fixed(y);
  const cosine = root(ONE * ONE - sine * sine);
  for (let i = 0; i < 3; i++) {
    arc += (sine * series(arc, 0) - cosine * series(arc, 1)) >> BITS;
  }
  return rounded(arc);
}

function root(x: bigint): bigint {
  if (x === 0n) return 0n;
  let guess = 1n << BigInt((x.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (guess + x / guess) >> 1n;
    if (next >= guess) return guess;
    guess = next;
  }
}

/** Numbers of all sizes up to a largest one. */
function draw(random: Prng, max: number): number {
  const size = random.chance(0.7) ? 1 : 2 ** -random.below(30);
  return (random.float() * 2 - 1) * max * size;
}

function misses(
  of: (x: number) => number,
  exact: (x: number) => number,
  next: () => number,
): number {
  let count = 0;
  for (let i = 0; i < ARGUMENTS; i++) {
    const x = next();
    if (of(x) !== exact(x)) count++;
  }
  return count;
}

t.test('sines are the doubles next to the true ones', async (t) => {
  const random = new Prng(seed, 1);
  t.equal(
    misses(sine, exactSine, () => draw(random, 2 * Math.PI)),
    0,
    `seed ${seed}`,
  );
});

t.test('cosines are the doubles next to the true ones', async (t) => {
  const random = new Prng(seed, 2);
  t.equal(
    misses(cosine, exactCosine, () => draw(random, 2 * Math.PI)),
    0,
    `seed ${seed}`,
  );
});

t.test('arc sines are the doubles next to the true ones', async (t) => {
  const random = new Prng(seed, 3);
  t.equal(
    misses(arcSine, exactArcSine, () => draw(random, 1)),
    0,
    `seed ${seed}`,
  );
});

t.test('arc sines near a right angle are the doubles next to the true ones', async (t) => {
  const random = new Prng(seed, 4);
  const next = (): number => 1 - random.float() * 2 ** -random.below(50);
  t.equal(misses(arcSine, exactArcSine, next), 0, `seed ${seed}`);
});

t.test('multiples of right angles and their neighbours have true sines and cosines', async (t) => {
  for (let quarter = -16; quarter <= 16; quarter++) {
    const angle = (quarter * Math.PI) / 4;
    for (const x of [angle, angle * (1 + 2 ** -52), angle * (1 - 2 ** -53), angle + 1e-9]) {
      t.equal(sine(x), exactSine(x), `sine of ${x}`);
      t.equal(cosine(x), exactCosine(x), `cosine of ${x}`);
    }
  }
});

t.test('arguments around steps of tables have true results', async (t) => {
  for (let half = 1; half <= 128; half++) {
    for (const off of [1 - 2 ** -53, 1, 1 + 2 ** -52]) {
      const x = (half / 128) * off;
      t.equal(sine(x), exactSine(x), `sine of ${x}`);
      t.equal(cosine(x), exactCosine(x), `cosine of ${x}`);
      if (x <= 1) t.equal(arcSine(x), exactArcSine(x), `arc sine of ${x}`);
    }
  }
});

t.test('small numbers are their own sines', async (t) => {
  for (const x of [0, -0, 5e-324, -1e-300, 1e-9]) {
    t.ok(Object.is(sine(x), x));
    t.ok(Object.is(arcSine(x), x));
    t.equal(cosine(x), 1);
  }
});

t.test('what has no result has none', async (t) => {
  for (const x of [Number.NaN, 17, -1e300, Number.POSITIVE_INFINITY]) {
    t.ok(Number.isNaN(sine(x)));
    t.ok(Number.isNaN(cosine(x)));
    t.ok(Number.isNaN(arcSine(x)));
  }
  t.ok(Number.isNaN(arcSine(1 + 2 ** -52)));
});
