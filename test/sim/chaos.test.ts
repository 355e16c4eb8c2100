import t from 'tap';
import { chaos } from './chaos.ts';

/** SEED= first seed, ROUNDS= how many. A failing seed is printed and repeats exactly. */
const FIRST = Number(process.env['SEED'] ?? 1);
const ROUNDS = Number(process.env['ROUNDS'] ?? 25);

/** Seeds that once found a bug, and which. */
const KEPT: Readonly<Record<string, number>> = {
  'an entry was applied before the store knew that it had been replaced': 29,
  'an evicted entry was asked for beyond what was written': 5,
};

for (const [bug, seed] of Object.entries(KEPT)) {
  t.test(`seed ${seed}: ${bug}`, async (t) => {
    t.same(chaos(seed).problems, []);
  });
}

t.test(
  `seeds ${FIRST} to ${FIRST + ROUNDS - 1}: linearizable through crashes and partitions`,
  async (t) => {
    let acknowledged = 0;
    for (let seed = FIRST; seed < FIRST + ROUNDS; seed++) {
      const result = chaos(seed);
      acknowledged += result.acknowledged;
      if (result.problems.length > 0) {
        t.fail(`seed ${seed}: ${result.problems.slice(0, 3).join('\n')}`);
      }
    }
    t.ok(acknowledged > ROUNDS * 100, `${acknowledged} operations were acknowledged`);
  },
);
