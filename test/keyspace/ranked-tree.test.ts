import t from 'tap';
import { Prng } from '../../src/base/prng.ts';
import { newScores } from '../../src/keyspace/ranked-nodes.ts';
import { RankedTree } from '../../src/keyspace/ranked-tree.ts';

type Pair = readonly [number, string];

/** The same as a sorted array. */
class Model {
  readonly pairs: Pair[] = [];

  rank(score: number, member: string): number {
    const at = this.pairs.findIndex(([s, m]) => s > score || (s === score && m >= member));
    return at === -1 ? this.pairs.length : at;
  }

  insert(score: number, member: string): void {
    this.pairs.splice(this.rank(score, member), 0, [score, member]);
  }

  remove(score: number, member: string): void {
    this.pairs.splice(this.rank(score, member), 1);
  }
}

function upwards(tree: RankedTree, first = 0, count: number = tree.size - first): Pair[] {
  const pairs: Pair[] = [];
  tree.ascend(first, count, (member, score) => pairs.push([score, member]));
  return pairs;
}

t.test('a tree holds what a sorted array would, through growth and decline', async (t) => {
  const random = new Prng(1, 1);
  const tree = new RankedTree();
  const model = new Model();
  const score = (): number => random.below(200) - 100 + (random.chance(0.1) ? 0.5 : 0);
  for (let step = 0; step < 12_000; step++) {
    const grows = step < 5000 ? 0.8 : step < 10_000 ? 0.2 : 0.5;
    if (model.pairs.length === 0 || random.chance(grows)) {
      const pair: Pair = [score(), `m${random.below(100_000)}`];
      if (model.pairs[model.rank(...pair)]?.[1] === pair[1]) continue;
      tree.insert(...pair);
      model.insert(...pair);
    } else {
      const [old, member] = model.pairs[random.below(model.pairs.length)] as Pair;
      model.remove(old, member);
      if (random.chance(0.5)) {
        tree.remove(old, member);
      } else {
        const next = random.chance(0.5) ? old + 0.001 : score();
        tree.move(member, old, next);
        model.insert(next, member);
      }
    }
    if (step % 500 === 0) t.same(upwards(tree), model.pairs);
  }
  t.equal(tree.size, model.pairs.length);
  t.same(upwards(tree), model.pairs);
});

t.test('ranks are found from pairs, and pairs from ranks', async (t) => {
  const random = new Prng(2, 2);
  const tree = new RankedTree();
  const model = new Model();
  for (let i = 0; i < 5000; i++) {
    const pair: Pair = [random.below(50), `m${i}`];
    tree.insert(...pair);
    model.insert(...pair);
  }
  for (let i = 0; i < 500; i++) {
    const rank = random.below(5000);
    const [score, member] = model.pairs[rank] as Pair;
    t.equal(tree.rank(score, member), rank);
    t.equal(tree.rank(score + 0.5, ''), model.rank(score + 0.5, ''));
    const count = Math.min(5000 - rank, random.below(200));
    t.same(upwards(tree, rank, count), model.pairs.slice(rank, rank + count));
    t.equal(
      tree.countWhile((s) => s < score),
      model.rank(score, ''),
    );
  }
  t.equal(
    tree.countWhile(() => true),
    5000,
  );
  t.equal(
    tree.countWhile(() => false),
    0,
  );
});

t.test('a score between its neighbours is changed in place', async (t) => {
  const tree = new RankedTree();
  for (let i = 0; i < 10; i++) tree.insert(i, `m${i}`);
  tree.move('m5', 5, 5.5);
  t.same(upwards(tree, 5, 2), [
    [5.5, 'm5'],
    [6, 'm6'],
  ]);
  tree.move('m5', 5.5, 6);
  t.same(upwards(tree, 5, 2), [
    [6, 'm5'],
    [6, 'm6'],
  ]);
  tree.move('m5', 6, 9);
  t.same(upwards(tree, 8, 2), [
    [9, 'm5'],
    [9, 'm9'],
  ]);
});

t.test('infinities and both zeros have their places', async (t) => {
  const tree = new RankedTree();
  tree.insert(Number.POSITIVE_INFINITY, 'a');
  tree.insert(0, 'c');
  tree.insert(-0, 'b');
  tree.insert(Number.NEGATIVE_INFINITY, 'd');
  t.same(
    upwards(tree).map(([, member]) => member),
    ['d', 'b', 'c', 'a'],
  );
});

t.test('a tree that has lost everything starts again', async (t) => {
  const tree = new RankedTree();
  for (let i = 0; i < 1000; i++) tree.insert(i, 'm');
  for (let i = 999; i >= 0; i--) tree.remove(i, 'm');
  t.equal(tree.size, 0);
  t.same(upwards(tree), []);
  tree.insert(1, 'x');
  t.same(upwards(tree), [[1, 'x']]);
});

t.test('a tree made of pairs in order is like one they were added to', async (t) => {
  const random = new Prng(4, 4);
  for (const count of [0, 1, 48, 49, 2304, 2305, 7000]) {
    const model = new Model();
    const scores = newScores();
    const members: string[] = [];
    for (let i = 0; i < count; i++) {
      scores.push(Math.floor(i / 3));
      members.push(`m${i % 3}`);
      model.pairs.push([Math.floor(i / 3), `m${i % 3}`]);
    }
    const tree = RankedTree.ofSorted(members, scores);
    t.equal(tree.size, count);
    t.same(upwards(tree), model.pairs);
    for (let step = 0; step < 600; step++) {
      const rank = random.below(model.pairs.length + 1);
      const [score, member] = model.pairs[rank] ?? [rank + 0.5, 'new'];
      t.equal(tree.rank(score, member), model.rank(score, member));
      if (step < 200 || rank === model.pairs.length) {
        if (model.pairs[rank + 1]?.[1] === `${member}.${step}`) continue;
        tree.insert(score, `${member}.${step}`);
        model.insert(score, `${member}.${step}`);
      } else {
        tree.remove(score, member);
        model.remove(score, member);
      }
    }
    t.same(upwards(tree), model.pairs);
  }
});
