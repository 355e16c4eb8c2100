import t from 'tap';
import { asMilliseconds } from '../../src/base/ids.ts';
import { Prng } from '../../src/base/prng.ts';
import { Harness } from './harness.ts';
import { RedisServer, skipWithoutRedis } from './redis-server.ts';

const COMMANDS = Number(process.env['COMMANDS'] ?? 30_000);
const BATCH = 500;
const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

type Generator = (random: Prng) => string[];

const KEYS = ['a', 'b', 'c', 'd', 'e', 'user:1', 'user:2', 'x{tag}', '\xff\x00'];

function pick<T>(random: Prng, items: readonly T[]): T {
  return items[random.below(items.length)] as T;
}

function key(random: Prng): string {
  return pick(random, KEYS);
}

function value(random: Prng): string {
  switch (random.below(8)) {
    case 0:
      return '';
    case 1:
      return 'x'.repeat(random.below(60));
    case 2:
      return pick(random, ['9223372036854775807', '-9223372036854775808', '9007199254740993']);
    case 3:
      return (random.float() * 1000).toFixed(random.below(6));
    case 4:
      return pick(random, ['01', '-0', '+1', ' 1', '1 ', '0x10', 'nan', '1e3', '\x00\xff']);
    default:
      return String(random.below(40) - 20);
  }
}

function integer(random: Prng): string {
  if (random.chance(0.05)) return value(random);
  if (random.chance(0.05)) return pick(random, ['9223372036854775807', '9223372036854775808', 'x']);
  return String(random.below(80) - 30);
}

/** Far in the future or in the past, so that the moment of the comparison does not matter. */
function expiry(random: Prng, unit: 'EX' | 'PX' | 'EXAT' | 'PXAT'): string {
  if (random.chance(0.1)) {
    return pick(random, ['0', '-1', 'x', '9223372036854775807', '9223372036854770000', '']);
  }
  const far = 1_000_000 + random.below(1000) * 1000;
  switch (unit) {
    case 'EX':
      return String(far);
    case 'PX':
      return String(far * 1000);
    case 'EXAT':
      return String(random.chance(0.2) ? 1000 : 4_000_000_000 + random.below(1000));
    case 'PXAT':
      return String(random.chance(0.2) ? 1000 : 4_000_000_000_000 + random.below(1000));
  }
}

function ttlOption(random: Prng): string[] {
  const unit = pick(random, ['EX', 'PX', 'EXAT', 'PXAT'] as const);
  return random.chance(0.05) ? [unit] : [unit, expiry(random, unit)];
}

function some(random: Prng, ...options: readonly string[]): string[] {
  return options.filter(() => random.chance(0.15));
}

function setOptions(random: Prng): string[] {
  const options = some(random, 'NX', 'xx', 'GET', 'KEEPTTL', 'PERSIST', 'foo');
  return random.chance(0.4) ? [...options, ...ttlOption(random)] : options;
}

function expireCommand(name: string, unit: 'EX' | 'PX' | 'EXAT' | 'PXAT'): Generator {
  return (random) => [
    name,
    key(random),
    expiry(random, unit),
    ...some(random, 'NX', 'XX', 'gt', 'LT'),
  ];
}

function oneKey(name: string): Generator {
  return (random) => [name, key(random)];
}

function twoKeys(name: string): Generator {
  return (random) => [name, key(random), key(random)];
}

function manyKeys(name: string): Generator {
  return (random) => [name, ...Array.from({ length: 1 + random.below(4) }, () => key(random))];
}

function pairs(name: string): Generator {
  return (random) => {
    const words = [name];
    for (let i = random.below(3); i >= 0; i--) words.push(key(random), value(random));
    if (random.chance(0.05)) words.push('odd');
    return words;
  };
}

const generators: readonly Generator[] = [
  oneKey('GET'),
  (r) => ['SET', key(r), value(r), ...setOptions(r)],
  (r) => ['SET', key(r), value(r)],
  (r) => ['SETNX', key(r), value(r)],
  (r) => ['SETEX', key(r), expiry(r, 'EX'), value(r)],
  (r) => ['PSETEX', key(r), expiry(r, 'PX'), value(r)],
  (r) => ['GETSET', key(r), value(r)],
  oneKey('GETDEL'),
  (r) => ['GETEX', key(r), ...(r.chance(0.5) ? ttlOption(r) : some(r, 'PERSIST', 'x'))],
  manyKeys('MGET'),
  pairs('MSET'),
  pairs('MSETNX'),
  (r) => ['APPEND', key(r), value(r)],
  oneKey('STRLEN'),
  (r) => ['SETRANGE', key(r), integer(r), value(r)],
  (r) => ['GETRANGE', key(r), integer(r), integer(r)],
  (r) => ['SUBSTR', key(r), integer(r), integer(r)],
  oneKey('INCR'),
  oneKey('DECR'),
  (r) => ['INCRBY', key(r), integer(r)],
  (r) => ['DECRBY', key(r), integer(r)],
  (r) => ['INCRBYFLOAT', key(r), value(r)],
  (r) => [
    'LCS',
    key(r),
    key(r),
    ...some(r, 'LEN', 'idx', 'WITHMATCHLEN'),
    ...(r.chance(0.3) ? ['MINMATCHLEN', integer(r)] : []),
  ],
  manyKeys('DEL'),
  manyKeys('UNLINK'),
  manyKeys('EXISTS'),
  manyKeys('TOUCH'),
  oneKey('TYPE'),
  expireCommand('EXPIRE', 'EX'),
  expireCommand('PEXPIRE', 'PX'),
  expireCommand('EXPIREAT', 'EXAT'),
  expireCommand('PEXPIREAT', 'PXAT'),
  oneKey('TTL'),
  oneKey('PTTL'),
  oneKey('EXPIRETIME'),
  oneKey('PEXPIRETIME'),
  oneKey('PERSIST'),
  twoKeys('RENAME'),
  twoKeys('RENAMENX'),
  (r) => [
    'COPY',
    key(r),
    key(r),
    ...(r.chance(0.3) ? ['DB', integer(r)] : []),
    ...some(r, 'REPLACE'),
  ],
  (r) => ['MOVE', key(r), integer(r)],
  (r) => ['OBJECT', pick(r, ['ENCODING', 'freq', 'nope']), key(r)],
  (r) => ['KEYS', pick(r, ['*', 'user:*', '[a-c]', '[^a-c]*', '?', '*{*', '\\a', '[', '**1'])],
  (r) => ['SCAN', '0', 'COUNT', '1000', ...(r.chance(0.3) ? ['MATCH', 'user:*'] : [])],
  (r) => (r.chance(0.05) ? ['FLUSHDB'] : r.chance(0.05) ? ['FLUSHALL', 'ASYNC'] : ['EXISTS', 'a']),
  (r) => (r.chance(0.2) ? ['SWAPDB', integer(r), integer(r)] : ['EXISTS', 'b']),
  (r) => [pick(r, ['GET', 'SET', 'NOPE', 'OBJECT', 'EXPIRE']), ...(r.chance(0.5) ? ['a b'] : [])],
];

/** Times are compared roughly, lists without an order as sets. */
function normalize(command: readonly string[], reply: unknown): unknown {
  const name = (command[0] ?? '').toUpperCase();
  if (name === 'KEYS' && Array.isArray(reply)) return [...reply].sort();
  if (name === 'SCAN' && Array.isArray(reply)) return [reply[0], [...reply[1]].sort()];
  if (/TTL|EXPIRETIME/.test(name) && (typeof reply === 'number' || typeof reply === 'bigint')) {
    if (reply < 0) return reply;
    const unit = name.startsWith('P') ? 1000 : 1;
    // Deadlines beyond 2^53 are held as 2^53.
    if (reply > unit * 5e12) return 'far';
    return Math.round(Number(reply) / (60 * unit));
  }
  return reply;
}

t.test('replies are those of a real Redis', { skip: skipWithoutRedis() }, async (t) => {
  t.comment(`seed ${seed}`);
  const redis = await RedisServer.start();
  t.teardown(() => redis.stop());
  const random = new Prng(seed, 7);
  const harness = new Harness();
  for (let done = 0; done < COMMANDS; done += BATCH) {
    const commands = Array.from({ length: BATCH }, () => pick(random, generators)(random));
    harness.now = asMilliseconds(Date.now());
    const theirs = await redis.batch(commands);
    for (const [i, command] of commands.entries()) {
      const ours = normalize(command, harness.call(...command));
      const expected = normalize(command, theirs[i]);
      if (JSON.stringify(ours, big) === JSON.stringify(expected, big)) continue;
      t.same(ours, expected, `seed ${seed}, command ${done + i}: ${JSON.stringify(command)}`);
      return;
    }
  }
  t.pass(`${COMMANDS} replies are equal`);
});

function big(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}n` : value;
}
