import t from 'tap';
import { Stream } from '../../src/keyspace/stream.ts';
import { StreamFields } from '../../src/keyspace/stream-fields.ts';
import { ConsumerGroup, UNKNOWN_READ } from '../../src/keyspace/stream-group.ts';
import { MAX_ID, MAX_UINT64, MIN_ID, type StreamId } from '../../src/keyspace/stream-id.ts';
import type { DigestSink } from '../../src/keyspace/value.ts';

const NOW = 1_700_000_000_000;

function id(ms: number, seq = 0): StreamId {
  return { ms, seq };
}

function streamOf(...times: readonly number[]): Stream {
  const stream = new Stream();
  for (const ms of times) stream.append(id(ms), StreamFields.of(['f', `v${ms}`]));
  return stream;
}

/** A group that begins at the start and gets the first `read` entries. */
function readerOf(stream: Stream, read: number): ConsumerGroup {
  const group = new ConsumerGroup('g', MIN_ID, UNKNOWN_READ);
  stream.addGroup(group);
  let left = read;
  stream.entries.walk((entry) => {
    if (left-- === 0) return false;
    stream.noteRead(group, entry.id);
    return true;
  });
  return group;
}

function fed(stream: Stream): string {
  const parts: string[] = [];
  const sink: DigestSink = {
    text: (text) => parts.push(`t${text}`),
    bytes: (bytes) => parts.push(`t${Buffer.from(bytes).latin1Slice()}`),
    number: (number) => parts.push(`n${number}`),
  };
  stream.feed(sink);
  return parts.join(' ');
}

t.test('the next id is that of the time, or follows the last one', async (t) => {
  const stream = streamOf(1000);
  t.same(stream.nextId(999), id(1000, 1));
  t.same(stream.nextId(1000), id(1000, 1));
  t.same(stream.nextId(1001), id(1001));
  stream.lastId = { ms: 1000, seq: MAX_UINT64 };
  t.same(stream.nextId(1000), id(1001));
  stream.lastId = MAX_ID;
  t.equal(stream.nextId(1000), undefined);
});

t.test('a stream remembers what was added and deleted', async (t) => {
  const stream = streamOf(1, 2, 3, 4);
  t.ok(stream.delete(id(3)));
  t.ok(stream.delete(id(1)));
  t.notOk(stream.delete(id(1)));
  t.same([stream.size, stream.entriesAdded, stream.maxDeletedId], [2, 4, id(3)]);
  stream.trim({ bound: { kind: 'max-length', maxLength: 0 }, approximate: false, limit: 0 });
  t.same([stream.size, stream.entriesAdded, stream.maxDeletedId], [0, 4, id(3)]);
  t.same(stream.lastId, id(4));
});

t.test('the lag counts down with what a group reads', async (t) => {
  const stream = streamOf(1, 2, 3);
  const group = readerOf(stream, 0);
  t.equal(stream.lag(group), 3);
  stream.noteRead(group, id(1));
  t.same([group.entriesRead, stream.lag(group)], [1, 2]);
  stream.noteRead(group, id(2));
  stream.noteRead(group, id(2));
  t.same([group.entriesRead, stream.lag(group)], [2, 1]);
  stream.append(id(4), StreamFields.of(['f', 'v']));
  t.equal(stream.lag(group), 2);
});

t.test('the lag is unknown while a deleted entry lies ahead', async (t) => {
  const stream = streamOf(1, 2, 3, 4, 5);
  const group = readerOf(stream, 1);
  stream.delete(id(3));
  t.equal(stream.lag(group), undefined);
  stream.noteRead(group, id(2));
  t.equal(group.entriesRead, UNKNOWN_READ);
  stream.noteRead(group, id(4));
  t.same([group.entriesRead, stream.lag(group)], [UNKNOWN_READ, undefined]);
  stream.noteRead(group, id(5));
  t.same([group.entriesRead, stream.lag(group)], [5, 0]);
});

t.test('the lag is the length where all that is missing lies before the first entry', async (t) => {
  const stream = streamOf(1, 2, 3, 4, 5);
  const group = readerOf(stream, 1);
  stream.delete(id(1));
  stream.delete(id(2));
  t.equal(stream.lag(group), 3);
  stream.trim({ bound: { kind: 'max-length', maxLength: 1 }, approximate: false, limit: 0 });
  t.equal(stream.lag(group), 1);
  stream.noteRead(group, id(5));
  t.same([group.entriesRead, stream.lag(group)], [5, 0]);
});

t.test('an empty stream has no lag', async (t) => {
  const stream = streamOf();
  const group = readerOf(stream, 0);
  t.equal(stream.lag(group), 0);
  const used = streamOf(1, 2);
  used.delete(id(1));
  used.delete(id(2));
  t.equal(used.lag(readerOf(used, 0)), 0);
});

t.test('an id in the middle has no known lag until it is given', async (t) => {
  const stream = streamOf(1, 2, 3, 4);
  const group = new ConsumerGroup('g', id(2), UNKNOWN_READ);
  t.equal(stream.lag(group), undefined);
  group.entriesRead = 2;
  t.equal(stream.lag(group), 2);
  const ahead = new ConsumerGroup('h', id(9), UNKNOWN_READ);
  t.equal(stream.lag(ahead), undefined);
});

t.test('groups are listed in the order of their names', async (t) => {
  const stream = streamOf();
  for (const name of ['m', 'z', 'a']) stream.addGroup(new ConsumerGroup(name, MIN_ID, 0));
  t.same(
    stream.groups.map(({ name }) => name),
    ['a', 'm', 'z'],
  );
  t.ok(stream.removeGroup('m'));
  t.notOk(stream.removeGroup('m'));
  t.equal(stream.group('z')?.name, 'z');
  t.equal(stream.group('m'), undefined);
});

t.test('a copy is equal, and changes apart', async (t) => {
  const stream = streamOf(1, 2, 3);
  stream.delete(id(2));
  const group = readerOf(stream, 2);
  const consumer = group.addConsumer('c', NOW);
  group.put(id(1), { consumer, time: NOW, count: 1 });
  const copy = stream.copy();
  t.equal(fed(copy), fed(stream));
  const before = fed(stream);
  copy.delete(id(1));
  copy.group('g')?.acknowledge(id(1));
  copy.append(id(9), StreamFields.of(['f', 'v']));
  t.equal(fed(stream), before);
});

t.test('everything that can be told apart is fed', async (t) => {
  const changes: ((stream: Stream, group: ConsumerGroup) => void)[] = [
    () => {},
    (stream) => stream.delete(id(2)),
    (stream) => stream.append(id(4), StreamFields.of(['f', 'v'])),
    (stream) => {
      stream.lastId = id(50);
    },
    (stream) => {
      stream.entriesAdded = 50;
    },
    (stream) => {
      stream.maxDeletedId = id(1);
    },
    (_stream, group) => {
      group.lastId = id(1);
    },
    (_stream, group) => {
      group.entriesRead = 1;
    },
    (_stream, group) => group.addConsumer('d', NOW),
    (_stream, group) => group.acknowledge(id(1)),
    (_stream, group) => {
      const consumer = group.addConsumer('e', NOW);
      group.put(id(1), { consumer, time: NOW, count: 1 });
    },
    (stream) => stream.removeGroup('g'),
  ];
  const digests = changes.map((change) => {
    const stream = streamOf(1, 2, 3);
    const group = readerOf(stream, 0);
    const consumer = group.addConsumer('c', NOW);
    group.put(id(1), { consumer, time: NOW, count: 1 });
    change(stream, group);
    return fed(stream);
  });
  t.equal(new Set(digests).size, changes.length);
});

t.test('a stream is one by name, and stays one when it is empty', async (t) => {
  const stream = streamOf(1);
  t.same([stream.type, stream.encoding(), stream.size], ['stream', 'stream', 1]);
  t.ok(stream.memory(0) > streamOf().memory(0));
});
