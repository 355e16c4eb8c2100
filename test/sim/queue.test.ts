import t from 'tap';
import { queue } from './queue.ts';

/** SEED= first seed, ROUNDS= how many. A failing seed is printed and repeats exactly. */
const FIRST = Number(process.env['SEED'] ?? 1);
const ROUNDS = Number(process.env['ROUNDS'] ?? 10);

t.test(
  `seeds ${FIRST} to ${FIRST + ROUNDS - 1}: what is pushed goes to one of those who wait`,
  async (t) => {
    let delivered = 0;
    for (let seed = FIRST; seed < FIRST + ROUNDS; seed++) {
      const result = queue(seed);
      delivered += result.delivered;
      for (const problem of result.problems) t.fail(`seed ${seed}: ${problem}`);
    }
    t.ok(delivered > ROUNDS * 50, `${delivered} items were delivered`);
  },
);
