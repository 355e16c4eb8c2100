import t from 'tap';
import { Prng } from '../../../src/base/prng.ts';
import { Harness } from '../harness.ts';
import { RedisServer, skipWithoutRedis } from '../redis-server.ts';

const COMMANDS = Number(process.env['COMMANDS'] ?? 20_000);
const BATCH = 500;
const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

/** Scores of all kinds, all scores equal, members of another type, and no collection. */
const MIXED = ['z1', 'z2', 'z3', 'large'];
const EQUAL = ['lex', 'lex:large'];
const OTHER = ['set', 'text', 'none'];

function pick<T>(random: Prng, items: readonly T[]): T {
  return items[random.below(items.length)] as T;
}

function key(random: Prng): string {
  if (random.chance(0.1)) return pick(random, OTHER);
  return pick(random, random.chance(0.3) ? EQUAL : MIXED);
}

function member(random: Prng): string {
  if (random.chance(0.02)) return pick(random, ['', '\x00\xff', 'x'.repeat(65), 'y'.repeat(64)]);
  return `m${random.below(random.chance(0.5) ? 12 : 300)}`;
}

function score(random: Prng): string {
  switch (random.below(12)) {
    case 0:
      return pick(random, ['inf', '-inf', '+inf', 'Infinity', '-0', '0', '1e300', '-1e300']);
    case 1:
      return pick(random, ['nan', '', 'x', '1 ', ' 1', '0x10', '1e999', '1e-999', '(1', '1_0']);
    case 2:
      return (random.float() * 100 - 50).toFixed(random.below(5));
    case 3:
      return pick(random, [
        '9007199254740993',
        '4503599627370496.5',
        '1e17',
        '3.3e-5',
        '2147483648',
      ]);
    default:
      return String(random.below(20) - 6);
  }
}

function bound(random: Prng): string {
  if (random.chance(0.03)) return pick(random, ['', '(', '((1', '\t5', '5\x00x', '1e999', '[1']);
  return `${random.chance(0.3) ? '(' : ''}${score(random)}`;
}

function lexBound(random: Prng): string {
  if (random.chance(0.2)) return pick(random, ['-', '+', '-x', '', 'm1', '[', '(']);
  return `${pick(random, ['[', '('])}${member(random)}`;
}

function integer(random: Prng): string {
  if (random.chance(0.05)) {
    return pick(random, ['x', '1.5', '9223372036854775807', '-9223372036854775808', '']);
  }
  return String(random.below(random.chance(0.5) ? 12 : 300) - (random.chance(0.4) ? 6 : 0));
}

function maybe(random: Prng, ...words: readonly string[]): string[] {
  return words.filter(() => random.chance(0.12));
}

function limit(random: Prng): string[] {
  if (random.chance(0.7)) return [];
  return random.chance(0.05) ? ['LIMIT', '1'] : ['LIMIT', integer(random), integer(random)];
}

function zadd(random: Prng): string[] {
  const pairs: string[] = [];
  const at = key(random);
  const equal = EQUAL.includes(at);
  const many = random.chance(0.02);
  const count = many ? 140 : 1 + random.below(4);
  for (let i = 0; i < count; i++) {
    const given = many ? String(random.below(50)) : score(random);
    pairs.push(equal ? '0' : given, many ? `m${i}` : member(random));
  }
  if (random.chance(0.02)) pairs.pop();
  return ['ZADD', at, ...maybe(random, 'NX', 'xx', 'GT', 'lt', 'CH', 'INCR'), ...pairs];
}

/** Keys whose scores may change without leaving the sets of equal scores. */
function mixed(random: Prng): string {
  return random.chance(0.1) ? pick(random, OTHER) : pick(random, MIXED);
}

function range(random: Prng): string[] {
  const options = [
    ...maybe(random, 'REV', 'WITHSCORES', 'foo', 'BYSCORE', 'BYLEX'),
    ...limit(random),
  ];
  switch (random.below(3)) {
    case 0:
      return [key(random), bound(random), bound(random), 'BYSCORE', ...options];
    case 1:
      return [pick(random, EQUAL), lexBound(random), lexBound(random), 'BYLEX', ...options];
    default: {
      const plain = options.filter((word) => word !== 'BYLEX');
      return [key(random), integer(random), integer(random), ...plain];
    }
  }
}

function inputs(random: Prng): string[] {
  const count = 1 + random.below(4);
  const keys: string[] = [];
  for (let i = 0; i < count; i++) keys.push(key(random));
  const shown = random.chance(0.05) ? pick(random, ['0', '-1', 'x', '9', '']) : String(count);
  return [shown, ...keys];
}

function combined(random: Prng, keys: readonly string[]): string[] {
  const options = maybe(random, 'WITHSCORES', 'LIMIT');
  if (random.chance(0.3)) {
    options.push('WEIGHTS');
    for (let i = 1; i < keys.length; i++) options.push(score(random));
  }
  if (random.chance(0.3)) options.push('AGGREGATE', pick(random, ['SUM', 'min', 'MAX', 'foo']));
  return options;
}

const GENERATORS: readonly ((random: Prng) => string[])[] = [
  zadd,
  zadd,
  zadd,
  (random) => ['ZINCRBY', mixed(random), score(random), member(random)],
  (random) => [
    'ZREM',
    key(random),
    member(random),
    ...(random.chance(0.5) ? [member(random)] : []),
  ],
  (random) => ['ZCARD', key(random)],
  (random) => ['ZSCORE', key(random), member(random)],
  (random) => ['ZMSCORE', key(random), member(random), member(random)],
  (random) => ['ZCOUNT', key(random), bound(random), bound(random)],
  (random) => ['ZLEXCOUNT', pick(random, EQUAL), lexBound(random), lexBound(random)],
  (random) => [pick(random, ['ZRANK', 'ZREVRANK']), key(random), member(random)],
  (random) => ['ZRANGE', ...range(random)],
  (random) => ['ZRANGE', ...range(random)],
  (random) => ['ZRANGESTORE', random.chance(0.9) ? 'z4' : mixed(random), ...range(random)],
  (random) => [
    'ZREVRANGE',
    key(random),
    integer(random),
    integer(random),
    ...maybe(random, 'WITHSCORES'),
  ],
  (random) => [
    pick(random, ['ZRANGEBYSCORE', 'ZREVRANGEBYSCORE']),
    key(random),
    bound(random),
    bound(random),
    ...maybe(random, 'WITHSCORES', 'REV'),
    ...limit(random),
  ],
  (random) => [
    pick(random, ['ZRANGEBYLEX', 'ZREVRANGEBYLEX']),
    pick(random, EQUAL),
    lexBound(random),
    lexBound(random),
    ...limit(random),
  ],
  (random) => ['ZREMRANGEBYRANK', key(random), integer(random), String(random.below(8))],
  (random) => ['ZREMRANGEBYSCORE', key(random), bound(random), bound(random)],
  (random) => ['ZREMRANGEBYLEX', pick(random, EQUAL), lexBound(random), lexBound(random)],
  (random) => [
    pick(random, ['ZPOPMIN', 'ZPOPMAX']),
    key(random),
    ...(random.chance(0.5) ? [integer(random)] : []),
  ],
  (random) => [
    'ZMPOP',
    ...inputs(random),
    pick(random, ['MIN', 'max', 'MIN', 'foo']),
    ...(random.chance(0.4) ? ['COUNT', integer(random)] : []),
  ],
  (random) => {
    const keys = inputs(random);
    return [
      pick(random, ['ZUNION', 'ZINTER', 'ZDIFF', 'ZINTERCARD']),
      ...keys,
      ...combined(random, keys),
    ];
  },
  (random) => {
    const keys = inputs(random);
    const name = pick(random, ['ZUNIONSTORE', 'ZINTERSTORE', 'ZDIFFSTORE']);
    return [name, random.chance(0.8) ? 'z4' : mixed(random), ...keys, ...combined(random, keys)];
  },
  (random) => [
    'ZINTERCARD',
    ...inputs(random),
    ...(random.chance(0.5) ? ['LIMIT', integer(random)] : []),
  ],
  (random) => [
    'ZSCAN',
    pick(random, ['small', 'small', 'string', 'absent']),
    random.chance(0.1) ? 'x' : '0',
    ...maybe(random, 'MATCH', 'm*', 'COUNT', '5'),
  ],
  (random) => [
    'ZRANDMEMBER',
    pick(random, ['string', 'absent']),
    ...(random.chance(0.7) ? [integer(random)] : []),
    ...maybe(random, 'WITHSCORES'),
  ],
  (random) => ['OBJECT', 'ENCODING', pick(random, [...MIXED, ...EQUAL, 'z4'])],
  (random) => ['ZADD', 'small', score(random), `m${random.below(10)}`],
  (random) => ['ZRANDMEMBER', 'small', String(10 + random.below(5)), 'WITHSCORES'],
  (random) => ['SADD', 'set', member(random), member(random)],
  (random) => ['SET', pick(random, ['text', 'string']), 'x'],
  (random) => (random.chance(0.2) ? ['DEL', key(random)] : ['EXISTS', key(random)]),
];

/** Redis 7.0 prints doubles with more digits than later ones: only their values are compared. */
function alike(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, i) => alike(item, b[i]));
  }
  if (typeof a === 'object' && a !== null) return JSON.stringify(a) === JSON.stringify(b);
  return a === b || (typeof a === 'string' && typeof b === 'string' && number(a) === number(b));
}

function number(text: string): number | string {
  if (/^-?inf(inity)?$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  const value = Number(text);
  return text === '' || Number.isNaN(value) ? text : value;
}

t.test(
  'random commands on sorted sets are answered as by Redis',
  { skip: skipWithoutRedis() },
  async (t) => {
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
    t.pass(`${COMMANDS} replies are equal`);
  },
);
