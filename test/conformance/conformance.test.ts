import t from 'tap';
import { RedisServer, skipWithoutRedis } from '../commands/redis-server.ts';
import { runCampaign } from './campaign.ts';
import { RedisSide } from './redis-side.ts';

const COMMANDS = Number(process.env['COMMANDS'] ?? 30_000);
const FAULTS = Number(process.env['FAULTS'] ?? 3);
const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const FIRST = Number(process.env['SEQUENCE'] ?? 0);
const FAMILIES = process.env['FAMILIES']?.split(' ');

t.test('random commands do what they do in Redis', { skip: skipWithoutRedis() }, async (t) => {
  t.setTimeout(0);
  t.comment(`SEED=${SEED} COMMANDS=${COMMANDS}`);
  const server = await RedisServer.start();
  t.teardown(() => server.stop());
  const redis = await RedisSide.connect(server.port);
  t.teardown(() => redis.close());
  const { commands, sequences, faults } = await runCampaign(redis, {
    seed: SEED,
    commands: COMMANDS,
    first: FIRST,
    faults: FAULTS,
    ...(FAMILIES === undefined ? {} : { families: FAMILIES }),
  });
  for (const fault of faults) {
    t.comment(fault);
    t.fail(fault.slice(0, fault.indexOf('\n')));
  }
  t.ok(commands > 0, `${commands} commands in ${sequences} sequences`);
});
