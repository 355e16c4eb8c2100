import t from 'tap';
import { Elements } from '../../../src/commands/sorted-set/replies.ts';
import { storeSet } from '../../../src/commands/sorted-set/store.ts';
import { Harness } from '../harness.ts';

t.test('elements become the value of a key, nothing deletes it', async (t) => {
  const h = new Harness();
  const db = h.keyspace.database(0);
  const elements = new Elements();
  elements.add('a', 1);
  elements.add('b', 1);
  t.equal(storeSet(db, 'z', elements), 2);
  t.same(h.call('ZRANGE', 'z', '0', '-1', 'WITHSCORES'), ['a', '1', 'b', '1']);
  t.equal(storeSet(db, 'z', new Elements()), 0);
  t.equal(h.call('EXISTS', 'z'), 0);
});
