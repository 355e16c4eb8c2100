import t from 'tap';
import { indexOfName, insertByName } from '../../src/keyspace/stream-names.ts';

t.test('items are placed by their names', async (t) => {
  const items: { name: string }[] = [];
  for (const name of ['b', 'a', 'c']) insertByName(items, { name });
  t.same(
    items.map(({ name }) => name),
    ['a', 'b', 'c'],
  );
  t.same([indexOfName(items, 'b'), indexOfName(items, 'd'), indexOfName([], 'a')], [1, -1, -1]);
});
