import { after, type Milliseconds, NO_NODE } from '../base/ids.ts';
import { campaign, checkQuorum } from './election.ts';
import { announceReads, broadcastHeartbeat } from './heartbeat.ts';
import { hasUntoldCommit } from './pacing.ts';
import { replicateToAll } from './replication.ts';
import type { RaftState } from './state.ts';

/** A follower that has nothing new to append learns of a commit at most so many ms late. */
const COMMIT_NOTICE_DELAY = 20;

/** When the next {@link tick} is due. */
export function nextDeadline(raft: RaftState): Milliseconds {
  if (raft.role !== 'leader') return raft.electionDeadline;
  let deadline = raft.heartbeatDeadline;
  if (raft.quorumDeadline < deadline) deadline = raft.quorumDeadline;
  if (raft.transferTarget !== NO_NODE && raft.transferDeadline < deadline) {
    deadline = raft.transferDeadline;
  }
  if (raft.wakeDeadline !== null && raft.wakeDeadline < deadline) deadline = raft.wakeDeadline;
  const notice = raft.commitNoticeDeadline;
  return notice !== null && notice < deadline ? notice : deadline;
}

export function tick(raft: RaftState): void {
  if (raft.role === 'leader') tickLeader(raft);
  else if (raft.now >= raft.electionDeadline) {
    // A candidate whose vote the disk has not taken yet would only overtake itself.
    if (raft.mayCampaign && raft.hardStateIsDurable) campaign(raft, 'pre-vote', false);
    else raft.resetElectionTimer();
  }
}

function tickLeader(raft: RaftState): void {
  if (raft.transferTarget !== NO_NODE && raft.now >= raft.transferDeadline) {
    raft.transferTarget = NO_NODE;
    raft.transferFailed = true;
  }
  const notice = raft.commitNoticeDeadline;
  if (notice !== null && raft.now >= notice) {
    raft.commitNoticeDeadline = null;
    if (hasUntoldCommit(raft)) broadcastHeartbeat(raft);
  }
  if (raft.now >= raft.heartbeatDeadline) broadcastHeartbeat(raft);
  if (raft.now >= raft.quorumDeadline) checkQuorum(raft);
}

/** What a leader sends at the end of a turn: new entries, and what the turn's reads need. */
export function endTurn(raft: RaftState): void {
  if (raft.role !== 'leader') return;
  raft.wakeDeadline = null;
  replicateToAll(raft);
  announceReads(raft);
  if (raft.commitNoticeDeadline === null && hasUntoldCommit(raft)) {
    raft.commitNoticeDeadline = after(raft.now, COMMIT_NOTICE_DELAY);
  }
}
