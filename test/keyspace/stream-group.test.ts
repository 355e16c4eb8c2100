import t from 'tap';
import {
  type Consumer,
  ConsumerGroup,
  countUp,
  UNKNOWN_READ,
} from '../../src/keyspace/stream-group.ts';
import { formatId, MIN_ID, type StreamId } from '../../src/keyspace/stream-id.ts';

const NOW = 1_700_000_000_000;

function id(ms: number): StreamId {
  return { ms, seq: 0 };
}

function newGroup(): ConsumerGroup {
  return new ConsumerGroup('g', MIN_ID, UNKNOWN_READ);
}

function pendingOf(group: ConsumerGroup): string[] {
  const all: string[] = [];
  group.forEachPending(({ ms, seq }, { consumer, count }) => {
    return all.push(`${formatId(ms, seq)} ${consumer.name} ${count}`) > 0;
  });
  return all;
}

function idsOf(consumer: Consumer): unknown[] {
  const all: unknown[] = [];
  consumer.forEachPending(({ ms }) => all.push(ms) > 0);
  return all;
}

t.test('consumers are found by name and listed in the order of names', async (t) => {
  const group = newGroup();
  for (const name of ['m', 'z', 'a', '\xff', '']) group.addConsumer(name, NOW);
  t.same(
    group.consumers.map(({ name }) => name),
    ['', 'a', 'm', 'z', '\xff'],
  );
  t.equal(group.consumer('z')?.name, 'z');
  t.equal(group.consumer('zz'), undefined);
  t.same([group.consumer('a')?.seenTime, group.consumer('a')?.activeTime], [NOW, -1]);
});

t.test('a pending entry belongs to one consumer at a time', async (t) => {
  const group = newGroup();
  const a = group.addConsumer('a', NOW);
  const b = group.addConsumer('b', NOW);
  for (const ms of [3, 1, 2]) group.put(id(ms), { consumer: a, time: NOW, count: 1 });
  group.put(id(2), { consumer: b, time: NOW + 5, count: 2 });
  t.same(pendingOf(group), ['1-0 a 1', '2-0 b 2', '3-0 a 1']);
  t.same([idsOf(a), idsOf(b)], [[1, 3], [2]]);
  t.same(group.find(id(2)), { consumer: b, time: NOW + 5, count: 2 });
  t.same([group.pending.first, group.pending.last], [id(1), id(3)]);
});

t.test('an acknowledged entry is pending no longer', async (t) => {
  const group = newGroup();
  const a = group.addConsumer('a', NOW);
  for (const ms of [1, 2]) group.put(id(ms), { consumer: a, time: NOW, count: 1 });
  t.equal(group.acknowledge(id(1)), true);
  t.equal(group.acknowledge(id(1)), false);
  t.same(pendingOf(group), ['2-0 a 1']);
  t.same(idsOf(a), [2]);
  t.equal(group.find(id(1)), undefined);
});

t.test(
  'a removed consumer takes its pending entries along, and its place is used again',
  async (t) => {
    const group = newGroup();
    const a = group.addConsumer('a', NOW);
    const b = group.addConsumer('b', NOW);
    for (let ms = 1; ms <= 300; ms++) {
      group.put(id(ms), { consumer: ms % 3 === 0 ? b : a, time: NOW, count: 1 });
    }
    t.equal(group.removeConsumer(a), 200);
    t.equal(group.pending.size, 100);
    const c = group.addConsumer('c', NOW);
    const d = group.addConsumer('d', NOW);
    group.put(id(1), { consumer: c, time: NOW, count: 1 });
    group.put(id(2), { consumer: d, time: NOW, count: 1 });
    t.same(pendingOf(group).slice(0, 3), ['1-0 c 1', '2-0 d 1', '3-0 b 1']);
  },
);

t.test('times and counts are kept exactly', async (t) => {
  const group = newGroup();
  const consumer = group.addConsumer('a', NOW);
  const count = 2n ** 63n - 1n;
  group.put(id(1), { consumer, time: 0, count });
  t.same(group.find(id(1)), { consumer, time: 0, count });
  t.equal(countUp(count), count);
  t.equal(countUp(Number.MAX_SAFE_INTEGER), 2n ** 53n);
});

t.test('a copy has the same consumers and changes apart', async (t) => {
  const group = newGroup();
  group.addConsumer('x', NOW);
  const a = group.addConsumer('a', NOW);
  a.activeTime = NOW + 1;
  group.removeConsumer(group.consumer('x') ?? a);
  group.put(id(1), { consumer: a, time: NOW, count: 3 });
  const copy = group.copy();
  group.acknowledge(id(1));
  a.seenTime = 5;
  t.same(pendingOf(copy), ['1-0 a 3']);
  t.same(idsOf(copy.consumer('a') ?? a), [1]);
  t.same([copy.consumer('a')?.seenTime, copy.consumer('a')?.activeTime], [NOW, NOW + 1]);
  t.equal(copy.addConsumer('b', NOW).slot, 0);
  t.ok(copy.memory() > 0);
});
