import { asLogIndex, asTerm, NO_NODE } from '../../../src/base/ids.ts';
import { voterIds } from '../../../src/raft/configuration.ts';
import { Progress } from '../../../src/raft/progress.ts';
import { quorumValue } from '../../../src/raft/quorum.ts';
import { RaftState } from '../../../src/raft/state.ts';
import { TermIndex } from '../../../src/raft/term-index.ts';
import type { PlantedBug } from './planted.ts';

/** Bugs in elections, replication, membership, reads, and the disk queue. */
export const coreBugs: readonly PlantedBug[] = [
  {
    name: 'term and vote are lost in a crash',
    sabotage: {
      crash: (disk) => {
        disk.hardState = { term: asTerm(0), vote: NO_NODE };
      },
    },
  },
  {
    name: 'the vote is lost in a crash',
    sabotage: {
      crash: (disk) => {
        disk.hardState = { term: disk.hardState.term, vote: NO_NODE };
      },
    },
  },
  {
    name: 'a durable entry is lost in a crash',
    sabotage: {
      crash: (disk) => {
        if (disk.log.last > Math.max(1, disk.log.base.index)) disk.log.truncate(disk.log.last);
      },
    },
  },
  { name: 'steps are reported durable before they are', sabotage: { persistedEarly: true } },
  { name: 'reads are answered without a barrier', sabotage: { readsAtOnce: true } },
  { name: 'configurations are proposed without asking', sabotage: { changesUnasked: true } },
  {
    name: 'a follower acknowledges entries from its memory',
    sabotage: {
      outgoing: (message, node) => {
        if (message.kind !== 'append-response' || !message.success) return message;
        return { ...message, match: asLogIndex(node.log.last) };
      },
    },
  },
  {
    name: 'the hint of a refusal is taken as a match',
    sabotage: {
      outgoing: (message) => {
        if (message.kind !== 'append-response' || message.success) return message;
        return { ...message, success: true, match: message.hintIndex };
      },
    },
  },
  {
    name: 'refused votes are granted',
    sabotage: {
      outgoing: (message) =>
        message.kind === 'vote-response' && !message.preVote
          ? { ...message, granted: true }
          : message,
    },
  },
  {
    name: 'answers confirm barriers that are not yet asked for',
    sabotage: {
      outgoing: (message) =>
        message.kind === 'heartbeat-response'
          ? { ...message, readSequence: message.readSequence + 5 }
          : message,
    },
  },
  {
    name: 'the leader tells everybody its whole commit index',
    sabotage: {
      outgoing: (message, node) =>
        message.kind === 'heartbeat' && node.raft !== null
          ? { ...message, commit: node.raft.commit }
          : message,
    },
  },
  {
    name: 'newer configurations are lost in a restart',
    sabotage: {
      restored: (restored) => ({
        ...restored,
        configurations: restored.configurations.slice(0, 1),
      }),
    },
  },
  {
    name: 'the whole log is taken as committed after a restart',
    sabotage: {
      restored: (restored) => ({ ...restored, commit: restored.log.last }),
    },
  },
  {
    name: 'entries of older terms are committed by counting',
    patch: {
      prototype: RaftState.prototype,
      key: 'flush',
      by: {
        value: wrap(RaftState.prototype.flush, (raft) => {
          if (raft.role !== 'leader') return;
          const positions = voterIds(raft.configuration).map((id) =>
            id === raft.self ? raft.durable : (raft.progress.get(id)?.match ?? 0),
          );
          const quorum = quorumValue(positions);
          if (quorum > raft.commit) raft.commit = asLogIndex(quorum);
        }),
      },
    },
  },
  {
    name: 'votes go to any log',
    patch: { prototype: TermIndex.prototype, key: 'isUpToDate', by: { value: () => true } },
  },
  {
    name: 'messages do not wait for term and vote',
    patch: {
      prototype: RaftState.prototype,
      key: 'sendWhenHardStateDurable',
      by: {
        value: RaftState.prototype.send,
      },
    },
  },
  {
    name: 'candidates ask before their vote is durable',
    patch: {
      prototype: RaftState.prototype,
      key: 'hardStateIsDurable',
      by: {
        get: () => true,
      },
    },
  },
  {
    name: 'a node that steps down forgets its vote',
    patch: {
      prototype: RaftState.prototype,
      key: 'resetElectionTimer',
      by: {
        value: wrap(RaftState.prototype.resetElectionTimer, (raft) => {
          if (raft.role === 'follower') raft.vote = NO_NODE;
        }),
      },
    },
  },
  {
    name: 'what was sent counts as received',
    patch: {
      prototype: Progress.prototype,
      key: 'sent',
      by: {
        value: function (this: Progress, last: number) {
          this.state = 'replicate';
          this.next = asLogIndex(last + 1);
          this.match = asLogIndex(last);
        },
      },
    },
  },
  {
    name: 'a disk write proves entries that came later',
    patch: {
      prototype: RaftState.prototype,
      key: 'markPersisted',
      by: {
        value: wrap(RaftState.prototype.markPersisted, (raft) => {
          raft.durable = raft.log.last;
        }),
      },
    },
  },
];

/** `original`, and then `more`. */
function wrap<Args extends unknown[]>(
  original: (this: RaftState, ...args: Args) => void,
  more: (raft: RaftState) => void,
): (this: RaftState, ...args: Args) => void {
  return function (this: RaftState, ...args: Args): void {
    original.apply(this, args);
    more(this);
  };
}
