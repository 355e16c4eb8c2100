import t from 'tap';
import {
  Branch,
  firstNot,
  insertInto,
  Leaf,
  newScores,
  placeIn,
  removeFrom,
} from '../../src/keyspace/ranked-nodes.ts';

function grow(scores: Iterable<number>): Leaf | Branch {
  let root: Leaf | Branch = new Leaf(newScores(), []);
  for (const score of scores) {
    const sibling = insertInto(root, score, `m${score}`);
    if (sibling !== undefined) root = Branch.of(root, sibling);
  }
  return root;
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

function leavesOf(root: Leaf | Branch): Leaf[] {
  let node = root;
  while (node instanceof Branch) node = node.children[0] as Leaf | Branch;
  const leaves: Leaf[] = [];
  for (let leaf: Leaf | undefined = node; leaf !== undefined; leaf = leaf.next) leaves.push(leaf);
  return leaves;
}

t.test('pairs that come in order fill leaves to the brim', async (t) => {
  const sizes = leavesOf(grow(upTo(640))).map((leaf) => leaf.members.length);
  t.same(sizes, new Array(10).fill(64));
});

t.test('pairs that come in no order leave no leaf less than half full', async (t) => {
  const scores = upTo(1000).map((i) => (i * 617) % 1000);
  for (const leaf of leavesOf(grow(scores))) t.ok(leaf.members.length >= 32);
});

t.test('leaves that lose most of what they had are merged', async (t) => {
  const root = grow(upTo(6400));
  for (let i = 0; i < 6400; i++) if (i % 16 !== 0) removeFrom(root, i, `m${i}`);
  const leaves = leavesOf(root);
  t.ok(leaves.length <= 400 / 16, `${leaves.length} leaves for 400 pairs`);
  t.same(
    leaves.flatMap((leaf) => leaf.scores),
    upTo(400).map((i) => i * 16),
  );
});

t.test('the place of a pair is found by score, then by member', async (t) => {
  const leaf = new Leaf([1, 1, 2], ['a', 'c', 'b']);
  t.equal(placeIn(leaf, 1, 'b'), 1);
  t.equal(placeIn(leaf, 1, 'c'), 1);
  t.equal(placeIn(leaf, 2, 'a'), 2);
  t.equal(placeIn(leaf, 3, ''), 3);
  t.equal(
    firstNot(leaf, 0, (score) => score < 2),
    2,
  );
});
