import { assert } from '../base/assert.ts';
import { type LogIndex, maxIndex, type NodeId, nextIndex, type Term } from '../base/ids.ts';
import type { Progress } from './progress.ts';
import { replicateTo } from './replication.ts';
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

/** Leader: the node has got an image up to `index`; 0: it has not, or does not need it. */
export function imageSent(raft: RaftState, id: NodeId, index: LogIndex): void {
  const progress = raft.progress.get(id);
  if (progress === undefined || progress.state !== 'snapshot') return;
  // Whether that is so shows when it takes what follows, or when it says so itself.
  progress.becomeProbe(nextIndex(maxIndex(progress.match, index)));
  progress.probedAt = raft.now;
  replicateTo(raft, progress);
}
