import { assert } from '../base/assert.ts';
import { maxIndex, NO_NODE, type Term } from '../base/ids.ts';
import { becomeFollower } from './election.ts';
import { acknowledge } from './replication.ts';
import type { ImagePoint, ImageVerdict } from './snapshot.ts';
import type { RaftState } from './state.ts';

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
