import t from 'tap';
import { Harness } from '../harness.ts';

function withHash(): Harness {
  const h = new Harness();
  h.call('HSET', 'h', 'a', '1', 'b', '2', 'c', '3');
  return h;
}

t.test('HDEL answers how many fields it deleted', async (t) => {
  const h = withHash();
  t.equal(h.call('HDEL', 'h', 'a', 'x', 'a'), 1);
  t.same(h.call('HKEYS', 'h'), ['b', 'c']);
  t.equal(h.call('HDEL', 'none', 'a'), 0);
});

t.test('HDEL of the last field deletes the key', async (t) => {
  const h = withHash();
  t.equal(h.call('HDEL', 'h', 'a', 'b', 'c', 'd'), 3);
  t.equal(h.call('EXISTS', 'h'), 0);
  h.call('HSET', 'h', 'a', 'x'.repeat(100));
  t.equal(h.call('HDEL', 'h', 'a'), 1);
  t.equal(h.call('DBSIZE'), 0);
});

t.test('HDEL of the last field that is not gone deletes the key', async (t) => {
  const h = new Harness();
  const fields = Array.from({ length: 2500 }, (_, i) => `f${i}`);
  h.call('HSET', 'h', 'stays', '', ...fields.flatMap((field) => [field, '']));
  h.call('HPEXPIRE', 'h', '5', 'FIELDS', '2500', ...fields);
  h.pass(5);
  t.equal(h.call('HDEL', 'h', 'f2499', 'stays'), 1);
  t.equal(h.call('EXISTS', 'h'), 0);
  for (let i = 0; i < 3; i++) h.pass(1);
  t.equal(h.call('DBSIZE'), 0);
});

t.test('HDEL that deletes nothing is no change', async (t) => {
  const h = withHash();
  const db = h.keyspace.database(0);
  const version = db.version('h');
  h.call('HDEL', 'h', 'x');
  h.call('HGETDEL', 'h', 'FIELDS', '1', 'x');
  t.equal(db.version('h'), version);
  h.call('HDEL', 'h', 'a');
  t.not(db.version('h'), version);
});

t.test('HGETDEL answers values and deletes the fields', async (t) => {
  const h = withHash();
  t.same(h.call('HGETDEL', 'h', 'FIELDS', '3', 'a', 'x', 'a'), ['1', null, null]);
  t.same(h.call('HKEYS', 'h'), ['b', 'c']);
  t.same(h.call('HGETDEL', 'h', 'fields', '2', 'c', 'b'), ['3', '2']);
  t.equal(h.call('EXISTS', 'h'), 0);
  t.same(h.call('HGETDEL', 'h', 'FIELDS', '2', 'c', 'b'), [null, null]);
});

t.test('HGETDEL checks the type, then its arguments, then the key', async (t) => {
  const h = withHash();
  h.call('SET', 's', 'x');
  t.match(h.call('HGETDEL', 's', 'FOO', '1', 'a'), { error: /^WRONGTYPE/ });
  for (const key of ['h', 'none']) {
    t.same(h.call('HGETDEL', key, 'FOO', '1', 'a'), {
      error: 'ERR Mandatory argument FIELDS is missing or not at the right position',
    });
    for (const count of ['0', '-1', 'x', '9223372036854775808']) {
      t.same(h.call('HGETDEL', key, 'FIELDS', count, 'a'), {
        error: 'ERR Number of fields must be a positive integer',
      });
    }
    for (const count of ['2', '9223372036854775807']) {
      t.same(h.call('HGETDEL', key, 'FIELDS', count, 'a'), {
        error: 'ERR The `numfields` parameter must match the number of arguments',
      });
    }
  }
  t.match(h.call('HDEL', 's', 'a'), { error: /^WRONGTYPE/ });
});
