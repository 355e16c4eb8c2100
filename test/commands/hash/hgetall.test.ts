import t from 'tap';
import { MapReply } from '../../../src/resp/reply.ts';
import { Harness } from '../harness.ts';

t.test('HGETALL, HKEYS and HVALS answer fields in order', async (t) => {
  const h = new Harness();
  h.call('HSET', 'h', 'a', '1', 'b', '2', 'c', '3');
  h.call('HDEL', 'h', 'a');
  h.call('HSET', 'h', 'b', '4');
  t.same(h.call('HGETALL', 'h'), ['b', '4', 'c', '3']);
  t.same(h.call('HKEYS', 'h'), ['b', 'c']);
  t.same(h.call('HVALS', 'h'), ['4', '3']);
});

t.test('HGETALL is a map in RESP3', async (t) => {
  const h = new Harness();
  h.call('HSET', 'h', 'a', '1');
  t.same(h.reply('HGETALL', 'h'), new MapReply([['a', '1']]));
  t.same(h.reply('HGETALL', 'none'), new MapReply([]));
});

t.test('a large hash is answered whole', async (t) => {
  const h = new Harness();
  for (let i = 0; i < 1000; i++) h.call('HSET', 'h', `f${i}`, `v${i}`);
  const all = h.call('HGETALL', 'h');
  t.equal(Array.isArray(all) && all.length, 2000);
  t.same(h.call('HKEYS', 'none'), []);
  t.same(h.call('HVALS', 'none'), []);
});

t.test('fields whose time has come are left out', async (t) => {
  const h = new Harness();
  h.call('HSET', 'h', 'a', '1', 'b', '2');
  h.call('HPEXPIRE', 'h', '5', 'FIELDS', '1', 'a');
  h.pass(5);
  t.same(h.call('HGETALL', 'h'), ['b', '2']);
});

t.test('other types are refused', async (t) => {
  const h = new Harness();
  h.call('SET', 's', 'x');
  for (const name of ['HGETALL', 'HKEYS', 'HVALS']) {
    t.match(h.call(name, 's'), { error: /^WRONGTYPE/ }, name);
  }
});
