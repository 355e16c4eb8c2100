import t from 'tap';
import { Prng } from '../../src/base/prng.ts';
import { majority, quorumValue, type Tally, tally } from '../../src/raft/quorum.ts';

t.test('a majority is more than half', (t) => {
  t.same(
    [1, 2, 3, 4, 5, 6, 7].map((count) => majority(count)),
    [1, 2, 2, 3, 3, 4, 4],
  );
  t.end();
});

t.test('quorumValue is the greatest value that a majority has reached', (t) => {
  const random = new Prng(3, 1);
  for (let round = 0; round < 2000; round++) {
    const values = Array.from({ length: 1 + random.below(7) }, () => random.below(12));
    const reachedBy = (value: number): number => values.filter((v) => v >= value).length;
    const found = quorumValue([...values]);
    if (reachedBy(found) * 2 <= values.length) t.fail(`${values}: ${found} is on no majority`);
    if (reachedBy(found + 1) * 2 > values.length) t.fail(`${values}: ${found} is not the greatest`);
  }
  t.equal(quorumValue([]), 0);
  t.equal(quorumValue([9, 10, 100]), 10, 'numbers are not sorted as text');
  t.end();
});

t.test('a vote is won by a majority, lost when none is possible any more, else pending', (t) => {
  const cases: [voters: number, yes: number[], no: number[], Tally][] = [
    [3, [1], [], 'pending'],
    [3, [1, 2], [], 'won'],
    [3, [1], [2], 'pending'],
    [3, [1], [2, 3], 'lost'],
    [4, [1, 2], [3], 'pending'],
    [4, [1, 2], [3, 4], 'lost'],
    [4, [1, 2, 3], [4], 'won'],
    [1, [1], [], 'won'],
    [3, [1, 8, 9], [], 'pending'],
    [0, [1], [], 'lost'],
  ];
  for (const [count, yes, no, expected] of cases) {
    const voters = Array.from({ length: count }, (_, i) => i + 1);
    const votes = new Map<number, boolean>();
    for (const id of yes) votes.set(id, true);
    for (const id of no) votes.set(id, false);
    t.equal(tally(voters, votes), expected, `${count} voters, yes ${yes}, no ${no}`);
  }
  t.end();
});
