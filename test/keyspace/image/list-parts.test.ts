import t from 'tap';
import { isLayout, layoutFor, visitPage } from '../../../src/keyspace/image/list-parts.ts';

function page(start: number, places: number, part: number, nodes: number): number[] {
  const found: number[] = [];
  visitPage({ start, places }, { part, nodes }, (node) => found.push(node));
  return found;
}

t.test('a layout has places for all nodes, and whole parts of them', async (t) => {
  t.same(layoutFor(0), { start: 0, places: 256 });
  t.same(layoutFor(256), { start: 0, places: 256 });
  t.same(layoutFor(257), { start: 0, places: 512 });
});

t.test('what cannot be a layout is told from one', async (t) => {
  t.ok(isLayout({ start: 255, places: 256 }, 256));
  t.notOk(isLayout({ start: 256, places: 256 }, 1));
  t.notOk(isLayout({ start: 0, places: 256 }, 257));
  t.notOk(isLayout({ start: 0, places: 128 }, 1));
  t.notOk(isLayout({ start: 0, places: 300 }, 1));
  t.notOk(isLayout({ start: 0, places: 0 }, 0));
});

t.test('a part of the order has the nodes of 256 places, in the order of these', async (t) => {
  t.same(page(0, 256, 0, 3), [0, 1, 2]);
  t.same(page(254, 256, 0, 4), [2, 3, 0, 1]);
  t.same(page(510, 512, 0, 4), [2, 3]);
  t.same(page(510, 512, 32, 4), [0, 1]);
  t.same(page(0, 512, 32, 256), []);
  t.same(page(0, 512, 64, 512), [], 'there is no such part');
});
