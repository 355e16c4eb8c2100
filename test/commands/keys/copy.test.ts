import t from 'tap';
import { Harness } from '../harness.ts';

const INTEGER = { error: 'ERR value is not an integer or out of range' };
const RANGE = { error: 'ERR DB index is out of range' };
const SAME = { error: 'ERR source and destination objects are the same' };

t.test('COPY copies value and time to live', async (t) => {
  const h = new Harness();
  h.call('SET', 'dolly', 'sheep', 'EX', '10');
  t.equal(h.call('COPY', 'dolly', 'clone'), 1);
  t.equal(h.call('GET', 'clone'), 'sheep');
  t.equal(h.call('TTL', 'clone'), 10);
  t.equal(h.call('COPY', 'dolly', 'clone'), 0);
  t.equal(h.call('COPY', 'none', 'other'), 0);
});

t.test('COPY REPLACE overwrites, COPY DB goes to another database', async (t) => {
  const h = new Harness();
  h.call('MSET', 'a', '1', 'b', '2');
  t.equal(h.call('COPY', 'a', 'b', 'REPLACE'), 1);
  t.equal(h.call('GET', 'b'), '1');
  t.equal(h.call('COPY', 'a', 'a', 'DB', '3'), 1);
  h.selected = 3;
  t.equal(h.call('GET', 'a'), '1');
});

t.test('COPY refuses wrong databases and itself', async (t) => {
  const h = new Harness();
  h.call('SET', 'a', '1');
  t.same(h.call('COPY', 'a', 'b', 'DB', '16'), RANGE);
  t.same(h.call('COPY', 'a', 'b', 'DB', '-1'), RANGE);
  t.same(h.call('COPY', 'a', 'b', 'DB', 'x'), INTEGER);
  t.match(h.call('COPY', 'a', 'b', 'DB', '99999999999'), { error: /^ERR value is out of range/ });
  t.same(h.call('COPY', 'a', 'b', 'DB'), { error: 'ERR syntax error' });
  t.same(h.call('COPY', 'a', 'a', 'DB', '0'), SAME);
});

t.test('MOVE takes a key to a database that does not have it', async (t) => {
  const h = new Harness();
  h.call('SET', 'k', 'v', 'EX', '10');
  t.equal(h.call('MOVE', 'k', '1'), 1);
  t.equal(h.call('EXISTS', 'k'), 0);
  t.equal(h.call('MOVE', 'k', '1'), 0);
  h.call('SET', 'k', 'other');
  t.equal(h.call('MOVE', 'k', '1'), 0);
  t.same(h.call('MOVE', 'k', '0'), SAME);
  t.same(h.call('MOVE', 'k', '16'), RANGE);
  t.same(h.call('MOVE', 'k', 'x'), INTEGER);
  h.selected = 1;
  t.equal(h.call('GET', 'k'), 'v');
  t.equal(h.call('TTL', 'k'), 10);
});

t.test('SWAPDB exchanges databases', async (t) => {
  const h = new Harness();
  h.call('SET', 'k', 'zero');
  t.equal(h.call('SWAPDB', '0', '5'), 'OK');
  t.equal(h.call('EXISTS', 'k'), 0);
  h.selected = 5;
  t.equal(h.call('GET', 'k'), 'zero');
  t.equal(h.call('SWAPDB', '5', '5'), 'OK');
  t.same(h.call('SWAPDB', 'x', '1'), { error: 'ERR invalid first DB index' });
  t.same(h.call('SWAPDB', '1', 'x'), { error: 'ERR invalid second DB index' });
  t.same(h.call('SWAPDB', '1', '16'), RANGE);
});
