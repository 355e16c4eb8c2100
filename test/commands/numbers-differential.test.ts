import t from 'tap';
import { Prng } from '../../src/base/prng.ts';
import { Harness } from './harness.ts';
import { RedisServer, skipWithoutRedis } from './redis-server.ts';

const CASES = Number(process.env['CASES'] ?? 5_000);
const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

function digits(random: Prng, most: number): string {
  const count = random.below(most);
  return Array.from({ length: count }, () => String(random.below(10))).join('');
}

function float(random: Prng): string {
  const sign = random.chance(0.3) ? '-' : random.chance(0.1) ? '+' : '';
  switch (random.below(10)) {
    case 0:
      return sign + digits(random, 25);
    case 1:
      return `${sign + digits(random, 10)}e${random.below(40) - 20}`;
    case 2:
      return `${sign}${digits(random, 3)}.${digits(random, 30)}E${random.below(100) - 50}`;
    case 3:
      return `${sign}0x${random.uint32().toString(16)}.${random.uint32().toString(16)}p${random.below(80) - 60}`;
    case 4:
      return `${sign}${digits(random, 4)}e${random.below(10_400) - 5_200}`;
    case 5:
      return sign + String(random.float() * 10 ** (random.below(20) - 10));
    case 6: {
      const odd = ['inf', 'INFINITY', 'nan', '', '.', 'e5', '1e', '0x', '1.', '.5', '1 ', '0x.8p1'];
      return sign + (odd[random.below(odd.length)] as string);
    }
    default:
      return `${sign}${random.below(1000)}.${digits(random, 5)}`;
  }
}

t.test('INCRBYFLOAT gives the digits of a real Redis', { skip: skipWithoutRedis() }, async (t) => {
  t.comment(`seed ${seed}`);
  const redis = await RedisServer.start();
  t.teardown(() => redis.stop());
  const random = new Prng(seed, 3);
  const harness = new Harness();
  const commands: string[][] = [];
  for (let i = 0; i < CASES; i++) {
    if (random.chance(0.5)) commands.push(['SET', 'k', float(random)]);
    commands.push(['INCRBYFLOAT', 'k', float(random)]);
  }
  const theirs = await redis.batch(commands);
  for (const [i, command] of commands.entries()) {
    const ours = harness.call(...command);
    if (JSON.stringify(ours) === JSON.stringify(theirs[i])) continue;
    t.same(ours, theirs[i], `seed ${seed}: ${JSON.stringify(commands.slice(i - 1, i + 1))}`);
    return;
  }
  t.pass(`${commands.length} replies are equal`);
});
