import { asLogIndex, asNodeId, type NodeId } from '../../../src/base/ids.ts';
import type { Configuration, Member } from '../../../src/raft/configuration.ts';
import type { HardState } from '../../../src/raft/effects.ts';
import type { Message } from '../../../src/raft/message.ts';
import type { Raft } from '../../../src/raft/raft.ts';
import type { LogSizes, RaftOptions, Restored } from '../../../src/raft/setup.ts';
import type { LogPoint } from './chained-log.ts';
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
  /** An image as it is sent. */
  readonly imageSent?: (image: LogPoint) => LogPoint;
  /** Term and vote with which the log begins behind an image. */
  readonly imageHardState?: (hardState: HardState) => HardState;
  /** Images are made of what is applied, durable or not. */
  readonly imagesAboveDurable?: boolean;
  /** Images are made durable before the newest term is. */
  readonly imagesBeforeTerm?: boolean;
  /** The core does not learn the term in which an image was offered. */
  readonly termsUntold?: boolean;
  /** Entries beyond an image that took the place of the log stay in it. */
  readonly keepsSuffix?: boolean;
  /** Messages are taken in while an image takes the place of the log. */
  readonly takesWhileInstalling?: boolean;
}

/** Times in ms, and chances. */
export interface ImageOptions {
  readonly writeTime: readonly [number, number];
  readonly transferTime: readonly [number, number];
  readonly loadTime: readonly [number, number];
  /** After which a sender gives up. */
  readonly patience: number;
  /** An image, or the answer to it, does not arrive. */
  readonly loss: number;
  readonly duplicates: number;
  /** The sender says that an image has arrived which was lost. */
  readonly falseReports: number;
  /** The receiver cannot store it. */
  readonly failures: number;
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
  /** May be changed while the cluster runs. */
  images: ImageOptions;
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
  /** An image is taking the place of the log. */
  installing: boolean;
  /** To whom an image is being sent. */
  sending: Set<number>;
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
export const IMAGES: ImageOptions = {
  writeTime: [1, 1],
  transferTime: [2, 2],
  loadTime: [5, 5],
  patience: 500,
  loss: 0,
  duplicates: 0,
  falseReports: 0,
  failures: 0,
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
