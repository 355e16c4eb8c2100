import t from 'tap';
import { FakeCollection } from '../../keyspace/fake-collection.ts';
import { Harness } from '../harness.ts';

t.test('OBJECT ENCODING follows the rules of Redis', async (t) => {
  const h = new Harness();
  for (const [value, encoding] of [
    ['12', 'int'],
    ['9223372036854775807', 'int'],
    ['9223372036854775808', 'embstr'],
    ['01', 'embstr'],
    ['x'.repeat(44), 'embstr'],
    ['x'.repeat(45), 'raw'],
    ['x'.repeat(10_000), 'raw'],
  ] as const) {
    h.call('SET', 'k', value);
    t.equal(h.call('OBJECT', 'ENCODING', 'k'), encoding, value.slice(0, 20));
  }
  h.keyspace.database(0).set('list', new FakeCollection([]));
  t.equal(h.call('object', 'encoding', 'list'), 'listpack');
});

t.test('OBJECT REFCOUNT shows small integers as shared', async (t) => {
  const h = new Harness();
  h.call('MSET', 'a', '9999', 'b', '10000', 'c', 'text', 'd', '-1');
  t.equal(h.call('OBJECT', 'REFCOUNT', 'a'), 2147483647);
  for (const key of ['b', 'c', 'd']) t.equal(h.call('OBJECT', 'REFCOUNT', key), 1);
});

t.test('OBJECT IDLETIME counts seconds since the last access', async (t) => {
  const h = new Harness();
  h.call('SET', 'k', 'v');
  h.pass(5400);
  t.equal(h.call('OBJECT', 'IDLETIME', 'k'), 5);
  h.call('GET', 'k');
  t.equal(h.call('OBJECT', 'IDLETIME', 'k'), 0);
});

t.test('OBJECT FREQ says why it cannot tell', async (t) => {
  const h = new Harness();
  h.call('SET', 'k', 'v');
  t.match(h.call('OBJECT', 'FREQ', 'k'), { error: /^ERR An LFU maxmemory policy is not selected/ });
});

t.test('OBJECT answers null for a key that is not there', async (t) => {
  const h = new Harness();
  for (const name of ['ENCODING', 'FREQ', 'IDLETIME', 'REFCOUNT']) {
    t.equal(h.call('OBJECT', name, 'none'), null);
  }
});
