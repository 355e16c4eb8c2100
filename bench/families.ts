import { Prng } from '../src/base/prng.ts';
import { isError } from '../src/resp/reply.ts';
import { hashes } from './loads/hashes.ts';
import { keys } from './loads/keys.ts';
import { lists } from './loads/lists.ts';
import type { Family, Load, Words } from './loads/load.ts';
import { sets } from './loads/sets.ts';
import { geo, sortedSets } from './loads/sorted-sets.ts';
import { streams } from './loads/streams.ts';
import { bitmaps, hyperloglogs, strings } from './loads/strings.ts';
import { cpuSeconds, type Peer, startBalsa, startRedis } from './peers.ts';
import { batchOf, Pipeline } from './pipeline.ts';

/**
 * CPU time per command of one balsa node, its log not forced to the disk, beside redis-server, on
 * collections of 100 k elements: the same batches to one after the other by one client, in turns;
 * the median of the rounds. What counts is the time of all threads (/proc/PID/stat), so waiting does
 * not. FAMILY=name, ONLY=part of a load's name, SECONDS=CPU time of each round, AOF=no: Redis
 * writes no append-only file.
 */
const BAR = 4;
/** Whether Redis writes its commands to a file as balsa does. */
const LOGGING = process.env['AOF'] !== 'no';
const SECONDS = Number(process.env['SECONDS'] ?? 0.15);
/** Longest measurement by the clock, in seconds. */
const MOST_SECONDS = 10;
const ROUNDS = 3;
/** CPU time in which balsa is compiled: once for all loads of a family, then for each. */
const WARM_SECONDS = { redis: 0.02, family: 0.25, load: 0.4 };
const DEPTH = 100;
/** Different batches of each load, so that it is not always the same elements. */
const BATCHES = 20;
const FILL_BATCH = 500;

const FAMILIES: readonly Family[] = [
  strings,
  bitmaps,
  hyperloglogs,
  lists,
  hashes,
  sets,
  sortedSets,
  geo,
  streams,
  keys,
];

/** One line: microseconds of CPU time for one command. */
interface Row {
  readonly name: string;
  readonly redis: number;
  readonly balsa: number;
}

async function fill(peer: Peer, commands: Iterable<Words>): Promise<void> {
  let batch: Words[] = [];
  const flush = async (): Promise<void> => {
    const replies = await peer.client.pipeline(batch);
    const failed = replies.find(isError);
    const unknown = failed?.text.includes('unknown command') === true;
    if (failed !== undefined && !unknown) throw new Error(`${peer.name}: ${failed.text}`);
    batch = [];
  };
  for (const words of commands) {
    batch.push(words);
    if (batch.length === FILL_BATCH) await flush();
  }
  await flush();
}

/** The first error that a load meets, which makes it no measurement. */
async function refusal(peer: Peer, load: Load): Promise<string | null> {
  const replies = await peer.client.pipeline(load.turn(new Prng(1, 1), 0));
  const error = replies.find(isError);
  if (error === undefined) return null;
  const missing = /unknown (sub)?command/i.test(error.text);
  return missing ? `missing in ${peer.name}` : `${peer.name}: ${error.text}`;
}

/** Sends batches until they took `seconds` of CPU time. Returns the time of one. */
async function drive(peer: Peer, next: () => Buffer, seconds: number): Promise<number> {
  const pipeline = new Pipeline(peer.port);
  const start = cpuSeconds(peer.pid);
  const end = performance.now() + MOST_SECONDS * 1000;
  let spent = 0;
  let done = 0;
  while (spent < seconds && performance.now() < end) {
    await pipeline.run(next());
    done++;
    spent = cpuSeconds(peer.pid) - start;
  }
  pipeline.close();
  return spent / done;
}

/** A load as bytes, or why it is none. */
interface Prepared {
  readonly load: Load;
  /** The next batch of commands. */
  readonly next: () => Buffer;
  readonly commands: number;
  readonly refused: string | null;
}

async function prepare(load: Load, redis: Peer, balsa: Peer): Promise<Prepared> {
  const refused = (await refusal(redis, load)) ?? (await refusal(balsa, load));
  const random = new Prng(2, 2);
  const turns = load.depth ?? DEPTH;
  const commands = turns * load.turn(random, 0).length;
  let n = 0;
  const batch = (): Buffer =>
    batchOf(Array.from({ length: turns }, () => load.turn(random, ++n)).flat());
  const batches = Array.from({ length: BATCHES }, batch);
  const next = load.fresh ? batch : (): Buffer => batches[n++ % BATCHES] as Buffer;
  if (refused === null) {
    await drive(redis, next, WARM_SECONDS.redis);
    await drive(balsa, next, WARM_SECONDS.family);
  }
  return { load, next, commands, refused };
}

async function measure({ load, next, commands }: Prepared, redis: Peer, balsa: Peer): Promise<Row> {
  const microseconds = 1e6 / commands;
  await drive(balsa, next, WARM_SECONDS.load);
  const times: { redis: number; balsa: number }[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    times.push({
      redis: (await drive(redis, next, SECONDS)) * microseconds,
      balsa: (await drive(balsa, next, SECONDS)) * microseconds,
    });
  }
  times.sort((a, b) => a.balsa / a.redis - b.balsa / b.redis);
  const middle = times[times.length >> 1] ?? { redis: Number.NaN, balsa: Number.NaN };
  return { name: load.name, ...middle };
}

function print(family: Family, { name, redis, balsa }: Row): void {
  const ratio = balsa / redis;
  console.log(
    `${family.name.padEnd(12)}${name.padEnd(34)}${redis.toFixed(2).padStart(12)}` +
      `${balsa.toFixed(2).padStart(12)}${ratio.toFixed(2).padStart(8)} ${ratio > BAR ? 'ABOVE' : ''}`,
  );
}

async function measureFamily(family: Family, only: string): Promise<string> {
  const loads = family.loads.filter((load) => load.name.includes(only));
  const redis = await startRedis({ logging: LOGGING });
  const balsa = await startBalsa();
  const ratios: number[] = [];
  let lacking = 0;
  try {
    for (const peer of [redis, balsa]) await fill(peer, family.fill(new Prng(3, 3)));
    const all: Prepared[] = [];
    for (const load of loads) all.push(await prepare(load, redis, balsa));
    for (const prepared of all) {
      if (prepared.refused !== null) {
        lacking++;
        console.log(
          `${family.name.padEnd(12)}${prepared.load.name.padEnd(34)}  ${prepared.refused}`,
        );
        continue;
      }
      const found = await measure(prepared, redis, balsa);
      ratios.push(found.balsa / found.redis);
      print(family, found);
    }
  } finally {
    await balsa.stop();
    await redis.stop();
  }
  ratios.sort((a, b) => a - b);
  const middle = ratios[ratios.length >> 1] ?? Number.NaN;
  const worst = ratios.at(-1) ?? Number.NaN;
  const above = ratios.filter((ratio) => ratio > BAR).length;
  return (
    `${family.name.padEnd(12)}${middle.toFixed(2).padStart(8)}${worst.toFixed(2).padStart(8)}` +
    ` ${above > 0 ? `${above} of ${ratios.length} ABOVE` : 'ok'}` +
    `${lacking > 0 ? `, ${lacking} not measured` : ''}`
  );
}

async function main(): Promise<void> {
  const wanted = process.env['FAMILY'];
  const only = process.env['ONLY'] ?? '';
  const summary: string[] = [];
  console.log(`${'family'.padEnd(12)}${'load'.padEnd(34)}    redis us    balsa us   ratio`);
  for (const family of FAMILIES) {
    if (wanted !== undefined && family.name !== wanted) continue;
    summary.push(await measureFamily(family, only));
  }
  console.log(
    `\nfamily        median   worst; the bar is ${BAR}, Redis ${LOGGING ? 'with' : 'without'} a file`,
  );
  for (const line of summary) console.log(line);
}

await main();
