/**
 * Numbers that must not be confused have different types. They are made here, or in a decoder
 * that has checked its input, and nowhere else.
 */
declare const brand: unique symbol;
type Branded<Name extends string> = number & { readonly [brand]: Name };

/** A Raft term. 0 before the first election. Safe integer. */
export type Term = Branded<'Term'>;
/** Position in the Raft log; the first entry has index 1, 0 is "before the log". Safe integer. */
export type LogIndex = Branded<'LogIndex'>;
/** A member of the cluster: 1 .. 2^31-1. 0 is "none". */
export type NodeId = Branded<'NodeId'>;
/** Milliseconds: of a node's monotone clock where a name says `now`, of the epoch where it says `time`. */
export type Milliseconds = Branded<'Milliseconds'>;

export const NO_TERM: Term = 0 as Term;
export const NO_INDEX: LogIndex = 0 as LogIndex;
export const NO_NODE: NodeId = 0 as NodeId;

export function asTerm(value: number): Term {
  return value as Term;
}

export function asLogIndex(value: number): LogIndex {
  return value as LogIndex;
}

export function asNodeId(value: number): NodeId {
  return value as NodeId;
}

export function asMilliseconds(value: number): Milliseconds {
  return value as Milliseconds;
}

export function nextIndex(index: LogIndex): LogIndex {
  return (index + 1) as LogIndex;
}

export function previousIndex(index: LogIndex): LogIndex {
  return (index - 1) as LogIndex;
}

/** `index` moved by `count` entries, which may be negative. */
export function advance(index: LogIndex, count: number): LogIndex {
  return (index + count) as LogIndex;
}

export function nextTerm(term: Term): Term {
  return (term + 1) as Term;
}

export function minIndex(a: LogIndex, b: LogIndex): LogIndex {
  return a < b ? a : b;
}

export function maxIndex(a: LogIndex, b: LogIndex): LogIndex {
  return a > b ? a : b;
}

export function after(now: Milliseconds, delay: number): Milliseconds {
  return (now + delay) as Milliseconds;
}

/** The later of two times of one clock. */
export function laterOf(a: Milliseconds, b: Milliseconds): Milliseconds {
  return Math.max(a, b) as Milliseconds;
}
