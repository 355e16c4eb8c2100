import t from 'tap';
import { asMilliseconds } from '../../src/base/ids.ts';
import { Prng } from '../../src/base/prng.ts';
import { dataCommands } from '../../src/commands/data-commands.ts';
import { MISSING } from '../../src/commands/missing.ts';
import { digest } from '../../src/keyspace/digest.ts';
import { BalsaSide, isHere } from './balsa-side.ts';
import { generators, randomSequence } from './sequence.ts';

const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

/** They need no example: they are about the server, or texts of our own. */
const WITHOUT: readonly string[] = ['memory|usage', 'restore-asking'];

t.test('every command on data that Redis 7.0 has is among the random ones', async (t) => {
  const drawn = new Set(generators.filter(({ only }) => only === undefined).map((g) => g.name));
  const all = dataCommands.flatMap((c) => (c.kind === 'container' ? [...c.subcommands] : [c]));
  const lacking = all.filter(({ kind, name, since, group }) => {
    const [major = 0, minor = 0] = since.split('.').map(Number);
    const isNewer = major > 7 || (major === 7 && minor > 0);
    return (
      kind !== 'local' &&
      group !== 'raft' &&
      !isNewer &&
      !drawn.has(name) &&
      !WITHOUT.includes(name)
    );
  });
  t.same(
    lacking.map(({ name }) => name),
    [],
  );
});

t.test('what is missing here is not drawn', async (t) => {
  const missing = new Set(MISSING.flatMap(({ names }) => names));
  t.same(
    generators.filter(({ name }) => missing.has(name)),
    [],
  );
});

t.test('the same seed gives the same commands, another one others', async (t) => {
  const of = (seed: number) => randomSequence(new Prng(seed, 0), { steps: 50 });
  t.same(of(1), of(1));
  t.strictNotSame(of(1), of(2));
});

t.test('two nodes do the same with what two servers need not', async (t) => {
  for (let number = 0; number < 20; number++) {
    const commands = randomSequence(new Prng(SEED, number), { has: isHere, steps: 200 });
    const nodes = [1, 2].map(() => new BalsaSide(2, asMilliseconds(1_700_000_000_000)));
    const replies = nodes.map((node) =>
      commands.map((words) => node.send(words).toString('latin1')),
    );
    t.same(replies[0], replies[1], `SEED=${SEED} sequence ${number}`);
    const [first, second] = nodes.map(({ keyspace }) => digest(keyspace));
    t.equal(first, second, `SEED=${SEED} sequence ${number}`);
  }
});
