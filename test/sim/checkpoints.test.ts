import t from 'tap';
import { chaos } from './chaos.ts';
import { CHECKPOINTS } from './checkpoints.ts';

/** SEED= first seed, ROUNDS= how many. A failing seed is printed and repeats exactly. */
const FIRST = Number(process.env['SEED'] ?? 1);
const ROUNDS = Number(process.env['ROUNDS'] ?? 15);

t.test(
  `seeds ${FIRST} to ${FIRST + ROUNDS - 1}: linearizable with a checkpoint every few entries`,
  async (t) => {
    let acknowledged = 0;
    for (let seed = FIRST; seed < FIRST + ROUNDS; seed++) {
      const result = chaos(seed, 12, CHECKPOINTS);
      acknowledged += result.acknowledged;
      if (result.problems.length > 0) {
        t.fail(`seed ${seed}: ${result.problems.slice(0, 3).join('\n')}`);
      }
    }
    t.ok(acknowledged > ROUNDS * 100, `${acknowledged} operations were acknowledged`);
  },
);
