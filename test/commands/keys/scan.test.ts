import t from 'tap';
import { FakeCollection } from '../../keyspace/fake-collection.ts';
import { Harness } from '../harness.ts';

const SYNTAX = { error: 'ERR syntax error' };

function withKeys(count: number): Harness {
  const h = new Harness();
  for (let i = 0; i < count; i++) h.call('SET', `key:${i}`, String(i));
  return h;
}

function scanAll(h: Harness, ...options: string[]): { keys: string[]; calls: number } {
  const keys: string[] = [];
  let cursor = '0';
  let calls = 0;
  do {
    const reply = h.call('SCAN', cursor, ...options);
    if (!Array.isArray(reply)) throw new Error('SCAN answers an array');
    cursor = reply[0];
    keys.push(...reply[1]);
    calls++;
  } while (cursor !== '0');
  return { keys, calls };
}

t.test('SCAN returns every key once, about as many at a time as COUNT says', async (t) => {
  const h = withKeys(1000);
  const { keys, calls } = scanAll(h);
  t.equal(keys.length, 1000);
  t.equal(new Set(keys).size, 1000);
  t.ok(calls > 70 && calls <= 100);
  t.equal(scanAll(h, 'COUNT', '100').keys.length, 1000);
  t.equal(scanAll(h, 'COUNT', '9223372036854775807').calls, 1);
  t.same(new Harness().call('SCAN', '0'), ['0', []]);
});

t.test('SCAN MATCH and TYPE filter what is returned, not what is visited', async (t) => {
  const h = withKeys(200);
  h.keyspace.database(0).set('key:list', new FakeCollection([]));
  t.same(scanAll(h, 'MATCH', 'key:1?').keys.length, 10);
  t.same(scanAll(h, 'TYPE', 'LIST').keys, ['key:list']);
  t.same(scanAll(h, 'type', 'nonsense').keys, []);
  t.same(scanAll(h, 'MATCH', 'key:*', 'TYPE', 'string').keys.length, 200);
  t.ok(scanAll(h, 'MATCH', 'nothing').calls > 10);
});

t.test('SCAN leaves expired keys out', async (t) => {
  const h = withKeys(10);
  h.call('SET', 'gone', 'v', 'PXAT', '1');
  t.equal(scanAll(h).keys.length, 10);
});

t.test('SCAN refuses wrong cursors and options', async (t) => {
  const h = withKeys(1);
  const cursor = { error: 'ERR invalid cursor' };
  for (const wrong of ['x', '', '-1', '1.5', '18446744073709551616']) {
    t.same(h.call('SCAN', wrong), cursor, wrong);
  }
  t.ok(Array.isArray(h.call('SCAN', '18446744073709551615')));
  t.same(h.call('SCAN', '0', 'COUNT', '0'), SYNTAX);
  t.same(h.call('SCAN', '0', 'COUNT'), SYNTAX);
  t.same(h.call('SCAN', '0', 'foo', 'bar'), SYNTAX);
  t.same(h.call('SCAN', '0', 'COUNT', 'x'), {
    error: 'ERR value is not an integer or out of range',
  });
});

t.test('one call of SCAN visits few buckets however empty the table is', async (t) => {
  const h = withKeys(5000);
  for (let i = 0; i < 4999; i++) h.call('DEL', `key:${i}`);
  t.same(scanAll(h).keys, ['key:4999']);
});

t.test('KEYS returns the names that match', async (t) => {
  const h = new Harness();
  h.call('MSET', 'firstname', 'Jack', 'lastname', 'Stuntman', 'age', '35', '', 'x');
  t.same((h.call('KEYS', '*name*') as string[]).sort(), ['firstname', 'lastname']);
  t.same(h.call('KEYS', 'a??'), ['age']);
  t.equal((h.call('KEYS', '*') as string[]).length, 4);
  h.call('PEXPIREAT', 'age', '1');
  t.same(h.call('KEYS', 'a??'), []);
});

t.test('RANDOMKEY returns one of the keys', async (t) => {
  const h = withKeys(3);
  const seen = new Set<unknown>();
  for (let i = 0; i < 100; i++) seen.add(h.call('RANDOMKEY'));
  t.same([...seen].sort(), ['key:0', 'key:1', 'key:2']);
  t.equal(new Harness().call('RANDOMKEY'), null);
});
