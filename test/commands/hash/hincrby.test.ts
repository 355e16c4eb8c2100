import t from 'tap';
import { Harness } from '../harness.ts';

const MAX = '9223372036854775807';

t.test('HINCRBY adds to a field, which counts as 0 if absent', async (t) => {
  const h = new Harness();
  t.equal(h.call('HINCRBY', 'h', 'f', '5'), 5);
  t.equal(h.call('HINCRBY', 'h', 'f', '-15'), -10);
  t.equal(h.call('HGET', 'h', 'f'), '-10');
  t.equal(h.call('HINCRBY', 'h', 'g', '0'), 0);
  t.equal(h.call('HLEN', 'h'), 2);
});

t.test('HINCRBY is exact over 64 bits and refuses to overflow', async (t) => {
  const h = new Harness();
  h.call('HSET', 'h', 'f', '9223372036854775806');
  t.equal(h.call('HINCRBY', 'h', 'f', '1'), 9223372036854775807n);
  t.same(h.call('HINCRBY', 'h', 'f', '1'), { error: 'ERR increment or decrement would overflow' });
  t.equal(h.call('HGET', 'h', 'f'), MAX);
  t.equal(h.call('HINCRBY', 'h', 'g', '-9223372036854775808'), -9223372036854775808n);
  t.same(h.call('HINCRBY', 'h', 'g', '-1'), { error: 'ERR increment or decrement would overflow' });
});

t.test('HINCRBY refuses what is no integer', async (t) => {
  const h = new Harness();
  for (const text of ['', 'x', '1.5', ' 1', '01', '9223372036854775808']) {
    h.call('HSET', 'h', 'f', text);
    t.same(h.call('HINCRBY', 'h', 'f', '1'), { error: 'ERR hash value is not an integer' });
    t.same(h.call('HINCRBY', 'h', 'g', text), {
      error: 'ERR value is not an integer or out of range',
    });
  }
  t.equal(h.call('HEXISTS', 'h', 'g'), 0);
});

t.test('HINCRBYFLOAT adds as an x87 does', async (t) => {
  const h = new Harness();
  t.equal(h.call('HINCRBYFLOAT', 'h', 'f', '10.5'), '10.5');
  t.equal(h.call('HINCRBYFLOAT', 'h', 'f', '0.1'), '10.6');
  t.equal(h.call('HINCRBYFLOAT', 'h', 'f', '-5'), '5.6');
  t.equal(h.call('HINCRBYFLOAT', 'h', 'f', '5.0e3'), '5005.60000000000000009');
  t.equal(h.call('HGET', 'h', 'f'), '5005.60000000000000009');
  t.equal(String(h.call('HINCRBYFLOAT', 'h', 'large', '1e30')).length, 31);
});

t.test('HINCRBYFLOAT refuses what is no finite number', async (t) => {
  const h = new Harness();
  h.call('HSET', 'h', 'f', 'x', 'inf', 'inf', 'long', '1'.repeat(6000));
  t.same(h.call('HINCRBYFLOAT', 'h', 'f', '1'), { error: 'ERR hash value is not a float' });
  t.same(h.call('HINCRBYFLOAT', 'h', 'long', '1'), { error: 'ERR hash value is not a float' });
  t.same(h.call('HINCRBYFLOAT', 'h', 'inf', '1'), {
    error: 'ERR increment would produce NaN or Infinity',
  });
  t.same(h.call('HINCRBYFLOAT', 'h', 'g', 'x'), { error: 'ERR value is not a valid float' });
  t.same(h.call('HINCRBYFLOAT', 'h', 'g', '-inf'), { error: 'ERR value is NaN or Infinity' });
  t.same(h.call('HINCRBYFLOAT', 'h', 'g', '1'.repeat(6000)), {
    error: 'ERR value is not a valid float',
  });
  t.equal(h.call('HEXISTS', 'h', 'g'), 0);
});

t.test('counters keep the deadline of their field', async (t) => {
  const h = new Harness();
  h.call('HSET', 'h', 'i', '1', 'f', '1');
  h.call('HEXPIRE', 'h', '10', 'FIELDS', '2', 'i', 'f');
  h.call('HINCRBY', 'h', 'i', '1');
  h.call('HINCRBYFLOAT', 'h', 'f', '1');
  t.same(h.call('HTTL', 'h', 'FIELDS', '2', 'i', 'f'), [10, 10]);
  h.pass(10_000);
  t.equal(h.call('HINCRBY', 'h', 'i', '1'), 1);
  t.same(h.call('HTTL', 'h', 'FIELDS', '1', 'i'), [-1]);
});

t.test('other types are refused, after the increment was checked', async (t) => {
  const h = new Harness();
  h.call('SET', 's', 'x');
  for (const name of ['HINCRBY', 'HINCRBYFLOAT']) {
    t.match(h.call(name, 's', 'f', '1'), { error: /^WRONGTYPE/ });
    t.match(h.call(name, 's', 'f', 'x'), { error: /^ERR value is not/ });
  }
});
