import { Stream } from '../stream.ts';
import { ConsumerGroup } from '../stream-group.ts';
import type { RdbGroup, RdbStream } from './rdb-value.ts';

/** Makes a stream with the same nodes: where they end shows in what an approximate trim removes. */
export function buildStream(value: RdbStream): Stream {
  const stream = new Stream();
  for (const node of value.nodes) stream.entries.restoreNode(node);
  stream.lastId = value.lastId;
  stream.maxDeletedId = value.maxDeletedId;
  stream.entriesAdded = value.entriesAdded;
  for (const group of value.groups) stream.addGroup(buildGroup(group));
  return stream;
}

function buildGroup({ name, lastId, entriesRead, consumers }: RdbGroup): ConsumerGroup {
  const group = new ConsumerGroup(name, lastId, entriesRead);
  for (const { name, seenAt, activeAt, pending } of consumers) {
    const consumer = group.addConsumer(name, seenAt);
    consumer.activeTime = activeAt;
    for (const { id, deliveredAt, deliveries } of pending) {
      group.put(id, { consumer, time: deliveredAt, count: deliveries });
    }
  }
  return group;
}
