import { DoubleReply, isError, type Reply } from '../../src/resp/reply.ts';
import type { SimClient, Words } from '../sim/sim-client.ts';
import { SimCluster, type SimNode } from '../sim/sim-cluster.ts';
import { Simulation } from '../sim/sim-world.ts';

/** A formed cluster in a simulation of its own, and its leader. */
export function formed(
  seed: number,
  size: number,
  options: readonly string[] = [],
): { simulation: Simulation; cluster: SimCluster; leader: SimNode; followers: SimNode[] } {
  const simulation = new Simulation({ seed });
  const cluster = new SimCluster(simulation, size, options);
  cluster.form();
  const leader = cluster.leader();
  if (leader === undefined) throw new Error('nobody leads');
  return { simulation, cluster, leader, followers: cluster.nodes.filter((n) => n !== leader) };
}

/** A command that was sent, and its reply as text once that has come; null before. */
export interface Sent {
  text: string | null;
}

export function send(client: SimClient, ...words: Words): Sent {
  const sent: Sent = { text: null };
  client.send(words, (outcome) => {
    sent.text = outcome.kind === 'reply' ? textOf(outcome.reply) : outcome.reason;
  });
  return sent;
}

function textOf(reply: Reply): string {
  if (isError(reply)) return reply.text;
  if (reply instanceof DoubleReply) return reply.text ?? String(reply.value);
  if (typeof reply === 'object' && reply !== null && 'text' in reply) return reply.text;
  return Array.isArray(reply) ? reply.map(textOf).join() : String(reply);
}
