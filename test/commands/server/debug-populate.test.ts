import t from 'tap';
import { Harness } from '../harness.ts';

t.test('debug-populate makes keys where there are none', async (t) => {
  const h = new Harness();
  h.call('SET', 'key:1', 'mine');
  t.equal(h.call('debug-populate', '3'), 'OK');
  t.same(h.call('MGET', 'key:0', 'key:1', 'key:2', 'key:3'), ['value:0', 'mine', 'value:2', null]);
});

t.test('debug-populate takes a prefix and a length', async (t) => {
  const h = new Harness();
  h.call('debug-populate', '2', 'p', '4');
  h.call('debug-populate', '1', 'q', '10');
  h.call('debug-populate', '1', 'r', '10000');
  t.same(h.call('MGET', 'p:0', 'p:1', 'q:0'), ['valu', 'valu', 'value:0\0\0\0']);
  t.equal(h.call('STRLEN', 'r:0'), 10_000);
});

t.test('debug-populate has its limits', async (t) => {
  const h = new Harness();
  const positive = { error: 'ERR value is out of range, must be positive' };
  t.same(h.call('debug-populate', '-1'), positive);
  t.same(h.call('debug-populate', 'x'), positive);
  t.same(h.call('debug-populate', '1', 'p', '-1'), positive);
  const limit = { error: /^ERR at most 1000000 keys/ };
  t.match(h.call('debug-populate', '1000001'), limit);
  t.match(h.call('debug-populate', '9223372036854775807'), limit);
  t.match(h.call('debug-populate', '1000', 'p', '1000000'), limit);
  t.same(h.call('debug-populate', '1', 'p', '1', 'x'), { error: 'ERR syntax error' });
  t.equal(h.call('DBSIZE'), 0);
});
