import t from 'tap';
import { chaos } from './chaos.ts';
import { CHECKPOINTS, checkpointOptions } from './checkpoints.ts';
import { families } from './families.ts';

/** SEED= first seed, ROUNDS= how many. A failing seed is printed and repeats exactly. */
const FIRST = Number(process.env['SEED'] ?? 1);
const ROUNDS = Number(process.env['ROUNDS'] ?? 8);

t.test(
  `seeds ${FIRST} to ${FIRST + ROUNDS - 1}: linearizable with a checkpoint every few entries`,
  async (t) => {
    let acknowledged = 0;
    let created = 0;
    let received = 0;
    for (let seed = FIRST; seed < FIRST + ROUNDS; seed++) {
      const result = chaos(seed, 12, CHECKPOINTS);
      acknowledged += result.acknowledged;
      created += result.images.created;
      received += result.images.received;
      if (result.problems.length > 0) {
        t.fail(`seed ${seed}: ${result.problems.slice(0, 3).join('\n')}`);
      }
    }
    t.ok(acknowledged > ROUNDS * 100, `${acknowledged} operations were acknowledged`);
    t.ok(created > ROUNDS * 5, `${created} checkpoints were made`);
    t.ok(received > 0, `${received} images were received`);
  },
);

t.test(
  `seeds ${FIRST} to ${FIRST + ROUNDS - 1}: nodes hold the same after commands of all types and images`,
  async (t) => {
    let answered = 0;
    for (let seed = FIRST; seed < FIRST + ROUNDS; seed++) {
      const result = families(seed, { options: checkpointOptions, absence: 6000 });
      answered += result.answered;
      for (const problem of result.problems) t.fail(`seed ${seed}: ${problem}`);
    }
    t.ok(answered > ROUNDS * 500, `${answered} commands were answered`);
  },
);
