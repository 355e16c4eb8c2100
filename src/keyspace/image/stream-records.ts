import type { Stream } from '../stream.ts';
import { restoredNode } from '../stream-cursor.ts';
import { type ConsumerFacts, ConsumerGroup, PENDING_WORDS } from '../stream-group.ts';
import { canonical, type StreamId, type Uint64 } from '../stream-id.ts';
import { getUint64, ID_WORDS, setUint64 } from '../stream-id-list.ts';
import { CHUNK_ENTRIES, IdChunk, type IdTable } from '../stream-id-table.ts';
import type { StreamNode } from '../stream-node.ts';
import { type ByteReader, Malformed } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import type { ConsumerPage } from './group-parts.ts';
import { readCount } from './numbered-parts.ts';

/** What a part of a stream is; numbers are on disk for ever. */
export const NODE = 1;
export const GROUP = 2;
export const PAGE = 3;
export const CHUNK = 4;

const pair: Uint32Array = new Uint32Array(2);

/** An integer of 64 bits: two varints, the high word first. */
function encodeUint64(value: Uint64, into: ByteWriter): void {
  setUint64(pair, 0, value);
  into.varint(pair[0] as number);
  into.varint(pair[1] as number);
}

function decodeUint64(from: ByteReader): Uint64 {
  pair[0] = from.varint();
  pair[1] = from.varint();
  return getUint64(pair, 0);
}

/** The same with a sign. */
function encodeInt64(value: number | bigint, into: ByteWriter): void {
  encodeUint64(value >= 0 ? value : BigInt.asUintN(64, BigInt(value)), into);
}

function decodeInt64(from: ByteReader): number | bigint {
  const value = decodeUint64(from);
  return typeof value === 'number' ? value : canonical(BigInt.asIntN(64, value));
}

function decodeTime(from: ByteReader): number {
  return Number(decodeInt64(from));
}

function encodeId({ ms, seq }: StreamId, into: ByteWriter): void {
  encodeUint64(ms, into);
  encodeUint64(seq, into);
}

function decodeId(from: ByteReader): StreamId {
  return { ms: decodeUint64(from), seq: decodeUint64(from) };
}

/** What a stream is beside its nodes and groups. */
export function encodeFacts(stream: Stream, into: ByteWriter): void {
  encodeId(stream.lastId, into);
  encodeId(stream.maxDeletedId, into);
  encodeInt64(stream.entriesAdded, into);
}

export function decodeFacts(stream: Stream, from: ByteReader): void {
  stream.lastId = decodeId(from);
  stream.maxDeletedId = decodeId(from);
  stream.entriesAdded = decodeInt64(from);
}

/** First id, names, the bytes that Redis would need, and the entries as they stand in the node. */
export function encodeNode(node: StreamNode, into: ByteWriter): void {
  const { first, names, listpackBytes, bytes } = node.save();
  encodeId(first, into);
  into.varint(names.length);
  for (const name of names) into.text(name);
  into.varint(listpackBytes);
  into.varint(bytes.length);
  into.raw(bytes);
}

/** `previous`: names of another node, which are taken again if they are the same. */
export function decodeNode(from: ByteReader, previous: readonly string[] = []): StreamNode {
  const first = decodeId(from);
  const names: string[] = [];
  for (let left = readCount(from); left > 0; left--) names.push(from.text());
  const listpackBytes = from.varint();
  const bytes = from.raw(from.varint());
  const isSame = names.length === previous.length && names.every((name, i) => name === previous[i]);
  return restoredNode({ first, names: isSame ? previous : names, listpackBytes, bytes });
}

/** What a group is itself, and how many consumers and pending entries it has. */
export interface GroupFacts {
  readonly name: string;
  readonly lastId: StreamId;
  readonly entriesRead: number | bigint;
  readonly consumers: number;
  readonly pending: number;
}

export function encodeGroup(group: ConsumerGroup, into: ByteWriter): void {
  into.text(group.name);
  encodeId(group.lastId, into);
  encodeInt64(group.entriesRead, into);
  into.varint(group.consumers.length);
  into.varint(group.pending.size);
}

export function decodeGroup(from: ByteReader): GroupFacts {
  const name = from.text();
  const lastId = decodeId(from);
  const entriesRead = decodeInt64(from);
  return { name, lastId, entriesRead, consumers: from.varint(), pending: from.varint() };
}

/** The number of the page, then slot, name and times of each of its consumers. */
export function encodePage(page: ConsumerPage, into: ByteWriter): void {
  const { group } = page.owner;
  into.varint(page.index);
  for (let slot = page.from; slot < page.to; slot++) {
    const consumer = group.inSlot(slot);
    if (consumer === undefined) continue;
    into.varint(slot);
    into.text(consumer.name);
    encodeInt64(consumer.seenTime, into);
    encodeInt64(consumer.activeTime, into);
  }
}

/** The consumers of a page; its number has been read. */
export function decodePage(from: ByteReader): ConsumerFacts[] {
  const consumers: ConsumerFacts[] = [];
  while (from.remaining > 0) {
    const slot = from.varint();
    const name = from.text();
    consumers.push({ slot, name, seenTime: decodeTime(from), activeTime: decodeTime(from) });
  }
  return consumers;
}

/** Words of a pending entry. */
const STRIDE: number = ID_WORDS + PENDING_WORDS;

/** The number of entries and their words, each by the bits in which it differs from the entry before. */
export function encodeChunk({ words, count }: IdChunk, into: ByteWriter): void {
  into.varint(count);
  for (let at = 0; at < count * STRIDE; at++) {
    const before = at < STRIDE ? 0 : (words[at - STRIDE] as number);
    into.varint(((words[at] as number) ^ before) >>> 0);
  }
}

export function decodeChunk(from: ByteReader): IdChunk {
  const count = from.varint();
  if (count === 0 || count > CHUNK_ENTRIES) throw new Malformed(`a chunk of ${count} entries`);
  const words = new Uint32Array(count * STRIDE);
  for (let at = 0; at < words.length; at++) {
    const before = at < STRIDE ? 0 : (words[at - STRIDE] as number);
    words[at] = from.varint() ^ before;
  }
  return new IdChunk(words, count);
}

/** Makes a group of its facts, consumers and pending entries. Throws `Malformed` if any are missing. */
export function makeGroup(
  facts: GroupFacts,
  consumers: readonly ConsumerFacts[],
  pending: IdTable,
): ConsumerGroup {
  const { name } = facts;
  if (consumers.length !== facts.consumers) throw new Malformed(`group ${name} lacks consumers`);
  if (pending.size !== facts.pending) throw new Malformed(`group ${name} lacks pending entries`);
  const group = new ConsumerGroup(name, facts.lastId, facts.entriesRead, pending);
  if (!group.restoreConsumers(consumers)) {
    throw new Malformed(`group ${name} has pending entries of no consumer`);
  }
  return group;
}
