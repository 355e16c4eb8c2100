import t from 'tap';
import {
  elementsInOrder,
  elementsOf,
  isSortable,
  type Sortable,
  windowOf,
} from '../../../src/commands/keys/sort-source.ts';
import { Harness } from '../harness.ts';

function sortable(...words: string[]): Sortable {
  const h = new Harness();
  h.call(...words);
  const value = h.keyspace.database(0).peek('k');
  if (value === undefined || !isSortable(value)) throw new Error('the key can be sorted');
  return value;
}

t.test('a window lies within the elements', async (t) => {
  t.same(windowOf(0, -1, 5), { from: 0, to: 5 });
  t.same(windowOf(-3, 2, 5), { from: 0, to: 2 });
  t.same(windowOf(3, 9, 5), { from: 3, to: 5 });
  t.same(windowOf(9, 1, 5), { from: 5, to: 5 });
  t.same(windowOf(2 ** 63, 2 ** 63, 5), { from: 5, to: 5 });
  t.same(windowOf(0, 0, 5), { from: 0, to: 0 });
});

t.test('lists and sorted sets have an order, which can be gone through backwards', async (t) => {
  const list = sortable('RPUSH', 'k', 'c', 'a', 'b');
  const sortedSet = sortable('ZADD', 'k', '1', 'c', '2', 'a', '3', 'b');
  for (const value of [list, sortedSet]) {
    t.same(elementsOf(value), ['c', 'a', 'b']);
    t.same(elementsInOrder(value, { from: 0, to: 2 }, false), ['c', 'a']);
    t.same(elementsInOrder(value, { from: 0, to: 2 }, true), ['b', 'a']);
    t.same(elementsInOrder(value, { from: 1, to: 1 }, true), []);
  }
});

t.test('a set has one order', async (t) => {
  const set = sortable('SADD', 'k', 'c', 'a', 'b');
  const all = elementsOf(set);
  t.same([...all].sort(), ['a', 'b', 'c']);
  t.same(elementsInOrder(set, { from: 1, to: 3 }, false), all.slice(1));
  t.same(elementsInOrder(set, { from: 1, to: 3 }, true), all.slice(1));
});
