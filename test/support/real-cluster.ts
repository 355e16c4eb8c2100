import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { RealNode } from './real-node.ts';

export { RealNode, ROOT, SERVER } from './real-node.ts';

/**
 * Below the ports that the system gives to outgoing connections, so that none of those can take one
 * of a node that is down.
 */
const FIRST_PORT = 11_000;
const PORTS = 20_000;
const given: Set<number> = new Set();

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      server.close(() => resolve(true));
    });
  });
}

/** A port of the loopback interface that nobody listens on now, and that was not given out before. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST_PORT + Math.floor(Math.random() * PORTS);
    if (given.has(port) || !(await isFree(port))) continue;
    given.add(port);
    return port;
  }
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

/** Waits until the node has noticed that its leader is gone. What it relays before that is lost. */
export async function missesLeader(node: RealNode): Promise<void> {
  const { raft_current_term: term } = await node.info('raft_general');
  await eventually('the follower to miss its leader', async () => {
    const info = await node.info('raft_general');
    const missing = info['raft_leader_id'] === '-1' || info['raft_current_term'] !== term;
    return missing ? true : undefined;
  });
}

/** Several balsa processes on this machine, formed into a cluster as a person would. */
export class RealCluster {
  readonly nodes: RealNode[];
  readonly folder: string;

  private constructor(nodes: RealNode[], folder: string) {
    this.nodes = nodes;
    this.folder = folder;
  }

  /** `extra` are launch words for every node; `password` is what clients of this cluster say. */
  static async start(
    size: number,
    extra: readonly string[] = [],
    password: string | null = null,
  ): Promise<RealCluster> {
    const cluster = new RealCluster([], temporaryFolder('cluster'));
    try {
      await cluster.#form(size, extra, password);
    } catch (error) {
      await cluster.stop();
      throw error;
    }
    return cluster;
  }

  /** Nodes that run and belong to no cluster yet. */
  static async unformed(size: number, extra: readonly string[] = []): Promise<RealCluster> {
    const cluster = new RealCluster([], temporaryFolder('cluster'));
    await cluster.#launch(size, extra, null);
    return cluster;
  }

  async #launch(size: number, extra: readonly string[], password: string | null): Promise<void> {
    for (let i = 0; i < size; i++) await this.#addNode(extra, password);
    await Promise.all(this.nodes.map((node) => node.start()));
  }

  async #form(size: number, extra: readonly string[], password: string | null): Promise<void> {
    await this.#launch(size, extra, password);
    const [first, ...others] = this.nodes;
    await first?.call('RAFT.CLUSTER', 'INIT');
    for (const node of others) {
      await node.call('RAFT.CLUSTER', 'JOIN', `127.0.0.1:${first?.port}`);
    }
    await this.voting(size);
    await this.converged();
  }

  async #addNode(extra: readonly string[], password: string | null): Promise<RealNode> {
    const port = await freePort();
    const node = new RealNode(port, path.join(this.folder, `node${this.nodes.length + 1}`), extra);
    node.password = password;
    this.nodes.push(node);
    return node;
  }

  /** One more process beside the cluster, not started and not joined; it stops with the cluster. */
  newcomer(extra: readonly string[] = []): Promise<RealNode> {
    return this.#addNode(extra, this.nodes[0]?.password ?? null);
  }

  get running(): RealNode[] {
    return this.nodes.filter((node) => node.process !== null && !node.paused);
  }

  get ports(): number[] {
    return this.nodes.map((node) => node.port);
  }

  /** Waits until the leader counts `count` voters. */
  async voting(count: number): Promise<void> {
    await eventually(`${count} voting nodes`, async () => {
      const leader = await this.leader();
      const info = await leader.info('raft_general');
      return info['raft_num_voting_nodes'] === String(count) ? true : undefined;
    });
  }

  /** The running node that leads; of two that say so, the one with the higher term. */
  leader(timeoutMs = 15_000): Promise<RealNode> {
    return eventually(
      'a leader',
      async () => {
        let best: RealNode | undefined;
        let bestTerm = -1;
        for (const node of this.running) {
          const info = await node.info('raft_general').catch(() => ({}) as Record<string, string>);
          const term = Number(info['raft_current_term']);
          if (info['raft_role'] !== 'leader' || term <= bestTerm) continue;
          best = node;
          bestTerm = term;
        }
        return best;
      },
      timeoutMs,
    );
  }

  /** The running nodes that do not lead, once all of them know who does. */
  async followers(): Promise<RealNode[]> {
    const leader = await this.leader();
    const id = await leader.id();
    const others = this.running.filter((node) => node !== leader);
    for (const node of others) {
      await eventually(`node ${node.port} to follow ${leader.port}`, async () => {
        const info = await node.info('raft_general');
        if (info['raft_state'] === 'uninitialized') return true;
        return info['raft_leader_id'] === String(id) ? true : undefined;
      });
    }
    return others;
  }

  /** One that does not lead, and knows who does. */
  async follower(): Promise<RealNode> {
    const [follower] = await this.followers();
    if (follower === undefined) throw new Error('only the leader runs');
    return follower;
  }

  /** Waits until all running nodes have applied all that any of them has, and returns that index. */
  converged(timeoutMs = 15_000): Promise<number> {
    return eventually(
      'all nodes to have applied the same',
      async () => {
        const applied = new Set<string>();
        for (const node of this.running) {
          const info = await node.info('raft');
          if (info['raft_state'] === 'loading') return undefined;
          applied.add(info['raft_last_applied_index'] ?? '');
          applied.add(info['raft_current_index'] ?? '');
        }
        return applied.size === 1 ? Number([...applied][0]) : undefined;
      },
      timeoutMs,
    );
  }

  /** The digest that all running nodes have at one and the same index; rejects if they differ. */
  async digest(): Promise<string> {
    return eventually('digests at the same index', async () => {
      const replies = await Promise.all(
        this.running.map((node) => node.call('RAFT.DEBUG', 'DIGEST')),
      );
      const pairs = replies.map((reply) => (Array.isArray(reply) ? reply.map(String) : []));
      if (new Set(pairs.map(([, index]) => index)).size !== 1) return undefined;
      const digests = [...new Set(pairs.map(([digest]) => digest))];
      if (digests.length !== 1) throw new Error(`digests differ: ${pairs.join(' | ')}`);
      return digests[0];
    });
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.stop('SIGKILL')));
    rmSync(this.folder, { recursive: true, force: true });
  }
}
