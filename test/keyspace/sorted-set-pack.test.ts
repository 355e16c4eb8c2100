import t from 'tap';
import { Prng } from '../../src/base/prng.ts';
import { packedAt } from '../../src/keyspace/packed.ts';
import {
  packScored,
  scoredCollect,
  scoredCountWhile,
  scoredFind,
  scoredNext,
  scoredPlace,
  scoredRank,
  scoredScore,
  scoredSeek,
  scoredSet,
  scoredWalk,
} from '../../src/keyspace/sorted-set-pack.ts';

const SCORES = [
  ...[0, 1, 223, 224, 4095, 4096, -1, 65535, 65536, 2147483647, -2147483648, 2147483648],
  ...[0.5, -0.1, 1e300, 5e-324, 2 ** 53, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
];

function members(packed: string, first: number, count: number): string[] {
  const found: string[] = [];
  scoredWalk(packed, { first, count }, (member) => found.push(member));
  return found;
}

t.test('every score is read back as it was, but for the sign of zero', async (t) => {
  for (const score of SCORES) {
    const packed = packScored('m', score) + packScored('n', 7);
    t.equal(scoredScore(packed, 0), score);
    t.equal(scoredScore(packed, scoredNext(packed, 0)), 7);
  }
  t.ok(Object.is(scoredScore(packScored('m', -0), 0), 0));
});

t.test('small whole scores take one char, others up to nine', async (t) => {
  const sizes = [0, 223, 224, 4095, 4096, -1, 0.5].map((score) => packScored('', score).length - 1);
  t.same(sizes, [1, 1, 2, 2, 5, 5, 9]);
});

t.test('elements are found by member and by rank', async (t) => {
  const packed = packScored('a', 1) + packScored('bb', 2.5) + packScored('', 3);
  t.equal(scoredFind(packed, 'a'), 0);
  t.equal(scoredFind(packed, 'bb'), scoredSeek(packed, 0, 1));
  t.equal(scoredFind(packed, 'b'), -1);
  t.equal(scoredRank(packed, scoredFind(packed, '')), 2);
  t.equal(packedAt(packed, scoredSeek(packed, 0, 1)), 'bb');
});

t.test('an element belongs behind lower scores and behind smaller members', async (t) => {
  const packed = packScored('b', 1) + packScored('d', 1) + packScored('a', 2);
  const rank = (member: string, score: number): number =>
    scoredRank(packed, scoredPlace(packed, member, score));
  t.equal(rank('z', 0), 0);
  t.equal(rank('a', 1), 0);
  t.equal(rank('c', 1), 1);
  t.equal(rank('dd', 1), 2);
  t.equal(rank('', 2), 2);
  t.equal(rank('\xff', 2), 3);
});

t.test('an element set anew moves to where its score belongs', async (t) => {
  const random = new Prng(3, 4);
  const scores = new Map<string, number>();
  let packed = '';
  for (let i = 0; i < 3000; i++) {
    const member = 'member'.repeat(random.below(3)) + String(random.below(10));
    const score = SCORES[random.below(SCORES.length)] ?? 0;
    const old = scoredFind(packed, member);
    if (old !== -1 && scoredScore(packed, old) === score) continue;
    packed = scoredSet(packed, old, { member, score });
    scores.set(member, score);
    const sorted = [...scores].sort(([a, x], [b, y]) => x - y || (a < b ? -1 : 1));
    t.equal(packed, sorted.map(([name, value]) => packScored(name, value)).join(''));
  }
});

t.test('a span is appended to columns', async (t) => {
  const packed = ['a', 'b', 'c', 'd'].map((member, i) => packScored(member, i * 300)).join('');
  const columns = { members: ['x'], scores: [0.5] };
  scoredCollect(packed, { first: 1, count: 2 }, columns);
  t.same(columns, { members: ['x', 'b', 'c'], scores: [0.5, 300, 600] });
});

t.test('spans are visited', async (t) => {
  const packed = ['a', 'b', 'c', 'd'].map((member, i) => packScored(member, i * 300)).join('');
  t.same(members(packed, 1, 2), ['b', 'c']);
  t.same(members(packed, 4, 0), []);
  t.equal(
    scoredCountWhile(packed, (score) => score < 600),
    2,
  );
});
