import t from 'tap';
import { Prng } from '../../../src/base/prng.ts';

import { Harness } from '../harness.ts';
import { RedisServer, skipWithoutRedis } from '../redis-server.ts';

const COMMANDS = Number(process.env['COMMANDS'] ?? 20_000);
const BATCH = 500;
const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

type Generator = (random: Prng) => string[];

function pick<T>(random: Prng, items: readonly T[]): T {
  return items[random.below(items.length)] as T;
}

function key(random: Prng): string {
  return random.chance(0.02) ? 'string' : pick(random, ['a', 'b', 'c', 'd', 'e', 'f']);
}

function keys(random: Prng): string[] {
  return Array.from({ length: 1 + random.below(4) }, () => key(random));
}

const SPECIAL = [
  '9223372036854775807',
  '-9223372036854775808',
  '9223372036854775808',
  '9007199254740993',
  '-9007199254740993',
  '32768',
  '-32769',
  '2147483648',
  '-0',
  '01',
  '+1',
  '',
  ' 1',
  '\x00\xff',
  'y'.repeat(70),
];

function member(random: Prng): string {
  if (random.chance(0.01)) return pick(random, SPECIAL);
  if (random.chance(0.02)) return `member-${random.below(300)}`;
  return String(random.below(900) - 100);
}

/** Now and then enough to make large sets. */
function members(random: Prng): string[] {
  const count = random.chance(0.03) ? random.below(500) : 1 + random.below(4);
  return Array.from({ length: Math.max(1, count) }, () => member(random));
}

function number(random: Prng): string {
  if (random.chance(0.1)) return pick(random, ['x', '', '9223372036854775808', '-1', '1.5']);
  return String(random.below(6));
}

function store(name: string): Generator {
  return (random) => [name, key(random), ...keys(random)];
}

const generators: readonly Generator[] = [
  (r) => ['SADD', key(r), ...members(r)],
  (r) => ['SADD', key(r), ...members(r)],
  (r) => ['SREM', key(r), ...members(r)],
  (r) => ['SISMEMBER', key(r), member(r)],
  (r) => ['SMISMEMBER', key(r), ...members(r)],
  (r) => ['SCARD', key(r)],
  (r) => ['SMEMBERS', key(r)],
  (r) => ['SMOVE', key(r), key(r), member(r)],
  (r) => ['SINTER', ...keys(r)],
  (r) => ['SUNION', ...keys(r)],
  (r) => ['SDIFF', ...keys(r)],
  (r) => ['SINTERCARD', number(r), ...keys(r), ...(r.chance(0.5) ? ['limit', number(r)] : [])],
  store('SINTERSTORE'),
  store('SUNIONSTORE'),
  store('SDIFFSTORE'),
  (r) => ['SPOP', key(r)],
  (r) => ['SPOP', key(r), r.chance(0.2) ? String(r.below(400)) : number(r)],
  (r) => ['SSCAN', key(r), '0', 'COUNT', '100000', ...(r.chance(0.5) ? ['MATCH', '*1*'] : [])],
  (r) => [
    'SSCAN',
    key(r),
    pick(r, ['0', '9', 'x', '1.5']),
    pick(r, ['COUNT', 'match', 'TYPE']),
    number(r),
  ],
  (r) => ['OBJECT', 'ENCODING', key(r)],
  (r) => (r.chance(0.2) ? ['DEL', key(r)] : ['EXISTS', key(r)]),
  (r) => (r.chance(0.2) ? ['SET', key(r), 'text'] : ['TYPE', key(r)]),
  (r) => [pick(r, ['SADD', 'SPOP', 'SRANDMEMBER', 'SINTERCARD', 'SSCAN']), 'a', '1', '2'],
  (r) => ['SRANDMEMBER', key(r), pick(r, ['x', '0', '-9223372036854775808', '100000'])],
];

/** A random pop is compared as the removal of what was popped. */
function translate(command: readonly string[], reply: unknown): readonly string[] {
  const [name, key = ''] = command;
  if (name !== 'SPOP' || command.length > 3) return command;
  if (typeof reply === 'string') return ['SREM', key, reply];
  if (Array.isArray(reply) && reply.length > 0) return ['SREM', key, ...reply.map(String)];
  return command;
}

function normalize(command: readonly string[], reply: unknown): unknown {
  const [name = ''] = command;
  if (name === 'SSCAN' && Array.isArray(reply)) {
    // A scan that may end early ends elsewhere.
    return command[4] === '100000' ? [reply[0], [...reply[1]].sort()] : 'scanned';
  }
  if (name === 'OBJECT' && reply === 'listpack') return 'hashtable';
  return Array.isArray(reply) && name !== 'SMISMEMBER' ? [...reply].sort() : reply;
}

function expected(command: readonly string[], sent: readonly string[], theirs: unknown): unknown {
  if (command === sent) return normalize(command, theirs);
  return theirs === sent.length - 2 ? 'removed' : theirs;
}

t.test('replies are those of a real Redis', { skip: skipWithoutRedis() }, async (t) => {
  t.comment(`seed ${seed}`);
  const redis = await RedisServer.start();
  t.teardown(() => redis.stop());
  const random = new Prng(seed, 11);
  const harness = new Harness();
  for (let done = 0; done < COMMANDS; done += BATCH) {
    const commands = Array.from({ length: BATCH }, () => pick(random, generators)(random));
    const ours = commands.map((command) => harness.call(...command));
    const sent = commands.map((command, i) => translate(command, ours[i]));
    const theirs = await redis.batch(sent);
    for (const [i, command] of commands.entries()) {
      const translated = sent[i] ?? command;
      const our = command === translated ? normalize(command, ours[i]) : 'removed';
      const their = expected(command, translated, theirs[i]);
      if (JSON.stringify(our) === JSON.stringify(their)) continue;
      t.same(our, their, `seed ${seed}, command ${done + i}: ${JSON.stringify(command)}`);
      return;
    }
  }
  t.pass(`${COMMANDS} replies are equal`);
});
