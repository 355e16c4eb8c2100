import { assert } from '../../base/assert.ts';
import type { ErrorReply } from '../../resp/reply.ts';
import { SLOTS } from '../key-slot.ts';
import type { ClusterFacts, ClusterNode, LocalNode } from '../local.ts';

/** There is one shard, which has all slots. */
export const FIRST_SLOT = 0;
export const LAST_SLOT: number = SLOTS - 1;

export interface Layout {
  readonly facts: ClusterFacts;
  /**
   * The leader. While none is known, this node, because it is alive: a client that is sent elsewhere
   * may be sent to the dead. Commands are held here until there is a leader.
   */
  readonly master: ClusterNode;
  readonly replicas: readonly ClusterNode[];
}

export function clusterLayout(node: LocalNode): Layout | ErrorReply {
  const facts = node.cluster();
  if (facts.unavailable !== null) return facts.unavailable;
  const [master, ...replicas] = facts.nodes;
  assert(master !== undefined, 'a cluster has a node');
  return { facts, master, replicas };
}
