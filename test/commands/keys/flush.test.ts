import t from 'tap';
import { Harness } from '../harness.ts';

t.test('FLUSHDB empties one database, FLUSHALL all', async (t) => {
  for (const [name, left] of [
    ['FLUSHDB', 1],
    ['FLUSHALL', 0],
  ] as const) {
    for (const options of [[], ['SYNC'], ['async']]) {
      const h = new Harness();
      h.call('SET', 'a', '1', 'EX', '10');
      h.selected = 2;
      h.call('SET', 'b', '2');
      t.equal(h.call(name, ...options), 'OK');
      t.equal(h.call('DBSIZE'), 0);
      t.equal(h.keyspace.size, left);
    }
  }
});

t.test('other options are refused', async (t) => {
  const h = new Harness();
  h.call('SET', 'a', '1');
  t.same(h.call('FLUSHDB', 'foo'), { error: 'ERR syntax error' });
  t.same(h.call('FLUSHALL', 'SYNC', 'ASYNC'), { error: 'ERR syntax error' });
  t.equal(h.call('DBSIZE'), 1);
});
