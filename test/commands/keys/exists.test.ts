import t from 'tap';
import { FakeCollection } from '../../keyspace/fake-collection.ts';
import { Harness } from '../harness.ts';

t.test('EXISTS counts each name it is given', async (t) => {
  const h = new Harness();
  h.call('SET', 'k', 'v');
  t.equal(h.call('EXISTS', 'k', 'none', 'k'), 2);
});

t.test('TOUCH counts keys and makes them fresh, EXISTS and TYPE do not', async (t) => {
  const h = new Harness();
  h.call('SET', 'k', 'v');
  h.pass(10_000);
  h.call('EXISTS', 'k');
  h.call('TYPE', 'k');
  t.equal(h.call('OBJECT', 'IDLETIME', 'k'), 10);
  t.equal(h.call('TOUCH', 'k', 'none'), 1);
  t.equal(h.call('OBJECT', 'IDLETIME', 'k'), 0);
});

t.test('TYPE names the type', async (t) => {
  const h = new Harness();
  h.call('SET', 'k', 'v');
  h.keyspace.database(0).set('list', new FakeCollection([]));
  t.equal(h.call('TYPE', 'k'), 'string');
  t.equal(h.call('TYPE', 'list'), 'list');
  t.equal(h.call('TYPE', 'none'), 'none');
});
