import { type LogIndex, NO_INDEX, NO_NODE, NO_TERM } from '../base/ids.ts';
import type { Configuration } from './configuration.ts';
import type { HardState } from './effects.ts';
import { TermIndex } from './term-index.ts';

/** Times in ms; all may be changed while running. */
export interface RaftOptions {
  /** T: a follower waits a random time in [T, 2T) for its leader. */
  electionTimeout: number;
  /** A leader speaks to each node at least so often. */
  heartbeatInterval: number;
  /** Appends on their way to one node. */
  maxInflightAppends: number;
  /** Bytes of entries in one append, unless a single entry is larger. */
  maxAppendBytes: number;
}

/** The core's only look at the entries' bytes: how far an append of `maxBytes` reaches. */
export interface LogSizes {
  /** The greatest last ≥ `first` such that first..last take at most `maxBytes` (one at least). */
  reach(first: LogIndex, maxBytes: number): { readonly last: LogIndex; readonly bytes: number };
}

export interface ConfigurationAt {
  readonly index: LogIndex;
  readonly configuration: Configuration;
}

/** What a node knows when it starts: from its log, or nothing for a new node. */
export interface Restored {
  readonly hardState: HardState;
  readonly log: TermIndex;
  /** Of the whole log, oldest first; the one before the log's base first, if any. */
  readonly configurations: readonly ConfigurationAt[];
  /** Known to be committed: the base of the log. */
  readonly commit: LogIndex;
}

export const NOTHING_RESTORED: Restored = {
  hardState: { term: NO_TERM, vote: NO_NODE },
  log: new TermIndex(),
  configurations: [],
  commit: NO_INDEX,
};
