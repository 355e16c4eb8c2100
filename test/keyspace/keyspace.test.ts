import t from 'tap';
import { asLogIndex, asMilliseconds, type Milliseconds } from '../../src/base/ids.ts';
import { Prng } from '../../src/base/prng.ts';
import { digest } from '../../src/keyspace/digest.ts';
import { Keyspace, MAX_EXPIRED_PER_ENTRY } from '../../src/keyspace/keyspace.ts';

const START = 1_700_000_000_000;

function at(offset: number): Milliseconds {
  return asMilliseconds(START + offset);
}

function keyspaceAt(offset: number): Keyspace {
  const keyspace = new Keyspace();
  keyspace.advance(at(offset), asLogIndex(1));
  return keyspace;
}

t.test('the clock never goes back', async (t) => {
  const keyspace = keyspaceAt(100);
  keyspace.advance(at(50), asLogIndex(2));
  t.equal(keyspace.clock, START + 100);
});

t.test('a key is gone at its deadline for reads, which do not delete it', async (t) => {
  const keyspace = keyspaceAt(0);
  const db = keyspace.database(0);
  for (let i = 0; i < MAX_EXPIRED_PER_ENTRY; i++) {
    db.set(`filler${i}`, 1);
    db.expireAt(`filler${i}`, START + 1);
  }
  db.set('k', 'v');
  db.expireAt('k', START + 10);
  keyspace.advance(at(9), asLogIndex(2));
  t.equal(db.read('k', keyspace.clock), 'v');
  for (let i = 0; i < MAX_EXPIRED_PER_ENTRY; i++) {
    db.set(`filler${i}`, 1);
    db.expireAt(`filler${i}`, START + 10 - (i % 2));
  }
  keyspace.advance(at(10), asLogIndex(3));
  const size = db.size;
  t.ok(size > 0, 'one entry deletes only so many keys');
  t.equal(db.read('k', keyspace.clock), undefined);
  t.equal(db.peek('k'), undefined);
  t.equal(db.has('k'), false);
  t.equal(db.deadline('k'), undefined);
  t.ok(db.version('k') <= 0, 'its version is that of a key that is not there');
  t.equal(db.idleSeconds('k', keyspace.clock), undefined);
  t.equal(db.randomKey(new Prng(1, 1)), undefined);
  db.forEach(() => {
    t.fail('keys that are gone are not visited');
  });
  t.equal(db.size, size, 'reads delete nothing');
});

t.test('keys that are due are deleted in bounded parts and each is counted once', async (t) => {
  const keyspace = keyspaceAt(0);
  const db = keyspace.database(3);
  const keys = 2 * MAX_EXPIRED_PER_ENTRY + 10;
  for (let i = 0; i < keys; i++) {
    db.set(`k${i}`, i);
    db.expireAt(`k${i}`, START + 5);
  }
  keyspace.advance(at(5), asLogIndex(2));
  t.equal(db.size, keys - MAX_EXPIRED_PER_ENTRY);
  t.equal(keyspace.expired, MAX_EXPIRED_PER_ENTRY);
  t.equal(keyspace.hasDue(at(5)), true, 'there is more to delete');
  let left: string | undefined;
  for (let i = 0; i < keys; i++) {
    const before = db.size;
    db.find(`k${i}`);
    if (db.size < before) left = `k${i}`;
    if (left !== undefined) break;
  }
  t.equal(keyspace.expired, MAX_EXPIRED_PER_ENTRY + 1, 'a write deletes what it meets');
  keyspace.advance(at(5), asLogIndex(3));
  keyspace.advance(at(5), asLogIndex(4));
  t.equal(db.size, 0);
  t.equal(keyspace.expired, keys);
  t.equal(keyspace.hasDue(at(1_000_000)), false);
});

t.test('the next deadline is the smallest of all databases', async (t) => {
  const keyspace = keyspaceAt(0);
  t.equal(keyspace.nextDeadline(), undefined);
  for (const [i, deadline] of [30, 10, 20].entries()) {
    keyspace.database(i).set('k', i);
    keyspace.database(i).expireAt('k', START + deadline);
  }
  t.equal(keyspace.nextDeadline(), START + 10);
  t.equal(keyspace.hasDue(at(9)), false);
  t.equal(keyspace.hasDue(at(10)), true);
  keyspace.database(1).persist('k');
  t.equal(keyspace.nextDeadline(), START + 20);
  t.equal(keyspace.hasDue(at(10)), false);
  keyspace.database(2).clear();
  t.equal(keyspace.nextDeadline(), START + 30);
});

t.test('a read needs a time entry only between deadline and clock', async (t) => {
  const keyspace = keyspaceAt(0);
  const db = keyspace.database(0);
  db.set('stays', 1);
  db.set('k', 1);
  db.expireAt('k', START + 10);
  t.equal(db.isDue('k', at(9)), false);
  t.equal(db.isDue('k', at(10)), true);
  t.equal(db.isDue('stays', at(10)), false);
  t.equal(db.isDue('none', at(10)), false);
  keyspace.advance(at(10), asLogIndex(2));
  t.equal(db.isDue('k', at(10)), false);
});

t.test('a write notes the position of the log, a read only hits and accesses', async (t) => {
  const keyspace = keyspaceAt(0);
  const db = keyspace.database(0);
  db.set('k', 1);
  t.equal(db.version('k'), 1);
  keyspace.advance(at(10_000), asLogIndex(2 ** 40));
  const before = digest(keyspace);
  t.equal(db.idleSeconds('k', at(10_000)), 10);
  db.read('k', at(12_000));
  db.read('none', at(12_000));
  t.equal(db.idleSeconds('k', at(15_000)), 3);
  t.equal(db.version('k'), 1);
  t.equal(digest(keyspace), before);
  t.same([keyspace.hits, keyspace.misses], [1, 1]);
  db.touch('k');
  t.equal(db.version('k'), 2 ** 40);
});

t.test(
  'swapped databases exchange keys and deadlines, and each key counts as changed',
  async (t) => {
    const keyspace = keyspaceAt(0);
    keyspace.database(0).set('k', 'zero');
    keyspace.database(1).set('k', 'one');
    keyspace.database(1).expireAt('k', START + 10);
    keyspace.advance(at(1), asLogIndex(5));
    keyspace.swap(0, 1);
    const db = keyspace.database(0);
    t.equal(db.index, 0);
    t.equal(db.peek('k'), 'one');
    t.equal(db.deadline('k'), START + 10);
    t.equal(db.version('k'), 5);
    t.equal(keyspace.database(1).peek('k'), 'zero');
    keyspace.advance(at(10), asLogIndex(6));
    t.equal(db.size, 0);
  },
);

t.test('set takes the deadline away and update keeps it', async (t) => {
  const keyspace = keyspaceAt(0);
  const db = keyspace.database(0);
  db.set('k', 1);
  db.expireAt('k', START + 10);
  db.update('k', 2);
  t.equal(db.deadline('k'), START + 10);
  t.equal(db.deadlines, 1);
  db.set('k', 3);
  t.equal(db.deadline('k'), undefined);
  t.equal(db.deadlines, 0);
  db.update('new', 4);
  t.equal(db.peek('new'), 4);
});

t.test('a key set again after its deadline is a new key without one', async (t) => {
  const keyspace = keyspaceAt(0);
  const db = keyspace.database(0);
  db.set('k', 1);
  db.expireAt('k', START - 1);
  db.update('k', 2);
  t.equal(db.deadline('k'), undefined);
  t.equal(db.peek('k'), 2);
  t.equal(keyspace.expired, 1);
  t.equal(db.delete('k'), true);
  t.equal(db.delete('k'), false);
});

t.test('random keys are drawn evenly', async (t) => {
  const db = keyspaceAt(0).database(0);
  for (let i = 0; i < 50; i++) db.set(`k${i}`, i);
  for (let i = 0; i < 40; i++) db.delete(`k${i}`);
  const counts = new Map<string, number>();
  const random = new Prng(1, 2);
  for (let i = 0; i < 10_000; i++) {
    const key = db.randomKey(random) ?? '';
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  t.equal(counts.size, 10);
  t.ok(Math.min(...counts.values()) > 850);
});

t.test('a random key is found among many that are due', async (t) => {
  const keyspace = keyspaceAt(0);
  const db = keyspace.database(0);
  db.set('live', 1);
  for (let i = 0; i < 5000; i++) {
    db.set(`k${i}`, i);
    db.expireAt(`k${i}`, START + 5);
  }
  keyspace.advance(at(5), asLogIndex(2));
  t.equal(db.randomKey(new Prng(1, 2)), 'live');
});

t.test('the same calls lead to the same order on every node', async (t) => {
  const orders = [1, 2].map(() => {
    const keyspace = keyspaceAt(0);
    const db = keyspace.database(0);
    const random = new Prng(8, 8);
    for (let step = 0; step < 20_000; step++) {
      const key = `k${random.below(3000)}`;
      if (random.chance(0.6)) db.set(key, step);
      else db.delete(key);
      if (random.chance(0.1)) db.expireAt(key, START + random.below(20_000));
      if (random.chance(0.01)) keyspace.advance(at(step), asLogIndex(step));
    }
    const keys: string[] = [];
    db.forEach((key) => {
      keys.push(key);
    });
    return `${keys.join()} ${keyspace.expired} ${keyspace.dirty} ${digest(keyspace)}`;
  });
  t.equal(orders[0], orders[1]);
});

t.test('clearing counts what was there and takes deadlines along', async (t) => {
  const keyspace = keyspaceAt(0);
  keyspace.database(0).set('a', 1);
  keyspace.database(5).set('b', 1);
  keyspace.database(5).expireAt('b', START + 1);
  t.equal(keyspace.size, 2);
  t.equal(keyspace.clear(), 2);
  t.equal(keyspace.size, 0);
  t.equal(keyspace.nextDeadline(), undefined);
});

t.test('a restored keyspace goes on like the one that was saved', async (t) => {
  const saved = keyspaceAt(0);
  const random = new Prng(4, 4);
  for (let i = 0; i < 3000; i++) {
    saved.advance(at(i), asLogIndex(i + 2));
    const db = saved.database(random.below(2));
    db.set(`k${random.below(500)}`, i);
    if (random.chance(0.5)) db.expireAt(`k${random.below(500)}`, START + random.below(9) * 1000);
    if (random.chance(0.01)) saved.swap(0, 1);
  }
  const restored = new Keyspace();
  restored.advance(saved.clock, asLogIndex(3001));
  for (const db of saved.databases()) {
    const keys: string[] = [];
    db.forEach((key) => {
      keys.push(key);
    });
    for (const key of keys.sort()) {
      const value = db.peek(key);
      if (value === undefined) throw new Error('the key is there');
      const entry = { value, deadline: db.deadline(key), version: asLogIndex(db.version(key)) };
      restored.database(db.index).restore(key, entry);
    }
    for (const key of keys) t.equal(restored.database(db.index).version(key), db.version(key));
  }
  t.equal(digest(restored), digest(saved));
  for (const offset of [4000, 6000, 9000]) {
    for (const keyspace of [saved, restored]) keyspace.advance(at(offset), asLogIndex(offset));
    t.equal(digest(restored), digest(saved));
    t.equal(restored.size, saved.size);
  }
});
