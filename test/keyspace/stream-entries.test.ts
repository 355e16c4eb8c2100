import t from 'tap';
import { Prng } from '../../src/base/prng.ts';
import { StreamEntries, type StreamTrim } from '../../src/keyspace/stream-entries.ts';
import { StreamFields } from '../../src/keyspace/stream-fields.ts';
import {
  formatId,
  MAX_ID,
  MAX_UINT64,
  MIN_ID,
  type StreamId,
} from '../../src/keyspace/stream-id.ts';

function add(entries: StreamEntries, ms: number, ...parts: string[]): void {
  entries.append({ ms, seq: 0 }, StreamFields.of(parts.length > 0 ? parts : ['field', `v${ms}`]));
}

/** Entries with the times 1 to `count`. */
function counted(count: number): StreamEntries {
  const entries = new StreamEntries();
  for (let ms = 1; ms <= count; ms++) add(entries, ms);
  return entries;
}

function times(
  entries: StreamEntries,
  from?: StreamId,
  limit = Number.POSITIVE_INFINITY,
): number[] {
  const found: number[] = [];
  entries.walk((entry) => found.push(Number(entry.ms)) < limit, from);
  return found;
}

function timesBack(entries: StreamEntries, from: StreamId = MAX_ID): number[] {
  const found: number[] = [];
  entries.walkBack((entry) => found.push(Number(entry.ms)) > 0, from);
  return found;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

function trimTo(maxLength: number, approximate = false, limit = 0): StreamTrim {
  return { bound: { kind: 'max-length', maxLength }, approximate, limit };
}

function trimBelow(ms: number, approximate = false, limit = 0): StreamTrim {
  return { bound: { kind: 'min-id', minId: { ms, seq: 0 } }, approximate, limit };
}

t.test('entries come back in order, forwards and backwards, from any id on', async (t) => {
  const entries = counted(1050);
  t.equal(entries.length, 1050);
  t.equal(entries.nodeCount, 11);
  t.same(times(entries), range(1, 1050));
  t.same(times(entries, { ms: 555, seq: 0 }), range(555, 1050));
  t.same(times(entries, { ms: 555, seq: 1 }, 3), [556, 557, 558]);
  t.same(times(entries, MAX_ID), []);
  t.same(timesBack(entries), range(1, 1050).reverse());
  t.same(timesBack(entries, { ms: 700, seq: 5 }), range(1, 700).reverse());
  t.same(timesBack(entries, MIN_ID), []);
});

t.test('fields come back as they were, whether or not the names repeat', async (t) => {
  const entries = new StreamEntries();
  const all: string[][] = [
    ['a', '1', 'b', '2'],
    ['a', '', 'b', '\x00\xff'],
    ['a', '3'],
    ['b', '3', 'a', '4'],
    ['a', 'x'.repeat(3000), 'b', 'y'.repeat(200)],
    ['', ''],
    ['n'.repeat(5000), 'v'],
    ['n'.repeat(5000), 'w'],
  ];
  all.forEach((parts, i) => {
    add(entries, i + 1, ...parts);
  });
  const found: unknown[] = [];
  entries.walk((entry) => found.push(entry.fields()) > 0);
  t.same(found, all);
  t.same(entries.find({ ms: 4, seq: 0 })?.fields(), all[3]);
});

t.test('long values come as bytes that stay as they are', async (t) => {
  const entries = new StreamEntries();
  add(entries, 1, 'name', 'z'.repeat(9000));
  const [, value] = entries.find({ ms: 1, seq: 0 })?.fields() ?? [];
  t.ok(value instanceof Uint8Array);
  for (let ms = 2; ms < 20; ms++) add(entries, ms);
  entries.delete({ ms: 1, seq: 0 });
  t.same(value, Buffer.from('z'.repeat(9000)));
});

t.test('ids of all 64 bits come back', async (t) => {
  const entries = new StreamEntries();
  const ids: StreamId[] = [
    { ms: 1, seq: 0 },
    { ms: 1, seq: MAX_UINT64 },
    { ms: 300, seq: 2 ** 50 },
    { ms: 2n ** 53n, seq: 2n ** 53n },
    { ms: 2n ** 63n, seq: 7 },
    MAX_ID,
  ];
  for (const id of ids) entries.append(id, StreamFields.of(['f', 'v']));
  const found: StreamId[] = [];
  entries.walk((entry) => found.push(entry.id) > 0);
  t.same(found, ids);
  for (const id of ids) t.same(entries.find(id)?.id, id, formatId(id.ms, id.seq));
  t.equal(entries.nodeCount, 1);
});

t.test('a node takes 100 entries, or about 4096 bytes of a listpack', async (t) => {
  t.equal(counted(100).nodeCount, 1);
  t.equal(counted(101).nodeCount, 2);
  const wide = new StreamEntries();
  for (let ms = 1; ms <= 10; ms++) add(wide, ms, 'f', 'x'.repeat(1000));
  t.equal(wide.nodeCount, 3);
  const huge = new StreamEntries();
  for (let ms = 1; ms <= 3; ms++) add(huge, ms, 'f', 'x'.repeat(5000));
  t.equal(huge.nodeCount, 3);
});

t.test('a deleted entry is gone, and its node with the last of its entries', async (t) => {
  const entries = counted(250);
  t.ok(entries.delete({ ms: 100, seq: 0 }));
  t.notOk(entries.delete({ ms: 100, seq: 0 }));
  t.notOk(entries.delete({ ms: 100, seq: 1 }));
  t.notOk(entries.delete({ ms: 251, seq: 0 }));
  t.equal(entries.find({ ms: 100, seq: 0 }), undefined);
  t.equal(entries.length, 249);
  t.equal(entries.nodeCount, 3);
  for (let ms = 101; ms <= 200; ms++) entries.delete({ ms, seq: 0 });
  t.equal(entries.nodeCount, 2);
  t.same(times(entries), [...range(1, 99), ...range(201, 250)]);
  t.same(timesBack(entries), [...range(1, 99), ...range(201, 250)].reverse());
});

t.test('the first and the last id follow what is deleted and added', async (t) => {
  const entries = counted(3);
  t.same([entries.first.ms, entries.last.ms], [1, 3]);
  entries.delete({ ms: 3, seq: 0 });
  entries.delete({ ms: 1, seq: 0 });
  t.same([entries.first.ms, entries.last.ms], [2, 2]);
  entries.delete({ ms: 2, seq: 0 });
  t.same([entries.first, entries.last], [MIN_ID, MIN_ID]);
  add(entries, 9);
  t.same([entries.first.ms, entries.last.ms], [9, 9]);
});

t.test('an exact trim leaves what was asked for', async (t) => {
  const entries = counted(250);
  t.equal(entries.trim(trimTo(300)), 0);
  t.equal(entries.trim(trimTo(120)), 130);
  t.same(times(entries), range(131, 250));
  t.equal(entries.trim(trimBelow(240)), 109);
  t.same(times(entries), range(240, 250));
  t.equal(entries.first.ms, 240);
  t.equal(entries.trim(trimTo(0)), 11);
  t.equal(entries.nodeCount, 0);
});

t.test('an approximate trim removes whole nodes only, within its limit', async (t) => {
  const entries = counted(1000);
  t.equal(entries.trim(trimTo(450, true)), 500);
  t.equal(entries.trim(trimTo(100, true, 250)), 200);
  t.equal(entries.length, 300);
  t.equal(entries.trim(trimBelow(850, true)), 100);
  t.equal(entries.trim(trimBelow(900, true)), 0);
  t.equal(entries.trim(trimBelow(901, true)), 100);
});

t.test('a node whose last entries were trimmed before deleted ones stays', async (t) => {
  const entries = counted(9);
  for (let ms = 6; ms <= 9; ms++) entries.delete({ ms, seq: 0 });
  t.equal(entries.trim(trimBelow(6)), 5);
  t.same([entries.length, entries.nodeCount, entries.first, entries.last], [0, 1, MIN_ID, MIN_ID]);
  t.same([times(entries), timesBack(entries)], [[], []]);
  for (let ms = 10; ms <= 101; ms++) add(entries, ms);
  t.equal(entries.nodeCount, 2);
  t.equal(entries.trim(trimTo(0)), 92);
  t.equal(entries.nodeCount, 0);
});

t.test('entries do not go into such a node if XSETID has gone back behind it', async (t) => {
  const entries = counted(9);
  for (let ms = 6; ms <= 9; ms++) entries.delete({ ms, seq: 0 });
  entries.trim(trimBelow(6));
  add(entries, 2);
  t.equal(entries.nodeCount, 1);
  t.same(times(entries), [2]);
  t.same(times(entries.copy()), [2]);
});

t.test('entries behind deleted ones with greater ids are found', async (t) => {
  const entries = counted(3);
  add(entries, 9);
  entries.delete({ ms: 9, seq: 0 });
  for (const ms of [4, 5]) add(entries, ms);
  t.same(timesBack(entries, { ms: 4, seq: 0 }), [4, 3, 2, 1]);
  t.same(timesBack(entries), [5, 4, 3, 2, 1]);
  t.same(times(entries, { ms: 3, seq: 0 }), [3, 4, 5]);
  t.ok(entries.find({ ms: 5, seq: 0 }));
});

t.test('entries do what a sorted list does', async (t) => {
  const random = new Prng(3, 4);
  const entries = new StreamEntries();
  let model: number[] = [];
  let top = 0;
  for (let round = 0; round < 5000; round++) {
    if (random.chance(0.6)) {
      top += 1 + random.below(3);
      add(entries, top);
      model.push(top);
    } else if (random.chance(0.9)) {
      const ms = random.below(top + 2);
      if (entries.delete({ ms, seq: 0 }) !== model.includes(ms)) return t.fail(`deletion of ${ms}`);
      model = model.filter((at) => at !== ms);
    } else {
      const length = random.below(600);
      entries.trim(trimTo(length));
      model = model.slice(Math.max(0, model.length - length));
    }
  }
  t.same(times(entries), model);
  t.same(timesBack(entries), [...model].reverse());
  t.same([entries.first.ms, entries.last.ms], [model.at(0), model.at(-1)]);
});

t.test('a queue trimmed at each step stays small', async (t) => {
  const entries = new StreamEntries();
  for (let ms = 1; ms <= 20_000; ms++) {
    add(entries, ms);
    entries.trim(trimTo(50, true));
  }
  t.ok(entries.nodeCount <= 2);
  t.ok(entries.length >= 50 && entries.length < 200);
  t.equal(entries.last.ms, 20_000);
});

t.test('a copy has the same nodes and changes apart', async (t) => {
  const entries = counted(150);
  entries.delete({ ms: 150, seq: 0 });
  const copy = entries.copy();
  entries.trim(trimTo(0));
  t.equal(copy.length, 149);
  t.same(times(copy), range(1, 149));
  t.equal(copy.last.ms, 149);
  t.equal(copy.trim(trimTo(60, true)), 0);
  t.equal(copy.trim(trimTo(40, true)), 100);
});

t.test('nodes that were saved make the same entries, deleted places included', async (t) => {
  const entries = counted(250);
  for (const ms of [1, 100, 150, 250]) entries.delete({ ms, seq: 0 });
  const restored = new StreamEntries();
  entries.forEachNode((node) => {
    restored.restoreNode({ ...node, bytes: Uint8Array.from(node.bytes) });
  });
  t.equal(restored.length, entries.length);
  t.equal(restored.nodeCount, entries.nodeCount);
  t.same(times(restored), times(entries));
  t.same([restored.first, restored.last], [entries.first, entries.last]);
  for (let ms = 251; ms < 400; ms++) {
    add(entries, ms);
    add(restored, ms);
  }
  t.equal(restored.nodeCount, entries.nodeCount);
  t.same(restored.find({ ms: 260, seq: 0 })?.fields(), ['field', 'v260']);
});

t.test('memory is about that of the entries', async (t) => {
  const entries = counted(10_000);
  const all = entries.memory(0);
  t.ok(all > 100_000 && all < 1_000_000);
  t.ok(Math.abs(entries.memory(5) - all) < all / 2);
  t.equal(new StreamEntries().memory(5), 0);
});
