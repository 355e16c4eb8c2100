import t from 'tap';
import { Prng } from '../../../src/base/prng.ts';
import { Harness } from '../harness.ts';
import { RedisServer, skipWithoutRedis } from '../redis-server.ts';

const COMMANDS = Number(process.env['COMMANDS'] ?? 6000);
const BATCH = 250;
const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

/** Bytes of the head that hold the cardinality, which Redis writes when it counts. */
const CARDINALITY_AT = 8;
const CARDINALITY_END = 16;

type Generator = (random: Prng) => string[];

function pick<T>(random: Prng, items: readonly T[]): T {
  return items[random.below(items.length)] as T;
}

function key(random: Prng): string {
  return random.chance(0.02) ? 'string' : pick(random, ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']);
}

/** Of any length and any bytes; some come again. */
function element(random: Prng): string {
  if (random.chance(0.5)) return `element-${random.below(3000)}`;
  const bytes = Array.from({ length: random.below(40) }, () => random.below(256));
  return String.fromCharCode(...bytes);
}

function elements(random: Prng): string[] {
  const count = random.chance(0.02) ? random.below(1500) : random.below(30);
  return Array.from({ length: count }, () => element(random));
}

function keys(random: Prng): string[] {
  return Array.from({ length: random.below(4) }, () => key(random));
}

const generators: readonly Generator[] = [
  (r) => ['PFADD', key(r), ...elements(r)],
  (r) => ['PFADD', key(r), ...elements(r)],
  (r) => ['PFADD', key(r), ...elements(r)],
  (r) => ['PFADD', key(r), element(r)],
  (r) => ['PFCOUNT', key(r)],
  (r) => ['PFCOUNT', key(r), ...keys(r)],
  (r) => (r.chance(0.5) ? ['PFMERGE', key(r), ...keys(r)] : ['EXISTS', 'a']),
  (r) => (r.chance(0.2) ? ['DEL', key(r)] : ['STRLEN', key(r)]),
  (r) => (r.chance(0.1) ? ['PFDEBUG', 'todense', key(r)] : ['PFDEBUG', 'ENCODING', key(r)]),
  (r) => ['PFDEBUG', 'decode', key(r)],
  (r) => (r.chance(0.1) ? ['PFDEBUG', 'GETREG', key(r)] : ['SET', 'string', 'HYLL']),
  (r) => ['GET', key(r)],
  (r) => ['OBJECT', 'ENCODING', key(r)],
];

function normalize(command: readonly string[], reply: unknown): unknown {
  // Redis makes even a string it only looks at raw.
  if (command[0] === 'OBJECT' && reply === 'embstr') return 'raw';
  if (command[0] !== 'GET' || typeof reply !== 'string' || !reply.startsWith('HYLL')) return reply;
  return reply.slice(0, CARDINALITY_AT) + reply.slice(CARDINALITY_END);
}

const skip = skipWithoutRedis();

t.test('replies and bytes are those of a real Redis', { skip }, async (t) => {
  t.comment(`seed ${seed}`);
  const redis = await RedisServer.start();
  t.teardown(() => redis.stop());
  const random = new Prng(seed, 13);
  const harness = new Harness();
  for (let done = 0; done < COMMANDS; done += BATCH) {
    const commands = Array.from({ length: BATCH }, () => pick(random, generators)(random));
    const wrong = await firstDifference(redis, harness, commands);
    if (wrong === undefined) continue;
    t.same(wrong.ours, wrong.theirs, JSON.stringify(wrong.command));
    return;
  }
  t.pass(`${COMMANDS} replies are equal`);
});

t.test('strings made by others are treated as by a real Redis', { skip }, async (t) => {
  const redis = await RedisServer.start();
  t.teardown(() => redis.stop());
  const harness = new Harness();
  const commands = STRINGS.flatMap((text) => [
    ['SET', 'k', text],
    ['PFCOUNT', 'k'],
    ['PFCOUNT', 'k', 'none'],
    ['PFDEBUG', 'ENCODING', 'k'],
    ['PFMERGE', 'other', 'k'],
    ['PFADD', 'k', 'element'],
    ['GET', 'k'],
    ['PFDEBUG', 'TODENSE', 'k'],
    ['GET', 'k'],
    ['PFCOUNT', 'k'],
  ]);
  const wrong = await firstDifference(redis, harness, commands);
  t.same(wrong?.ours, wrong?.theirs, JSON.stringify(wrong?.command));
});

/** Heads that are wrong, sparse ones that are sound and not, and a count kept in a head. */
const SPARSE_HEAD = `HYLL\x01${'\0'.repeat(10)}\x80`;
const STRINGS = [
  '',
  'HYLL',
  '12',
  `HYLL\x02${'\0'.repeat(13)}`,
  `HYLL\0${'\0'.repeat(13)}`,
  `HYLX\x01${'\0'.repeat(10)}\x80\x7f\xff`,
  SPARSE_HEAD,
  `${SPARSE_HEAD}\x7f\xff`,
  `${SPARSE_HEAD}\x7f\xfe\x00`,
  `${SPARSE_HEAD}\x40\x00\x84\x3f\x7f\xbd`,
  `${SPARSE_HEAD}\xff\xff\x7f\xf7`,
  `${SPARSE_HEAD}\x7f\xfe`,
  `${SPARSE_HEAD}\x00\x00`,
  `HYLL\x01\0\0\0\x05${'\0'.repeat(7)}\x7f\xff`,
  `HYLL\x01\0\0\0${'\xff'.repeat(7)}\x7f\x7f\xff`,
  `HYLL${'\0'.repeat(12_300)}`,
  `HYLL${'\0'.repeat(11)}\x80${'\xff'.repeat(12_288)}`,
  `HYLL${'\0'.repeat(11)}\x80${'\x5a'.repeat(12_288)}`,
];

interface Difference {
  readonly command: readonly string[];
  readonly ours: unknown;
  readonly theirs: unknown;
}

async function firstDifference(
  redis: RedisServer,
  harness: Harness,
  commands: readonly string[][],
): Promise<Difference | undefined> {
  const replies = await redis.batch(commands);
  for (const [i, command] of commands.entries()) {
    const ours = normalize(command, harness.call(...command));
    const theirs = normalize(command, replies[i]);
    if (JSON.stringify(ours, big) !== JSON.stringify(theirs, big)) return { command, ours, theirs };
  }
  return undefined;
}

function big(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}n` : value;
}
