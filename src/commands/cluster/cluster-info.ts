import { isError, VerbatimReply } from '../../resp/reply.ts';
import type { LocalCommand } from '../command.ts';
import { SLOTS } from '../key-slot.ts';
import { clusterLayout, type Layout } from './layout.ts';

export const clusterInfo: LocalCommand = {
  kind: 'local',
  name: 'cluster|info',
  arity: 2,
  flags: ['loading', 'stale'],
  group: 'cluster',
  since: '3.0.0',
  summary: 'Tells whether the cluster works, and how its log stands.',
  complexity: 'O(1)',
  syntax: '',
  tips: ['nondeterministic_output'],
  run({ node }) {
    const layout = clusterLayout(node);
    if (isError(layout)) return layout;
    const lines = fields(layout).map(([name, value]) => `${name}:${value}\r\n`);
    return new VerbatimReply('txt', lines.join(''));
  },
};

/**
 * The state is `ok` during an election, because some clients give up for good when they read `fail`.
 * All that begins with `cluster_` and has a number is picked up by the usual exporters.
 */
function fields({ facts }: Layout): readonly (readonly [string, number | string])[] {
  return [
    ['cluster_state', facts.healthy ? 'ok' : 'fail'],
    ['cluster_slots_assigned', SLOTS],
    ['cluster_slots_ok', facts.healthy ? SLOTS : 0],
    ['cluster_slots_pfail', 0],
    ['cluster_slots_fail', facts.healthy ? 0 : SLOTS],
    ['cluster_known_nodes', facts.nodes.length],
    ['cluster_size', 1],
    ['cluster_current_epoch', facts.term],
    ['cluster_my_epoch', facts.term],
    ...facts.raftFields,
  ];
}
