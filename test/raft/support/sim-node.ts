import { asLogIndex, asNodeId, type NodeId } from '../../../src/base/ids.ts';
import type { Configuration, Member } from '../../../src/raft/configuration.ts';
import type { Message } from '../../../src/raft/message.ts';
import type { Raft } from '../../../src/raft/raft.ts';
import type { LogSizes, RaftOptions, Restored } from '../../../src/raft/setup.ts';
import type { Disk } from './disk.ts';
import type { NetworkOptions } from './network.ts';
import type { Observed } from './observed.ts';

/** Bugs to plant outside the core, to see that the checks find them. */
export interface Sabotage {
  /** The disk of a node that has just died. */
  readonly crash?: (disk: Disk) => void;
  readonly restored?: (restored: Restored) => Restored;
  /** A message as its sender hands it over; null: not at all. */
  readonly outgoing?: (message: Message, node: SimNode) => Message | null;
  /** Steps are reported durable when they are queued. */
  readonly persistedEarly?: boolean;
  /** Instead of a barrier, a read takes the leader's word at once. */
  readonly readsAtOnce?: boolean;
  /** Configurations are proposed without asking whether they may be. */
  readonly changesUnasked?: boolean;
}

export interface ClusterOptions {
  readonly seed: number;
  /** Nodes 1 to this begin as voters, with one configuration entry that all of them have. */
  readonly voters: number;
  readonly raft?: Partial<RaftOptions>;
  readonly network?: Partial<NetworkOptions>;
  readonly diskDelay?: readonly [number, number];
  /** How long a node takes from an input to its turn. */
  readonly turnDelay?: readonly [number, number];
  readonly sabotage?: Sabotage;
  /** Learners that are ready are not made voters. */
  readonly keepLearners?: boolean;
  readonly trace?: (line: string) => void;
}

export interface SimNode extends Observed {
  /** What waits for the node's next turn. */
  inbox: ((raft: Raft) => void)[];
  diskDelay: readonly [number, number];
  pausedUntil: number;
  turnAt: number;
  overdue: number;
  transfersFailed: number;
  removals: NodeId[];
}

export const RAFT: RaftOptions = {
  electionTimeout: 100,
  heartbeatInterval: 25,
  maxInflightAppends: 4,
  maxAppendBytes: 3,
};
export const NETWORK: NetworkOptions = {
  delay: [1, 1],
  detection: [1, 1],
  reconnect: [2, 2],
  pairs: true,
  strays: 0,
};

export function member(id: number, voting: boolean): Member {
  return { id: asNodeId(id), host: `node${id}`, port: 5000 + id, voting };
}

export function votersUpTo(count: number): Configuration {
  const members: Member[] = [];
  for (let id = 1; id <= count; id++) members.push(member(id, true));
  return { change: null, members };
}

/** Every entry counts as one byte. */
export function sizesOf(node: SimNode): LogSizes {
  return {
    reach: (first, maxBytes) => {
      const last = Math.max(first, Math.min(first + maxBytes - 1, node.log.last));
      return { last: asLogIndex(last), bytes: last - first + 1 };
    },
  };
}
