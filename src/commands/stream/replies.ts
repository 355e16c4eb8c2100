import type { StreamCursor } from '../../keyspace/stream-cursor.ts';
import { formatId, type StreamId } from '../../keyspace/stream-id.ts';
import { MapReply, NULL_ARRAY, type Reply } from '../../resp/reply.ts';

export function idReply(id: StreamId): string {
  return formatId(id.ms, id.seq);
}

/** An entry as clients see it: its id, then its names and values in turn. */
export function entryReply(entry: StreamCursor): Reply {
  return [formatId(entry.ms, entry.seq), entry.fields()];
}

/** What XREAD and XREADGROUP answer: the entries of each stream that has some, or nothing. */
export function streamsReply(pairs: readonly (readonly [string, Reply])[]): Reply {
  return pairs.length === 0 ? NULL_ARRAY : new MapReply(pairs, true);
}
