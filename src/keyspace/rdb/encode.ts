import { fail } from '../../base/assert.ts';
import { HashValue } from '../hash-value.ts';
import { ListValue } from '../list-value.ts';
import { SetValue } from '../set-value.ts';
import { SortedSet } from '../sorted-set.ts';
import { Stream } from '../stream.ts';
import { isString, type Value } from '../value.ts';
import { encodeStream } from './encode-stream.ts';
import {
  RDB_HASH,
  RDB_HASH_DEADLINES,
  RDB_LIST,
  RDB_SET,
  RDB_STREAM_2,
  RDB_STREAM_3,
  RDB_STRING,
  RDB_VERSION_7_0,
  RDB_VERSION_7_2,
  RDB_VERSION_7_4,
  RDB_ZSET_2,
} from './rdb-type.ts';
import type { Writer } from './writer.ts';

/**
 * `oldest`: the oldest form of a type that Redis 7.0 has, unless the value needs a later one; some of
 * what came later may be lost (when consumers of streams were active). `newest`: nothing is lost.
 */
export type RdbForm = 'oldest' | 'newest';

/** Writes a value, its type first, and returns the version of RDB that brought the form it took. */
export function encodeValue(value: Value, form: RdbForm, writer: Writer): number {
  if (value instanceof HashValue) return encodeHash(value, writer);
  if (isString(value)) {
    writer.byte(RDB_STRING);
    writer.value(value);
  } else if (value instanceof ListValue) {
    writer.byte(RDB_LIST);
    writer.length(value.size);
    value.forEach((element) => {
      writer.text(element);
    });
  } else if (value instanceof SetValue) {
    writer.byte(RDB_SET);
    writer.length(value.size);
    value.forEach((member) => {
      writer.text(member);
    });
  } else if (value instanceof SortedSet) {
    encodeSortedSet(value, writer);
  } else if (value instanceof Stream) {
    writer.byte(form === 'oldest' ? RDB_STREAM_2 : RDB_STREAM_3);
    encodeStream(value, form === 'newest', writer);
    if (form === 'newest') return RDB_VERSION_7_2;
  } else {
    fail(`no form for a ${value.type}`);
  }
  return RDB_VERSION_7_0;
}

/** The greatest first: Redis then inserts each at the head of its list. */
function encodeSortedSet(set: SortedSet, writer: Writer): void {
  writer.byte(RDB_ZSET_2);
  writer.length(set.size);
  const members: string[] = [];
  const scores: number[] = [];
  set.collect({ first: 0, count: set.size }, { members, scores });
  for (let i = members.length - 1; i >= 0; i--) {
    writer.text(members[i] as string);
    writer.double(scores[i] as number);
  }
}

function encodeHash(hash: HashValue, writer: Writer): number {
  let earliest = Number.POSITIVE_INFINITY;
  hash.forEach((_field, _value, deadline) => {
    if (deadline !== undefined && deadline < earliest) earliest = deadline;
  });
  const expires = earliest !== Number.POSITIVE_INFINITY;
  writer.byte(expires ? RDB_HASH_DEADLINES : RDB_HASH);
  if (expires) writer.int64(earliest);
  writer.length(hash.size);
  hash.forEach((field, value, deadline) => {
    // Counted from one less than the first deadline: 0 is none.
    if (expires) writer.length(deadline === undefined ? 0 : deadline - earliest + 1);
    writer.text(field);
    writer.text(value);
  });
  return expires ? RDB_VERSION_7_4 : RDB_VERSION_7_0;
}
