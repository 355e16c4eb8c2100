import t from 'tap';
import {
  difference,
  intersection,
  intersectionSize,
  type Source,
  sorted,
  sourceOf,
  union,
} from '../../../src/commands/sorted-set/combine.ts';
import { Elements } from '../../../src/commands/sorted-set/replies.ts';
import { KeyHash } from '../../../src/keyspace/key-hash.ts';
import { SetValue } from '../../../src/keyspace/set-value.ts';
import { SortedSet } from '../../../src/keyspace/sorted-set.ts';

const hash = new KeyHash({ high: 0, low: 0 });
const INF = Number.POSITIVE_INFINITY;

function source(scores: Readonly<Record<string, number>>, weight = 1): Source {
  const set = new SortedSet(hash);
  for (const [member, score] of Object.entries(scores)) set.set(member, score);
  return sourceOf(set, weight);
}

function plainSet(...members: string[]): Source {
  const set = new SetValue(hash);
  for (const member of members) set.add(member);
  return sourceOf(set, 1);
}

function shown({ members, scores }: Elements): string {
  return members.map((member, i) => `${member}=${scores[i]}`).join(' ');
}

const A = { a: 1, b: 2, c: 3 };
const B = { b: 10, c: 20, d: 30 };

t.test('a union has all members, with scores put together', async (t) => {
  const sources = [source(A), source(B, 2)];
  t.equal(shown(union(hash, sources, 'sum')), 'a=1 b=22 c=43 d=60');
  t.equal(shown(union(hash, sources, 'min')), 'a=1 b=2 c=3 d=60');
  t.equal(shown(union(hash, sources, 'max')), 'a=1 b=20 c=40 d=60');
  t.equal(shown(union(hash, [], 'sum')), '');
});

t.test('an intersection has the members that are in all', async (t) => {
  const sources = [source(A), source(B), plainSet('c', 'b', 'x')];
  t.equal(shown(intersection(sources, 'sum')), 'b=13 c=24');
  t.equal(shown(intersection(sources, 'min')), 'b=1 c=1');
  t.equal(shown(intersection([source(A), sourceOf(undefined, 1)], 'sum')), '');
  t.equal(intersectionSize(sources, 0), 2);
  t.equal(intersectionSize(sources, 1), 1);
});

t.test('the size of an intersection is counted up to a limit', async (t) => {
  const large = (from: number): Source => {
    const set = new SortedSet(hash);
    for (let i = from; i < from + 1000; i++) set.set(`m${i}`, i);
    return sourceOf(set, 1);
  };
  const plain = plainSet(...Array.from({ length: 2000 }, (_, i) => `m${i}`));
  for (const sources of [
    [large(0), large(900)],
    [large(900), large(0), plain],
    [plain, large(1900)],
  ]) {
    t.equal(intersectionSize(sources, 0), 100);
    for (const limit of [1, 99, 100, 101]) {
      t.equal(intersectionSize(sources, limit), Math.min(limit, 100));
    }
  }
});

t.test('a difference has the members of the first that are in no other', async (t) => {
  t.equal(shown(difference(hash, [source(A), source(B)])), 'a=1');
  t.equal(shown(difference(hash, [source(A), plainSet('a'), plainSet('c')])), 'b=2');
  t.equal(shown(difference(hash, [source(A), source(A)])), '');
  t.equal(shown(difference(hash, [sourceOf(undefined, 1), source(A)])), '');
});

t.test('a difference is the same whichever way is shorter', async (t) => {
  const many: Record<string, number> = {};
  for (let i = 0; i < 100; i++) many[`m${i}`] = i;
  const others = [source({ m1: 0 }), source({ m3: 0 }), plainSet('m5'), source({ x: 1 })];
  const left = difference(hash, [source(many), ...others]);
  t.equal(left.members.length, 97);
  t.notOk(left.members.some((member) => ['m1', 'm3', 'm5'].includes(member)));
});

t.test('infinities that cancel out, or are multiplied with nothing, count as 0', async (t) => {
  t.equal(shown(union(hash, [source({ a: INF }), source({ a: -INF })], 'sum')), 'a=0');
  t.equal(shown(union(hash, [source({ a: INF }, 0)], 'sum')), 'a=0');
  t.equal(shown(intersection([source({ a: 5 }), source({ a: INF }, 0)], 'sum')), 'a=0');
  t.equal(shown(intersection([source({ a: 5 }), source({ a: INF }, 0)], 'max')), 'a=5');
});

t.test('elements are sorted by score, then by bytes', async (t) => {
  const elements = new Elements();
  for (const member of ['b', 'a', 'c']) elements.add(member, INF);
  elements.add('z', 1);
  elements.add('y', -INF);
  t.equal(shown(sorted(elements)), `y=-Infinity z=1 a=Infinity b=Infinity c=Infinity`);
});
