import t from 'tap';
import { Prng } from '../../src/base/prng.ts';
import { KeyHash } from '../../src/keyspace/key-hash.ts';
import {
  addLarge,
  deleteLarge,
  type Large,
  LargeBuilding,
  newLarge,
  setLarge,
} from '../../src/keyspace/sorted-set-large.ts';

const hash = new KeyHash({ high: 1, low: 2 });

function inOrder({ tree }: Large): [string, number][] {
  const pairs: [string, number][] = [];
  tree.ascend(0, tree.size, (member, score) => pairs.push([member, score]));
  return pairs;
}

function numbered({ table }: Large): string[] {
  return Array.from({ length: table.entries.count }, (_, id) => table.entries.key(id));
}

t.test('an element is in the table and in the tree', async (t) => {
  const large = newLarge(hash);
  t.ok(setLarge(large, 'a', 2));
  t.ok(setLarge(large, 'b', 1));
  t.notOk(setLarge(large, 'a', 0));
  t.same(inOrder(large), [
    ['a', 0],
    ['b', 1],
  ]);
  t.notOk(deleteLarge(large, 'c'));
  t.ok(deleteLarge(large, 'a'));
  t.same(inOrder(large), [['b', 1]]);
  t.same(numbered(large), ['b']);
});

t.test('a set built at once is like one that elements were added to', async (t) => {
  const random = new Prng(5, 5);
  const added = newLarge(hash);
  const building = new LargeBuilding(hash);
  const scores = [0, -0, 1, 2.5, -3, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < 3000; i++) {
    const member = `${random.below(10)}-${i}`;
    const score = random.chance(0.5) ? random.float() : (scores[random.below(7)] as number);
    addLarge(added, member, score);
    building.table.add(member, score);
  }
  const built = building.finish();
  t.equal(built.parts, undefined);
  t.same(numbered(built), numbered(added));
  t.same(
    inOrder(built).map(([member, score]) => [member, String(score), Object.is(score, -0)]),
    inOrder(added).map(([member, score]) => [member, String(score), Object.is(score, -0)]),
  );
});

t.test('nothing is built of nothing', async (t) => {
  const built = new LargeBuilding(hash).finish();
  t.same(inOrder(built), []);
  addLarge(built, 'a', 1);
  t.same(inOrder(built), [['a', 1]]);
});
