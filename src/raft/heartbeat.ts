import { after, maxIndex, minIndex } from '../base/ids.ts';
import { PIPELINE_DELAY } from './pacing.ts';
import type { Progress } from './progress.ts';
import { countReadAcknowledgements } from './reads.ts';
import type { RaftState } from './state.ts';

/** Speaks to every node; the answers confirm all read barriers asked for so far. */
export function broadcastHeartbeat(raft: RaftState): void {
  raft.heartbeatDeadline = after(raft.now, raft.options.heartbeatInterval);
  raft.readAnnounced = raft.readSequence;
  raft.readAnnouncedAt = raft.now;
  // A leader that is a majority by itself gets no answer to wait for.
  countReadAcknowledgements(raft);
  for (const progress of raft.progress.values()) if (progress.connected) send(raft, progress);
}

function send(raft: RaftState, progress: Progress): void {
  const commit = minIndex(progress.match, raft.commit);
  progress.sentCommit = maxIndex(progress.sentCommit, commit);
  raft.send({
    kind: 'heartbeat',
    from: raft.self,
    to: progress.id,
    term: raft.term,
    commit,
    readSequence: raft.readSequence,
  });
}

/**
 * One round of heartbeats for all reads that came since the last one. While a round is on its way the
 * next one waits a little, to be shared by more reads. (A round goes to all nodes, not to a bare
 * majority: waiting for the first of several answers is quicker than sparing the others.)
 */
export function announceReads(raft: RaftState): void {
  if (raft.readSequence === raft.readAnnounced) return;
  const until = after(raft.readAnnouncedAt, PIPELINE_DELAY);
  if (raft.readAnnounced <= raft.readConfirmed || raft.now >= until) broadcastHeartbeat(raft);
  else raft.wakeAt(until);
}
