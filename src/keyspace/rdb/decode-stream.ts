import { UNKNOWN_READ } from '../stream-group.ts';
import { compareIds, MIN_ID, type StreamId, type Uint64 } from '../stream-id.ts';
import { type DecodedNode, NodeDecoder } from './decode-node.ts';
import { demand } from './malformed.ts';
import { ID_BYTES, idText, readId, unpackId } from './packed-id.ts';
import type { RdbConsumer, RdbGroup, RdbPending, RdbStream } from './rdb-value.ts';
import type { Reader } from './reader.ts';

/** 1: Redis 5; 2: Redis 7.0, with what was ever added; 3: Redis 7.2, with when consumers were active. */
type StreamForm = 1 | 2 | 3;

/** Counts are signed 64-bit integers. */
const MAX_COUNT: bigint = 2n ** 63n - 1n;

/** Reads a stream. Throws `Malformed` if it is none. */
export function decodeStream(reader: Reader, form: StreamForm): RdbStream {
  const nodes = readNodes(reader);
  const length = nodes.reduce((sum, { live }) => sum + live, 0);
  demand(reader.length() === length, 'a stream of another length');
  const lastId = readId(reader);
  const last = nodes.at(-1)?.last ?? MIN_ID;
  demand(compareIds(last, lastId) <= 0, 'an entry after the last one');
  let maxDeletedId = MIN_ID;
  let entriesAdded: Uint64 = length;
  if (form >= 2) {
    // The first id: that of the first entry, or of nothing.
    readId(reader);
    maxDeletedId = readId(reader);
    entriesAdded = reader.unsigned();
    demand(compareIds(maxDeletedId, lastId) <= 0, 'an entry deleted that never was');
    demand(entriesAdded >= length && entriesAdded <= MAX_COUNT, 'a wrong count of entries');
  }
  const groups: RdbGroup[] = [];
  const names = new Set<string>();
  for (let left = reader.distinct(5); left > 0; left--) {
    const group = readGroup(reader, form, (id) =>
      estimate(id, {
        first: nodes.find((n) => n.firstLive !== undefined)?.firstLive,
        lastId,
        length,
      }),
    );
    demand(!names.has(group.name), 'a group twice');
    names.add(group.name);
    groups.push(group);
  }
  const saved = nodes.map((node) => node.saved);
  return { type: 'stream', nodes: saved, lastId, maxDeletedId, entriesAdded, groups };
}

function readNodes(reader: Reader): DecodedNode[] {
  const nodes: DecodedNode[] = [];
  const decoder = new NodeDecoder(reader.allowance);
  let last = MIN_ID;
  for (let left = reader.count(2); left > 0; left--) {
    const first = unpackId(reader.bytes());
    demand(compareIds(last, first) < 0, 'nodes out of order');
    const node = decoder.decode(first, reader.bytes());
    last = node.last;
    nodes.push(node);
  }
  return nodes;
}

interface Extent {
  readonly first: StreamId | undefined;
  readonly lastId: StreamId;
  readonly length: number;
}

/** Before Redis 7.0 nothing was deleted for all that is known: how far into the stream an id is. */
function estimate(id: StreamId, { first, lastId, length }: Extent): number {
  if (first === undefined) return 0;
  if (compareIds(id, lastId) === 0) return length;
  const toFirst = compareIds(id, first);
  return toFirst > 0 ? UNKNOWN_READ : 1 + toFirst;
}

interface Unowned {
  readonly pending: RdbPending;
  owned: boolean;
}

function readGroup(
  reader: Reader,
  form: StreamForm,
  estimated: (id: StreamId) => number,
): RdbGroup {
  const name = reader.text();
  const lastId = readId(reader);
  const entriesRead = form >= 2 ? readEntriesRead(reader) : estimated(lastId);
  const pending = new Map<string, Unowned>();
  let count = reader.distinct(ID_BYTES + 9);
  for (let left = count; left > 0; left--) {
    const id = unpackId(Buffer.from(reader.raw(ID_BYTES), 'latin1'));
    const deliveredAt = readTime(reader, 0);
    const each = { pending: { id, deliveredAt, deliveries: reader.unsigned() }, owned: false };
    pending.set(idText(id), each);
  }
  demand(pending.size === count, 'an entry pending twice');
  const consumers: RdbConsumer[] = [];
  const names = new Set<string>();
  for (let left = reader.distinct(10); left > 0; left--) {
    const consumer = readConsumer(reader, form, pending);
    demand(!names.has(consumer.name), 'a consumer twice');
    names.add(consumer.name);
    count -= consumer.pending.length;
    consumers.push(consumer);
  }
  demand(count === 0, 'a pending entry without a consumer');
  return { name, lastId, entriesRead, consumers };
}

function readEntriesRead(reader: Reader): Uint64 {
  const count = reader.unsigned();
  // Negative in Redis: -1 says that it is not known, and another one has run over.
  return count > MAX_COUNT ? UNKNOWN_READ : count;
}

function readConsumer(
  reader: Reader,
  form: StreamForm,
  pending: ReadonlyMap<string, Unowned>,
): RdbConsumer {
  const name = reader.text();
  const seenAt = readTime(reader, 0);
  const activeAt = form >= 3 ? readTime(reader, -1) : seenAt;
  const own: RdbPending[] = [];
  for (let left = reader.count(ID_BYTES); left > 0; left--) {
    const id = unpackId(Buffer.from(reader.raw(ID_BYTES), 'latin1'));
    const each = pending.get(idText(id));
    demand(each !== undefined && !each.owned, 'a pending entry of nobody, or of two consumers');
    each.owned = true;
    own.push(each.pending);
  }
  return { name, seenAt, activeAt, pending: own };
}

/** A time in ms of the epoch. */
function readTime(reader: Reader, least: 0 | -1): number {
  const time = reader.int64();
  demand(typeof time === 'number' && time >= least, 'a time beyond all bounds');
  return time;
}
