import t from 'tap';
import { Harness } from '../harness.ts';

function withHash(): Harness {
  const h = new Harness();
  h.call('HSET', 'h', 'a', '1', 'b', '', 'c', '\xff\0\r\n');
  return h;
}

t.test('HGET answers the value or null', async (t) => {
  const h = withHash();
  t.equal(h.call('HGET', 'h', 'a'), '1');
  t.equal(h.call('HGET', 'h', 'b'), '');
  t.equal(h.call('HGET', 'h', 'c'), '\xff\0\r\n');
  t.equal(h.call('HGET', 'h', 'd'), null);
  t.equal(h.call('HGET', 'none', 'a'), null);
});

t.test('HMGET answers one value for each field', async (t) => {
  const h = withHash();
  t.same(h.call('HMGET', 'h', 'b', 'x', 'a', 'a'), ['', null, '1', '1']);
  t.same(h.call('HMGET', 'none', 'a', 'b'), [null, null]);
});

t.test('HEXISTS, HSTRLEN and HLEN look without taking', async (t) => {
  const h = withHash();
  t.equal(h.call('HEXISTS', 'h', 'b'), 1);
  t.equal(h.call('HEXISTS', 'h', 'x'), 0);
  t.equal(h.call('HEXISTS', 'none', 'a'), 0);
  t.equal(h.call('HSTRLEN', 'h', 'c'), 4);
  t.equal(h.call('HSTRLEN', 'h', 'b'), 0);
  t.equal(h.call('HSTRLEN', 'h', 'x'), 0);
  t.equal(h.call('HSTRLEN', 'none', 'x'), 0);
  t.equal(h.call('HLEN', 'h'), 3);
  t.equal(h.call('HLEN', 'none'), 0);
});

t.test('other types are refused', async (t) => {
  const h = new Harness();
  h.call('SET', 's', 'x');
  for (const name of ['HGET', 'HMGET', 'HEXISTS', 'HSTRLEN']) {
    t.match(h.call(name, 's', 'a'), { error: /^WRONGTYPE/ }, name);
  }
  t.match(h.call('HLEN', 's'), { error: /^WRONGTYPE/ });
});
