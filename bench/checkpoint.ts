import { setTimeout as sleep } from 'node:timers/promises';
import { RealCluster, type RealNode } from '../test/support/real-cluster.ts';
import { RespClient } from '../test/support/resp-client.ts';
import { percentile, SteadyWrites } from './loads/steady.ts';
import { residentBytes } from './peers.ts';
import { batchOf, Pipeline } from './pipeline.ts';

/**
 * What checkpoints cost: KEYS keys of 16 bytes with 64-byte values; latency of RATE writes a second with
 * and without a checkpoint in the same run, memory, a checkpoint of 1,000 changed keys beside a full one,
 * a restart, and a node that has to be sent the image. NODES=1 or 3.
 */
const KEYS = Number(process.env['KEYS'] ?? 1_000_000);
const RATE = Number(process.env['RATE'] ?? 10_000);
const NODES = Number(process.env['NODES'] ?? 1);
const BATCH = 1000;
const CALM_MS = 8000;
const CHANGED = 1000;
const MB = 1024 * 1024;
const NEVER = ['--raft.log-max-file-size', '0', '--raft.snapshot-max-dirty', '0'];

function keyOf(i: number): string {
  return `key:${String(i).padStart(12, '0')}`;
}

async function fill(port: number): Promise<void> {
  const pipeline = new Pipeline(port);
  for (let i = 0; i < KEYS; i += BATCH) {
    const words = Array.from({ length: Math.min(BATCH, KEYS - i) }, (_, k) => [
      ...['SET', keyOf(i + k), 'v'.repeat(64)],
    ]);
    await pipeline.run(batchOf(words));
  }
  pipeline.close();
}

async function change(port: number): Promise<void> {
  const pipeline = new Pipeline(port);
  const words = Array.from({ length: CHANGED }, () => [
    ...['SET', keyOf(Math.floor(Math.random() * KEYS)), 'x'.repeat(64)],
  ]);
  await pipeline.run(batchOf(words));
  pipeline.close();
}

/** Milliseconds until a checkpoint is durable. */
async function compact(client: RespClient): Promise<number> {
  const started = performance.now();
  await client.ok('BGSAVE');
  for (;;) {
    const { rdb_bgsave_in_progress: running } = await client.info('persistence');
    if (running === '0') return performance.now() - started;
    await sleep(5);
  }
}

function show(name: string, text: string): void {
  console.log(`${name.padEnd(42)} ${text}`);
}

function latencies(name: string, sorted: readonly number[]): number {
  const p99 = percentile(sorted, 0.99);
  const figures = [0.5, 0.99, 0.999, 1].map((p) => percentile(sorted, p).toFixed(2)).join(' / ');
  show(name, `p50/p99/p99.9/max ms ${figures}  (${sorted.length} writes)`);
  return p99;
}

/** A checkpoint under load beside the same load without one. */
async function underLoad(node: RealNode, client: RespClient): Promise<void> {
  const pid = node.process?.pid ?? 0;
  const before = residentBytes(pid);
  let most = before;
  const watch = setInterval(() => {
    most = Math.max(most, residentBytes(pid));
  }, 50);
  const load = new SteadyWrites(node.port, { perSecond: RATE, connections: 20, keys: KEYS });
  await sleep(200);
  load.start();
  await sleep(2000);
  const calmFrom = performance.now();
  await sleep(CALM_MS);
  const from = performance.now();
  const took = await compact(client);
  const to = performance.now();
  await sleep(CALM_MS);
  const end = performance.now();
  load.stop();
  clearInterval(watch);
  const calm = [...load.between(calmFrom, from), ...load.between(to, end)].sort((a, b) => a - b);
  const p99 = latencies('without a checkpoint', calm);
  const busy = latencies(
    `during a full checkpoint (${(took / 1000).toFixed(1)} s)`,
    load.between(from, to),
  );
  show('p99 ratio', `${(busy / p99).toFixed(2)} (bar 2)`);
  const ratio = most / before;
  show(
    'resident memory',
    `${(before / MB).toFixed(0)} MB, at most ${(most / MB).toFixed(0)}: ${ratio.toFixed(2)} (bar 1.3)`,
  );
}

async function increments(port: number, client: RespClient): Promise<void> {
  await client.ok('CONFIG', 'SET', 'raft.snapshot-disable', 'no');
  const times: number[] = [];
  for (let i = 0; i < 5; i++) {
    await change(port);
    times.push(await compact(client));
  }
  times.sort((a, b) => a - b);
  const median = times[2] ?? Number.NaN;
  // Every key is written anew, so that everything has changed.
  await fill(port);
  const full = await compact(client);
  show(
    `checkpoint of ${CHANGED} changed keys`,
    `${median.toFixed(0)} ms, of all ${full.toFixed(0)} ms: ${((100 * median) / full).toFixed(2)} % (bar 2 %)`,
  );
}

async function restart(node: RealNode): Promise<void> {
  await node.stop();
  const started = performance.now();
  node.spawn();
  for (;;) {
    await sleep(10);
    try {
      const client = await RespClient.connect(node.port);
      const reply = await client.ok('GET', keyOf(KEYS - 1));
      client.close();
      if (typeof reply === 'string') break;
    } catch {
      // Not listening yet, loading, or no leader yet.
    }
  }
  show(
    'restart until a key is read',
    `${((performance.now() - started) / 1000).toFixed(2)} s (bar 6)`,
  );
}

async function lagging(cluster: RealCluster): Promise<void> {
  const leader = await cluster.leader();
  const follower = await cluster.follower();
  const { raft_current_term: term } = await leader.info('raft');
  await follower.stop('SIGKILL');
  await change(leader.port);
  const client = await leader.client();
  await client.ok('RAFT.DEBUG', 'COMPACT');
  follower.spawn();
  let connected = 0;
  for (;;) {
    await sleep(20);
    let info: Record<string, string>;
    try {
      info = await follower.info('raft');
    } catch {
      continue;
    }
    if (connected === 0) connected = performance.now();
    const applied = await leader.lastIndex();
    if (info['raft_state'] === 'up' && Number(info['raft_last_applied_index']) >= applied) {
      const { raft_snapshots_received: received } = info;
      const after = (await leader.info('raft'))['raft_current_term'];
      const seconds = (performance.now() - connected) / 1000;
      const elections = after === term ? 'no election' : `term ${term} became ${after}`;
      show(
        'lagging node in step',
        `${seconds.toFixed(2)} s (bar 15), ${received} image received, ${elections}`,
      );
      return;
    }
  }
}

async function main(): Promise<void> {
  const cluster = await RealCluster.start(NODES, NEVER);
  const leader = await cluster.leader();
  const client = await leader.client();
  await fill(leader.port);
  console.log(`${KEYS} keys, ${RATE} writes/s, ${NODES} node(s)`);
  await underLoad(leader, client);
  await increments(leader.port, client);
  if (NODES > 1) await lagging(cluster);
  else await restart(leader);
  client.close();
  await cluster.stop();
}

await main();
