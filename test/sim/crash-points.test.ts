/** Every disk operation of short runs becomes a power cut, and the end of the process. */
import t from 'tap';
import { enumerateCrashes } from './crash-points.ts';
import { ONE_NODE, TRUNCATION } from './crash-scenarios.ts';
import { IMAGES } from './crash-scenarios-images.ts';

/** SEED= first seed, ROUNDS= how many. Each is another run, torn in other ways. */
const FIRST = Number(process.env['SEED'] ?? 1);
const ROUNDS = Number(process.env['ROUNDS'] ?? 1);
const TEARS = Number(process.env['TEARS'] ?? 2);

for (const scenario of [...TRUNCATION, ...ONE_NODE, ...IMAGES]) {
  t.test(`a crash in every operation: ${scenario.title}`, async (t) => {
    for (let seed = FIRST; seed < FIRST + ROUNDS; seed++) {
      const found = enumerateCrashes(scenario, { seed, tears: TEARS, kills: true });
      for (const problem of found.problems.slice(0, 5)) t.fail(`seed ${seed}: ${problem}`);
      const { points, crashes, problems } = found;
      t.equal(crashes, points * (TEARS + 1), `${points} operations, ${problems.length} problems`);
    }
  });
}
