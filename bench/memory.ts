import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { asLogIndex, asMilliseconds } from '../src/base/ids.ts';
import { Prng } from '../src/base/prng.ts';
import type { RunContext } from '../src/commands/command.ts';
import { CommandTable } from '../src/commands/command-table.ts';
import { dataCommands } from '../src/commands/data-commands.ts';
import { Keyspace } from '../src/keyspace/keyspace.ts';
import { Args } from '../src/resp/args.ts';
import { isError } from '../src/resp/reply.ts';
import { type Peer, residentBytes, startBalsa, startRedis } from './peers.ts';
import { batchOf, Pipeline } from './pipeline.ts';

/**
 * Resident memory per key of a million keys of 16 bytes, of one balsa node beside redis-server, each
 * a fresh process for each type: strings of 64 bytes, and collections of 8 members of 8 bytes. For
 * balsa also what the keyspace takes by itself, in a process that holds nothing else. KEYS=n,
 * KIND=name, EXTRA=words for balsa's command line.
 */
const KEYS = Number(process.env['KEYS'] ?? 1_000_000);
const BATCH = 1000;
/** Longest wait for memory that is given back to the system. */
const SETTLE_MS = 60_000;
const SETTLED_AFTER_MS = 12_000;

interface Kind {
  readonly name: string;
  /** Most times Redis's memory. */
  readonly bar: number;
  readonly words: (key: string) => string[];
}

function member(i: number): string {
  return `member-${i}`;
}

const MEMBERS: readonly string[] = Array.from({ length: 8 }, (_, i) => member(i));
const VALUE = 'v'.repeat(64);

const KINDS: readonly Kind[] = [
  { name: 'strings', bar: 2.2, words: (key) => ['SET', key, VALUE] },
  { name: 'hashes', bar: 3, words: (key) => ['HSET', key, ...MEMBERS.flatMap((m) => [m, m])] },
  { name: 'sets', bar: 3, words: (key) => ['SADD', key, ...MEMBERS] },
  { name: 'lists', bar: 3, words: (key) => ['RPUSH', key, ...MEMBERS] },
  {
    name: 'sorted sets',
    bar: 3,
    words: (key) => ['ZADD', key, ...MEMBERS.flatMap((m, i) => [String(i), m])],
  },
];

function keyOf(i: number): string {
  return `key:${String(i).padStart(12, '0')}`;
}

async function fill(peer: Peer, kind: Kind): Promise<void> {
  const pipeline = new Pipeline(peer.port);
  for (let i = 0; i < KEYS; i += BATCH) {
    const count = Math.min(BATCH, KEYS - i);
    await pipeline.run(batchOf(Array.from({ length: count }, (_, k) => kind.words(keyOf(i + k)))));
  }
  pipeline.close();
  const size = await peer.client.ok('DBSIZE');
  if (size !== KEYS) throw new Error(`${peer.name} has ${String(size)} keys`);
}

/** Resident memory once it has not become less for a while. */
async function settled(pid: number): Promise<number> {
  let least = residentBytes(pid);
  let since = performance.now();
  const end = since + SETTLE_MS;
  while (performance.now() < end && performance.now() - since < SETTLED_AFTER_MS) {
    await sleep(500);
    const now = residentBytes(pid);
    if (now < least * 0.995) {
      least = now;
      since = performance.now();
    }
  }
  return residentBytes(pid);
}

interface Figures {
  /** Bytes per key just after the last key came. */
  readonly filled: number;
  readonly settled: number;
}

async function measure(peer: Peer, kind: Kind): Promise<Figures | string> {
  try {
    const probe = await peer.client.call(...kind.words('probe'));
    if (isError(probe)) return probe.text;
    await peer.client.ok('DEL', 'probe');
    const empty = residentBytes(peer.pid);
    await fill(peer, kind);
    const filled = (residentBytes(peer.pid) - empty) / KEYS;
    const rest = peer.name === 'redis' ? residentBytes(peer.pid) : await settled(peer.pid);
    return { filled, settled: (rest - empty) / KEYS };
  } finally {
    await peer.stop();
  }
}

/** What the keyspace alone takes per key after a collection of garbage, in this process. */
function measureKeyspace(kind: Kind): void {
  const collect = globalThis.gc ?? ((): void => {});
  const table = new CommandTable(dataCommands);
  const keyspace = new Keyspace();
  keyspace.advance(asMilliseconds(1_700_000_000_000), asLogIndex(1));
  const random = new Prng(1, 1);
  const context: RunContext = {
    keyspace,
    db: keyspace.database(0),
    now: keyspace.clock,
    random: () => random,
  };
  const run = (words: readonly string[]): void => {
    const args = Args.of(words);
    const command = table.resolve(args);
    if (isError(command) || command.kind === 'local') throw new Error(`${words[0]} is missing`);
    const request = command.parse(args);
    if (!isError(request)) command.run(context, request);
  };
  collect();
  const before = process.memoryUsage();
  for (let i = 0; i < KEYS; i++) run(kind.words(keyOf(i)));
  collect();
  const after = process.memoryUsage();
  const used = after.heapUsed + after.external - before.heapUsed - before.external;
  process.stdout.write(String(used / KEYS));
}

function keyspaceAlone(kind: Kind): number {
  const script = fileURLToPath(import.meta.url);
  const child = spawnSync(process.execPath, ['--expose-gc', script, kind.name], {
    encoding: 'utf8',
    env: { ...process.env, KEYS: String(KEYS) },
  });
  return child.status === 0 ? Number(child.stdout) : Number.NaN;
}

async function compare(kind: Kind): Promise<void> {
  const redis = await measure(await startRedis({ logging: false }), kind);
  const extra = (process.env['EXTRA'] ?? '').split(' ').filter((word) => word !== '');
  const balsa = await measure(await startBalsa(extra), kind);
  if (typeof redis === 'string' || typeof balsa === 'string') {
    console.log(`${kind.name.padEnd(14)}not measured: ${String(redis)}, ${String(balsa)}`);
    return;
  }
  const ratio = balsa.settled / redis.settled;
  const columns = [redis.settled, balsa.filled, balsa.settled, keyspaceAlone(kind)];
  console.log(
    kind.name.padEnd(14) +
      columns.map((bytes) => bytes.toFixed(0).padStart(10)).join('') +
      `${ratio.toFixed(2).padStart(8)}${kind.bar.toFixed(1).padStart(6)}` +
      ` ${ratio > kind.bar ? 'ABOVE' : 'ok'}`,
  );
}

async function main(): Promise<void> {
  const alone = KINDS.find((kind) => kind.name === process.argv[2]);
  if (alone !== undefined) {
    measureKeyspace(alone);
    return;
  }
  console.log(`bytes per key of ${KEYS} keys; filled: at once, settled: when idle`);
  console.log('                   redis    filled   settled  keyspace   ratio   bar');
  for (const kind of KINDS) {
    const wanted = process.env['KIND'];
    if (wanted === undefined || wanted === kind.name) await compare(kind);
  }
}

await main();
