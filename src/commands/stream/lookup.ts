import type { Database } from '../../keyspace/database.ts';
import { Stream } from '../../keyspace/stream.ts';
import type { Consumer, ConsumerGroup } from '../../keyspace/stream-group.ts';
import { type ErrorReply, isError } from '../../resp/reply.ts';
import type { RunContext } from '../command.ts';
import { findAs, readAs } from '../lookup.ts';

/** The stream at `key` for a read, if there is one. */
export function readStream(context: RunContext, key: string): Stream | undefined | ErrorReply {
  return readAs(context, key, Stream);
}

/** The same for a write. */
export function findStream(db: Database, key: string): Stream | undefined | ErrorReply {
  return findAs(db, key, Stream);
}

/** A stream and one of its groups. */
export interface StreamAndGroup {
  readonly stream: Stream;
  readonly group: ConsumerGroup;
}

/** Both, for a write; undefined if either is not there. */
export function findGroup(
  db: Database,
  key: string,
  name: string,
): StreamAndGroup | undefined | ErrorReply {
  const stream = findStream(db, key);
  if (stream === undefined || isError(stream)) return stream;
  const group = stream.group(name);
  return group === undefined ? undefined : { stream, group };
}

/**
 * Notes that a group of the stream at `key` was changed. Redis does not count that as a change of the
 * key for WATCH; here it is one, because whatever is saved is found by the versions of keys.
 */
export function noteGroupChange(db: Database, key: string): void {
  db.touch(key);
}

/** The time of the entry in whole ms. */
export function timeOf(context: RunContext): number {
  return Math.floor(context.now);
}

/** The consumer of this name, which calls at `time`; it is made if it does not exist. */
export function findConsumer(group: ConsumerGroup, name: string, time: number): Consumer {
  const consumer = group.consumer(name) ?? group.addConsumer(name, time);
  consumer.seenTime = time;
  return consumer;
}
