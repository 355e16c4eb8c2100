import t from 'tap';
import { FakeCollection } from '../../keyspace/fake-collection.ts';
import { Harness } from '../harness.ts';

const SYNTAX = { error: 'ERR syntax error' };
const WRONG_TYPE = {
  error: 'WRONGTYPE Operation against a key holding the wrong kind of value',
};

t.test('GETEX returns the value and sets, takes away or leaves the time to live', async (t) => {
  const h = new Harness();
  h.call('SET', 'k', 'Hello');
  t.equal(h.call('GETEX', 'k', 'EX', '60'), 'Hello');
  t.equal(h.call('TTL', 'k'), 60);
  t.equal(h.call('GETEX', 'k'), 'Hello');
  t.equal(h.call('TTL', 'k'), 60);
  t.equal(h.call('GETEX', 'k', 'pxat', '4000000000001'), 'Hello');
  t.equal(h.call('PEXPIRETIME', 'k'), 4000000000001);
  t.equal(h.call('GETEX', 'k', 'PERSIST'), 'Hello');
  t.equal(h.call('TTL', 'k'), -1);
});

t.test('GETEX with a time in the past deletes the key at once', async (t) => {
  const h = new Harness();
  h.call('SET', 'k', 'Hello');
  t.equal(h.call('GETEX', 'k', 'EXAT', '1'), 'Hello');
  t.equal(h.call('DBSIZE'), 0);
  t.equal(h.keyspace.expired, 0, 'that is a deletion');
});

t.test('GETEX refuses wrong options, and wrong times only of keys that exist', async (t) => {
  const h = new Harness();
  t.equal(h.call('GETEX', 'k', 'EX', '-1'), null);
  h.call('SET', 'k', 'v');
  t.same(h.call('GETEX', 'k', 'EX', '-1'), {
    error: "ERR invalid expire time in 'getex' command",
  });
  for (const options of ['KEEPTTL', 'EX', 'EX 1 PX 1', 'PERSIST EX 1', 'EX 1 PERSIST', 'foo']) {
    t.same(h.call('GETEX', 'k', ...options.split(' ')), SYNTAX, options);
    t.same(h.call('GETEX', 'none', ...options.split(' ')), SYNTAX, options);
  }
});

t.test('GETDEL returns the value and deletes the key', async (t) => {
  const h = new Harness();
  h.call('SET', 'k', 'Hello');
  t.equal(h.call('GETDEL', 'k'), 'Hello');
  t.equal(h.call('GETDEL', 'k'), null);
});

t.test('other types are refused', async (t) => {
  const h = new Harness();
  h.keyspace.database(0).set('list', new FakeCollection([]));
  t.same(h.call('GETEX', 'list'), WRONG_TYPE);
  t.same(h.call('GETDEL', 'list'), WRONG_TYPE);
  t.equal(h.call('EXISTS', 'list'), 1);
});
