import { isError, MapReply, type Reply } from '../../resp/reply.ts';
import type { LocalCommand } from '../command.ts';
import type { ClusterNode } from '../local.ts';
import { clusterLayout, FIRST_SLOT, LAST_SLOT } from './layout.ts';

export const clusterShards: LocalCommand = {
  kind: 'local',
  name: 'cluster|shards',
  arity: 2,
  flags: ['loading', 'stale'],
  group: 'cluster',
  since: '7.0.0',
  summary: 'Tells the slots and the nodes of every shard; there is one.',
  complexity: 'O(N) with N nodes',
  syntax: '',
  tips: ['nondeterministic_output'],
  run({ node }) {
    const layout = clusterLayout(node);
    if (isError(layout)) return layout;
    const nodes = [
      describe(layout.master, 'master'),
      ...layout.replicas.map((replica) => describe(replica, 'replica')),
    ];
    return [
      new MapReply([
        ['slots', [FIRST_SLOT, LAST_SLOT]],
        ['nodes', nodes],
      ]),
    ];
  },
};

function describe(node: ClusterNode, role: 'master' | 'replica'): Reply {
  return new MapReply([
    ['id', node.name],
    ['port', node.port],
    ['ip', node.host],
    ['endpoint', node.host],
    ['role', role],
    ['replication-offset', 0],
    ['health', node.myself || node.connected ? 'online' : 'fail'],
  ]);
}
