import { after, NO_NODE, type NodeId } from '../base/ids.ts';
import { replicateToAll } from './replication.ts';
import type { RaftState } from './state.ts';

/** A broken link to the leader shortens the wait for it to this part of the election timeout. */
const LEADER_LOST_FRACTION = 0.25;

/** Messages to `id` arrive again; what was sent before, since it last did, may be lost. */
export function linkIsUp(raft: RaftState, id: NodeId): void {
  raft.unreachable.delete(id);
  const progress = raft.progress.get(id);
  if (progress === undefined) return;
  progress.connected = true;
  progress.reset();
  replicateToAll(raft);
}

export function linkIsDown(raft: RaftState, id: NodeId): void {
  raft.unreachable.add(id);
  const progress = raft.progress.get(id);
  if (progress !== undefined) {
    progress.connected = false;
    progress.reset();
  }
  if (raft.role === 'follower' && raft.leader === id) leaderIsUnreachable(raft);
}

/** Waits for the leader only a little longer. */
function leaderIsUnreachable(raft: RaftState): void {
  raft.leaderLost = true;
  raft.leader = NO_NODE;
  const wait = raft.options.electionTimeout * LEADER_LOST_FRACTION;
  const soon = after(raft.now, wait / 2 + raft.random.float() * wait);
  if (soon < raft.electionDeadline) raft.electionDeadline = soon;
}

/**
 * A part of a long message from `id` has arrived. A leader that is sending is alive, though its
 * heartbeats wait behind what it sends.
 */
export function linkIsBusy(raft: RaftState, id: NodeId): void {
  if (raft.role !== 'follower' || raft.leader !== id) return;
  raft.leaderHeard = raft.now;
  raft.resetElectionTimer();
}
