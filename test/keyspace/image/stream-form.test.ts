import { createHash } from 'node:crypto';
import t from 'tap';
import { Prng } from '../../../src/base/prng.ts';
import { ByteReader, Malformed } from '../../../src/keyspace/image/byte-reader.ts';
import { ByteWriter } from '../../../src/keyspace/image/byte-writer.ts';
import { Changes } from '../../../src/keyspace/image/changes.ts';
import { streamForm } from '../../../src/keyspace/image/stream-form.ts';
import { Stream } from '../../../src/keyspace/stream.ts';
import { StreamFields } from '../../../src/keyspace/stream-fields.ts';
import { type Consumer, ConsumerGroup, UNKNOWN_READ } from '../../../src/keyspace/stream-group.ts';
import { MAX_UINT64, MIN_ID, type StreamId } from '../../../src/keyspace/stream-id.ts';
import { exerciseForm, type Operation } from './part-exercise.ts';
import { ImageHarness, imageHash } from './part-harness.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

const NOW = 1_700_000_000_000;

function id(ms: number): StreamId {
  return { ms, seq: 0 };
}

function append(stream: Stream, count: number, ...parts: string[]): void {
  for (let i = 0; i < count; i++) {
    const next = { ms: Number(stream.lastId.ms) + 1, seq: 0 };
    stream.append(next, StreamFields.of(parts.length > 0 ? parts : ['field', `value ${next.ms}`]));
  }
}

function streamOf(count: number): Stream {
  const stream = new Stream();
  append(stream, count);
  return stream;
}

function addGroup(stream: Stream, name: string): ConsumerGroup {
  const group = new ConsumerGroup(name, MIN_ID, 0);
  stream.addGroup(group);
  return group;
}

function consumerOf(group: ConsumerGroup, name: string): Consumer {
  return group.consumer(name) ?? group.addConsumer(name, NOW);
}

/** The next entries go to a consumer. */
function deliver(group: ConsumerGroup, consumer: Consumer, count: number): void {
  for (let i = 0; i < count; i++) {
    const next = id(Number(group.lastId.ms) + 1);
    group.put(next, { consumer, time: NOW + i, count: 1 });
    group.lastId = next;
  }
}

/** All that a client or later writes could tell two streams apart by. */
function describe(stream: Stream): unknown {
  const hash = createHash('md5');
  stream.feed({
    text: (text) => void hash.update(`${text.length} ${text}`, 'latin1'),
    bytes: (bytes) => void hash.update(bytes),
    number: (number) => void hash.update(`${number},`),
  });
  const { nodes } = stream.entries;
  const states: unknown[] = [];
  for (let i = nodes.start; i < nodes.end; i++) {
    const { part, bytes, ...rest } = nodes.at(i);
    states.push(Object.values(rest).join());
  }
  const groups = stream.groups.map(({ name, consumers, pending }) => [
    name,
    pending.size,
    consumers.map((each) => `${each.slot} ${each.name} ${each.activeTime} ${each.pending.size}`),
  ]);
  const { first, last } = stream.entries;
  return [hash.digest('hex'), first, last, stream.memory(0), states.join(' '), groups];
}

function saved(stream: Stream): ImageHarness<Stream> {
  const harness = new ImageHarness(streamForm);
  harness.put(0, stream);
  harness.save();
  return harness;
}

function grouped(count: number): Stream {
  const stream = streamOf(count);
  const group = addGroup(stream, 'readers');
  deliver(group, consumerOf(group, 'one'), count / 2);
  deliver(group, consumerOf(group, 'two'), count / 4);
  return stream;
}

t.test('a stream of each form comes back as it was', async (t) => {
  const far = new Stream();
  far.append({ ms: MAX_UINT64 - 5n, seq: MAX_UINT64 - 5n }, StreamFields.of(['\xff\x00', '']));
  const emptied = streamOf(3);
  emptied.trim({ bound: { kind: 'max-length', maxLength: 0 }, approximate: false, limit: 0 });
  const dead = streamOf(250);
  for (const ms of [1, 2, 120, 250]) dead.delete(id(ms));
  const odd = grouped(8);
  odd.maxDeletedId = { ms: MAX_UINT64, seq: 2n ** 60n };
  odd.entriesAdded = 2n ** 63n - 1n;
  odd.addGroup(new ConsumerGroup('', { ms: 1, seq: MAX_UINT64 }, UNKNOWN_READ));
  odd.addGroup(new ConsumerGroup('behind', MIN_ID, -7));
  odd.addGroup(new ConsumerGroup('far', MIN_ID, -(2n ** 62n)));
  for (const [stream, records] of [
    [new Stream(), 1],
    [streamOf(10), 1],
    [far, 1],
    [emptied, 1],
    [dead, 1 + 3],
    // A node; a group, its consumers, its pending entries.
    [grouped(40), 1 + 1 + 3],
    [grouped(400), 1 + 4 + 2 + 5],
    [odd, 1 + 1 + 5 + 1],
  ] as const) {
    const harness = saved(stream);
    const loaded = harness.loadOne();
    t.same(describe(loaded), describe(stream));
    t.same(loaded.entriesAdded, stream.entriesAdded);
    t.same(
      loaded.groups.map((group) => group.entriesRead),
      stream.groups.map((group) => group.entriesRead),
    );
    t.equal(harness.records, records);
    if (stream === far) continue;
    for (const each of [stream, loaded]) {
      append(each, 150, 'other', 'name');
      const group = each.group('readers') ?? addGroup(each, 'readers');
      deliver(group, consumerOf(group, 'three'), 5);
      group.acknowledge(id(3));
      each.trim({ bound: { kind: 'max-length', maxLength: 60 }, approximate: true, limit: 0 });
    }
    t.same(describe(loaded), describe(stream));
  }
});

t.test('an entry added to a long stream writes its node', async (t) => {
  const harness = saved(streamOf(100_000));
  append(harness.get(0) ?? new Stream(), 1);
  harness.save();
  t.equal(harness.records, 2);
  t.ok(harness.bytes < 5000);
  harness.get(0)?.delete(id(5000));
  harness.save();
  t.equal(harness.records, 2);
  t.same(describe(harness.loadOne()), describe(harness.peek(0)));
});

t.test('an entry acknowledged of a million writes a chunk', async (t) => {
  const stream = streamOf(1000);
  const group = addGroup(stream, 'readers');
  deliver(group, consumerOf(group, 'one'), 1_000_000);
  const harness = saved(stream);
  harness.get(0)?.group('readers')?.acknowledge(id(500_000));
  harness.save();
  t.equal(harness.records, 3, 'of the key, the group and a chunk');
  t.ok(harness.bytes < 2000, `${harness.bytes} bytes`);
  const loaded = harness.loadOne();
  t.same(describe(loaded), describe(harness.peek(0)));
});

t.test('consumers are written by pages, and keep their slots', async (t) => {
  const stream = streamOf(10);
  const group = addGroup(stream, 'readers');
  for (let i = 0; i < 1000; i++) consumerOf(group, `consumer ${i}`);
  const harness = saved(stream);
  const consumer = harness.get(0)?.group('readers')?.consumer('consumer 500');
  if (consumer !== undefined) consumer.seenTime = NOW + 5;
  harness.save();
  t.equal(harness.records, 2);
  t.ok(harness.bytes < 2500, `${harness.bytes} bytes`);
  const gone = harness.get(0)?.group('readers')?.consumer('consumer 70');
  if (gone !== undefined) group.removeConsumer(gone);
  harness.save();
  const loaded = harness.loadOne();
  t.equal(loaded.group('readers')?.addConsumer('new', NOW).slot, 70);
  t.equal(group.addConsumer('new', NOW).slot, 70);
  t.same(describe(loaded), describe(stream));
});

t.test('what goes while an image is written is in that image and not in the next', async (t) => {
  const stream = streamOf(5000);
  const group = addGroup(stream, 'readers');
  deliver(group, consumerOf(group, 'one'), 5000);
  const harness = saved(new Stream());
  harness.put(0, stream);
  const whole = describe(stream);
  harness.begin();
  harness.step(2);
  harness.get(0)?.removeGroup('readers');
  stream.trim({ bound: { kind: 'max-length', maxLength: 150 }, approximate: true, limit: 0 });
  harness.commit();
  t.same(describe(harness.loadOne()), whole);
  addGroup(harness.get(0) ?? stream, 'others');
  harness.save();
  t.same(describe(harness.loadOne()), describe(stream));
});

t.test('nodes alike share their names when they are loaded', async (t) => {
  const { nodes } = saved(streamOf(1000)).loadOne().entries;
  t.equal(nodes.at(nodes.start).names, nodes.at(nodes.end - 1).names);
});

t.test('what was never written is refused', async (t) => {
  const context = { changes: new Changes(), hash: imageHash };
  const writer = new ByteWriter();
  for (const number of [0, 5, 0, 0, 0, 0, 0, 0, 0, 5, 5, 1, 1]) writer.varint(number);
  const header = Buffer.from(writer.view());
  const load = () => streamForm.load(1, new ByteReader(header), context);
  const bytes = (...numbers: number[]) => new ByteReader(Buffer.from(numbers));
  t.throws(() => load().finish(), Malformed);
  t.throws(() => load().part(1, bytes(9)), /unknown kind/);
  t.throws(() => load().part(1, bytes(4, 1, 65)), /a chunk of 65/);
  const orphan = load();
  orphan.part(3, bytes(3, 1, 0, 0, 1, 65, 0, 1, 0, 1));
  t.throws(() => orphan.finish(), /parts of group 1 only/);
  const lacking = load();
  lacking.part(1, bytes(2, 1, 65, 0, 0, 0, 0, 0, 0, 1, 0));
  t.throws(() => lacking.finish(), /lacks consumers/);
  const unowned = load();
  unowned.part(1, bytes(2, 1, 65, 0, 0, 0, 0, 0, 0, 0, 1));
  unowned.part(2, bytes(4, 1, 1, 0, 0, 0, 1, 0, 0, 0, 0, 1));
  t.throws(() => unowned.finish(), /of no consumer/);
});

function operation(random: Prng, stream: Stream): Operation<Stream> {
  const many = 1 + random.below(random.chance(0.1) ? 300 : 5);
  const last = Number(stream.lastId.ms);
  const ms = Math.max(0, last - random.below(stream.size * 2 + 5));
  const maxLength = Math.max(0, stream.size - random.below(many * 2));
  const approximate = random.chance(0.5);
  switch (random.below(10)) {
    case 0:
    case 1:
      return (value) => append(value, many);
    case 2:
      return (value) => append(value, 1, `name ${many % 3}`, 'v'.repeat(many * 20));
    case 3:
      return (value) => {
        for (let i = 0; i < many % 7; i++) value.delete(id(ms + i));
      };
    case 4:
      return (value) =>
        void value.trim({ bound: { kind: 'max-length', maxLength }, approximate, limit: 0 });
    case 5:
      return (value) => {
        // As XSETID does: never behind an entry that is there.
        if (value.size === 0) value.lastId = id(ms);
        value.maxDeletedId = id(ms);
      };
    default:
      return groupOperation(random, stream);
  }
}

function groupOperation(random: Prng, stream: Stream): Operation<Stream> {
  const name = `group ${random.below(3)}`;
  const group = stream.group(name);
  if (group === undefined) return (value) => void addGroup(value, name);
  const consumer = `consumer ${random.below(random.chance(0.2) ? 200 : 5)}`;
  const many = 1 + random.below(random.chance(0.2) ? 200 : 5);
  const ms = Math.max(1, Number(group.lastId.ms) - random.below(300));
  const apply = groupChange(random, { consumer, many, ms });
  if (random.chance(0.02)) return (value) => void value.removeGroup(name);
  return (value) => {
    const found = value.group(name);
    if (found !== undefined) apply(found);
  };
}

function groupChange(
  random: Prng,
  { consumer, many, ms }: { consumer: string; many: number; ms: number },
): (group: ConsumerGroup) => void {
  switch (random.below(9)) {
    case 0:
    case 1:
      return (group) => deliver(group, consumerOf(group, consumer), many);
    case 2:
    case 3:
      return (group) => {
        for (let i = 0; i < many; i++) group.acknowledge(id(ms + i));
      };
    case 4:
      return (group) => {
        const owner = consumerOf(group, consumer);
        group.put(id(ms), { consumer: owner, time: NOW + many, count: 2n ** 60n });
      };
    case 5:
      return (group) => {
        consumerOf(group, consumer).seenTime = NOW + many;
        consumerOf(group, consumer).activeTime = NOW - many;
      };
    case 6:
      return (group) => {
        group.lastId = { ms: group.lastId.ms, seq: many };
      };
    case 7:
      return (group) => {
        group.entriesRead = many === 3 ? UNKNOWN_READ : many;
      };
    default:
      return (group) => {
        const found = group.consumer(consumer);
        if (found !== undefined) group.removeConsumer(found);
      };
  }
}

t.test(`images of streams that change meanwhile (SEED=${seed})`, async (t) => {
  exerciseForm(t, {
    form: streamForm,
    random: new Prng(seed, 0),
    make: (random) => (random.chance(0.3) ? streamOf(5) : grouped(400)),
    operation,
    describe,
    isEmpty: () => false,
    images: 60,
  });
});
