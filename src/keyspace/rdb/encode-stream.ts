import type { Stream } from '../stream.ts';
import { StreamCursor } from '../stream-cursor.ts';
import { type ConsumerGroup, UNKNOWN_READ } from '../stream-group.ts';
import { differenceOf, MAX_UINT64, type StreamId } from '../stream-id.ts';
import { DEAD, SAME_NAMES, type SavedNode, StreamNode } from '../stream-node.ts';
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
  const listpack = new ListpackWriter();
  listpack.integer(live);
  listpack.integer(dead);
  const names = node.names.length > 0 ? node.names : namesOfFirst(cursor);
  listpack.integer(names.length);
  for (const name of names) listpack.text(name);
  listpack.integer(0);
  for (let at = 0; at < node.used; at = cursor.end) {
    cursor.read(at);
    encodeEntry(cursor, saved.first, listpack);
  }
  return listpack.finish();
}

/** A node that does not keep the names of its first entry, because they are long. */
function namesOfFirst(cursor: StreamCursor): (string | Uint8Array)[] {
  cursor.read(0);
  return cursor.fields().filter((_part, i) => i % 2 === 0);
}

function encodeEntry(cursor: StreamCursor, first: StreamId, listpack: ListpackWriter): void {
  const flags = (cursor.node.bytes[cursor.at] as number) & (DEAD | SAME_NAMES);
  const same = (flags & SAME_NAMES) !== 0;
  const parts = cursor.fields();
  listpack.integer(flags);
  listpack.integer(signed(differenceOf(cursor.ms, first.ms)));
  listpack.integer(signed(differenceOf(cursor.seq, first.seq)));
  if (!same) listpack.integer(parts.length / 2);
  parts.forEach((part, i) => {
    if (!same || i % 2 === 1) listpack.text(part);
  });
  listpack.integer(same ? parts.length / 2 + 3 : parts.length + 4);
}

/** A difference of unsigned 64-bit integers as it stands in a signed one. */
function signed(difference: number | bigint): number | bigint {
  return typeof difference === 'number' ? difference : BigInt.asIntN(64, difference);
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
