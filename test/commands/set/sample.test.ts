import t from 'tap';
import { Prng } from '../../../src/base/prng.ts';
import { sample } from '../../../src/commands/set/sample.ts';

t.test('a sample has as many different numbers as asked for', async (t) => {
  const random = new Prng(1, 1);
  for (const size of [1, 2, 10, 1000]) {
    for (const count of [0, 1, size >> 2, size >> 1, size]) {
      const numbers = sample(random, size, count);
      t.equal(new Set(numbers).size, count);
      t.ok(numbers.every((number) => number < size));
    }
  }
});

t.test('every number comes first, and is chosen, equally often', async (t) => {
  const random = new Prng(2, 2);
  for (const [size, count] of [
    [10, 2],
    [10, 7],
  ] as const) {
    const first = new Uint32Array(size);
    const chosen = new Uint32Array(size);
    const increment = (counts: Uint32Array, number: number): void => {
      counts[number] = (counts[number] ?? 0) + 1;
    };
    for (let i = 0; i < 20_000; i++) {
      const numbers = sample(random, size, count);
      increment(first, numbers[0] ?? 0);
      for (const number of numbers) increment(chosen, number);
    }
    for (const times of first) t.ok(Math.abs(times - 20_000 / size) < 250, `${times}`);
    for (const times of chosen) t.ok(Math.abs(times - (20_000 * count) / size) < 400, `${times}`);
  }
});

t.test('the same generator draws the same', async (t) => {
  t.same(sample(new Prng(3, 3), 1000, 20), sample(new Prng(3, 3), 1000, 20));
});
