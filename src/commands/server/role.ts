import type { Reply } from '../../resp/reply.ts';
import type { LocalCommand } from '../command.ts';
import type { LocalNode } from '../local.ts';

/**
 * Only the leader is a `master`: clients that look for one by ROLE must not take a follower, or a
 * node that leads nothing yet.
 */
export const role: LocalCommand = {
  kind: 'local',
  name: 'role',
  arity: 1,
  flags: ['noscript', 'loading', 'stale', 'fast'],
  group: 'server',
  since: '2.8.12',
  summary: 'Tells whether this node leads, and whom or by whom.',
  complexity: 'O(1)',
  syntax: '',
  categories: ['admin', 'dangerous'],
  run: ({ node }) => (node.role === 'leader' ? leading(node) : following(node)),
};

function leading(node: LocalNode): Reply {
  const followers = node
    .followers()
    .map(([host, port, index]) => [host, String(port), String(index)]);
  return ['master', node.lastApplied, followers];
}

function following(node: LocalNode): Reply {
  const leader = node.cluster().nodes.find((each) => each.leader);
  return [
    'slave',
    leader?.host ?? '',
    leader?.port ?? 0,
    leader?.connected ? 'connected' : 'connect',
    node.lastApplied,
  ];
}
