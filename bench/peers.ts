import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, RealCluster, temporaryFolder } from '../test/support/real-cluster.ts';
import { RespClient } from '../test/support/resp-client.ts';

/** A server process under measurement, with one connection to it. */
export interface Peer {
  readonly name: 'redis' | 'balsa';
  readonly client: RespClient;
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Clock ticks of /proc, which the kernel gives in this unit on every machine. */
const TICK_SECONDS = 0.01;
/** Fields of /proc/PID/stat, counted behind the name, which may hold blanks. */
const USER_TIME = 11;
const SYSTEM_TIME = 12;

/** CPU time of all threads of a process so far, in seconds. */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[USER_TIME]) + Number(fields[SYSTEM_TIME])) * TICK_SECONDS;
}

/** Resident memory of a process in bytes. */
export function residentBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) * 1024;
}

/**
 * A redis-server without snapshots. `logging`: it writes its append-only file, which like the log of
 * {@link startBalsa} is never forced to the disk, and not rewritten either.
 */
export async function startRedis({ logging }: { readonly logging: boolean }): Promise<Peer> {
  const port = await freePort();
  const dir = temporaryFolder('redis');
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--dir', dir];
  const log = ['--appendonly', 'yes', '--appendfsync', 'no', '--auto-aof-rewrite-percentage', '0'];
  const child = spawn(
    'redis-server',
    [...options, '--save', '', '--loglevel', 'warning', ...(logging ? log : [])],
    { stdio: 'ignore' },
  );
  const end = (): void => {
    child.kill('SIGKILL');
    rmSync(dir, { recursive: true, force: true });
  };
  process.once('exit', end);
  return {
    name: 'redis',
    client: await connect(port),
    port,
    pid: child.pid ?? 0,
    stop: async () => {
      process.off('exit', end);
      child.kill('SIGKILL');
      await once(child, 'close');
      end();
    },
  };
}

/** A cluster of one balsa node whose log is not forced to the disk. */
export async function startBalsa(extra: readonly string[] = []): Promise<Peer> {
  const cluster = await RealCluster.start(1, ['--raft.log-fsync', 'no', ...extra]);
  const leader = await cluster.leader();
  return {
    name: 'balsa',
    client: await connect(leader.port),
    port: leader.port,
    pid: leader.process?.pid ?? 0,
    stop: () => cluster.stop(),
  };
}

async function connect(port: number): Promise<RespClient> {
  for (let tries = 0; ; tries++) {
    try {
      return await RespClient.connect(port);
    } catch (error) {
      if (tries === 200) throw error;
      await sleep(20);
    }
  }
}
