import t from 'tap';
import { Harness } from '../harness.ts';

function filled(): Harness {
  const h = new Harness();
  h.call('ZADD', 'one', '1', 'a', '2', 'b', '3', 'c');
  h.call('ZADD', 'two', '10', 'b', '20', 'c', '30', 'd');
  h.call('SADD', 'set', 'c', 'd');
  return h;
}

t.test('ZUNION, ZINTER and ZDIFF answer what sets have together', async (t) => {
  const h = filled();
  t.same(h.call('ZUNION', '2', 'one', 'two'), ['a', 'b', 'c', 'd']);
  t.same(h.call('ZUNION', '2', 'one', 'set', 'WITHSCORES'), [
    ...['a', '1', 'd', '1', 'b', '2', 'c', '4'],
  ]);
  t.same(h.call('ZINTER', '3', 'one', 'two', 'set', 'WITHSCORES'), ['c', '24']);
  t.same(h.call('ZDIFF', '2', 'one', 'two', 'WITHSCORES'), ['a', '1']);
  t.same(h.call('ZDIFF', '2', 'none', 'two'), []);
});

t.test('ZINTERCARD counts, up to a limit', async (t) => {
  const h = filled();
  t.equal(h.call('ZINTERCARD', '2', 'one', 'two'), 2);
  t.equal(h.call('ZINTERCARD', '2', 'one', 'two', 'LIMIT', '1'), 1);
  t.equal(h.call('ZINTERCARD', '2', 'one', 'none'), 0);
});

t.test('the storing commands overwrite any value', async (t) => {
  const h = filled();
  h.call('SET', 'to', 'text', 'EX', '100');
  t.equal(h.call('ZUNIONSTORE', 'to', '2', 'one', 'two', 'WEIGHTS', '2', '1'), 4);
  t.same(h.call('ZRANGE', 'to', '0', '-1', 'WITHSCORES'), [
    ...['a', '2', 'b', '14', 'c', '26', 'd', '30'],
  ]);
  t.equal(h.call('TTL', 'to'), -1);
  t.equal(h.call('ZINTERSTORE', 'one', '2', 'one', 'two', 'AGGREGATE', 'MAX'), 2);
  t.same(h.call('ZRANGE', 'one', '0', '-1', 'WITHSCORES'), ['b', '10', 'c', '20']);
  t.equal(h.call('ZDIFFSTORE', 'to', '2', 'two', 'one'), 1);
});

t.test('an empty result deletes', async (t) => {
  const h = filled();
  t.equal(h.call('ZINTERSTORE', 'one', '2', 'one', 'none'), 0);
  t.equal(h.call('EXISTS', 'one'), 0);
  t.equal(h.call('ZDIFFSTORE', 'two', '2', 'two', 'two'), 0);
  t.equal(h.call('EXISTS', 'two'), 0);
});

t.test('results are as large as they must be', async (t) => {
  const h = new Harness();
  for (let i = 0; i < 200; i++) h.call('ZADD', i < 100 ? 'a' : 'b', '1', `m${i}`);
  t.equal(h.call('ZUNIONSTORE', 'to', '2', 'a', 'b'), 200);
  t.equal(h.call('OBJECT', 'ENCODING', 'to'), 'skiplist');
  t.equal(h.call('ZINTERSTORE', 'to', '2', 'to', 'a'), 100);
  t.equal(h.call('OBJECT', 'ENCODING', 'to'), 'listpack');
});

t.test('other types are refused', async (t) => {
  const h = filled();
  h.call('SET', 'text', 'x');
  t.match(h.call('ZUNION', '2', 'none', 'text'), { error: /^WRONGTYPE/ });
  t.match(h.call('ZUNIONSTORE', 'one', '1', 'text', 'foo'), { error: /^WRONGTYPE/ });
  t.equal(h.call('ZCARD', 'one'), 3);
});
