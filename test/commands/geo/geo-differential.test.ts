import t from 'tap';
import { Prng } from '../../../src/base/prng.ts';
import { Harness } from '../harness.ts';
import { RedisServer, skipWithoutRedis } from '../redis-server.ts';

const COMMANDS = Number(process.env['COMMANDS'] ?? 10_000);
const BATCH = 200;
const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

/** Positions in a town, in a country, all over the world, and scores that are none. */
const KEYS = ['town', 'country', 'world', 'odd'];

function pick<T>(random: Prng, items: readonly T[]): T {
  return items[random.below(items.length)] as T;
}

function key(random: Prng): string {
  return random.chance(0.05) ? pick(random, ['string', 'absent']) : pick(random, KEYS);
}

function member(random: Prng): string {
  if (random.chance(0.05)) return `${pick(random, ['edge', 'odd'])}${random.below(8)}`;
  return `p${random.below(random.chance(0.8) ? 200 : 220)}`;
}

function number(random: Prng, middle: number, range: number): string {
  return (middle + (random.float() - 0.5) * range).toFixed(6 + random.below(9));
}

function position(random: Prng, place = pick(random, KEYS)): [string, string] {
  if (random.chance(0.02)) return pick(random, WRONG);
  if (place === 'town') return [number(random, 13.4, 0.3), number(random, 52.5, 0.3)];
  if (place === 'country') return [number(random, -3, 16), number(random, -40, 12)];
  return [number(random, 0, 360), number(random, 0, 170)];
}

const EDGES: readonly [string, string][] = [
  ['180', '85.05112878'],
  ['-180', '-85.05112878'],
  ['180', '-85.05112878'],
  ['-180', '85.05112878'],
  ['179.9999999', '0'],
  ['0', '0'],
  ['-0', '85'],
];
const ODD = ['-1', '1e18', '4503599627370496', '3.7', 'inf', '-1e300', '1e19', '3e19'];
const WRONG: readonly [string, string][] = [
  ['181', '0'],
  ['0', '-85.1'],
  ['x', '0'],
  ['inf', '-inf'],
  ['1e30', '1.5e22'],
  ['-1000.25', '3'],
  ['1', ''],
];

function unit(random: Prng): string {
  return random.chance(0.02)
    ? pick(random, ['x', 'mm', ''])
    : pick(random, ['m', 'KM', 'ft', 'mi']);
}

function length(random: Prng): string {
  if (random.chance(0.03)) return pick(random, ['0', '-1', 'x', 'inf', '1e-300', '1e300']);
  return (10 ** (random.float() * 7) * random.float()).toFixed(random.below(4));
}

function options(random: Prng): string[] {
  const words = ['WITHCOORD', 'withdist', 'WITHHASH', 'ASC', 'DESC'].filter(() =>
    random.chance(0.3),
  );
  if (random.chance(0.3)) words.push('COUNT', count(random));
  if (random.chance(0.15)) words.push('ANY');
  if (random.chance(0.02))
    words.push(pick(random, ['COUNT', 'foo', 'STORE', 'BYBOX', 'FROMMEMBER']));
  return words;
}

function count(random: Prng): string {
  if (random.chance(0.03)) return pick(random, ['0', '-1', 'x', '9223372036854775807']);
  return String(1 + random.below(30));
}

function center(random: Prng): string[] {
  if (random.chance(0.02)) return [];
  if (random.chance(0.5)) return ['FROMMEMBER', member(random)];
  return ['FROMLONLAT', ...position(random)];
}

function shape(random: Prng): string[] {
  if (random.chance(0.02)) return [];
  if (random.chance(0.5)) return ['BYRADIUS', length(random), unit(random)];
  return ['BYBOX', length(random), length(random), unit(random)];
}

function shuffled(random: Prng, ...parts: readonly string[][]): string[] {
  return parts
    .map((part) => ({ part, at: random.float() }))
    .sort((a, b) => a.at - b.at)
    .flatMap(({ part }) => part);
}

function store(random: Prng): string[] {
  return random.chance(0.3) ? [pick(random, ['STORE', 'storedist']), 'stored'] : [];
}

const GENERATORS: readonly ((random: Prng) => string[])[] = [
  (random) => {
    const place = pick(random, KEYS);
    const words = ['GEOADD', place, ...['NX', 'XX', 'CH'].filter(() => random.chance(0.08))];
    for (let i = random.below(5); i >= 0; i--)
      words.push(...position(random, place), member(random));
    return words;
  },
  (random) => {
    const at = random.below(EDGES.length);
    return ['GEOADD', 'world', ...(EDGES[at] ?? []), `edge${at}`];
  },
  (random) => {
    const at = random.below(ODD.length);
    return ['ZADD', 'odd', ODD[at] ?? '', `odd${at}`];
  },
  (random) => [
    'GEODIST',
    key(random),
    member(random),
    member(random),
    ...(random.chance(0.5) ? [unit(random)] : []),
  ],
  (random) => ['GEOHASH', key(random), member(random), member(random)],
  (random) => ['GEOPOS', key(random), member(random), member(random)],
  (random) => [
    'GEOSEARCH',
    key(random),
    ...shuffled(random, center(random), shape(random), options(random)),
  ],
  (random) => [
    'geosearch',
    key(random),
    ...shuffled(random, center(random), shape(random), options(random)),
  ],
  (random) => [
    'GEOSEARCHSTORE',
    'stored',
    key(random),
    ...shuffled(
      random,
      center(random),
      shape(random),
      random.chance(0.8) ? ['STOREDIST'] : options(random),
    ),
  ],
  (random) => [
    'GEORADIUS',
    key(random),
    ...position(random),
    length(random),
    unit(random),
    ...options(random),
    ...store(random),
  ],
  (random) => [
    'GEORADIUS_RO',
    key(random),
    ...position(random),
    length(random),
    unit(random),
    ...options(random),
  ],
  (random) => [
    'GEORADIUSBYMEMBER',
    key(random),
    member(random),
    length(random),
    unit(random),
    ...options(random),
    ...store(random),
  ],
  (random) => [
    'GEORADIUSBYMEMBER_RO',
    key(random),
    member(random),
    length(random),
    unit(random),
    ...options(random),
  ],
  (random) => ['ZRANGE', random.chance(0.5) ? 'stored' : key(random), '0', '-1', 'WITHSCORES'],
  (random) => ['ZREM', pick(random, KEYS), member(random)],
  () => ['SET', 'string', 'x'],
];

/** Of all numbers that were compared, those that differed in their last bits. */
const tally = { numbers: 0, unequal: 0 };

/** Distances may rarely differ in the last bits: one in some hundred sines of C is not rounded well. */
function alike(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, i) => alike(item, b[i]));
  }
  if (typeof a === 'object' && a !== null) return JSON.stringify(a) === JSON.stringify(b);
  if (a === b || typeof a !== 'string' || typeof b !== 'string') return a === b;
  if (/^-?inf/i.test(a)) return a.toLowerCase().startsWith(b);
  const [x, y] = [Number(a), Number(b)];
  tally.numbers++;
  if (x === y) return true;
  tally.unequal++;
  return Math.abs(x - y) <= 1e-4 * (/\.\d{4}$/.test(b) ? 1.01 : 0) || Math.abs(x - y) <= 1e-13 * x;
}

const skip = skipWithoutRedis();

t.test('random commands on positions are answered as by Redis', { skip }, async (t) => {
  const redis = await RedisServer.start();
  t.teardown(() => redis.stop());
  const random = new Prng(seed, 7);
  const h = new Harness();
  for (let done = 0; done < COMMANDS; done += BATCH) {
    const commands: string[][] = [];
    for (let i = 0; i < BATCH; i++) commands.push(pick(random, GENERATORS)(random));
    const expected = await redis.batch(commands);
    for (const [i, words] of commands.entries()) {
      const got = h.call(...words);
      if (alike(got, expected[i])) continue;
      t.same(got, expected[i], `seed ${seed}: ${JSON.stringify(words)}`);
      return;
    }
  }
  const { numbers, unequal } = tally;
  t.ok(unequal <= numbers / 20, `seed ${seed}: ${unequal} of ${numbers} numbers differ`);
});
