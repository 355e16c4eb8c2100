import t from 'tap';
import { enumerateCrashes, type Scenario } from './crash-points.ts';

/** SEED= first seed, ROUNDS= how many, TEARS= power cuts at each point. Each seed is another run. */
const FIRST = Number(process.env['SEED'] ?? 1);
const ROUNDS = Number(process.env['ROUNDS'] ?? 1);
const TEARS = Number(process.env['TEARS'] ?? 2);

/** One test for each scenario. With even seeds the next process crashes early, too. */
export function testCrashes(scenarios: readonly Scenario[]): void {
  for (const scenario of scenarios) {
    t.test(`a crash in every operation: ${scenario.title}`, async (t) => {
      for (let seed = FIRST; seed < FIRST + ROUNDS; seed++) {
        const options = { seed, tears: TEARS, kills: true, twice: seed % 2 === 0 };
        const { problems, points, crashes } = enumerateCrashes(scenario, options);
        for (const problem of problems.slice(0, 5)) t.fail(`seed ${seed}: ${problem}`);
        t.equal(crashes, points * (TEARS + 1), `${points} operations, ${problems.length} problems`);
      }
    });
  }
}
