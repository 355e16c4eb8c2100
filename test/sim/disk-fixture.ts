import { isError, SimpleString } from '../../src/resp/reply.ts';
import type { Outcome, SimClient, Words } from './sim-client.ts';
import { SimCluster, type SimNode } from './sim-cluster.ts';
import { Simulation } from './sim-world.ts';

export const LOG_NAME = 'redisraft.db';
export const MISCONF: string =
  'MISCONF The Raft log cannot be written: No space left on device. ' +
  'Writes are refused until there is space again.';
/** More than the zeros that a log writes ahead. */
const LARGE = 'x'.repeat(300_000);

export interface Lines {
  readonly machine: string;
  readonly line: string;
}

export interface DiskCluster {
  readonly simulation: Simulation;
  readonly cluster: SimCluster;
  /** What the nodes logged, oldest first. */
  readonly lines: readonly Lines[];
}

/** A cluster of `size` nodes that has formed. */
export function diskCluster(
  seed: number,
  size: number,
  options: readonly string[] = [],
): DiskCluster {
  const lines: Lines[] = [];
  const simulation = new Simulation({
    seed,
    log: (machine, line) => lines.push({ machine, line }),
  });
  const cluster = new SimCluster(simulation, size, options);
  cluster.form();
  return { simulation, cluster, lines };
}

/** No file of this node may grow any more, but what it wrote ahead stays. */
export function fill(node: SimNode): void {
  const { disk } = node.machine;
  disk.limitSpace(disk.names.used());
}

export function empty(node: SimNode): void {
  node.machine.disk.limitSpace(null);
}

/** Sends a write that needs more than what was written ahead; `done` gets its outcome. */
export function sendLarge(
  client: SimClient,
  key: string,
  done: (outcome: Outcome) => void = () => {},
): void {
  client.send(['SET', key, LARGE], done);
}

export function isFull(node: SimNode): boolean {
  return node.server?.node.replica?.space.isFull === true;
}

/** The reply in words, errors too; 'unknown' and 'unsent' otherwise. */
export function told(outcome: Outcome): string {
  if (outcome.kind !== 'reply') return outcome.kind;
  const { reply } = outcome;
  return isError(reply) || reply instanceof SimpleString ? reply.text : String(reply);
}

/** Like {@link SimCluster.ask}, for one node, and an error is an answer. */
export function askNode(
  cluster: SimCluster,
  node: SimNode,
  words: Words,
  maxTime = 20_000,
): string {
  const client = cluster.client([node.address], 0, false);
  let text: string | null = null;
  client.send(words, (outcome) => {
    text = told(outcome);
  });
  cluster.until(`${words.join(' ').slice(0, 60)} is answered`, () => text !== null, maxTime);
  client.close();
  return text ?? '';
}

export function leaderOf(cluster: SimCluster): SimNode {
  cluster.until('there is a leader that serves', () => {
    return cluster.leader()?.server?.node.replica?.servesReads === true;
  });
  const leader = cluster.leader();
  if (leader === undefined) throw new Error('no leader');
  return leader;
}

/** Runs until the process of a node throws, as it does when it cannot go on; returns the message. */
export function untilItEnds(cluster: SimCluster, node: SimNode, maxTime = 20_000): string {
  const { simulation } = cluster;
  try {
    simulation.run(() => false, { maxTime: simulation.now + maxTime });
  } catch (error) {
    node.crash('kill');
    return error instanceof Error ? error.message : String(error);
  }
  throw new Error('the process goes on');
}
