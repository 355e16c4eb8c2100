import t from 'tap';
import { Harness } from '../harness.ts';

const READERS = ['HTTL', 'HPTTL', 'HEXPIRETIME', 'HPEXPIRETIME'];

function withHash(): Harness {
  const h = new Harness();
  h.call('HSET', 'h', 'a', '1', 'b', '2');
  h.call('HPEXPIREAT', 'h', '1700000001500', 'FIELDS', '1', 'a');
  return h;
}

t.test('times are answered in both units, from now and from the epoch, rounded up', async (t) => {
  const h = withHash();
  const fields = ['FIELDS', '3', 'a', 'b', 'x'];
  t.same(h.call('HTTL', 'h', ...fields), [2, -1, -2]);
  t.same(h.call('HPTTL', 'h', ...fields), [1500, -1, -2]);
  t.same(h.call('HEXPIRETIME', 'h', ...fields), [1_700_000_002, -1, -2]);
  t.same(h.call('HPEXPIRETIME', 'h', ...fields), [1_700_000_001_500, -1, -2]);
  h.pass(500);
  t.same(h.call('HTTL', 'h', 'FIELDS', '1', 'a'), [1]);
  h.pass(999);
  t.same(h.call('HTTL', 'h', 'FIELDS', '1', 'a'), [1]);
  h.pass(1);
  t.same(h.call('HTTL', 'h', 'FIELDS', '1', 'a'), [-2]);
});

t.test('fields of a key that does not exist do not exist', async (t) => {
  const h = new Harness();
  for (const name of [...READERS, 'HPERSIST']) {
    t.same(h.call(name, 'none', 'FIELDS', '2', 'a', 'b'), [-2, -2]);
  }
});

t.test('HPERSIST takes deadlines away', async (t) => {
  const h = withHash();
  const db = h.keyspace.database(0);
  t.same(h.call('HPERSIST', 'h', 'FIELDS', '3', 'a', 'b', 'x'), [1, -1, -2]);
  const version = db.version('h');
  t.same(h.call('HPERSIST', 'h', 'FIELDS', '1', 'a'), [-1]);
  t.equal(db.version('h'), version);
  h.pass(1_000_000);
  t.same(h.call('HKEYS', 'h'), ['a', 'b']);
});

t.test('the type is checked first, then the fields, then the key', async (t) => {
  const h = withHash();
  h.call('SET', 's', 'x');
  for (const name of [...READERS, 'HPERSIST']) {
    t.match(h.call(name, 's', 'FOO', '1', 'a'), { error: /^WRONGTYPE/ });
    for (const key of ['h', 'none']) {
      t.same(h.call(name, key, 'FOO', '1', 'a'), {
        error: 'ERR Mandatory argument FIELDS is missing or not at the right position',
      });
      t.same(h.call(name, key, 'FIELDS', '0', 'a'), {
        error: 'ERR Number of fields must be a positive integer',
      });
      t.same(h.call(name, key, 'FIELDS', '2', 'a'), {
        error: 'ERR The `numfields` parameter must match the number of arguments',
      });
    }
    t.match(h.call(name, 'h', 'FIELDS', '1'), { error: /^ERR wrong number of arguments/ });
  }
});
