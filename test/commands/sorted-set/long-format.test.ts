import t from 'tap';
import { formatLong } from '../../../src/commands/sorted-set/long-format.ts';

t.test('doubles have 17 digits and no zeros at the end', async (t) => {
  t.equal(formatLong(0), '0');
  t.equal(formatLong(-0), '-0');
  t.equal(formatLong(3), '3');
  t.equal(formatLong(100), '100');
  t.equal(formatLong(-2.5), '-2.5');
  t.equal(formatLong(0.1), '0.10000000000000001');
  t.equal(formatLong(3.1), '3.1000000000000001');
});

t.test('very large and very small doubles have an exponent', async (t) => {
  t.equal(formatLong(1e16), '10000000000000000');
  t.equal(formatLong(1e17), '1e+17');
  t.equal(formatLong(1.5e300), '1.5000000000000001e+300');
  t.equal(formatLong(0.0001), '0.0001');
  t.equal(formatLong(0.00001), '1.0000000000000001e-05');
  t.equal(formatLong(5e-324), '4.9406564584124654e-324');
});

t.test('what is not finite has a name', async (t) => {
  t.equal(formatLong(Number.POSITIVE_INFINITY), 'inf');
  t.equal(formatLong(Number.NEGATIVE_INFINITY), '-inf');
  t.equal(formatLong(Number.NaN), 'nan');
});
