import { isError, VerbatimReply } from '../../resp/reply.ts';
import type { LocalCommand } from '../command.ts';
import type { ClusterNode } from '../local.ts';
import { clusterLayout, FIRST_SLOT, LAST_SLOT, type Layout } from './layout.ts';

export const clusterNodes: LocalCommand = {
  kind: 'local',
  name: 'cluster|nodes',
  arity: 2,
  flags: ['loading', 'stale'],
  group: 'cluster',
  since: '3.0.0',
  summary: 'Lists the nodes of the cluster, one per line.',
  complexity: 'O(N) with N nodes',
  syntax: '',
  tips: ['nondeterministic_output'],
  run({ node }) {
    const layout = clusterLayout(node);
    if (isError(layout)) return layout;
    const lines = [masterLine(layout), ...layout.replicas.map((each) => replicaLine(layout, each))];
    return new VerbatimReply('txt', lines.join(''));
  },
};

export const clusterMyId: LocalCommand = {
  kind: 'local',
  name: 'cluster|myid',
  arity: 2,
  flags: ['loading', 'stale'],
  group: 'cluster',
  since: '3.0.0',
  summary: 'Tells the name of this node.',
  complexity: 'O(1)',
  syntax: '',
  run({ node }) {
    const layout = clusterLayout(node);
    if (isError(layout)) return layout;
    return layout.facts.nodes.find((each) => each.myself)?.name ?? null;
  },
};

function masterLine({ master, facts }: Layout): string {
  return `${start(master, 'master')} - ${end(master, facts.term)} ${FIRST_SLOT}-${LAST_SLOT}\n`;
}

function replicaLine({ master, facts }: Layout, replica: ClusterNode): string {
  return `${start(replica, 'slave')} ${master.name} ${end(replica, facts.term)}\n`;
}

/** Name, address with the port that peers use (the same one), flags. */
function start(node: ClusterNode, role: 'master' | 'slave'): string {
  const { name, host, port } = node;
  const hostname = isNumeric(host) ? '' : `,${host}`;
  return `${name} ${host}:${port}@${port}${hostname} ${node.myself ? 'myself,' : ''}${role}`;
}

/** Times of ping and pong (there are none), epoch, state of the link. */
function end(node: ClusterNode, term: number): string {
  return `0 0 ${term} ${node.myself || node.connected ? 'connected' : 'disconnected'}`;
}

/** Whether `host` is an IP address. Names also stand where clients of Redis 7 look for a name. */
function isNumeric(host: string): boolean {
  return host.includes(':') || /^[0-9]+(?:\.[0-9]+){3}$/.test(host);
}
