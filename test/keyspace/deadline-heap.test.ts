import t from 'tap';
import { Prng } from '../../src/base/prng.ts';
import { DeadlineHeap } from '../../src/keyspace/deadline-heap.ts';
import { CHUNK_MASK, DEADLINE, KEY_WORDS } from '../../src/keyspace/entries.ts';
import { KeyHash } from '../../src/keyspace/key-hash.ts';
import { KeyTable } from '../../src/keyspace/key-table.ts';
import type { Value } from '../../src/keyspace/value.ts';

function setUp(): { table: KeyTable<Value>; heap: DeadlineHeap } {
  const table = new KeyTable<Value>(new KeyHash({ high: 1, low: 2 }), KEY_WORDS, 0);
  return { table, heap: new DeadlineHeap(table.entries, DEADLINE) };
}

/** Removes entries by deadline until none has one, as expiry does. */
function drain(table: KeyTable<Value>, heap: DeadlineHeap): string[] {
  const keys: string[] = [];
  while (heap.size > 0) {
    const id = heap.minId();
    keys.push(`${heap.min()} ${table.entries.chunk(id).keys[id & CHUNK_MASK]}`);
    heap.clear(id);
    if (table.remove(id) !== -1) heap.renumbered(id);
  }
  return keys;
}

t.test('deadlines come out in order after random changes', async (t) => {
  const random = new Prng(5, 6);
  const { table, heap } = setUp();
  const model = new Map<string, number>();
  for (let step = 0; step < 20_000; step++) {
    const key = `k${random.below(2000)}`;
    let id = table.find(key);
    if (id === -1) id = table.add(key, 0);
    const deadline = random.below(1_000_000);
    if (random.chance(0.7)) {
      heap.set(id, deadline);
      model.set(key, deadline);
    } else if (random.chance(0.5)) {
      if (heap.clear(id) !== model.delete(key)) t.bailout('clear differs');
    } else {
      heap.clear(id);
      if (table.remove(id) !== -1) heap.renumbered(id);
      model.delete(key);
    }
  }
  t.equal(heap.size, model.size);
  for (const [key, deadline] of model) {
    if (heap.of(table.find(key)) !== deadline) t.fail(`${key} has another deadline`);
  }
  const expected = [...model].sort((a, b) => a[1] - b[1]).map(([, deadline]) => deadline);
  t.same(
    drain(table, heap).map((line) => Number.parseInt(line, 10)),
    expected,
  );
});

t.test('equal deadlines come out in the same order whatever the history', async (t) => {
  const first = setUp();
  const second = setUp();
  for (let i = 0; i < 500; i++) first.heap.set(first.table.add(`k${i}`, 0), 7);
  for (let i = 0; i < 300; i++) second.heap.set(second.table.add(`gone${i}`, 0), i);
  for (let i = 499; i >= 0; i--) second.heap.set(second.table.add(`k${i}`, 0), 9);
  for (let i = 0; i < 500; i++) second.heap.set(second.table.find(`k${i}`), 7);
  for (let i = 0; i < 300; i++) {
    const id = second.table.find(`gone${i}`);
    second.heap.clear(id);
    if (second.table.remove(id) !== -1) second.heap.renumbered(id);
  }
  t.same(drain(first.table, first.heap), drain(second.table, second.heap));
});

t.test('a deadline that is set again and again is there once', async (t) => {
  const { table, heap } = setUp();
  const id = table.add('k', 0);
  for (let i = 0; i < 1000; i++) heap.set(id, i);
  t.equal(heap.size, 1);
  t.equal(heap.min(), 999);
  t.equal(heap.clear(id), true);
  t.equal(heap.clear(id), false);
  t.equal(heap.min(), Number.POSITIVE_INFINITY);
});
