import type { Prng } from '../../../src/base/prng.ts';

/** Commands that make a value of some type at a key. */
export type Maker = (random: Prng, key: string) => string[][];

function element(random: Prng): string {
  switch (random.below(8)) {
    case 0:
      return String(random.below(100));
    case 1:
      return String(random.below(1e9) - 5e8);
    case 2:
      return String(BigInt(random.below(2 ** 48)) * BigInt(random.below(2 ** 15)));
    case 3:
      return '';
    case 4:
      return 'x'.repeat(random.below(100));
    case 5:
      return 'abc'.repeat(random.below(random.chance(0.1) ? 9000 : 20));
    case 6:
      return Array.from({ length: random.below(30) }, () =>
        String.fromCharCode(random.below(256)),
      ).join('');
    default:
      return `m${random.below(1000)}`;
  }
}

function integer(random: Prng): string {
  if (random.chance(0.6)) return String(random.below(60_000) - 30_000);
  return String(BigInt(random.below(2 ** 48)) * BigInt(random.below(2 ** 15)));
}

function score(random: Prng): string {
  const special = ['inf', '-inf', '1e300', '-0', '5e-324'][random.below(10)];
  return special ?? String(random.float() * random.below(1000));
}

function size(random: Prng): number {
  return 1 + random.below(random.chance(0.2) ? 2000 : 20);
}

/** So many commands that take a key and some words. */
function repeat(random: Prng, one: () => string[]): string[][] {
  return Array.from({ length: size(random) }, one);
}

function stream(random: Prng, key: string): string[][] {
  const commands: string[][] = [];
  let ms = 1;
  for (let left = size(random); left > 0; left--) {
    ms += random.below(3);
    const fields = random.chance(0.5)
      ? ['f1', element(random), 'f2', element(random)]
      : [element(random), element(random)];
    commands.push(['XADD', key, `${ms}-*`, ...fields]);
    if (random.chance(0.15)) commands.push(['XDEL', key, `${ms}-0`]);
  }
  const read = (consumer: string, count: number, from: string): string[] => [
    'XREADGROUP',
    'GROUP',
    'g1',
    consumer,
    'COUNT',
    String(count),
    'STREAMS',
    key,
    from,
  ];
  commands.push(['XGROUP', 'CREATE', key, 'g1', '0']);
  commands.push(read('c1', 1 + random.below(20), '>'), read('c2', 1 + random.below(20), '>'));
  commands.push(read('c1', 3, '0'), ['XGROUP', 'CREATE', key, 'g2', '$']);
  commands.push(['XGROUP', 'CREATECONSUMER', key, 'g2', 'c']);
  return commands;
}

export const MAKERS: Readonly<Record<string, Maker>> = {
  string: (random, key) => [['SET', key, element(random)]],
  list: (random, key) => repeat(random, () => ['RPUSH', key, element(random)]),
  set: (random, key) => repeat(random, () => ['SADD', key, element(random)]),
  intset: (random, key) => repeat(random, () => ['SADD', key, integer(random)]),
  zset: (random, key) => repeat(random, () => ['ZADD', key, score(random), element(random)]),
  hash: (random, key) => repeat(random, () => ['HSET', key, element(random), element(random)]),
  stream,
};

/** Commands that tell all about the value at a key, whatever its type. */
const READERS: Readonly<Record<string, (key: string) => string[][]>> = {
  string: (key) => [['GET', key]],
  list: (key) => [['LRANGE', key, '0', '-1']],
  set: (key) => [['SMEMBERS', key]],
  zset: (key) => [['ZRANGE', key, '0', '-1', 'WITHSCORES']],
  hash: (key) => [['HGETALL', key]],
  stream: (key) => [
    ['XRANGE', key, '-', '+'],
    ['XINFO', 'STREAM', key, 'FULL', 'COUNT', '0'],
  ],
};

type Call = (...words: string[]) => Promise<unknown>;

/** All about the value at a key, in an order that does not depend on the server. */
export async function contentOf(key: string, call: Call): Promise<string> {
  const type = String(await call('TYPE', key));
  const replies: unknown[] = [];
  for (const command of READERS[type]?.(key) ?? []) replies.push(await call(...command));
  const [first] = replies;
  if (type === 'set' && Array.isArray(first)) first.sort();
  if (type === 'hash' && Array.isArray(first)) {
    const pairs = first.flatMap((field, i) => (i % 2 === 0 ? [[field, first[i + 1]]] : []));
    replies[0] = pairs.sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1));
  }
  // Servers differ in how they print doubles.
  if (type === 'zset' && Array.isArray(first)) {
    replies[0] = first.map((each, i) => (i % 2 === 0 ? each : String(toNumber(String(each)))));
  }
  // What a stream looks like inside is left out, and what depends on the time it is asked at.
  const inner = /"(radix-tree-keys|radix-tree-nodes|active-time)",-?\d+,?/g;
  return JSON.stringify([type, replies]).replace(inner, '');
}

function toNumber(text: string): number {
  return Number(text.replace(/^(-?)inf$/, '$1Infinity'));
}
