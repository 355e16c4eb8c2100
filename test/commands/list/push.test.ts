import t from 'tap';
import { Harness } from '../harness.ts';

const WRONG_TYPE = {
  error: 'WRONGTYPE Operation against a key holding the wrong kind of value',
};

t.test('LPUSH and RPUSH add one element after the other and answer the length', async (t) => {
  const h = new Harness();
  t.equal(h.call('RPUSH', 'k', 'a', 'b'), 2);
  t.equal(h.call('LPUSH', 'k', 'c', 'd', ''), 5);
  t.same(h.call('LRANGE', 'k', '0', '-1'), ['', 'd', 'c', 'a', 'b']);
  t.equal(h.call('LLEN', 'k'), 5);
  t.equal(h.call('TYPE', 'k'), 'list');
});

t.test('LPUSHX and RPUSHX need a list', async (t) => {
  const h = new Harness();
  t.equal(h.call('LPUSHX', 'k', 'a'), 0);
  t.equal(h.call('RPUSHX', 'k', 'a'), 0);
  t.equal(h.call('EXISTS', 'k'), 0);
  h.call('RPUSH', 'k', 'a');
  t.equal(h.call('LPUSHX', 'k', 'b', 'c'), 3);
  t.equal(h.call('RPUSHX', 'k', 'd'), 4);
  t.same(h.call('LRANGE', 'k', '0', '-1'), ['c', 'b', 'a', 'd']);
});

t.test('pushes keep the time to live and count as changes', async (t) => {
  const h = new Harness();
  h.call('RPUSH', 'k', 'a');
  h.call('EXPIRE', 'k', '10');
  const db = h.keyspace.database(0);
  const version = db.version('k');
  h.call('RPUSH', 'k', 'b');
  t.ok(db.version('k') > version);
  t.equal(h.call('TTL', 'k'), 10);
});

t.test('pushes to another type are refused', async (t) => {
  const h = new Harness();
  h.call('SET', 'k', 'v');
  for (const name of ['LPUSH', 'RPUSH', 'LPUSHX', 'RPUSHX']) {
    t.same(h.call(name, 'k', 'a'), WRONG_TYPE, name);
  }
});

t.test('a list of twenty thousand elements is pushed at once', async (t) => {
  const h = new Harness();
  const words = Array.from({ length: 20_000 }, (_, i) => String(i));
  t.equal(h.call('RPUSH', 'k', ...words), 20_000);
  t.equal(h.call('LINDEX', 'k', '17777'), '17777');
  t.equal(h.call('OBJECT', 'ENCODING', 'k'), 'quicklist');
});
