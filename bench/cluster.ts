import { execFileSync, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import os from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, RealCluster, temporaryFolder } from '../test/support/real-cluster.ts';

/**
 * A three-node balsa cluster with fsync against one redis-server that fsyncs each write, measured in
 * turns within one run by redis-benchmark: 64-byte values, 100 k keys. Prints requests per second and
 * the median ratio for each shape of load. ROUNDS=n, ONLY=part of a name.
 */
interface Load {
  readonly name: string;
  readonly test: 'set' | 'get';
  readonly clients: number;
  readonly pipeline: number;
  readonly requests: number;
  readonly bar: number;
}

const LOADS: readonly Load[] = [
  { name: 'SET, 50 clients', test: 'set', clients: 50, pipeline: 1, requests: 150_000, bar: 0.4 },
  {
    name: 'SET, 50 clients x 16',
    test: 'set',
    clients: 50,
    pipeline: 16,
    requests: 800_000,
    bar: 0.35,
  },
  { name: 'SET, 1 client', test: 'set', clients: 1, pipeline: 1, requests: 12_000, bar: 0.4 },
  { name: 'GET, 50 clients', test: 'get', clients: 50, pipeline: 1, requests: 300_000, bar: 0.8 },
  {
    name: 'GET, 50 clients x 16',
    test: 'get',
    clients: 50,
    pipeline: 16,
    requests: 1_500_000,
    bar: 0.5,
  },
];

function measure(port: number, load: Load): number {
  const output = execFileSync(
    'redis-benchmark',
    [
      ...[
        '-p',
        String(port),
        '-t',
        load.test,
        '-c',
        String(load.clients),
        '-P',
        String(load.pipeline),
      ],
      ...['-n', String(load.requests), '-d', '64', '-r', '100000', '--csv'],
    ],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const row = output.trim().split('\n').at(-1) ?? '';
  const rate = Number((row.split(',')[1] ?? '').replaceAll('"', ''));
  if (!(rate > 0)) throw new Error(`redis-benchmark printed ${output}`);
  return rate;
}

async function startRedis(port: number, dir: string): Promise<() => void> {
  const child = spawn(
    'redis-server',
    [
      ...['--port', String(port), '--dir', dir, '--save', '', '--appendonly', 'yes'],
      ...['--appendfsync', 'always', '--daemonize', 'no', '--loglevel', 'warning'],
    ],
    { stdio: 'ignore' },
  );
  await sleep(500);
  return () => child.kill('SIGKILL');
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
}

interface Rates {
  readonly redis: number[];
  readonly balsa: number[];
}

function print(rows: ReadonlyMap<Load, Rates>, rounds: number): void {
  console.log(`${os.cpus().length} cores, Node ${process.version}, medians of ${rounds} rounds`);
  console.log('load                    redis/s    balsa/s   ratio (least to most)   bar');
  for (const [load, { redis, balsa }] of rows) {
    const ratios = balsa.map((rate, i) => rate / (redis[i] ?? Number.NaN));
    const ratio = median(ratios);
    const range = `(${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)})`;
    console.log(
      `${load.name.padEnd(22)}${median(redis).toFixed(0).padStart(9)}` +
        `${median(balsa).toFixed(0).padStart(11)}${ratio.toFixed(2).padStart(8)} ${range}` +
        `${load.bar.toFixed(2).padStart(10)} ${ratio >= load.bar ? 'ok' : 'BELOW'}`,
    );
  }
}

async function main(): Promise<void> {
  const rounds = Number(process.env['ROUNDS'] ?? 3);
  const only = process.env['ONLY'] ?? '';
  const loads = LOADS.filter((load) => load.name.includes(only));
  const dir = temporaryFolder('bench');
  const redisPort = await freePort();
  const stopRedis = await startRedis(redisPort, dir);
  const cluster = await RealCluster.start(3);
  try {
    const leader = await cluster.leader();
    const rows = new Map<Load, Rates>(loads.map((load) => [load, { redis: [], balsa: [] }]));
    for (const load of loads) {
      // Both start cold, and one of them is compiled while it runs.
      const warmUp = { ...load, requests: load.requests / 3 };
      measure(redisPort, warmUp);
      measure(leader.port, warmUp);
    }
    for (let round = 1; round <= rounds; round++) {
      for (const [load, { redis, balsa }] of rows) {
        redis.push(measure(redisPort, load));
        balsa.push(measure(leader.port, load));
        process.stderr.write(`round ${round} of ${rounds}: ${load.name}\n`);
      }
    }
    print(rows, rounds);
  } finally {
    await cluster.stop();
    stopRedis();
    rmSync(dir, { recursive: true, force: true });
  }
}

await main();
