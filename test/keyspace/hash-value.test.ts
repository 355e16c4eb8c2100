import t from 'tap';
import { Prng } from '../../src/base/prng.ts';
import { HashValue } from '../../src/keyspace/hash-value.ts';
import { hasher } from './hash-stores.ts';
import { digest, entries, fieldsOf, hashOf, LONG, numbered, stored } from './hash-tools.ts';

t.test('a hash sets, gets and deletes fields', async (t) => {
  const hash = new HashValue(hasher);
  t.equal(hash.type, 'hash');
  t.equal(hash.size, 0);
  t.equal(hash.set('a', '1'), true);
  t.equal(hash.set('a', '2'), false);
  t.equal(hash.set('', '\xff'), true);
  t.equal(hash.get('a'), '2');
  t.equal(hash.get(''), '\xff');
  t.equal(hash.get('b'), undefined);
  t.equal(hash.has('a'), true);
  t.equal(hash.has('b'), false);
  t.equal(hash.size, 2);
  t.equal(hash.delete('b'), false);
  t.equal(hash.delete('a'), true);
  t.equal(hash.size, 1);
});

t.test('setAll counts new fields once and keeps the last value', async (t) => {
  const hash = hashOf('a', '1', 'b', '2', 'a', '3');
  t.same(entries(hash), [
    ['a', '3', undefined],
    ['b', '2', undefined],
  ]);
  t.equal(hash.setAll(['b', '4', 'c', '5', 'c', '6']), 1);
  t.equal(hash.get('c'), '6');
  t.equal(hash.setAll(['long', LONG, 'long', 'short']), 1);
  t.equal(hash.get('long'), 'short');
});

t.test('the encoding follows the thresholds of Redis and never goes back', async (t) => {
  const hash = numbered(512);
  t.equal(hash.encoding(), 'listpack');
  hash.set('f0', 'y'.repeat(64));
  t.equal(hash.encoding(), 'listpack');
  hash.set('one more', '');
  t.equal(hash.encoding(), 'hashtable');
  for (let i = 1; i < 512; i++) hash.delete(`f${i}`);
  t.equal(hash.encoding(), 'hashtable');
  t.equal(hashOf('f', LONG).encoding(), 'hashtable');
  t.equal(hashOf(LONG, 'v').encoding(), 'hashtable');
  t.equal(hashOf('a', '1', LONG, 'v').encoding(), 'hashtable');
  const many = Array.from({ length: 513 }, () => ['same', 'v']).flat();
  t.equal(hashOf(...many).encoding(), 'hashtable');
});

t.test('a deadline makes a listpack a listpackex, for good', async (t) => {
  const hash = hashOf('a', '1');
  t.equal(hash.setDeadline('b', 50), false);
  t.equal(hash.encoding(), 'listpack');
  hash.setDeadline('a', 50);
  t.equal(hash.encoding(), 'listpackex');
  hash.persist('a');
  t.equal(hash.encoding(), 'listpackex');
  hash.raiseTo('listpack');
  t.equal(hash.encoding(), 'listpackex');
  hash.set('a', LONG);
  t.equal(hash.encoding(), 'hashtable');
  hash.setDeadline('a', 50);
  hash.raiseTo('listpackex');
  t.equal(hash.encoding(), 'hashtable');
});

t.test('a deletion in a small encoding keeps the order', async (t) => {
  for (const hash of [numbered(5), numbered(5)]) {
    hash.delete('f1');
    t.equal(fieldsOf(hash), 'f0 f2 f3 f4');
    hash.setDeadline('f3', 50);
    hash.delete('f0');
    t.equal(fieldsOf(hash), 'f2 f3 f4');
    t.equal(hash.deadline('f3'), 50);
    t.equal(hash.deadline('f2'), undefined);
  }
});

t.test('a deletion in a hash table moves the last field to the place', async (t) => {
  const few = numbered(5, LONG);
  few.setDeadline('f4', 50);
  few.delete('f1');
  t.equal(fieldsOf(few), 'f0 f4 f2 f3');
  t.equal(few.deadline('f4'), 50);
  const many = numbered(600);
  many.setDeadline('f599', 50);
  many.delete('f1');
  t.equal(fieldsOf(many).slice(0, 10), 'f0 f599 f2');
  t.equal(many.deadline('f599'), 50);
});

t.test('a field that is set anew loses its deadline, one that is updated keeps it', async (t) => {
  for (const hash of [numbered(3), numbered(3, LONG), numbered(600)]) {
    hash.setDeadline('f0', 50);
    hash.setDeadline('f1', 60);
    t.equal(hash.set('f0', 'new'), false);
    t.equal(hash.update('f1', 'new'), false);
    t.equal(hash.deadline('f0'), undefined);
    t.equal(hash.deadline('f1'), 60);
    t.equal(hash.updateAll(['f1', 'again', 'f2', '', 'new', '']), 1);
    t.equal(hash.deadline('f1'), 60);
    t.equal(hash.setAll(['f1', 'again', 'f2', '']), 0);
    t.equal(hash.deadline('f1'), undefined);
    t.equal(hash.nextDeadline(), Number.POSITIVE_INFINITY);
  }
});

t.test('fields whose deadline has come are gone for everything but what is stored', async (t) => {
  for (const hash of [numbered(4), numbered(4, LONG), numbered(300)]) {
    const all = hash.size;
    hash.setDeadline('f1', 50);
    hash.setDeadline('f2', 60);
    hash.asOf = 49;
    t.equal(hash.size, all);
    hash.asOf = 50;
    t.equal(hash.size, all - 1);
    t.equal(hash.fields, all);
    t.equal(hash.get('f1'), undefined);
    t.equal(hash.has('f1'), false);
    t.equal(hash.deadline('f1'), undefined);
    t.equal(hash.persist('f1'), false);
    t.equal(hash.setDeadline('f1', 100), false);
    t.equal(hash.delete('f1'), false);
    t.equal(hash.pairAt(1), undefined);
    t.same(hash.pairAt(2)?.[0], 'f2');
    t.equal(hash.fields, all);
    t.equal(entries(hash).length, all - 1);
    t.equal(stored(hash).length, all);
    let scanned = 0;
    hash.scan(0, 1000, () => scanned++);
    t.equal(scanned, all - 1);
    t.equal(hash.nextDeadline(), 50);
    t.equal(hash.copy().size, all - 1);
  }
});

t.test('a field that is gone is new again when it is set, at its old place', async (t) => {
  for (const hash of [numbered(4), numbered(4, LONG), numbered(300)]) {
    hash.setDeadline('f1', 50);
    hash.setDeadline('f2', 50);
    hash.asOf = 50;
    t.equal(hash.set('f1', 'new'), true);
    t.equal(hash.update('f2', 'new'), true);
    t.equal(hash.deadline('f2'), undefined);
    t.equal(fieldsOf(hash).slice(0, 11), 'f0 f1 f2 f3');
  }
});

t.test('expire deletes what is due in the order of deadlines, some at a time', async (t) => {
  for (const hash of [numbered(10), numbered(10, LONG), numbered(300)]) {
    const all = hash.size;
    for (let i = 0; i < 8; i++) hash.setDeadline(`f${i}`, 100 - 10 * i);
    t.equal(hash.nextDeadline(), 30);
    t.equal(hash.expire(29, 100), 0);
    t.equal(hash.expire(60, 2), 2);
    t.notOk(stored(hash).some(([field]) => field === 'f7' || field === 'f6'));
    t.equal(hash.nextDeadline(), 50);
    t.equal(hash.expire(60, 100), 2);
    t.equal(hash.fields, all - 4);
    t.equal(hash.expire(1000, 100), 4);
    t.equal(hash.nextDeadline(), Number.POSITIVE_INFINITY);
  }
});

t.test('equal deadlines go in an order that depends on the fields alone', async (t) => {
  const few = new HashValue(hasher);
  few.raiseTo('hashtable');
  const many = numbered(600);
  const fields = Array.from({ length: 20 }, (_, i) => `due${i}`);
  for (const field of fields) {
    few.set(field, '');
    few.setDeadline(field, 50);
  }
  for (const field of fields.reverse()) {
    many.set(field, '');
    many.setDeadline(field, 50);
  }
  for (let i = 0; i < 20; i++) {
    few.expire(50, 1);
    many.expire(50, 1);
    for (const field of fields) t.equal(few.has(field), many.has(field));
  }
});

t.test('a copy is independent and keeps order, deadlines and encoding', async (t) => {
  for (const hash of [numbered(3), numbered(3, LONG), numbered(600), numbered(0)]) {
    hash.setDeadline('f1', 50);
    const before = stored(hash);
    const copy = hash.copy();
    t.same(stored(copy), before);
    t.equal(copy.encoding(), hash.encoding());
    copy.set('f0', 'changed');
    copy.delete('f1');
    copy.set('other', '');
    t.same(stored(hash), before);
  }
});

t.test('the digest does not depend on order, history or what is gone', async (t) => {
  const one = numbered(600);
  one.setDeadline('f7', 50);
  one.setDeadline('f8', 5000);
  one.asOf = 100;
  const other = new HashValue(hasher);
  for (let i = 599; i >= 0; i--) if (i !== 7) other.set(`f${i}`, `v${i}`);
  other.setDeadline('f8', 5000);
  t.equal(digest(one), digest(other));
  other.persist('f8');
  t.not(digest(one), digest(other));
  t.not(digest(hashOf('a', 'b')), digest(hashOf('b', 'a')));
  t.not(digest(hashOf('a', '1', 'b', '2')), digest(hashOf('a', '2', 'b', '1')));
  const small = hashOf('a', '1', 'b', '2');
  const large = hashOf('b', '2', 'a', '1');
  large.raiseTo('hashtable');
  t.equal(digest(small), digest(large));
});

t.test('a scan of a small hash visits everything at once', async (t) => {
  const hash = numbered(100);
  const seen: string[] = [];
  t.equal(
    hash.scan(5, 1, (field) => seen.push(field)),
    0,
  );
  t.equal(seen.length, 100);
});

t.test('a scan of a hash table visits whatever stays, while others come and go', async (t) => {
  const random = new Prng(5, 6);
  for (const size of [3, 40, 500]) {
    const hash = new HashValue(hasher);
    hash.raiseTo('hashtable');
    for (let i = 0; i < size; i++) hash.set(`stays${i}`, '');
    for (let i = 0; i < size; i++) hash.set(`goes${i}`, '');
    const seen = new Set<string>();
    let cursor = 0;
    let calls = 0;
    do {
      cursor = hash.scan(cursor, 7, (field) => seen.add(field));
      calls++;
      for (let i = 0; i < 5; i++) hash.delete(`goes${random.below(size)}`);
      if (calls < size) hash.set(`comes${calls}`, '');
    } while (cursor !== 0);
    for (let i = 0; i < size; i++) t.ok(seen.has(`stays${i}`));
    t.ok(calls <= size / 2 + 2);
  }
});

t.test('counts and cursors of any size are taken', async (t) => {
  const hash = numbered(300);
  let seen = 0;
  t.equal(
    hash.scan(2 ** 64, 9e18, () => seen++),
    0,
  );
  t.equal(seen, 300);
});

t.test('memory grows with what is stored and tells the forms apart', async (t) => {
  const small = numbered(8);
  const large = numbered(1000);
  t.ok(small.memory(5) > 100 && small.memory(5) < 250);
  t.ok(large.memory(5) > 50_000 && large.memory(5) < 150_000);
  t.ok(Math.abs(large.memory(0) - large.memory(5)) < 10_000);
  t.ok(hashOf('f', 'x'.repeat(10_000)).memory(0) > 10_000);
  t.ok(new HashValue(hasher).memory(0) > 0);
});
