import t from 'tap';
import { Prng } from '../../src/base/prng.ts';
import { globMatches } from '../../src/commands/glob.ts';
import { RedisServer, skipWithoutRedis } from './redis-server.ts';

const PATTERNS = Number(process.env['CASES'] ?? 3_000);
const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const ALPHABET = ['a', 'b', 'c', '-', ']', '^', '\\', '[', '\xe9', '\xff', '*', '?'];

function word(random: Prng, letters: number, most: number): string {
  const length = random.below(most);
  return Array.from({ length }, () => ALPHABET[random.below(letters)] as string).join('');
}

t.test(
  'patterns match what they match in a real Redis',
  { skip: skipWithoutRedis() },
  async (t) => {
    t.comment(`seed ${seed}`);
    const redis = await RedisServer.start();
    t.teardown(() => redis.stop());
    const random = new Prng(seed, 5);
    const keys = new Set(['']);
    for (let i = 0; i < 300; i++) keys.add(word(random, i % 2 === 0 ? 10 : 3, 7));
    await redis.call('MSET', ...[...keys].flatMap((key) => [key, '']));
    const patterns = Array.from({ length: PATTERNS }, () => word(random, ALPHABET.length, 9));
    const theirs = await redis.batch(patterns.map((pattern) => ['KEYS', pattern]));
    for (const [i, pattern] of patterns.entries()) {
      const expected = theirs[i];
      if (!Array.isArray(expected)) throw new Error('KEYS answers an array');
      if (pattern === '*') continue;
      const ours = [...keys].filter((key) => globMatches(pattern, key)).sort();
      if (JSON.stringify(ours) === JSON.stringify(expected.sort())) continue;
      t.same(ours, expected, `seed ${seed}: ${JSON.stringify(pattern)}`);
      return;
    }
    t.pass(`${PATTERNS} patterns match the same keys`);
  },
);
