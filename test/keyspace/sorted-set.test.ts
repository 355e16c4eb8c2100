import t from 'tap';
import { Prng } from '../../src/base/prng.ts';
import { KeyHash } from '../../src/keyspace/key-hash.ts';
import { SortedSet } from '../../src/keyspace/sorted-set.ts';

const hash = new KeyHash({ high: 1, low: 2 });

function setOf(...pairs: readonly (readonly [string, number])[]): SortedSet {
  const set = new SortedSet(hash);
  for (const [member, score] of pairs) set.set(member, score);
  return set;
}

function numbered(count: number): SortedSet {
  const set = new SortedSet(hash);
  for (let i = 0; i < count; i++) set.set(`m${i}`, i);
  return set;
}

function contentOf(set: SortedSet): [string, number][] {
  const pairs: [string, number][] = [];
  set.forEach((member, score) => {
    pairs.push([member, score]);
  });
  return pairs;
}

function feedOf(set: SortedSet): unknown[] {
  const fed: unknown[] = [];
  set.feed({
    text: (text) => fed.push(text),
    bytes: (bytes) => fed.push(bytes),
    number: (value) => fed.push(value),
  });
  return fed;
}

t.test('members are in order of score, then of bytes', async (t) => {
  const set = setOf(['b', 2], ['a', 2], ['c', 1], ['\xff', 2], ['', 2]);
  t.same(set.range(0, 4), ['c', '', 'a', 'b', '\xff']);
  set.set('c', 3);
  t.same(set.range(3, 4), ['\xff', 'c']);
  t.equal(set.score('c'), 3);
  t.equal(set.score('d'), undefined);
  t.equal(set.size, 5);
});

t.test('both forms hold what a sorted array would', async (t) => {
  for (const wide of [false, true]) {
    const random = new Prng(3, 3);
    const set = new SortedSet(hash);
    if (wide) set.widen();
    const model = new Map<string, number>();
    for (let step = 0; step < 4000; step++) {
      const member = `m${random.below(100)}`;
      if (random.chance(0.4)) {
        t.equal(set.delete(member), model.delete(member));
      } else {
        const score = random.below(30) / 2 - 5;
        set.set(member, score);
        model.set(member, score);
      }
      if (step % 100 !== 99) continue;
      const sorted = [...model].sort(([a, x], [b, y]) => x - y || (a < b ? -1 : 1));
      t.same(contentOf(set), sorted);
      const rank = random.below(sorted.length);
      t.equal(set.rank(sorted[rank]?.[0] ?? ''), rank);
      const count = Math.min(10, sorted.length - rank);
      const members: string[] = [];
      const scores: number[] = [];
      set.collect({ first: rank, count }, { members, scores });
      const wanted = sorted.slice(rank, rank + count);
      t.same(
        members.map((name, i) => [name, scores[i]]),
        wanted,
      );
      t.same(
        set.range(rank, rank + count - 1),
        wanted.map(([name]) => name),
      );
      const seen: string[] = [];
      set.everyMember((name) => seen.push(name) < 50);
      t.equal(new Set(seen).size, Math.min(50, set.size));
      t.ok(seen.every((name) => model.has(name)));
    }
    t.equal(set.encoding(), wide ? 'skiplist' : 'listpack');
  }
});

t.test('a set grows out of the small form and does not go back', async (t) => {
  const set = numbered(128);
  t.equal(set.encoding(), 'listpack');
  set.set('m5', 1000);
  t.equal(set.encoding(), 'listpack');
  set.set('more', 1);
  t.equal(set.encoding(), 'skiplist');
  t.equal(set.size, 129);
  for (let i = 0; i < 128; i++) set.delete(`m${i}`);
  t.same(contentOf(set), [['more', 1]]);
  t.equal(set.encoding(), 'skiplist');
  t.equal(setOf(['x'.repeat(64), 1]).encoding(), 'listpack');
  t.equal(setOf(['x'.repeat(65), 1]).encoding(), 'skiplist');
});

t.test('spans are found by score and by member in both forms', async (t) => {
  for (const count of [100, 1000]) {
    const set = numbered(count);
    const range = { min: 10, minOpen: false, max: 20, maxOpen: true };
    t.same(set.scoreSpan(range), { first: 10, count: 10 });
    t.same(set.scoreSpan({ ...range, minOpen: true, maxOpen: false }), { first: 11, count: 10 });
    t.equal(set.scoreSpan({ ...range, min: 30 }).count, 0);
    const equal = new SortedSet(hash);
    for (let i = 0; i < count; i++) equal.set(String(i).padStart(4, '0'), 0);
    const lex = { min: { member: '0010', open: true }, max: { member: '002', open: false } };
    t.same(equal.lexSpan(lex), { first: 11, count: 9 });
    t.equal(equal.lexSpan({ min: 'least', max: 'greatest' }).count, count);
    t.equal(equal.lexSpan({ min: 'greatest', max: 'least' }).count, 0);
  }
});

t.test('spans are deleted in both forms', async (t) => {
  for (const count of [100, 1000]) {
    const set = numbered(count);
    set.deleteSpan({ first: 10, count: 80 });
    t.equal(set.size, count - 80);
    t.same(set.range(9, 10), ['m9', 'm90']);
    t.equal(set.rank('m95'), 15);
    t.equal(set.rank('m50'), -1);
    set.deleteSpan({ first: 0, count: set.size });
    t.equal(set.size, 0);
    t.same(contentOf(set), []);
    t.equal(set.encoding(), count === 100 ? 'listpack' : 'skiplist');
  }
});

t.test('a set made of sorted elements is like one made step by step', async (t) => {
  for (const count of [0, 3, 128, 129, 3000]) {
    const one = numbered(count);
    const members = one.range(0, count - 1);
    const other = SortedSet.ofSorted(
      hash,
      members,
      members.map((_, i) => i),
    );
    t.same(contentOf(other), contentOf(one));
    t.equal(other.encoding(), one.encoding());
    other.set('m0', 77.5);
    t.equal(other.rank('m0'), Math.min(77, Math.max(count - 1, 0)));
  }
});

t.test('a copy and the original are changed apart', async (t) => {
  for (const count of [100, 1000]) {
    const set = numbered(count);
    const copy = set.copy();
    t.same(contentOf(copy), contentOf(set));
    copy.set('m1', 1e6);
    set.delete('m2');
    t.equal(set.score('m1'), 1);
    t.equal(copy.score('m2'), 2);
    t.equal(copy.size, count);
    t.equal(copy.encoding(), set.encoding());
  }
});

t.test('what is fed depends on the elements alone', async (t) => {
  const wide = setOf(['b', 1], ['a', 2]);
  wide.widen();
  t.same(feedOf(wide), feedOf(setOf(['a', 1], ['a', 2], ['b', 1])));
  t.notSame(feedOf(setOf(['a', 1])), feedOf(setOf(['a', 2])));
});

t.test('a scan visits all that stays, whatever comes and goes', async (t) => {
  const set = numbered(1000);
  const seen = new Set<string>();
  let position = 0;
  let step = 0;
  do {
    position = set.scan(position, (member) => seen.add(member));
    set.delete(`m${500 + step}`);
    set.set(`new${step++}`, step);
  } while (position !== 0);
  for (let i = 0; i < 500; i++) t.ok(seen.has(`m${i}`));
  t.equal(
    numbered(5).scan(0, () => {}),
    0,
  );
});

t.test('zero keeps its sign in the large form only, and is not replaced by its like', async (t) => {
  const small = setOf(['a', -0]);
  t.ok(Object.is(small.score('a'), 0));
  const large = new SortedSet(hash);
  large.widen();
  large.set('a', -0);
  large.set('a', 0);
  t.ok(Object.is(large.score('a'), -0));
});

t.test('memory grows with elements and their lengths', async (t) => {
  t.ok(numbered(8).memory(5) < 200);
  const large = numbered(10_000);
  t.ok(large.memory(5) > 10_000 * 50);
  t.ok(large.memory(5) < 10_000 * 120);
  t.ok(large.memory(0) > large.memory(5));
});
