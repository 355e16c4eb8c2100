import t from 'tap';
import { Prng } from '../../src/base/prng.ts';
import { CommandTable } from '../../src/commands/command-table.ts';
import { dataCommands } from '../../src/commands/data-commands.ts';
import type { LocalContext } from '../../src/commands/local.ts';
import { localCommands } from '../../src/commands/local-commands.ts';
import { command } from '../../src/commands/server/command.ts';
import { Args } from '../../src/resp/args.ts';
import { isError, type Reply } from '../../src/resp/reply.ts';
import { plain } from '../commands/harness.ts';
import { RedisServer, skipWithoutRedis } from '../commands/redis-server.ts';
import { isHere } from './balsa-side.ts';
import { decode, simplified } from './decode.ts';
import type { Words } from './generator.ts';
import { RedisSide } from './redis-side.ts';
import { randomSteps } from './sequence.ts';
import { quoted } from './shrink.ts';

const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const SEQUENCES = 10;

const table = new CommandTable([...dataCommands, ...localCommands, command]);
/** COMMAND looks at the table and nothing else. */
const context = { table } as unknown as LocalContext;

function ask(words: Words): unknown {
  const args = Args.of(words);
  const found = table.resolve(args);
  if (isError(found) || found.kind !== 'local') throw new Error('COMMAND is in the table');
  return plain(found.run(context, args) as Reply);
}

/** Flags of keys have no order. */
function unordered(reply: unknown): unknown {
  if (!Array.isArray(reply)) return reply;
  return reply.map((one) => (Array.isArray(one) ? [one[0], [...one[1]].sort()] : one));
}

/** A number of keys that is none: Redis reads its first digits here, though the command refuses it. */
function hasOddCount(words: Words): boolean {
  return words.some((word) => /^\d+\D/.test(word));
}

t.test('COMMAND GETKEYS finds what Redis finds', { skip: skipWithoutRedis() }, async (t) => {
  t.comment(`SEED=${SEED}`);
  const server = await RedisServer.start();
  t.teardown(() => server.stop());
  const redis = await RedisSide.connect(server.port);
  t.teardown(() => redis.close());
  for (let number = 0; number < SEQUENCES; number++) {
    const steps = randomSteps(new Prng(SEED, number), { comparable: true, has: isHere });
    const questions = steps
      .flatMap(({ commands }) => commands)
      // Without a word behind the name, GETKEYS of 7.0 itself has too few.
      .filter((words) => words.length > 1 && !hasOddCount(words))
      .flatMap((words) => ['GETKEYS', 'GETKEYSANDFLAGS'].map((sub) => ['COMMAND', sub, ...words]));
    const theirs = await redis.batch(questions);
    let at = 0;
    for (const words of questions) {
      const { reply, next } = decode(theirs, at);
      at = next;
      const [ours, other] = [unordered(ask(words)), unordered(simplified(reply))];
      if (JSON.stringify(ours) === JSON.stringify(other)) continue;
      t.same(ours, other, `${quoted(words)} (SEED=${SEED})`);
      return;
    }
  }
});
