import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { RespClient } from './resp-client.ts';

/** The checkout, seen from `dist/test/support`. */
export const ROOT: string = fileURLToPath(new URL('../../..', import.meta.url));
export const SERVER: string = path.join(ROOT, 'bin/balsa-server');

/** A port of the loopback interface that nobody listens on now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        resolve(typeof address === 'object' && address !== null ? address.port : 0),
      );
    });
  });
}

export function temporaryFolder(prefix: string): string {
  return mkdtempSync(path.join(os.tmpdir(), `balsa-${prefix}-`));
}

/** Calls `probe` until it returns something else than undefined; rejects after `timeoutMs`. */
export async function eventually<T>(
  what: string,
  probe: () => Promise<T | undefined> | T | undefined,
  timeoutMs = 15_000,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  let last: unknown = 'it never became true';
  while (performance.now() < deadline) {
    try {
      const value = await probe();
      if (value !== undefined) return value;
    } catch (error) {
      last = error;
    }
    await sleep(20);
  }
  throw new Error(`Gave up after ${timeoutMs} ms waiting for ${what}: ${String(last)}`);
}

/** One balsa process. */
export class RealNode {
  readonly port: number;
  readonly dir: string;
  readonly extra: readonly string[];
  process: ChildProcess | null = null;
  log = '';
  exitCode: number | null = null;

  constructor(port: number, dir: string, extra: readonly string[] = []) {
    this.port = port;
    this.dir = dir;
    this.extra = extra;
  }

  /** Starts the process and waits until it answers PING. */
  async start(): Promise<void> {
    mkdirSync(this.dir, { recursive: true });
    const child = spawn(
      SERVER,
      [
        '--port',
        String(this.port),
        '--dir',
        this.dir,
        '--raft.addr',
        `127.0.0.1:${this.port}`,
        ...this.extra,
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    this.process = child;
    this.exitCode = null;
    const note = (chunk: Buffer): void => {
      this.log = (this.log + chunk.toString()).slice(-200_000);
    };
    child.stdout?.on('data', note);
    child.stderr?.on('data', note);
    child.once('exit', (code) => {
      this.exitCode = code ?? -1;
      if (this.process === child) this.process = null;
    });
    await eventually(`node on port ${this.port} to answer`, async () => {
      if (this.process === null) throw new Error(`it exited with ${this.exitCode}: ${this.log}`);
      const client = await this.client();
      const pong = await client.call('PING');
      client.close();
      return pong === null ? undefined : true;
    });
  }

  client(): Promise<RespClient> {
    return RespClient.connect(this.port);
  }

  /** One command on a connection of its own. */
  async call(...words: string[]): Promise<unknown> {
    const client = await this.client();
    try {
      return await client.ok(...words);
    } finally {
      client.close();
    }
  }

  async info(section: string): Promise<Record<string, string>> {
    const client = await this.client();
    try {
      return await client.info(section);
    } finally {
      client.close();
    }
  }

  /** Sends a signal and waits for the end of the process. */
  async stop(signal: 'SIGKILL' | 'SIGTERM' = 'SIGTERM'): Promise<number | null> {
    const child = this.process;
    if (child === null) return this.exitCode;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill(signal);
    await ended;
    return this.exitCode;
  }
}

/** Several balsa processes on this machine, formed into a cluster as a person would. */
export class RealCluster {
  readonly nodes: readonly RealNode[];
  readonly #folder: string;

  private constructor(nodes: readonly RealNode[], folder: string) {
    this.nodes = nodes;
    this.#folder = folder;
  }

  static async start(size: number, extra: readonly string[] = []): Promise<RealCluster> {
    const folder = temporaryFolder('cluster');
    const nodes: RealNode[] = [];
    for (let i = 0; i < size; i++) {
      const node = new RealNode(await freePort(), path.join(folder, `node${i + 1}`), extra);
      nodes.push(node);
      await node.start();
    }
    const cluster = new RealCluster(nodes, folder);
    const [first, ...others] = nodes;
    await first?.call('RAFT.CLUSTER', 'INIT');
    for (const node of others) {
      await node.call('RAFT.CLUSTER', 'JOIN', `127.0.0.1:${first?.port}`);
    }
    await cluster.voting(size);
    return cluster;
  }

  /** Waits until the leader counts `count` voters. */
  async voting(count: number): Promise<void> {
    await eventually(`${count} voting nodes`, async () => {
      const leader = await this.leader();
      const info = await leader.info('raft_general');
      return info['raft_num_voting_nodes'] === String(count) ? true : undefined;
    });
  }

  /** The running node that leads and serves. */
  leader(timeoutMs = 15_000): Promise<RealNode> {
    return eventually(
      'a leader',
      async () => {
        for (const node of this.nodes) {
          if (node.process === null) continue;
          const info = await node.info('raft_general').catch(() => ({}) as Record<string, string>);
          if (info['raft_role'] === 'leader') return node;
        }
        return undefined;
      },
      timeoutMs,
    );
  }

  /** Waits until all running nodes have applied the same index, and returns it. */
  converged(): Promise<number> {
    return eventually('all nodes to have applied the same', async () => {
      const applied = new Set<string>();
      for (const node of this.nodes) {
        const info = await node.info('raft_log');
        applied.add(info['raft_last_applied_index'] ?? '');
        applied.add(info['raft_current_index'] ?? '');
      }
      return applied.size === 1 ? Number([...applied][0]) : undefined;
    });
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.stop('SIGKILL')));
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
