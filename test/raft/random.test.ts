import t from 'tap';
import { Chaos } from './support/chaos.ts';

const DEFAULT_SECONDS = 15;
const seedText = process.env['SEED'];
const roundsText = process.env['ROUNDS'];

function trace(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Runs a seed; what goes wrong names it. */
function runSeed(seed: number): ReturnType<Chaos['run']> {
  try {
    return new Chaos(seed, process.env['TRACE'] === undefined ? {} : { trace }).run();
  } catch (error) {
    throw new Error(`seed ${seed} (repeat with SEED=${seed} ROUNDS=1 TRACE=1)`, { cause: error });
  }
}

t.test('a cluster under random faults keeps all invariants and works again after them', (t) => {
  const first = seedText === undefined ? 1 : Number(seedText);
  const rounds = roundsText === undefined ? Number.POSITIVE_INFINITY : Number(roundsText);
  const end = Date.now() + (roundsText === undefined ? DEFAULT_SECONDS * 1000 : 86_400_000);
  let seed = first;
  const totals = { turns: 0, committed: 0, reads: 0, elections: 0, images: 0 };
  for (; seed < first + rounds && Date.now() < end; seed++) {
    const outcome = runSeed(seed);
    totals.turns += outcome.turns;
    totals.committed += outcome.committed;
    totals.reads += outcome.reads;
    totals.elections += outcome.elections;
    totals.images += outcome.images;
  }
  t.comment(`${seed - first} seeds: ${JSON.stringify(totals)}`);
  t.ok(totals.committed > 0 && totals.images > 0);
  t.end();
});

t.test('a seed makes the same run again', (t) => {
  for (const seed of [11, 12, 13]) t.equal(runSeed(seed).fingerprint, runSeed(seed).fingerprint);
  t.end();
});
