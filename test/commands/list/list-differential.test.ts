import t from 'tap';
import { Prng } from '../../../src/base/prng.ts';
import { Harness } from '../harness.ts';
import { RedisServer, skipWithoutRedis } from '../redis-server.ts';

const COMMANDS = Number(process.env['COMMANDS'] ?? 20_000);
const BATCH = 500;
const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

type Generator = (random: Prng) => string[];

const KEYS = ['a', 'b', 'c', 'd', 'str'];
const ODD_NUMBERS = ['9223372036854775807', '-9223372036854775807', '9223372036854775808'];
const NOT_NUMBERS = ['x', '', '1.5', ' 1', '-0', '01'];

function pick<T>(random: Prng, items: readonly T[]): T {
  return items[random.below(items.length)] as T;
}

function key(random: Prng): string {
  return pick(random, KEYS);
}

function element(random: Prng): string {
  switch (random.below(10)) {
    case 0:
      return pick(random, ['', '9223372036854775807', '-1', '007', '\x00\xff']);
    case 1:
      return 'x'.repeat(random.below(300));
    case 2:
      return random.below(60) === 0 ? 'y'.repeat(9000) : 'z';
    default:
      return String(random.below(12));
  }
}

function elements(random: Prng): string[] {
  const count = random.chance(0.1) ? random.below(200) : random.below(4);
  return Array.from({ length: 1 + count }, () => element(random));
}

function integer(random: Prng): string {
  if (random.chance(0.06)) return pick(random, [...ODD_NUMBERS, ...NOT_NUMBERS]);
  return String(random.below(40) - 20);
}

function end(random: Prng): string {
  return pick(random, random.chance(0.03) ? ['MIDDLE'] : ['LEFT', 'RIGHT', 'left', 'Right']);
}

function maybe(random: Prng, probability: number, ...words: string[]): string[] {
  return random.chance(probability) ? words : [];
}

function push(name: string): Generator {
  return (r) => [name, key(r), ...elements(r)];
}

const generators: readonly Generator[] = [
  push('LPUSH'),
  push('RPUSH'),
  push('LPUSHX'),
  push('RPUSHX'),
  (r) => ['LPOP', key(r), ...maybe(r, 0.5, integer(r)), ...maybe(r, 0.02, '1')],
  (r) => ['RPOP', key(r), ...maybe(r, 0.5, integer(r))],
  (r) => ['LLEN', key(r)],
  (r) => ['LINDEX', key(r), integer(r)],
  (r) => ['LSET', key(r), integer(r), element(r)],
  (r) => [
    'LINSERT',
    key(r),
    pick(r, ['BEFORE', 'AFTER', 'before', 'After', 'BEFORE', 'AFTER', 'x']),
    element(r),
    element(r),
  ],
  (r) => ['LREM', key(r), integer(r), element(r)],
  (r) => (r.chance(0.4) ? ['LTRIM', key(r), integer(r), integer(r)] : ['LLEN', 'a']),
  (r) => ['LRANGE', key(r), integer(r), integer(r)],
  (r) => ['LRANGE', key(r), '0', '-1'],
  (r) => [
    'LPOS',
    key(r),
    element(r),
    ...maybe(r, 0.5, 'RANK', integer(r)),
    ...maybe(r, 0.4, 'COUNT', integer(r)),
    ...maybe(r, 0.3, 'maxlen', integer(r)),
    ...maybe(r, 0.03, 'RANK'),
    ...maybe(r, 0.03, 'FOO', '1'),
    ...maybe(r, 0.05, 'COUNT', '0'),
  ],
  (r) => ['LMOVE', key(r), key(r), end(r), end(r)],
  (r) => ['RPOPLPUSH', key(r), key(r)],
  (r) => {
    const count = 1 + r.below(3);
    return [
      'LMPOP',
      r.chance(0.1) ? integer(r) : String(count),
      ...Array.from({ length: count }, () => key(r)),
      end(r),
      ...maybe(r, 0.4, 'COUNT', integer(r)),
      ...maybe(r, 0.03, 'COUNT', '1'),
      ...maybe(r, 0.03, 'COUNT'),
    ];
  },
  (r) => (r.chance(0.2) ? ['DEL', key(r)] : ['TYPE', key(r)]),
  (r) => (r.chance(0.3) ? ['COPY', key(r), key(r), 'REPLACE'] : ['SET', 'str', 'v']),
  (r) => [pick(r, ['LPUSH', 'LPOP', 'LMPOP', 'LPOS', 'LMOVE', 'LSET']), 'a'],
];

t.test('replies are those of a real Redis', { skip: skipWithoutRedis() }, async (t) => {
  t.comment(`seed ${seed}`);
  const redis = await RedisServer.start();
  t.teardown(() => redis.stop());
  const random = new Prng(seed, 9);
  const harness = new Harness();
  for (let done = 0; done < COMMANDS; done += BATCH) {
    const commands = Array.from({ length: BATCH }, () => pick(random, generators)(random));
    const theirs = await redis.batch(commands);
    for (const [i, command] of commands.entries()) {
      const ours = harness.call(...command);
      if (JSON.stringify(ours) === JSON.stringify(theirs[i])) continue;
      t.same(ours, theirs[i], `seed ${seed}, command ${done + i}: ${JSON.stringify(command)}`);
      return;
    }
  }
  t.pass(`${COMMANDS} replies are equal`);
});
