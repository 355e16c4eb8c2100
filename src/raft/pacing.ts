import { after, minIndex } from '../base/ids.ts';
import type { Progress } from './progress.ts';
import type { RaftState } from './state.ts';

/** An answer that takes longer than this, in ms, is not waited for before the next message goes. */
export const PIPELINE_DELAY = 2;
/** Appends of so many bytes never wait. */
const PIPELINE_BYTES: number = 256 * 1024;

/**
 * Whether a small append should wait for the answer to the one before it, so that what comes
 * meanwhile goes with it: many small appends cost each node more than they gain. Where an answer
 * takes longer than {@link PIPELINE_DELAY}, appends stream without it.
 */
export function waitsForMore(raft: RaftState, progress: Progress, bytes: number): boolean {
  if (progress.inflightCount === 0 || bytes >= PIPELINE_BYTES) return false;
  const until = after(progress.sentAt, PIPELINE_DELAY);
  if (raft.now >= until) return false;
  raft.wakeAt(until);
  return true;
}

/** Whether some node could learn of a commit that nothing has told it yet. */
export function hasUntoldCommit(raft: RaftState): boolean {
  for (const progress of raft.progress.values()) {
    if (progress.connected && minIndex(progress.match, raft.commit) > progress.sentCommit)
      return true;
  }
  return false;
}
