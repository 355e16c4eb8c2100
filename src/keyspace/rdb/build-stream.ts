import { Stream } from '../stream.ts';
import type { StreamEntries } from '../stream-entries.ts';
import { StreamFields } from '../stream-fields.ts';
import { ConsumerGroup } from '../stream-group.ts';
import { StreamNode } from '../stream-node.ts';
import type { RdbGroup, RdbStream, RdbStreamNode } from './rdb-value.ts';

/** Makes a stream with the same nodes: where they end shows in what an approximate trim removes. */
export function buildStream(value: RdbStream): Stream {
  const stream = new Stream();
  for (const node of value.nodes) addNode(stream.entries, node);
  stream.lastId = value.lastId;
  stream.maxDeletedId = value.maxDeletedId;
  stream.entriesAdded = value.entriesAdded;
  for (const group of value.groups) stream.addGroup(buildGroup(group));
  return stream;
}

function addNode(
  entries: StreamEntries,
  { first, names, listpackBytes, ...node }: RdbStreamNode,
): void {
  const fields = StreamFields.of(names.flatMap((name) => [name, '']));
  const built = StreamNode.open(first, fields, undefined);
  for (const { id, dead, fields } of node.entries) {
    const at = built.used;
    built.append(id.ms, id.seq, fields);
    if (dead) built.kill(at);
  }
  entries.restoreNode({ ...built.save(), listpackBytes });
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
