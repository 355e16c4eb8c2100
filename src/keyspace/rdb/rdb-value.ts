import type { StreamFields } from '../stream-fields.ts';
import type { StreamId, Uint64 } from '../stream-id.ts';
import type { StringValue } from '../value.ts';

/**
 * A value between its RDB form and the keyspace: checked as far as that goes without building it.
 * Whether elements are there twice shows when it is built. Texts are latin1 and stand alone.
 */
export type RdbValue = RdbString | RdbList | RdbSet | RdbSortedSet | RdbHash | RdbStream;

export interface RdbString {
  readonly type: 'string';
  readonly value: StringValue;
}

export interface RdbList {
  readonly type: 'list';
  readonly elements: readonly string[];
}

export interface RdbSet {
  readonly type: 'set';
  readonly members: readonly string[];
}

export interface RdbSortedSet {
  readonly type: 'zset';
  readonly members: readonly string[];
  /** Score of each member; never NaN. */
  readonly scores: readonly number[];
}

export interface RdbHash {
  readonly type: 'hash';
  /** Field, value, field, value, … */
  readonly pairs: readonly string[];
  /** Of each field its deadline in ms of the epoch, 0: none. Undefined if no field has one. */
  readonly deadlines: readonly number[] | undefined;
}

export interface RdbStreamEntry {
  readonly id: StreamId;
  /** It was deleted, and keeps its place in its node. */
  readonly dead: boolean;
  readonly fields: StreamFields;
}

/** Entries that Redis has in one listpack. */
export interface RdbStreamNode {
  /** Not above the id of any of its entries. */
  readonly first: StreamId;
  /** The names that entries of the node need not repeat. */
  readonly names: readonly string[];
  /** Size of the listpack. */
  readonly listpackBytes: number;
  /** In increasing order of their ids; not all are dead. */
  readonly entries: readonly RdbStreamEntry[];
}

export interface RdbPending {
  readonly id: StreamId;
  readonly deliveredAt: number;
  readonly deliveries: Uint64;
}

export interface RdbConsumer {
  readonly name: string;
  /** Times in ms of the epoch. */
  readonly seenAt: number;
  /** -1: it never got anything. */
  readonly activeAt: number;
  readonly pending: readonly RdbPending[];
}

export interface RdbGroup {
  readonly name: string;
  readonly lastId: StreamId;
  /** -1: not known. */
  readonly entriesRead: Uint64;
  readonly consumers: readonly RdbConsumer[];
}

export interface RdbStream {
  readonly type: 'stream';
  /** In increasing order of the ids in them. */
  readonly nodes: readonly RdbStreamNode[];
  /** Not less than the id of any entry. */
  readonly lastId: StreamId;
  readonly maxDeletedId: StreamId;
  readonly entriesAdded: Uint64;
  readonly groups: readonly RdbGroup[];
}
