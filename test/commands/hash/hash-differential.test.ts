import t from 'tap';
import { Prng } from '../../../src/base/prng.ts';
import { Harness } from '../harness.ts';
import { RedisServer, skipWithoutRedis } from '../redis-server.ts';

const COMMANDS = Number(process.env['COMMANDS'] ?? 20_000);
const BATCH = 500;
const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

type Generator = (random: Prng, key: string) => string[];

const KEYS = ['h1', 'h2', 'h3', 'large', 's', 'none'];
const NUMBERS = ['9223372036854775807', '-9223372036854775808', '9223372036854775808', '1e300'];
const ODD = ['inf', '-inf', 'nan', '0x10', ' 1', '1 ', '01', '-0', '3.0', '1.5e3', '5.', '.5', ''];

function pick<T>(random: Prng, items: readonly T[]): T {
  return items[random.below(items.length)] as T;
}

function field(random: Prng, key: string): string {
  if (key === 'large') return `f${random.below(200)}`;
  if (random.chance(0.02)) return pick(random, ['', 'x'.repeat(64), 'y'.repeat(65), '\xff\0']);
  return `f${random.below(12)}`;
}

function value(random: Prng): string {
  switch (random.below(8)) {
    case 0:
      return 'v'.repeat(random.below(68));
    case 1:
      return pick(random, NUMBERS);
    case 2:
      return pick(random, ODD);
    case 3:
      return (random.float() * 100).toFixed(random.below(5));
    case 4:
      return 'long'.repeat(100);
    default:
      return String(random.below(50) - 20);
  }
}

function number(random: Prng): string {
  return random.chance(0.2) ? value(random) : String(random.below(40) - 20);
}

function some(random: Prng, most: number, make: () => string[]): string[] {
  return Array.from({ length: 1 + random.below(most) }, make).flat();
}

function pairs(random: Prng, key: string): string[] {
  const words = some(random, key === 'large' ? 60 : 4, () => [field(random, key), value(random)]);
  return random.chance(0.03) ? [...words, 'odd'] : words;
}

function fields(random: Prng, key: string): string[] {
  return some(random, key === 'large' ? 20 : 5, () => [field(random, key)]);
}

function maybe(random: Prng, ...words: string[]): string[] {
  return random.chance(0.3) ? words : [];
}

const generators: readonly Generator[] = [
  (r, k) => ['HSET', k, ...pairs(r, k)],
  (r, k) => ['HSET', k, ...pairs(r, k)],
  (r, k) => ['HMSET', k, ...pairs(r, k)],
  (r, k) => ['HSETNX', k, field(r, k), value(r)],
  (r, k) => ['HGET', k, field(r, k)],
  (r, k) => ['HMGET', k, ...fields(r, k)],
  (_, k) => ['HGETALL', k],
  (_, k) => ['HKEYS', k],
  (_, k) => ['HVALS', k],
  (_, k) => ['HLEN', k],
  (r, k) => ['HDEL', k, ...fields(r, k)],
  (r, k) => ['HEXISTS', k, field(r, k)],
  (r, k) => ['HSTRLEN', k, field(r, k)],
  (r, k) => ['HINCRBY', k, field(r, k), number(r)],
  (r, k) => ['HINCRBYFLOAT', k, field(r, k), number(r)],
  (r, k) => [
    'HSCAN',
    k,
    pick(r, ['0', '0', 'x', '5']),
    ...maybe(r, 'COUNT', pick(r, ['1000', '0', 'x', '-1'])),
    ...maybe(r, 'match', pick(r, ['*', 'f1*', '?1', '[', ''])),
    ...(r.chance(0.05) ? ['foo'] : []),
  ],
  (r, k) => [
    'HRANDFIELD',
    k,
    pick(r, ['0', '1000', 'x', '-9223372036854775808', '5000000000000000000']),
    ...maybe(r, 'WITHVALUES'),
    ...(r.chance(0.05) ? ['foo'] : []),
  ],
  (_, k) => ['OBJECT', 'ENCODING', k],
  (_, k) => ['EXISTS', k],
  (r, k) => (r.chance(0.2) ? ['DEL', k] : ['TYPE', k]),
  (r, k) => (r.chance(0.2) ? ['COPY', k, pick(r, KEYS), 'REPLACE'] : ['SET', 's', 'x']),
];

/** Of a hash table, and of what is drawn at random, the order does not count. */
function normalize(command: readonly string[], reply: unknown, encoding: unknown): unknown {
  const [name] = command;
  if (!Array.isArray(reply)) return reply;
  if (name === 'HSCAN') return encoding === 'hashtable' ? 'some' : reply;
  const inOrder = name === 'HMGET' || (name !== 'HRANDFIELD' && encoding !== 'hashtable');
  if (inOrder) return reply;
  const step = name === 'HGETALL' || command.includes('WITHVALUES') ? 2 : 1;
  const items: string[] = [];
  for (let i = 0; i < reply.length; i += step) items.push(reply.slice(i, i + step).join('\n'));
  return items.sort();
}

t.test('replies are those of a real Redis', { skip: skipWithoutRedis() }, async (t) => {
  t.comment(`seed ${seed}`);
  const redis = await RedisServer.start();
  t.teardown(() => redis.stop());
  const random = new Prng(seed, 8);
  const harness = new Harness();
  for (let done = 0; done < COMMANDS; done += BATCH) {
    const commands = Array.from({ length: BATCH }, () =>
      pick(random, generators)(random, pick(random, KEYS)),
    );
    const theirs = await redis.batch(commands);
    for (const [i, command] of commands.entries()) {
      const encoding = harness.call('OBJECT', 'ENCODING', command[1] ?? '');
      const ours = normalize(command, harness.call(...command), encoding);
      const expected = normalize(command, theirs[i], encoding);
      if (JSON.stringify(ours, big) === JSON.stringify(expected, big)) continue;
      t.same(ours, expected, `seed ${seed}, command ${done + i}: ${JSON.stringify(command)}`);
      return;
    }
  }
  t.pass(`${COMMANDS} replies are equal`);
});

function big(_key: string, item: unknown): unknown {
  return typeof item === 'bigint' ? `${item}n` : item;
}
