import type { Stream } from '../stream.ts';
import { StreamCursor } from '../stream-cursor.ts';
import { type ConsumerGroup, UNKNOWN_READ } from '../stream-group.ts';
import { canonical, differenceOf, MAX_UINT64, type StreamId } from '../stream-id.ts';
import {
  DEAD,
  SAME_NAMES,
  type SavedNode,
  StreamNode,
  textLength,
  textStart,
} from '../stream-node.ts';
import { ListpackWriter } from './listpack-writer.ts';
import { packId } from './packed-id.ts';
import type { Writer } from './writer.ts';

/** Writes a stream as Redis 7.0 does, or with `activity` as 7.2 does: when consumers were active. */
export function encodeStream(stream: Stream, activity: boolean, writer: Writer): void {
  writer.length(stream.entries.nodeCount);
  stream.entries.forEachNode((saved) => {
    const { first } = saved;
    writer.bytes(packId(first));
    writer.bytes(encodeNode(saved));
  });
  writer.length(stream.size);
  writeId(stream.lastId, writer);
  writeId(stream.entries.first, writer);
  writeId(stream.maxDeletedId, writer);
  writer.length(stream.entriesAdded);
  writer.length(stream.groups.length);
  for (const group of stream.groups) encodeGroup(group, activity, writer);
}

function encodeNode(saved: SavedNode): Buffer {
  const node = StreamNode.restore(saved);
  const cursor = new StreamCursor(node);
  let live = 0;
  let dead = 0;
  for (let at = 0; at < node.used; at = cursor.end) {
    cursor.read(at);
    if (cursor.dead) dead++;
    else live++;
  }
  const listpack = new ListpackWriter(saved.listpackBytes);
  listpack.integer(live);
  listpack.integer(dead);
  const names = node.names.length > 0 ? node.names : namesOfFirst(cursor);
  listpack.integer(names.length);
  for (const name of names) {
    const bytes = Buffer.from(name, 'latin1');
    listpack.text(bytes, 0, bytes.length);
  }
  listpack.integer(0);
  for (let at = 0; at < node.used; at = cursor.end) {
    cursor.read(at);
    encodeEntry(cursor, saved.first, listpack);
  }
  return listpack.finish();
}

/** A node that does not keep the names of its first entry, because they are long. */
function namesOfFirst(cursor: StreamCursor): string[] {
  cursor.read(0);
  const names = cursor.fields().filter((_part, i) => i % 2 === 0);
  return names.map((name) => (typeof name === 'string' ? name : Buffer.from(name).latin1Slice()));
}

function encodeEntry(cursor: StreamCursor, first: StreamId, listpack: ListpackWriter): void {
  const { bytes, names } = cursor.node;
  const flags = (bytes[cursor.at] as number) & (DEAD | SAME_NAMES);
  const same = (flags & SAME_NAMES) !== 0;
  listpack.integer(flags);
  listpack.integer(signed(differenceOf(cursor.ms, first.ms)));
  listpack.integer(signed(differenceOf(cursor.seq, first.seq)));
  // Behind the flags stand the two parts of the id and the length of the body.
  let at = textStart(bytes, textStart(bytes, textStart(bytes, cursor.at + 1)));
  let parts = names.length;
  if (!same) {
    const pairs = textLength(bytes, at);
    listpack.integer(pairs);
    at = textStart(bytes, at);
    parts = 2 * pairs;
  }
  for (let left = parts; left > 0; left--) {
    const start = textStart(bytes, at);
    const end = start + textLength(bytes, at);
    listpack.text(bytes, start, end);
    at = end;
  }
  listpack.integer(same ? parts + 3 : parts + 4);
}

/** A difference of unsigned 64-bit integers as it stands in a signed one. */
function signed(difference: number | bigint): number | bigint {
  return typeof difference === 'number' ? difference : canonical(BigInt.asIntN(64, difference));
}

function encodeGroup(group: ConsumerGroup, activity: boolean, writer: Writer): void {
  writer.text(group.name);
  writeId(group.lastId, writer);
  writer.length(group.entriesRead === UNKNOWN_READ ? MAX_UINT64 : group.entriesRead);
  writer.length(group.pending.size);
  group.forEachPending((id, { time, count }) => {
    writer.rawBytes(packId(id));
    writer.int64(time);
    writer.length(count);
    return true;
  });
  writer.length(group.consumers.length);
  for (const consumer of group.consumers) {
    writer.text(consumer.name);
    writer.int64(consumer.seenTime);
    if (activity) writer.int64(consumer.activeTime);
    writer.length(consumer.pending.size);
    consumer.forEachPending((id) => {
      writer.rawBytes(packId(id));
      return true;
    });
  }
}

function writeId(id: StreamId, writer: Writer): void {
  writer.length(id.ms);
  writer.length(id.seq);
}
