import { asNodeId } from '../../src/base/ids.ts';
import type { ClientFacts, ClusterFacts, ClusterNode } from '../../src/commands/local.ts';

export function fakeClient(facts: Partial<ClientFacts>): ClientFacts {
  return {
    id: 7,
    address: '127.0.0.1:50007',
    localAddress: '127.0.0.1:6379',
    name: '',
    user: 'default',
    libraryName: '',
    libraryVersion: '',
    db: 0,
    protocol: 2,
    ageSeconds: 0,
    idleSeconds: 0,
    flags: 'N',
    lastCommand: 'client|list',
    queryBuffer: 0,
    outputBuffer: 0,
    totalCommands: 1,
    type: 'normal',
    queued: -1,
    watched: 0,
    ...facts,
  };
}

/** Names of the nodes of {@link fakeCluster}: 40 hex digits. */
export const NAMES: readonly string[] = [1, 2, 3].map((id) => `${'a'.repeat(32)}0000000${id}`);

/** Three nodes; the second leads, the first is this one, the third cannot be reached. */
export function fakeCluster(facts: Partial<ClusterFacts> = {}): ClusterFacts {
  const node = (id: number, more: Partial<ClusterNode>): ClusterNode => ({
    id: asNodeId(id),
    name: NAMES[id - 1] ?? '',
    host: `10.0.0.${id}`,
    port: 6378 + id,
    myself: false,
    leader: false,
    connected: true,
    ...more,
  });
  return {
    unavailable: null,
    nodes: [node(2, { leader: true }), node(1, { myself: true }), node(3, { connected: false })],
    leaderKnown: true,
    healthy: true,
    term: 5,
    raftFields: [
      ['cluster_raft_commit_index', 42],
      ['cluster_raft_has_leader', 1],
    ],
    ...facts,
  };
}
