import t from 'tap';
import { Elements } from '../../../src/commands/sorted-set/replies.ts';
import { KeyHash } from '../../../src/keyspace/key-hash.ts';
import { SortedSet } from '../../../src/keyspace/sorted-set.ts';
import { plain } from '../harness.ts';

t.test('elements of a span are answered upwards or downwards', async (t) => {
  const set = new SortedSet(new KeyHash({ high: 0, low: 0 }));
  for (const [i, member] of ['a', 'b', 'c', 'd'].entries()) set.set(member, i);
  const span = { first: 1, count: 2 };
  t.same(plain(Elements.of(set, span, false).reply(true)), ['b', '1', 'c', '2']);
  t.same(plain(Elements.of(set, span, true).reply(false)), ['c', 'b']);
  t.same(plain(Elements.of(set, span, true).pairs()), [
    ['c', '2'],
    ['b', '1'],
  ]);
});
