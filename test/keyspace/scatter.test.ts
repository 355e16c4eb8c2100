import t from 'tap';
import { everyScattered } from '../../src/keyspace/scatter.ts';

function order(count: number, most = count): number[] {
  const numbers: number[] = [];
  everyScattered(count, (number) => numbers.push(number) < most);
  return numbers;
}

t.test('every number is visited once', async (t) => {
  for (const count of [0, 1, 2, 3, 4, 5, 100, 127, 128, 129, 1000]) {
    const numbers = order(count, count + 1);
    t.equal(numbers.length, count);
    t.same(
      numbers.sort((a, b) => a - b),
      Array.from({ length: count }, (_, i) => i),
    );
  }
});

t.test('the visit ends when it is told to, and says so', async (t) => {
  t.equal(order(1000, 7).length, 7);
  t.equal(
    everyScattered(10, () => true),
    true,
  );
  t.equal(
    everyScattered(10, (number) => number !== 3),
    false,
  );
});

t.test('the first numbers are from all over the range', async (t) => {
  for (const count of [1000, 100_000, 131_073]) {
    const tenths = order(count, 40).map((number) => Math.floor((10 * number) / count));
    t.equal(new Set(tenths).size, 10, `of ${count}`);
  }
});
