import { voterIds } from './configuration.ts';
import { quorumValue } from './quorum.ts';
import type { RaftState } from './state.ts';

/**
 * Read index (§6.4). A read takes the newest barrier number and remembers the commit index of that
 * moment. A barrier is confirmed when a majority has answered a heartbeat that was sent after it was
 * taken: then this node still led when the read came, so its commit index was the newest there was.
 * Numbers only grow and are never reused, also not by a later leadership (SPEC, R5).
 */
export function countReadAcknowledgements(raft: RaftState): void {
  const acknowledged: number[] = [];
  for (const id of voterIds(raft.configuration)) {
    acknowledged.push(
      id === raft.self ? raft.readSequence : (raft.progress.get(id)?.readAcknowledged ?? 0),
    );
  }
  const confirmed = quorumValue(acknowledged);
  if (confirmed > raft.readConfirmed) raft.readConfirmed = confirmed;
}
