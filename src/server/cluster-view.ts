import { NO_NODE } from '../base/ids.ts';
import type { ClusterFacts, ClusterNode } from '../commands/local.ts';
import type { Replica } from '../replica/replica.ts';
import { JOINING, NO_CLUSTER } from './errors.ts';
import type { Node } from './node.ts';

/** Cluster id and node id, as 40 hex digits. */
export function nodeName(clusterId: string, id: number): string {
  return clusterId + id.toString(16).padStart(8, '0');
}

/**
 * The cluster as clients see it. Leader first; while none is known this node, which is alive, comes
 * first, so that clients do not go on asking a dead one.
 */
export function clusterNodes(replica: Replica): ClusterNode[] {
  const leader = replica.leader;
  const nodes = replica.raft.configuration.members.map((member): ClusterNode => {
    const myself = member.id === replica.self;
    return {
      id: member.id,
      name: nodeName(replica.clusterId, member.id),
      host: member.host,
      port: member.port,
      myself,
      leader: member.id === leader,
      connected: myself || replica.peers.link(member.id)?.connected === true,
    };
  });
  const rank = (node: ClusterNode): number => {
    if (node.leader) return 0;
    return node.myself && leader === NO_NODE ? 0 : 1;
  };
  return nodes.sort((a, b) => rank(a) - rank(b) || a.id - b.id);
}

export function clusterFacts(node: Node, healthy: boolean): ClusterFacts {
  const { replica } = node;
  if (replica === null) {
    return {
      unavailable: node.state === 'joining' ? JOINING : NO_CLUSTER,
      nodes: [],
      leaderKnown: false,
      healthy: false,
      term: 0,
      raftFields: [],
    };
  }
  const { raft } = replica;
  return {
    unavailable: null,
    nodes: clusterNodes(replica),
    leaderKnown: replica.leader !== NO_NODE,
    healthy,
    term: raft.term,
    raftFields: [
      ['cluster_raft_current_term', raft.term],
      ['cluster_raft_commit_index', raft.commit],
      ['cluster_raft_last_applied', replica.applied],
      ['cluster_raft_log_entries', replica.store.log.lastIndex - replica.store.log.firstIndex + 1],
      ['cluster_raft_is_leader', replica.isLeader ? 1 : 0],
      ['cluster_raft_has_leader', replica.leader !== NO_NODE ? 1 : 0],
    ],
  };
}
