import { ErrorReply } from '../../resp/reply.ts';
import type { ContainerCommand, LocalCommand } from '../command.ts';
import { helpCommand } from '../help.ts';
import { keySlot } from '../key-slot.ts';
import { clusterInfo } from './cluster-info.ts';
import { clusterMyId, clusterNodes } from './cluster-nodes.ts';
import { clusterShards } from './cluster-shards.ts';
import { clusterSlots } from './cluster-slots.ts';

const clusterKeySlot: LocalCommand = {
  kind: 'local',
  name: 'cluster|keyslot',
  arity: 3,
  flags: ['loading', 'stale'],
  group: 'cluster',
  since: '3.0.0',
  summary: 'Tells the slot of a key.',
  complexity: 'O(N) with N bytes of the key',
  syntax: 'key',
  run: (_context, args) => keySlot(args.buffer, args.start(2), args.end(2)),
};

/** A sub-command of Redis Cluster that there is another way for here, which the error names. */
function elsewhere(word: string, since: string, instead: string): LocalCommand {
  const error = new ErrorReply(
    `ERR CLUSTER ${word.toUpperCase()} is not supported, use ${instead}`,
  );
  return {
    kind: 'local',
    name: `cluster|${word}`,
    arity: -2,
    flags: ['admin', 'loading', 'stale'],
    group: 'cluster',
    since,
    summary: `Not supported: use ${instead}.`,
    complexity: 'O(1)',
    syntax: '',
    run: () => error,
  };
}

const subcommands: readonly LocalCommand[] = [
  elsewhere('failover', '3.0.0', 'RAFT.TRANSFER_LEADER on the leader'),
  elsewhere('forget', '3.0.0', 'RAFT.NODE REMOVE on the leader'),
  clusterInfo,
  clusterKeySlot,
  elsewhere('meet', '3.0.0', 'RAFT.CLUSTER JOIN on the new node'),
  clusterMyId,
  clusterNodes,
  elsewhere('replicate', '3.0.0', 'RAFT.CLUSTER JOIN on the new node'),
  elsewhere('reset', '3.0.0', 'RAFT.NODE REMOVE on the leader'),
  clusterShards,
  clusterSlots,
];

/**
 * The cluster as cluster clients see it. Unlike with Redis it can be asked while the node is still
 * loading, so that clients find the leader, who may be another node.
 */
export const cluster: ContainerCommand = {
  kind: 'container',
  name: 'cluster',
  arity: -2,
  flags: [],
  group: 'cluster',
  since: '3.0.0',
  summary: 'Commands about the nodes of the cluster and their slots.',
  complexity: 'Depends on the sub-command.',
  syntax: '',
  subcommands: [
    ...subcommands,
    helpCommand('cluster', { group: 'cluster', since: '5.0.0' }, subcommands),
  ],
};
