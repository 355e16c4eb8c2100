import type { LogIndex, NodeId, Term } from '../base/ids.ts';
import type { EntryBatch, Message } from './message.ts';

/** What must survive a crash beside the entries: the newest term and whom it voted for in it. */
export interface HardState {
  readonly term: Term;
  /** 0: nobody. */
  readonly vote: NodeId;
}

/**
 * One step of the single ordered queue to disk. When it is durable the shell calls
 * `persisted(sequence)`; whatever depends on it is held back by the core until then.
 */
export interface Persist {
  /** Never reused. */
  readonly sequence: number;
  readonly hardState: HardState;
  /** Remove this index and all after it first; 0: nothing. */
  readonly truncateFrom: LogIndex;
  /** Entries that came from a leader, from `first` of the batch's body on; null: none. */
  readonly batch: EntryBatch | null;
  /** First and last entry to write; `first > last`: none. For own proposals `batch` is null. */
  readonly first: LogIndex;
  readonly last: LogIndex;
}

/** What the shell has to do now. All of it may be done at once: nothing here waits for a disk. */
export interface Effects {
  readonly persists: readonly Persist[];
  readonly messages: readonly Message[];
  /** Nodes that need an image of the state: entries that they lack are gone from this log. */
  readonly snapshots: readonly NodeId[];
  /** Nodes whose removal was just committed, to be told so. */
  readonly removed: readonly NodeId[];
  /** A leader transfer that ended without the target leading. */
  readonly transferFailed: boolean;
}
