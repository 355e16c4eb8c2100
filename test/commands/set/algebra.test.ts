import t from 'tap';
import { Prng } from '../../../src/base/prng.ts';
import {
  difference,
  differenceList,
  intersect,
  intersectionSize,
  type Sources,
  unionList,
  unite,
} from '../../../src/commands/set/algebra.ts';
import { KeyHash } from '../../../src/keyspace/key-hash.ts';
import { SetValue } from '../../../src/keyspace/set-value.ts';

const hash = new KeyHash({ high: 1, low: 2 });

function setOf(...members: readonly string[]): SetValue {
  const set = new SetValue(hash);
  for (const member of members) set.add(member);
  return set;
}

function range(from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, i) => String(from + i));
}

function common(sources: Sources): string[] {
  const members: string[] = [];
  intersect(sources, (member) => members.push(member) > 0);
  return members;
}

t.test('an intersection has what is in every set', async (t) => {
  t.same(common([setOf('a', 'b', 'c'), setOf('c', 'a', 'd')]), ['a', 'c']);
  t.same(common([setOf('a', 'b')]), ['a', 'b']);
  t.same(common([setOf('a'), undefined]), []);
  const set = setOf('a', 'b');
  t.same(common([set, set]), ['a', 'b']);
});

t.test('an intersection ends when it is told to', async (t) => {
  let count = 0;
  intersect([setOf(...range(0, 100))], () => ++count < 7);
  t.equal(count, 7);
});

t.test('the size of an intersection is counted up to a limit, in sets of any form', async (t) => {
  const names = (from: number, to: number): string[] => range(from, to).map((n) => `name:${n}`);
  for (const [a, b] of [
    [setOf(...names(0, 60)), setOf(...names(20, 100))],
    [setOf(...range(0, 60)), setOf(...range(20, 100))],
    [setOf(...range(0, 60)), setOf('x', ...range(20, 100))],
    [setOf(...names(0, 240)), setOf(...names(200, 500))],
  ]) {
    t.equal(intersectionSize([a, b], Number.POSITIVE_INFINITY), 40);
    for (const limit of [1, 7, 39, 40, 41, 1000]) {
      t.equal(intersectionSize([a, b, a], limit), Math.min(limit, 40));
    }
    t.equal(intersectionSize([a, undefined], 5), 0);
  }
});

t.test('a limit is reached soon where common members were added together', async (t) => {
  const sets = [setOf(...range(0, 100_000)), setOf(...range(90_000, 190_000))];
  const start = performance.now();
  for (let i = 0; i < 2000; i++) intersectionSize(sets, 10);
  t.ok(performance.now() - start < 1000);
});

t.test('an intersection costs what the smallest set costs', async (t) => {
  const large = Array.from({ length: 50 }, () => setOf(...range(0, 5000)));
  const small = setOf('7', 'x');
  const start = performance.now();
  for (let i = 0; i < 2000; i++) common([...large, small]);
  t.ok(performance.now() - start < 2000);
});

t.test('a union has what is in any set', async (t) => {
  const union = setOf();
  unite([setOf('1', '2'), undefined, setOf('2', '3')], union);
  t.same(union.members(), ['1', '2', '3']);
});

t.test('a list of a union has its members in the order of the sets, few or many', async (t) => {
  for (const count of [10, 2000]) {
    const first = setOf('x', ...range(0, count));
    const second = setOf('y', ...range(count / 2, 2 * count));
    const wanted = [...new Set([...first.members(), ...second.members()])];
    t.same(unionList([first, undefined, second, first], hash), wanted);
  }
  t.same(unionList([], hash), []);
});

t.test('a difference is the same by look-ups and by removals', async (t) => {
  const random = new Prng(Date.now(), 1);
  for (let run = 0; run < 200; run++) {
    const sets = Array.from({ length: 1 + random.below(5) }, () => {
      const from = random.below(30);
      return random.chance(0.1) ? undefined : setOf(...range(from, from + random.below(60)));
    });
    const [first, ...others] = sets;
    const expected = (first?.members() ?? []).filter(
      (member) => !others.some((set) => set?.has(member)),
    );
    t.same(differenceList(sets, hash).sort(), expected.sort());
    t.same(difference(sets, hash).members().sort(), expected);
  }
  const set = setOf('a');
  t.same(differenceList([set, set], hash), []);
  t.same(difference([set, setOf('b'), set], hash).members(), []);
});
