import {
  asLogIndex,
  asTerm,
  type LogIndex,
  NO_INDEX,
  NO_NODE,
  type NodeId,
  nextIndex,
  type Term,
} from '../../../src/base/ids.ts';
import { EMPTY_CONFIGURATION } from '../../../src/raft/configuration.ts';
import { Configurations } from '../../../src/raft/configurations.ts';
import { Raft } from '../../../src/raft/raft.ts';
import type { ImagePoint } from '../../../src/raft/snapshot.ts';
import { RaftState } from '../../../src/raft/state.ts';
import { batchOf } from './chained-log.ts';
import { Disk } from './disk.ts';
import type { PlantedBug } from './planted.ts';

const { beginAfter } = RaftState.prototype;
const { imageSent, offerImage } = Raft.prototype;

/** Bugs in what is done with images of the state, and with logs that begin behind them. */
export const imageBugs: readonly PlantedBug[] = [
  {
    name: 'the configuration is lost in an image',
    sabotage: {
      imageSent: (image) => ({
        ...image,
        configuration: { index: asLogIndex(image.index), configuration: EMPTY_CONFIGURATION },
      }),
    },
  },
  {
    name: 'an image resets the vote',
    sabotage: { imageHardState: ({ term }) => ({ term, vote: NO_NODE }) },
  },
  {
    name: 'an image resets the term',
    sabotage: { imageHardState: ({ vote }) => ({ term: asTerm(0), vote }) },
  },
  {
    name: 'an image moves commit back',
    patch: {
      prototype: RaftState.prototype,
      key: 'beginAfter',
      by: {
        value: function (this: RaftState, index: LogIndex, term: Term) {
          const { commit } = this;
          beginAfter.call(this, index, term);
          this.commit = commit;
        },
      },
    },
  },
  {
    name: 'entries beyond an image stay in the log, though they conflict with it',
    sabotage: { keepsSuffix: true },
    patch: {
      prototype: RaftState.prototype,
      key: 'beginAfter',
      by: {
        value: function (this: RaftState, index: LogIndex, term: Term) {
          const kept: Term[] = [];
          for (let i = index + 1; i <= this.log.last; i++) {
            kept.push(this.log.term(asLogIndex(i)) ?? term);
          }
          beginAfter.call(this, index, term);
          for (const each of kept) this.log.append(nextIndex(this.log.last), each);
        },
      },
    },
  },
  {
    name: 'an image is made of what is applied and not durable',
    sabotage: { imagesAboveDurable: true },
  },
  {
    name: 'an image is durable before the term in which it was committed',
    sabotage: { imagesBeforeTerm: true },
  },
  { name: 'the term in which an image is offered is not told', sabotage: { termsUntold: true } },
  {
    name: 'entries are taken in while an image takes the place of the log',
    sabotage: { takesWhileInstalling: true },
  },
  {
    name: 'a leader whose log was cut sends what is left as if it began with entry 1',
    sabotage: {
      outgoing: (message, node) => {
        const rest = node.log.last - node.log.base.index;
        if (message.kind !== 'heartbeat' || message.commit > 0 || rest === 0) return message;
        if (node.log.base.index === 0) return message;
        const previous = { previousIndex: NO_INDEX, previousTerm: asTerm(0) };
        const entries = node.log.slice(node.log.base.index + 1, node.log.last);
        const { from, to, term, commit } = message;
        const batch = batchOf(1, entries);
        return {
          ...{ kind: 'append', from, to, term, commit, ...previous },
          ...{ first: batch.first, last: batch.last, entries: batch },
        };
      },
    },
  },
  {
    name: 'a leader believes that an image has arrived',
    patch: {
      prototype: Raft.prototype,
      key: 'imageSent',
      by: {
        value: function (this: Raft, id: NodeId, index: LogIndex) {
          imageSent.call(this, id, index);
          for (const progress of this.progress()) {
            if (progress.id !== id || index <= progress.match) continue;
            progress.match = index;
            progress.becomeProbe(nextIndex(index));
          }
        },
      },
    },
  },
  {
    name: 'a node campaigns while it loads its state',
    patch: {
      prototype: RaftState.prototype,
      key: 'mayCampaign',
      by: {
        get(this: RaftState) {
          return this.configurations.isVoterSince(this.commit, this.self);
        },
      },
    },
  },
  {
    name: 'the configuration in force is dropped with its entry',
    patch: {
      prototype: Configurations.prototype,
      key: 'compact',
      by: {
        value: function (this: Configurations, base: LogIndex) {
          const later = this.between(base, asLogIndex(Number.MAX_SAFE_INTEGER));
          this.truncate(NO_INDEX);
          for (const each of later) this.append(each);
        },
      },
    },
  },
  {
    name: 'the log stays when a crash comes between an image and its place',
    patch: {
      prototype: Disk.prototype,
      key: 'logIsBehindImage',
      by: { get: () => false },
    },
  },
  {
    name: 'a node that has what an image has does not say so',
    patch: {
      prototype: Raft.prototype,
      key: 'offerImage',
      by: {
        value: function (this: Raft, image: ImagePoint, term: Term) {
          const isHere = image.index <= this.commit || this.termAt(image.index) === image.term;
          return isHere && this.role !== 'leader' ? 'stale' : offerImage.call(this, image, term);
        },
      },
    },
  },
];
