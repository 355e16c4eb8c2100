import { decodeDeadlineHash, decodeDeadlineListpack } from './decode-hash.ts';
import { decodeStream } from './decode-stream.ts';
import { readIntset } from './intset.ts';
import { readListpack } from './listpack.ts';
import { demand } from './malformed.ts';
import {
  RDB_HASH,
  RDB_HASH_DEADLINES,
  RDB_HASH_DEADLINES_EARLY,
  RDB_HASH_DEADLINES_LISTPACK,
  RDB_HASH_DEADLINES_LISTPACK_EARLY,
  RDB_HASH_LISTPACK,
  RDB_HASH_ZIPLIST,
  RDB_HASH_ZIPMAP,
  RDB_LIST,
  RDB_LIST_QUICKLIST,
  RDB_LIST_QUICKLIST_2,
  RDB_LIST_ZIPLIST,
  RDB_SET,
  RDB_SET_INTSET,
  RDB_SET_LISTPACK,
  RDB_STREAM,
  RDB_STREAM_2,
  RDB_STREAM_3,
  RDB_STRING,
  RDB_ZSET,
  RDB_ZSET_2,
  RDB_ZSET_LISTPACK,
  RDB_ZSET_ZIPLIST,
} from './rdb-type.ts';
import type { RdbHash, RdbList, RdbSet, RdbSortedSet, RdbValue } from './rdb-value.ts';
import type { Reader } from './reader.ts';
import { parseScore } from './score.ts';
import { readZiplist } from './ziplist.ts';
import { readZipmap } from './zipmap.ts';

/** Reads a value whose first byte was `type`. Throws `Malformed` if it is none. */
export function decodeValue(type: number, reader: Reader): RdbValue {
  switch (type) {
    case RDB_STRING:
      return { type: 'string', value: reader.value() };
    case RDB_LIST:
      return list(texts(reader, 1));
    case RDB_LIST_ZIPLIST:
      return list(ziplist(reader));
    case RDB_LIST_QUICKLIST:
    case RDB_LIST_QUICKLIST_2:
      return quicklist(reader, type === RDB_LIST_QUICKLIST_2);
    case RDB_SET:
      return set(texts(reader, 1));
    case RDB_SET_INTSET:
      return set(readIntset(reader.bytes(), reader.allowance));
    case RDB_SET_LISTPACK:
      return set(listpack(reader));
    case RDB_ZSET:
    case RDB_ZSET_2:
      return sortedSet(reader, type === RDB_ZSET_2);
    case RDB_ZSET_ZIPLIST:
      return packedSortedSet(ziplist(reader));
    case RDB_ZSET_LISTPACK:
      return packedSortedSet(listpack(reader));
    case RDB_HASH:
      return hash(texts(reader, 2));
    case RDB_HASH_ZIPMAP:
      return hash(readZipmap(reader.bytes(), reader.allowance));
    case RDB_HASH_ZIPLIST:
      return hash(ziplist(reader));
    case RDB_HASH_LISTPACK:
      return hash(listpack(reader));
    case RDB_HASH_DEADLINES:
    case RDB_HASH_DEADLINES_EARLY:
      return decodeDeadlineHash(reader, type === RDB_HASH_DEADLINES);
    case RDB_HASH_DEADLINES_LISTPACK:
    case RDB_HASH_DEADLINES_LISTPACK_EARLY:
      return decodeDeadlineListpack(reader, type === RDB_HASH_DEADLINES_LISTPACK);
    case RDB_STREAM:
      return decodeStream(reader, 1);
    case RDB_STREAM_2:
      return decodeStream(reader, 2);
    case RDB_STREAM_3:
      return decodeStream(reader, 3);
    default:
      demand(false, 'a value of an unknown type');
  }
}

/** A number of elements of `each` strings, then those strings. */
function texts(reader: Reader, each: number): string[] {
  const found: string[] = [];
  for (let left = reader.count(each) * each; left > 0; left--) found.push(reader.text());
  return found;
}

function listpack(reader: Reader): string[] {
  return readListpack(reader.bytes(), reader.allowance);
}

function ziplist(reader: Reader): string[] {
  return readZiplist(reader.bytes(), reader.allowance);
}

function list(elements: readonly string[]): RdbList {
  demand(elements.length > 0, 'an empty list');
  return { type: 'list', elements };
}

/** What holds a node of a quicklist. */
const NODE_PLAIN = 1;
const NODE_PACKED = 2;

/** Nodes of ziplists, or with `typed` of listpacks and of single elements. Nodes may be empty. */
function quicklist(reader: Reader, typed: boolean): RdbList {
  const elements: string[] = [];
  for (let left = reader.count(1); left > 0; left--) {
    const container = typed ? reader.length() : NODE_PACKED;
    if (container === NODE_PLAIN) {
      elements.push(reader.text());
      continue;
    }
    demand(container === NODE_PACKED, 'a node of an unknown kind');
    for (const text of typed ? listpack(reader) : ziplist(reader)) elements.push(text);
  }
  return list(elements);
}

function set(members: readonly string[]): RdbSet {
  demand(members.length > 0, 'an empty set');
  return { type: 'set', members };
}

/** A byte in place of the length of a score. */
const SCORE_NEGATIVE_INFINITY = 255;
const SCORE_INFINITY = 254;
const SCORE_NAN = 253;

function sortedSet(reader: Reader, binary: boolean): RdbSortedSet {
  const members: string[] = [];
  const scores: number[] = [];
  for (let left = reader.count(2); left > 0; left--) {
    members.push(reader.text());
    const score = binary ? reader.double() : readScore(reader);
    demand(!Number.isNaN(score), 'a score that is no number');
    scores.push(score);
  }
  demand(members.length > 0, 'an empty sorted set');
  return { type: 'zset', members, scores };
}

function readScore(reader: Reader): number {
  const length = reader.byte();
  if (length === SCORE_NEGATIVE_INFINITY) return Number.NEGATIVE_INFINITY;
  if (length === SCORE_INFINITY) return Number.POSITIVE_INFINITY;
  return length === SCORE_NAN ? Number.NaN : parseScore(reader.raw(length));
}

function packedSortedSet(elements: readonly string[]): RdbSortedSet {
  demand(elements.length > 0 && elements.length % 2 === 0, 'an empty sorted set, or half a pair');
  const members: string[] = [];
  const scores: number[] = [];
  for (let i = 0; i < elements.length; i += 2) {
    members.push(elements[i] as string);
    scores.push(parseScore(elements[i + 1] as string));
  }
  return { type: 'zset', members, scores };
}

function hash(pairs: readonly string[]): RdbHash {
  demand(pairs.length > 0 && pairs.length % 2 === 0, 'an empty hash, or half a pair');
  return { type: 'hash', pairs, deadlines: undefined };
}
