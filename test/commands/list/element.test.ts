import t from 'tap';
import { Harness } from '../harness.ts';

const NOT_AN_INTEGER = { error: 'ERR value is not an integer or out of range' };
const WRONG_TYPE = { error: /^WRONGTYPE/ };

function listOf(...elements: string[]): Harness {
  const h = new Harness();
  h.call('RPUSH', 'k', ...elements);
  h.call('SET', 's', 'v');
  return h;
}

t.test('LLEN answers the number of elements', async (t) => {
  const h = listOf('a', 'b');
  t.equal(h.call('LLEN', 'k'), 2);
  t.equal(h.call('LLEN', 'none'), 0);
  t.match(h.call('LLEN', 's'), WRONG_TYPE);
});

t.test('LINDEX counts from either end', async (t) => {
  const h = listOf('a', 'b', 'c');
  t.equal(h.call('LINDEX', 'k', '0'), 'a');
  t.equal(h.call('LINDEX', 'k', '2'), 'c');
  t.equal(h.call('LINDEX', 'k', '-3'), 'a');
  for (const index of ['3', '-4', '9223372036854775807', '-9223372036854775808']) {
    t.equal(h.call('LINDEX', 'k', index), null, index);
  }
});

t.test('LINDEX minds the index only where there is a list', async (t) => {
  const h = listOf('a');
  t.same(h.call('LINDEX', 'k', 'x'), NOT_AN_INTEGER);
  t.equal(h.call('LINDEX', 'none', 'x'), null);
  t.match(h.call('LINDEX', 's', 'x'), WRONG_TYPE);
});

t.test('LSET replaces an element', async (t) => {
  const h = listOf('a', 'b', 'c');
  const db = h.keyspace.database(0);
  const version = db.version('k');
  t.equal(h.call('LSET', 'k', '1', 'x'), 'OK');
  t.ok(db.version('k') > version);
  t.equal(h.call('LSET', 'k', '-1', 'y'.repeat(5000)), 'OK');
  t.same(h.call('LRANGE', 'k', '0', '-1'), ['a', 'x', 'y'.repeat(5000)]);
});

t.test('LSET needs a list with that element', async (t) => {
  const h = listOf('a');
  t.same(h.call('LSET', 'none', 'x', 'v'), { error: 'ERR no such key' });
  t.match(h.call('LSET', 's', 'x', 'v'), WRONG_TYPE);
  t.same(h.call('LSET', 'k', 'x', 'v'), NOT_AN_INTEGER);
  for (const index of ['1', '-2', '9223372036854775807']) {
    t.same(h.call('LSET', 'k', index, 'v'), { error: 'ERR index out of range' }, index);
  }
});
