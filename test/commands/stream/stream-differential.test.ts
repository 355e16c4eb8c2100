import t from 'tap';
import { asMilliseconds } from '../../../src/base/ids.ts';
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
  return pick(random, ['s', 's', 's', 's', 't', 'u', 'string', 'none', 'x\x00y']);
}

function group(random: Prng): string {
  return pick(random, ['g', 'g', 'g', 'h', 'nope', 'z\x00z']);
}

const CONSUMERS = ['alice', 'bob', 'carol', '\xff'];

function consumer(random: Prng): string {
  return pick(random, CONSUMERS);
}

const ODD_IDS = [
  '0',
  '0-0',
  '-',
  '+',
  '$',
  '>',
  '*',
  '1-',
  '-1',
  '1-x',
  '007-5',
  ' 5',
  '+5',
  '1--5',
  '1- -5',
  '5-*',
  '(5-1',
  '(',
  '(0-0',
  '(18446744073709551615-18446744073709551615',
  '18446744073709551615',
  '18446744073709551615-18446744073709551615',
  '18446744073709551616',
  '9007199254740993-1',
  '5\x00-3',
  'x'.repeat(130),
];

/** Mostly ids that are there; `odd`: how often something else. */
function id(random: Prng, odd = 0.02): string {
  if (random.chance(odd)) return pick(random, ODD_IDS);
  const ms = 1 + random.below(400);
  return random.chance(0.5) ? String(ms) : `${ms}-${random.below(4)}`;
}

/** Without the sign for the last entry, which is newer than Redis 7.0. */
function oldId(random: Prng): string {
  const text = id(random);
  return text === '+' ? '>' : text;
}

function rangeId(random: Prng): string {
  if (random.chance(0.2)) return pick(random, ['-', '+']);
  return (random.chance(0.2) ? '(' : '') + id(random);
}

/** Ids that grow now and then, so that most can be added. */
let top = 1;
function newId(random: Prng): string {
  // The time of the call is not quite the same on both sides, so `*` is left to other tests.
  if (random.chance(0.05)) return id(random, 0.2).replace(/^\*$/, '0-*');
  if (random.chance(0.3)) return `${top}-*`;
  top += random.below(3);
  if (top > 400) top = 1;
  return random.chance(0.5) ? String(top) : `${top}-${random.below(4)}`;
}

function integer(random: Prng): string {
  if (random.chance(0.03)) {
    return pick(random, ['-1', 'x', '9223372036854775807', '9223372036854775808', '', '1.5']);
  }
  return String(random.below(30));
}

function value(random: Prng): string {
  switch (random.below(10)) {
    case 0:
      return '';
    case 1:
      return 'x'.repeat(random.below(300));
    case 2:
      return '\x00\xff\r\n';
    case 3:
      return pick(random, ['-5000', '9223372036854775807', '-9223372036854775808', '-0', '012']);
    case 4:
      return random.chance(0.1) ? 'y'.repeat(10_000) : 'y';
    default:
      return String(random.below(100_000));
  }
}

function fields(random: Prng): string[] {
  const words: string[] = [];
  const count = random.chance(0.8) ? 2 : 1 + random.below(4);
  for (let i = 0; i < count; i++)
    words.push(random.chance(0.9) ? `f${i}` : value(random), value(random));
  if (random.chance(0.01)) words.pop();
  return words;
}

function trim(random: Prng): string[] {
  const bound = random.chance(0.5)
    ? ['MAXLEN', ...sign(random), random.chance(0.7) ? String(random.below(300)) : integer(random)]
    : ['minid', ...sign(random), id(random)];
  return random.chance(0.2)
    ? [...bound, 'LIMIT', random.chance(0.5) ? '150' : integer(random)]
    : bound;
}

function sign(random: Prng): string[] {
  return random.chance(0.5) ? ['~'] : random.chance(0.3) ? ['='] : [];
}

function some(random: Prng, ...options: readonly string[]): string[] {
  return options.filter(() => random.chance(0.2));
}

function option(random: Prng, name: string, argument: string, chance = 0.3): string[] {
  return random.chance(chance) ? [name, argument] : [];
}

function ids(random: Prng): string[] {
  return Array.from({ length: 1 + random.below(6) }, () => id(random));
}

/** Not too great: XSETID in Redis 7.0 does not look at the greatest id deleted. */
function smallIds(random: Prng): string[] {
  return ids(random).map((id) => (/^\d{10}/.test(id) ? '7' : id));
}

function streams(random: Prng, one: (random: Prng) => string): string[] {
  const count = random.chance(0.7) ? 1 : 1 + random.below(3);
  const keys = Array.from({ length: count }, () => key(random));
  const from = Array.from({ length: count }, () => one(random));
  return ['STREAMS', ...keys, ...from];
}

const generators: readonly [number, Generator][] = [
  [
    40,
    (r) => [
      'XADD',
      key(r),
      ...some(r, 'NOMKSTREAM'),
      ...(r.chance(0.1) ? trim(r) : []),
      ...(r.chance(0.01) ? ['LIMIT', integer(r)] : []),
      newId(r),
      ...fields(r),
    ],
  ],
  [3, (r) => ['XTRIM', key(r), ...trim(r), ...(r.chance(0.02) ? trim(r) : [])]],
  [5, (r) => ['XDEL', key(r), ...smallIds(r)]],
  [3, (r) => ['XLEN', key(r)]],
  [5, (r) => ['XRANGE', key(r), rangeId(r), rangeId(r), ...option(r, 'COUNT', integer(r), 0.8)]],
  [5, (r) => ['XREVRANGE', key(r), rangeId(r), rangeId(r), ...option(r, 'COUNT', integer(r), 0.8)]],
  [
    5,
    (r) => [
      'XREAD',
      ...option(r, 'COUNT', integer(r), 0.9),
      ...(r.chance(0.05) ? ['NOACK'] : []),
      ...(r.chance(0.05) ? ['GROUP', 'g', 'c'] : []),
      ...streams(r, (r) => (r.chance(0.05) ? pick(r, ['$', '>']) : oldId(r))),
    ],
  ],
  [
    12,
    (r) => [
      'XREADGROUP',
      ...(r.chance(0.98) ? ['GROUP', group(r), consumer(r)] : []),
      ...option(r, 'COUNT', integer(r), 0.9),
      ...(r.chance(0.1) ? ['NOACK'] : []),
      ...streams(r, (r) => (r.chance(0.7) ? '>' : r.chance(0.5) ? '0' : oldId(r))),
    ],
  ],
  [8, (r) => ['XACK', key(r), group(r), ...ids(r)]],
  [2, (r) => ['XPENDING', key(r), group(r)]],
  [
    6,
    (r) => [
      'XPENDING',
      key(r),
      group(r),
      ...option(r, 'IDLE', pick(r, ['0', '-5', '1000000', 'x']), 0.2),
      rangeId(r),
      rangeId(r),
      integer(r),
      ...(r.chance(0.4) ? [consumer(r)] : []),
      ...(r.chance(0.05) ? ['a', 'b'] : []),
    ],
  ],
  [
    8,
    (r) => [
      'XCLAIM',
      key(r),
      group(r),
      consumer(r),
      pick(r, ['0', '0', '1000000', '-1', 'x']),
      ...ids(r),
      ...option(r, 'IDLE', pick(r, ['0', '5000000', '-1', 'x', '9000000000000000']), 0.1),
      ...option(r, 'TIME', pick(r, ['1000', '-1', 'x', '0']), 0.1),
      ...option(r, 'RETRYCOUNT', pick(r, ['0', '5', '-1', '9223372036854775000']), 0.1),
      ...some(r, 'FORCE', 'justid'),
      ...option(r, 'LASTID', id(r), 0.1),
      ...(r.chance(0.02) ? ['FOO'] : []),
    ],
  ],
  [
    5,
    (r) => [
      'XAUTOCLAIM',
      key(r),
      group(r),
      consumer(r),
      pick(r, ['0', '0', '1000000', '-1', 'x']),
      r.chance(0.5) ? '0' : rangeId(r),
      ...option(
        r,
        'COUNT',
        r.chance(0.1) ? pick(r, ['0', '-1', 'x']) : String(1 + r.below(20)),
        0.6,
      ),
      ...some(r, 'JUSTID'),
    ],
  ],
  [
    2,
    (r) => [
      'XGROUP',
      'CREATE',
      key(r),
      group(r),
      r.chance(0.4) ? '$' : r.chance(0.5) ? '0' : id(r),
      ...some(r, 'MKSTREAM'),
      ...option(r, 'ENTRIESREAD', pick(r, ['-1', '0', '5', '-2', 'x']), 0.1),
      ...(r.chance(0.05) ? ['MKSTREAM', 'MKSTREAM', 'MKSTREAM', 'MKSTREAM'] : []),
    ],
  ],
  [
    1,
    (r) => [
      'XGROUP',
      'SETID',
      key(r),
      group(r),
      r.chance(0.3) ? '$' : id(r, 0.1),
      ...option(r, 'ENTRIESREAD', pick(r, ['-1', '0', '-2', 'x']), 0.2),
      ...(r.chance(0.05) ? ['ENTRIESREAD'] : []),
    ],
  ],
  [1, (r) => (r.chance(0.1) ? ['XGROUP', 'DESTROY', key(r), group(r)] : ['XLEN', 's'])],
  [1, (r) => ['XGROUP', 'CREATECONSUMER', key(r), group(r), consumer(r)]],
  [1, (r) => ['XGROUP', 'DELCONSUMER', key(r), group(r), consumer(r)]],
  [
    1,
    (r) => [
      'XSETID',
      key(r),
      r.chance(0.9) ? '400-3' : pick(r, ['x', '-', '18446744073709551615']),
      ...option(r, 'ENTRIESADDED', r.chance(0.1) ? integer(r) : '5000', 0.2),
      ...option(r, 'MAXDELETEDID', id(r, 0), 0.1),
    ],
  ],
  [3, (r) => ['XINFO', 'STREAM', key(r)]],
  [2, (r) => ['XINFO', 'STREAM', key(r), 'FULL', ...option(r, 'COUNT', integer(r), 0.8)]],
  [1, (r) => ['XINFO', 'STREAM', key(r), pick(r, ['FOO', 'FULL']), 'x', ...some(r, 'y')]],
  [2, (r) => ['XINFO', 'GROUPS', key(r)]],
  [2, (r) => ['XINFO', 'CONSUMERS', key(r), group(r)]],
  [1, (r) => ['COPY', key(r), key(r), 'REPLACE']],
  [1, (r) => (r.chance(0.1) ? ['DEL', pick(r, ['s', 't', 'u'])] : ['XLEN', 't'])],
  [1, (r) => ['SET', 'string', pick(r, ['a', 'b'])]],
  [1, (r) => ['OBJECT', 'ENCODING', key(r)]],
  [1, (r) => ['TYPE', key(r)]],
  [1, (r) => [pick(r, ['XGROUP', 'XINFO']), pick(r, ['FOO', 'CREATE', 'stream', 'SETID'])]],
];

const total = generators.reduce((sum, [weight]) => sum + weight, 0);

function generate(random: Prng): string[] {
  let at = random.below(total);
  for (const [weight, generator] of generators) {
    at -= weight;
    if (at < 0) return generator(random);
  }
  return [];
}

/**
 * A command, and behind one that makes a group or deletes a consumer others that make all consumers:
 * Redis 7.0 makes them only when they get entries, 7.2 as soon as they call.
 */
function generateWithConsumers(random: Prng): string[][] {
  const command = generate(random);
  const [name = '', sub = '', key = '', group = ''] = command;
  if (name !== 'XGROUP' || !['CREATE', 'DELCONSUMER'].includes(sub)) return [command];
  return [command, ...CONSUMERS.map((consumer) => [name, 'CREATECONSUMER', key, group, consumer])];
}

/** Fields of XINFO that are left out: newer than Redis 7.0, or known only roughly. */
const LEFT_OUT = new Set(['radix-tree-nodes', 'inactive', 'active-time', 'lag', 'entries-read']);
/** Times, which are compared roughly. */
const TIMES = new Set(['idle', 'seen-time']);
const UNIT = 500_000;
const LONG_AGO = 1_000_000_000_000;

function normalize(command: readonly string[], reply: unknown): unknown {
  const [name = '', sub = ''] = command.map((word) => word.toUpperCase());
  if (name === 'XINFO' && Array.isArray(reply)) return withoutTimes(reply, sub === 'STREAM');
  if (name === 'XPENDING' && command.length > 3 && Array.isArray(reply)) {
    return reply.map(([id, name, idle, count]) => [id, name, rough(idle), count]);
  }
  return reply;
}

/** Leaves times out of a reply of XINFO: of maps, and in FULL of what is pending as well. */
function withoutTimes(reply: unknown, full: boolean): unknown {
  if (!Array.isArray(reply)) return reply;
  const known = new Map<unknown, unknown>();
  if (!reply.some((item) => LEFT_OUT.has(String(item)) || TIMES.has(String(item)))) {
    return reply.map((item) => withoutTimes(item, full));
  }
  for (let i = 0; i < reply.length; i += 2) {
    const name = String(reply[i]);
    const value: unknown = reply[i + 1];
    if (LEFT_OUT.has(name)) continue;
    if (TIMES.has(name)) known.set(name, rough(value));
    else if (name === 'pending' && Array.isArray(value)) known.set(name, value.map(roughPending));
    else known.set(name, withoutTimes(value, full));
  }
  return [...known];
}

function roughPending(pending: unknown[]): unknown[] {
  const time = pending.length - 2;
  return pending.map((part, i) => (i === time ? rough(part) : part));
}

/** A time, or how long ago it was, in units so long that the moment of the call does not matter. */
function rough(time: unknown): unknown {
  if (typeof time !== 'number') return time;
  return Math.round((time > LONG_AGO ? Date.now() - time : time) / UNIT);
}

t.test('replies are those of a real Redis', { skip: skipWithoutRedis() }, async (t) => {
  t.comment(`seed ${seed}`);
  const redis = await RedisServer.start();
  t.teardown(() => redis.stop());
  const random = new Prng(seed, 7);
  const harness = new Harness();
  for (let done = 0; done < COMMANDS; done += BATCH) {
    const commands = Array.from({ length: BATCH }, () => generateWithConsumers(random)).flat();
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
