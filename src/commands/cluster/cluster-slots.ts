import { isError, MapReply, type Reply } from '../../resp/reply.ts';
import type { LocalCommand } from '../command.ts';
import type { ClusterNode } from '../local.ts';
import { clusterLayout, FIRST_SLOT, LAST_SLOT } from './layout.ts';

export const clusterSlots: LocalCommand = {
  kind: 'local',
  name: 'cluster|slots',
  arity: 2,
  flags: ['loading', 'stale'],
  group: 'cluster',
  since: '3.0.0',
  summary: 'Tells which nodes have which slots, the leader first.',
  complexity: 'O(N) with N nodes',
  syntax: '',
  tips: ['nondeterministic_output'],
  deprecated: { since: '7.0.0', instead: 'CLUSTER SHARDS' },
  run({ node }) {
    const layout = clusterLayout(node);
    if (isError(layout)) return layout;
    return [[FIRST_SLOT, LAST_SLOT, describe(layout.master), ...layout.replicas.map(describe)]];
  },
};

/** Host, port, name, and other ways to reach it: none. */
function describe(node: ClusterNode): Reply {
  return [node.host, node.port, node.name, new MapReply([])];
}
