import { assert } from '../base/assert.ts';
import { type LogIndex, maxIndex, type NodeId, nextIndex, type Term } from '../base/ids.ts';
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

/** Whether an image of the point `image` would bring this node further. */
export function offerImage(raft: RaftState, image: ImagePoint): ImageVerdict {
  if (image.index <= raft.commit || raft.role === 'leader') return 'stale';
  // Equal index and term: the logs are equal up to there (SPEC, L1), and all of it is committed.
  return raft.log.term(image.index) === image.term ? 'known' : 'needed';
}

/** The shell has put the image in the place of state and log, both durable. */
export function installImage(raft: RaftState, image: ImagePoint): void {
  assert(offerImage(raft, image) === 'needed', 'an image is put in place where it is needed');
  raft.replaceLog(image);
  if (raft.role !== 'follower') raft.role = 'follower';
  raft.resetElectionTimer();
  acknowledge(raft);
}

/** Leader: the node has got an image up to `index`; 0: it has not, or does not need it. */
export function imageSent(raft: RaftState, id: NodeId, index: LogIndex): void {
  const progress = raft.progress.get(id);
  if (progress === undefined || progress.state !== 'snapshot') return;
  progress.becomeProbe(nextIndex(maxIndex(progress.match, index)));
  replicateTo(raft, progress);
}

/** Whether the state up to the commit index is being loaded. */
export function setLoading(raft: RaftState, on: boolean): void {
  if (raft.isLoading && !on) {
    raft.resetElectionTimer();
    if (raft.isOnlyVoter) raft.electionDeadline = raft.now;
  }
  raft.isLoading = on;
}
