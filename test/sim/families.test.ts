import t from 'tap';
import { families } from './families.ts';

/** SEED= first seed, ROUNDS= how many. A failing seed is printed and repeats exactly. */
const FIRST = Number(process.env['SEED'] ?? 1);
const ROUNDS = Number(process.env['ROUNDS'] ?? 10);

t.test(
  `seeds ${FIRST} to ${FIRST + ROUNDS - 1}: all nodes hold the same after random commands of all types`,
  async (t) => {
    let answered = 0;
    let expired = 0;
    for (let seed = FIRST; seed < FIRST + ROUNDS; seed++) {
      const result = families(seed);
      answered += result.answered;
      expired += result.expired + result.expiredFields;
      for (const problem of result.problems) t.fail(`seed ${seed}: ${problem}`);
    }
    t.ok(answered > ROUNDS * 500, `${answered} commands were answered`);
    t.ok(expired > 0, `${expired} keys and fields expired`);
  },
);
