import type { StreamId, Uint64 } from '../stream-id.ts';
import type { SavedNode } from '../stream-node.ts';
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
  readonly nodes: readonly SavedNode[];
  /** Not less than the id of any entry. */
  readonly lastId: StreamId;
  readonly maxDeletedId: StreamId;
  readonly entriesAdded: Uint64;
  readonly groups: readonly RdbGroup[];
}
