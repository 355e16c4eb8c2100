import { assert } from '../base/assert.ts';
import {
  type LogIndex,
  maxIndex,
  NO_NODE,
  type NodeId,
  nextIndex,
  type Term,
} from '../base/ids.ts';
import { becomeFollower } from './election.ts';
import type { Progress } from './progress.ts';
import { acknowledge, replicateTo } from './replication.ts';
import type { ConfigurationAt } from './setup.ts';
import type { RaftState } from './state.ts';

/** Of what an image is: the state after the entry at `index`, which has `term`. */
export interface ImagePoint {
  readonly index: LogIndex;
  readonly term: Term;
  /** The configuration in force there. */
  readonly configuration: ConfigurationAt;
}

/**
 * `needed`: this node's log does not lead there. `known`: the log here has the entry, and will lead there
 * by itself. `stale`: this node is there already, or leads.
 */
export type ImageVerdict = 'needed' | 'known' | 'stale';

/** Leader: the entries that a node needs next are not in the log any more. */
export function needsSnapshot(raft: RaftState, progress: Progress): void {
  if (!progress.connected) return;
  progress.becomeSnapshot();
  raft.snapshots.push(progress.id);
}

/** Entries up to `base` are in a durable image here, and gone from the log. */
export function compact(raft: RaftState, base: LogIndex): void {
  assert(base <= raft.commit && base <= raft.durable, 'only what is safe and durable is dropped');
  raft.log.compact(base);
  raft.configurations.compact(base);
  // The entries of appends that have not left yet can no longer be read: the others begin again.
  const late = raft.dropAppends(base);
  for (const id of late) raft.progress.get(id)?.reset();
}

/**
 * Whether an image of the point `image`, from a node that leads or led `term`, would bring this node
 * further. What it has in common with the image is acknowledged, so that no image is offered for ever.
 */
export function offerImage(raft: RaftState, image: ImagePoint, term: Term): ImageVerdict {
  // The image was committed in that term or before it. A leader of an older one may have other entries
  // there, and must not be told that they are here (SPEC, I3).
  if (term > raft.term) becomeFollower(raft, term, NO_NODE);
  if (raft.role === 'leader') return 'stale';
  const isStale = image.index <= raft.commit;
  // Equal index and term: the logs are equal up to there (SPEC, L1), and all of it is committed.
  if (!isStale && raft.log.term(image.index) !== image.term) return 'needed';
  raft.matched = maxIndex(raft.matched, image.index);
  acknowledge(raft);
  return isStale ? 'stale' : 'known';
}

/** The shell has put the image in the place of state and log, both durable. */
export function installImage(raft: RaftState, image: ImagePoint): void {
  assert(image.term <= raft.term, 'the shell has told the term in which an image was offered');
  assert(image.configuration.index <= image.index, 'an image has its configuration from before it');
  const verdict = offerImage(raft, image, raft.term);
  assert(verdict === 'needed', 'an image is put in place where it is needed');
  raft.configurations.reset(image.configuration);
  raft.beginAfter(image.index, image.term);
  endCampaign(raft);
  raft.resetElectionTimer();
  acknowledge(raft);
}

function endCampaign(raft: RaftState): void {
  raft.role = 'follower';
  raft.votes.clear();
}

/** Leader: the node has got an image up to `index`; 0: it has not, or does not need it. */
export function imageSent(raft: RaftState, id: NodeId, index: LogIndex): void {
  const progress = raft.progress.get(id);
  if (progress === undefined || progress.state !== 'snapshot') return;
  // Whether that is so shows when it takes what follows, or when it says so itself.
  progress.becomeProbe(nextIndex(maxIndex(progress.match, index)));
  progress.probedAt = raft.now;
  replicateTo(raft, progress);
}

/** Whether the state up to the commit index is being loaded, during which this node must not lead. */
export function setLoading(raft: RaftState, on: boolean): void {
  assert(!on || raft.role !== 'leader', 'a leader has its state');
  if (on && !raft.isLoading) endCampaign(raft);
  if (!on && raft.isLoading) {
    raft.resetElectionTimer();
    if (raft.isOnlyVoter) raft.electionDeadline = raft.now;
  }
  raft.isLoading = on;
}
