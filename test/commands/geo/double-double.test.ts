import t from 'tap';
import { Prng } from '../../../src/base/prng.ts';
import {
  type DoubleDouble,
  fraction,
  head,
  negative,
  otherLeg,
  product,
  sum,
  sumError,
} from '../../../src/commands/geo/double-double.ts';

const BITS = 300n;
const ONE = 1n << BITS;
const random = new Prng(8, 8);

/** Numbers with 300 bits behind the point. */
function fixed(x: number): bigint {
  let whole = x;
  let bits = 0n;
  for (; !Number.isInteger(whole); bits++) whole *= 2;
  return (BigInt(whole) << BITS) >> bits;
}

function exact({ hi, lo }: DoubleDouble): bigint {
  return fixed(hi) + fixed(lo);
}

function draw(): DoubleDouble {
  const hi = random.float() * 4 - 2;
  return { hi, lo: (random.float() - 0.5) * 2 ** -54 * Math.abs(hi) };
}

/** Whether a result is off by less than 2^-100 of a true one of ordinary size. */
function isNear(result: DoubleDouble, truth: bigint): boolean {
  const off = exact(result) - truth;
  return (off < 0n ? -off : off) < ONE >> 100n;
}

t.test('sums, products and quotients have 100 bits', async (t) => {
  for (let i = 0; i < 500; i++) {
    const [a, b] = [draw(), draw()];
    t.ok(isNear(sum(a, b), exact(a) + exact(b)));
    t.ok(isNear(product(a, b), (exact(a) * exact(b)) >> BITS));
    const divisor = 1 + random.below(30);
    t.ok(isNear(fraction(a, divisor), exact(a) / BigInt(divisor)));
    t.equal(exact(negative(a)), -exact(a));
  }
});

t.test('the error of a sum is what is missing', async (t) => {
  for (let i = 0; i < 200; i++) {
    const a = random.float();
    const b = random.float() * 2 ** -random.below(60);
    t.equal(fixed(a + b) + fixed(sumError(a, b, a + b)), fixed(a) + fixed(b));
  }
});

t.test('squares of heads and of what they leave are exact', async (t) => {
  for (let i = 0; i < 200; i++) {
    const x = random.float();
    for (const part of [head(x), x - head(x)]) {
      t.equal(fixed(part * part), (fixed(part) * fixed(part)) >> BITS);
    }
  }
});

t.test('both legs squared make one', async (t) => {
  for (let i = 0; i < 200; i++) {
    const y = 1 - random.float() * 2 ** -random.below(40);
    const other = exact(otherLeg(y));
    const off = ((other * other + fixed(y) * fixed(y)) >> BITS) - ONE;
    t.ok((off < 0n ? -off : off) < ONE >> 100n, `${y}`);
  }
});
