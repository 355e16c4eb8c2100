import type { SimClient } from '../sim/sim-client.ts';
import type { SimCluster, SimNode } from '../sim/sim-cluster.ts';
import type { Simulation } from '../sim/sim-world.ts';
import { formed, type Sent, send } from './sent.ts';

/** A client of one node of a simulated cluster that does not go to another one, whatever it is told. */
export class NodeConsole {
  readonly #cluster: SimCluster;
  readonly #client: SimClient;

  constructor(cluster: SimCluster, node: SimNode) {
    this.#cluster = cluster;
    this.#client = cluster.client([node.address], 0, false);
  }

  /** Sends the words of a line, without waiting for the reply. */
  send(line: string): Sent {
    return send(this.#client, ...line.split(' '));
  }

  /** The reply as text, errors included. */
  ask(line: string): string {
    const sent = this.send(line);
    this.#cluster.until(`${line} is answered`, () => sent.text !== null);
    return sent.text ?? '';
  }

  /** A field of INFO. */
  info(field: string): string {
    return fieldOf(this.ask('INFO everything'), field);
  }

  /** Writes some data of every kind under keys that begin with `name`. */
  fill(name = 'k'): void {
    for (let i = 0; i < 20; i++) this.ask(`SET ${name}${i} ${'v'.repeat(i * 10 + 1)}`);
    this.ask(`SET ${name}:brief v PX 3600000`);
    this.ask(`HSET ${name}:hash a 1 b 2`);
    this.ask(`RPUSH ${name}:list x y z`);
    this.ask(`SADD ${name}:set x y z`);
    this.ask(`ZADD ${name}:zset 1 x 2 y`);
    this.ask(`XADD ${name}:stream * f v`);
  }

  close(): void {
    this.#client.close();
  }
}

/** A field in the text of INFO. */
export function fieldOf(text: string, field: string): string {
  return new RegExp(`^${field}:(.*)\r$`, 'm').exec(text)?.[1] ?? `no ${field}`;
}

/** A cluster of one node, and two clients of it. */
export function oneNode(
  seed: number,
  options: readonly string[] = [],
): {
  simulation: Simulation;
  cluster: SimCluster;
  leader: SimNode;
  node: NodeConsole;
  other: NodeConsole;
} {
  const { simulation, cluster, leader } = formed(seed, 1, options);
  const node = new NodeConsole(cluster, leader);
  return { simulation, cluster, leader, node, other: new NodeConsole(cluster, leader) };
}
