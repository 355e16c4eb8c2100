import type { LogIndex, NodeId, Term } from '../base/ids.ts';
import type { Configuration } from './configuration.ts';

interface Envelope {
  readonly from: NodeId;
  readonly to: NodeId;
  /** The sender's term; for a pre-vote the term it would campaign in. */
  readonly term: Term;
}

/** A stretch of entries with one term: from `first` up to the next run's `first`. */
export interface TermRun {
  readonly first: LogIndex;
  readonly term: Term;
}

export interface ConfigurationEntry {
  readonly index: LogIndex;
  readonly configuration: Configuration;
}

/**
 * Entries `first` to `last` as the core sees them: their terms and configurations. What they hold
 * stays with the shell, in `body`, which the core hands back untouched.
 */
export interface EntryBatch {
  readonly first: LogIndex;
  readonly last: LogIndex;
  /** Ascending; `runs[0].first === first`. */
  readonly runs: readonly TermRun[];
  readonly configurations: readonly ConfigurationEntry[];
  readonly body: unknown;
}

export interface VoteRequest extends Envelope {
  readonly kind: 'vote-request';
  readonly preVote: boolean;
  /** The leader itself asked for this election: voters need not wait for it to fall silent. */
  readonly transfer: boolean;
  readonly lastIndex: LogIndex;
  readonly lastTerm: Term;
}

export interface VoteResponse extends Envelope {
  readonly kind: 'vote-response';
  readonly preVote: boolean;
  readonly granted: boolean;
}

/** Going out, `entries` is null and the shell adds `first`..`last`; coming in, it is complete. */
export interface Append extends Envelope {
  readonly kind: 'append';
  readonly previousIndex: LogIndex;
  readonly previousTerm: Term;
  readonly commit: LogIndex;
  readonly first: LogIndex;
  readonly last: LogIndex;
  readonly entries: EntryBatch | null;
}

export interface AppendResponse extends Envelope {
  readonly kind: 'append-response';
  readonly success: boolean;
  /** success: everything up to here is durable at the sender and equal to the leader's log. */
  readonly match: LogIndex;
  /** failure: the `previousIndex` refused. */
  readonly refused: LogIndex;
  /** failure: newest index of the sender that may agree, and its term there. */
  readonly hintIndex: LogIndex;
  readonly hintTerm: Term;
}

export interface Heartbeat extends Envelope {
  readonly kind: 'heartbeat';
  /** Never beyond what the receiver is known to have. */
  readonly commit: LogIndex;
  /** The newest read barrier; the answer to this message confirms it and all before. */
  readonly readSequence: number;
}

export interface HeartbeatResponse extends Envelope {
  readonly kind: 'heartbeat-response';
  readonly readSequence: number;
  /** End of the sender's log, durable or not, for INFO. */
  readonly lastIndex: LogIndex;
}

export interface TimeoutNow extends Envelope {
  readonly kind: 'timeout-now';
}

export type Message =
  | VoteRequest
  | VoteResponse
  | Append
  | AppendResponse
  | Heartbeat
  | HeartbeatResponse
  | TimeoutNow;
