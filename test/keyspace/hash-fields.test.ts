import t from 'tap';
import { Prng } from '../../src/base/prng.ts';
import {
  expireFields,
  findLive,
  isShort,
  NEVER,
  overwrite,
  scanDown,
} from '../../src/keyspace/hash-fields.ts';
import { contentOf, emptyStores, fill } from './hash-stores.ts';

t.test('stores of both forms stay alike through random changes', async (t) => {
  const random = new Prng(3, 4);
  const stores = emptyStores();
  for (let step = 0; step < 3000; step++) {
    const field = `field${random.below(60)}`;
    const action = random.below(6);
    const deadline = random.chance(0.2) ? NEVER : random.below(500);
    for (const store of stores) {
      const at = store.find(field);
      if (at === -1) store.add(field, String(step));
      else if (action === 0) store.remove(at);
      else if (action === 1) store.setValue(at, String(step));
      else if (action < 4) store.setDeadline(at, deadline);
    }
    const [flat, table] = stores;
    if (step % 50 === 0) {
      t.same(flat && contentOf(flat), table && contentOf(table));
      t.equal(flat?.minDeadline(), table?.minDeadline());
      for (const time of [0, 100, 499]) t.equal(flat?.countUntil(time), table?.countUntil(time));
      if (flat?.minDeadline() !== NEVER) t.equal(flat?.minDeadlineAt(), table?.minDeadlineAt());
    }
  }
});

t.test('a count of deadlines follows every change', async (t) => {
  for (const store of emptyStores()) {
    fill(store, 5);
    t.equal(store.countUntil(50), 0);
    store.setDeadline(0, 50);
    store.setDeadline(1, 51);
    t.equal(store.countUntil(50), 1);
    t.equal(store.countUntil(51), 2);
    store.setDeadline(1, NEVER);
    t.equal(store.countUntil(51), 1);
    store.remove(0);
    t.equal(store.countUntil(51), 0);
  }
});

t.test('findLive does not find what is gone', async (t) => {
  for (const store of emptyStores()) {
    fill(store, 3).setDeadline(1, 50);
    store.asOf = 49;
    t.equal(findLive(store, 'f1'), 1);
    store.asOf = 50;
    t.equal(findLive(store, 'f1'), -1);
    t.equal(findLive(store, 'f2'), 2);
    t.equal(findLive(store, 'f3'), -1);
  }
});

t.test('another value takes the deadline of a field away, unless that is to be kept', async (t) => {
  for (const store of emptyStores()) {
    fill(store, 3);
    store.asOf = 10;
    for (const at of [0, 1]) store.setDeadline(at, 11);
    store.setDeadline(2, 10);
    t.notOk(overwrite(store, 0, { value: 'a', keep: false }));
    t.notOk(overwrite(store, 1, { value: 'b', keep: true }));
    t.ok(overwrite(store, 2, { value: 'c', keep: true }), 'it was gone');
    t.same(contentOf(store), [
      ['f0', 'a', NEVER],
      ['f1', 'b', 11],
      ['f2', 'c', NEVER],
    ]);
  }
});

t.test('scanDown counts down by numbers and leaves out what is gone', async (t) => {
  for (const store of emptyStores()) {
    fill(store, 5).setDeadline(3, 50);
    store.asOf = 50;
    const seen: string[] = [];
    const visit = (field: string): void => void seen.push(field);
    t.equal(scanDown(store, { cursor: 0, count: 3 }, visit), 2);
    t.same(seen, ['f4', 'f2']);
    t.equal(scanDown(store, { cursor: 2, count: 3 }, visit), 0);
    t.same(seen, ['f4', 'f2', 'f1', 'f0']);
    t.equal(scanDown(store, { cursor: 99, count: 1 }, visit), 4);
  }
});

t.test('expireFields stops at the limit and at the clock', async (t) => {
  for (const store of emptyStores()) {
    fill(store, 5);
    for (let at = 0; at < 4; at++) store.setDeadline(at, 10 * (4 - at));
    t.equal(expireFields(store, 30, 2), 2);
    t.same(
      contentOf(store)
        .map(([field]) => field)
        .sort(),
      ['f0', 'f1', 'f4'],
    );
    t.equal(expireFields(store, 30, 2), 1);
    t.equal(expireFields(store, 30, 2), 0);
  }
});

t.test('a copy of a store is independent', async (t) => {
  for (const store of emptyStores()) {
    fill(store, 4).setDeadline(2, 50);
    store.asOf = 7;
    const copy = store.copy();
    t.same(contentOf(copy), contentOf(store));
    t.equal(copy.asOf, 7);
    copy.remove(0);
    copy.setDeadline(0, 5);
    copy.setValue(1, 'new');
    t.same(contentOf(store).flat(), [
      'f0',
      'v0',
      NEVER,
      'f1',
      'v1',
      NEVER,
      'f2',
      'v2',
      50,
      'f3',
      'v3',
      NEVER,
    ]);
  }
});

t.test('64 chars are short', async (t) => {
  t.equal(isShort('x'.repeat(64)), true);
  t.equal(isShort('x'.repeat(65)), false);
});
