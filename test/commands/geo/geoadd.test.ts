import t from 'tap';
import { Harness } from '../harness.ts';

t.test('GEOADD adds positions as scores of a sorted set', async (t) => {
  const h = new Harness();
  const palermo = ['13.361389', '38.115556', 'Palermo'];
  t.equal(h.call('GEOADD', 'Sicily', ...palermo, '15.087269', '37.502669', 'Catania'), 2);
  t.equal(h.call('ZSCORE', 'Sicily', 'Palermo'), '3479099956230698');
  t.equal(h.call('ZSCORE', 'Sicily', 'Catania'), '3479447370796909');
  t.equal(h.call('GEOADD', 'Sicily', 'CH', '13.4', '38.1', 'Palermo'), 1);
});

t.test('GEOADD has conditions like ZADD', async (t) => {
  const h = new Harness();
  t.equal(h.call('GEOADD', 'k', 'XX', '1', '1', 'a'), 0);
  t.equal(h.call('GEOADD', 'k', 'NX', '1', '1', 'a'), 1);
  t.equal(h.call('GEOADD', 'k', 'nx', 'ch', '2', '2', 'a', '3', '3', 'b'), 1);
  t.equal(h.call('GEOADD', 'k', 'xx', 'CH', '2', '2', 'a', '3', '3', 'c'), 1);
});

t.test('GEOADD refuses what is no position, and adds nothing then', async (t) => {
  const h = new Harness();
  const syntax = { error: 'ERR syntax error' };
  t.same(h.call('GEOADD', 'k', 'NX', 'XX', '1', '1', 'a'), syntax);
  t.same(h.call('GEOADD', 'k', '1', '1', 'a', '2'), syntax);
  t.same(h.call('GEOADD', 'k', 'NX', 'CH', 'NX'), syntax);
  t.match(h.call('GEOADD', 'k', '1', '1', 'a', '1', '86', 'b'), { error: /^ERR invalid longi/ });
  t.equal(h.call('EXISTS', 'k'), 0);
  h.call('SET', 'k', 'text');
  t.match(h.call('GEOADD', 'k', '1', '1', 'a'), { error: /^WRONGTYPE/ });
});
