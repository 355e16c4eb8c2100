import t from 'tap';
import { Harness } from '../harness.ts';

const WRONG_TYPE = {
  error: 'WRONGTYPE Operation against a key holding the wrong kind of value',
};

t.test('SADD answers how many members are new', async (t) => {
  const h = new Harness();
  t.equal(h.call('SADD', 's', 'a', 'b', 'a'), 2);
  t.equal(h.call('SADD', 's', 'b', 'c'), 1);
  t.same(h.call('SMEMBERS', 's'), ['a', 'b', 'c']);
});

t.test('SADD of many members at once makes a hashtable even if they are equal', async (t) => {
  const h = new Harness();
  h.call('SADD', 'few', ...new Array<string>(512).fill('1'));
  h.call('SADD', 'many', ...new Array<string>(513).fill('1'));
  h.call('SADD', 'words', ...new Array<string>(129).fill('a'));
  t.equal(h.call('OBJECT', 'ENCODING', 'few'), 'intset');
  t.equal(h.call('OBJECT', 'ENCODING', 'many'), 'hashtable');
  t.equal(h.call('OBJECT', 'ENCODING', 'words'), 'hashtable');
  h.call('SADD', 'few', ...new Array<string>(513).fill('1'));
  t.equal(h.call('OBJECT', 'ENCODING', 'few'), 'hashtable');
});

t.test('SADD keeps the time to live and counts as a change only with new members', async (t) => {
  const h = new Harness();
  h.call('SADD', 's', 'a');
  h.call('EXPIRE', 's', '10');
  const db = h.keyspace.database(0);
  const version = db.version('s');
  h.call('SADD', 's', 'a');
  t.equal(db.version('s'), version);
  h.call('SADD', 's', 'b');
  t.ok(db.version('s') > version);
  t.equal(h.call('TTL', 's'), 10);
});

t.test('SREM removes members and at last the key', async (t) => {
  const h = new Harness();
  t.equal(h.call('SREM', 's', 'a'), 0);
  h.call('SADD', 's', 'a', 'b', 'c');
  t.equal(h.call('SREM', 's', 'a', 'a', 'x'), 1);
  t.equal(h.call('SREM', 's', 'b', 'c', 'd'), 2);
  t.equal(h.call('EXISTS', 's'), 0);
});

t.test('SREM of what is not there is no change', async (t) => {
  const h = new Harness();
  h.call('SADD', 's', 'a');
  const version = h.keyspace.database(0).version('s');
  h.call('SREM', 's', 'b');
  t.equal(h.keyspace.database(0).version('s'), version);
});

t.test('SMOVE moves a member and makes and deletes keys', async (t) => {
  const h = new Harness();
  h.call('SADD', 'a', '1', 'x');
  t.equal(h.call('SMOVE', 'a', 'b', 'x'), 1);
  t.equal(h.call('SMOVE', 'a', 'b', 'x'), 0);
  t.equal(h.call('SMOVE', 'a', 'b', '1'), 1);
  t.equal(h.call('EXISTS', 'a'), 0);
  t.same(h.call('SMEMBERS', 'b'), ['x', '1']);
});

t.test('SMOVE to the same set or to one that has the member', async (t) => {
  const h = new Harness();
  h.call('SADD', 'a', 'x', 'y');
  h.call('SADD', 'b', 'x');
  t.equal(h.call('SMOVE', 'a', 'a', 'x'), 1);
  t.equal(h.call('SMOVE', 'a', 'a', 'z'), 0);
  const version = h.keyspace.database(0).version('b');
  t.equal(h.call('SMOVE', 'a', 'b', 'x'), 1);
  t.equal(h.keyspace.database(0).version('b'), version);
  t.same(h.call('SMEMBERS', 'a'), ['y']);
});

t.test('other types are refused', async (t) => {
  const h = new Harness();
  h.call('SET', 'text', 'x');
  h.call('SADD', 's', 'a');
  t.same(h.call('SADD', 'text', 'a'), WRONG_TYPE);
  t.same(h.call('SREM', 'text', 'a'), WRONG_TYPE);
  t.same(h.call('SMOVE', 'text', 's', 'a'), WRONG_TYPE);
  t.same(h.call('SMOVE', 's', 'text', 'a'), WRONG_TYPE);
  t.equal(h.call('SMOVE', 'none', 'text', 'a'), 0);
  t.equal(h.call('SCARD', 's'), 1);
});
