import t from 'tap';
import { FakeCollection } from '../../keyspace/fake-collection.ts';
import { Harness } from '../harness.ts';

const FLOAT = { error: 'ERR value is not a valid float' };
const NOT_FINITE = { error: 'ERR increment would produce NaN or Infinity' };

t.test('INCRBYFLOAT adds and prints as Redis does', async (t) => {
  const cases = [
    ['10.50', '0.1', '10.6'],
    ['10.6', '-5', '5.6'],
    ['5.0e3', '2.0e2', '5200'],
    ['3.0e3', '0', '3000'],
    ['3', '0.7', '3.7'],
    ['0.1', '0.2', '0.3'],
    ['-1', '1', '0'],
    ['1', '1.1', '2.1'],
    ['0', '1e-17', '0.00000000000000001'],
    ['0', '4e-18', '0'],
    ['0', '-4e-18', '0'],
    ['9223372036854775807', '1', '9223372036854775808'],
    ['17179869184.5', '17179869184', '34359738368.5'],
  ];
  for (const [start = '', by = '', sum] of cases) {
    const h = new Harness();
    h.call('SET', 'k', start);
    t.equal(h.call('INCRBYFLOAT', 'k', by), sum, `${start} + ${by}`);
    t.equal(h.call('GET', 'k'), sum);
  }
});

t.test('the result is text even where it spells an integer', async (t) => {
  const h = new Harness();
  h.call('SET', 'k', '1.5');
  h.call('INCRBYFLOAT', 'k', '1.5');
  t.equal(h.call('OBJECT', 'ENCODING', 'k'), 'embstr');
  t.equal(h.call('INCR', 'k'), 4);
});

t.test('what is no number is refused', async (t) => {
  const h = new Harness();
  h.call('SET', 'k', '1');
  for (const by of ['', 'x', ' 1', '1 ', 'nan', '1e', '.', '1e-5000', '1e5000', '1'.repeat(6000)]) {
    t.same(h.call('INCRBYFLOAT', 'k', by), FLOAT, by.slice(0, 20));
  }
  h.call('SET', 'k', 'abc');
  t.same(h.call('INCRBYFLOAT', 'k', '1'), FLOAT);
});

t.test('an infinite result is refused', async (t) => {
  const h = new Harness();
  t.same(h.call('INCRBYFLOAT', 'k', 'inf'), NOT_FINITE);
  t.same(h.call('INCRBYFLOAT', 'k', '-Infinity'), NOT_FINITE);
  h.call('SET', 'k', '1.1e4932');
  t.same(h.call('INCRBYFLOAT', 'k', '1.1e4932'), NOT_FINITE);
});

t.test('the type of the key is checked before the number', async (t) => {
  const h = new Harness();
  h.keyspace.database(0).set('list', new FakeCollection([]));
  t.match(h.call('INCRBYFLOAT', 'list', 'x'), { error: /^WRONGTYPE/ });
});

t.test('the time to live stays', async (t) => {
  const h = new Harness();
  h.call('SET', 'k', '1', 'EX', '10');
  h.call('INCRBYFLOAT', 'k', '1');
  t.equal(h.call('TTL', 'k'), 10);
});
