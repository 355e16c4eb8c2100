import t from 'tap';
import { Harness } from '../harness.ts';

t.test('HSET makes a hash and answers how many fields are new', async (t) => {
  const h = new Harness();
  t.equal(h.call('HSET', 'h', 'a', '1'), 1);
  t.equal(h.call('HSET', 'h', 'a', '2', 'b', '3', 'c', '4', 'c', '5'), 2);
  t.same(h.call('HGETALL', 'h'), ['a', '2', 'b', '3', 'c', '5']);
  t.equal(h.call('TYPE', 'h'), 'hash');
});

t.test('HMSET does the same and answers OK', async (t) => {
  const h = new Harness();
  t.equal(h.call('HMSET', 'h', 'a', '1', 'b', '2'), 'OK');
  t.same(h.call('HGETALL', 'h'), ['a', '1', 'b', '2']);
});

t.test('HSET and HMSET need a value for each field', async (t) => {
  const h = new Harness();
  for (const name of ['HSET', 'HMSET']) {
    const error = `ERR wrong number of arguments for '${name.toLowerCase()}' command`;
    t.same(h.call(name, 'h', 'a'), { error });
    t.same(h.call(name, 'h', 'a', '1', 'b'), { error });
  }
  t.equal(h.call('EXISTS', 'h'), 0);
});

t.test('HSETNX sets only what is not there', async (t) => {
  const h = new Harness();
  t.equal(h.call('HSETNX', 'h', 'a', '1'), 1);
  t.equal(h.call('HSETNX', 'h', 'a', '2'), 0);
  t.equal(h.call('HSETNX', 'h', 'b', '2'), 1);
  t.same(h.call('HGETALL', 'h'), ['a', '1', 'b', '2']);
});

t.test('HSETNX that sets nothing is no change', async (t) => {
  const h = new Harness();
  h.call('HSET', 'h', 'a', '1');
  const db = h.keyspace.database(0);
  const version = db.version('h');
  h.call('HSETNX', 'h', 'a', '2');
  t.equal(db.version('h'), version);
  h.call('HSET', 'h', 'a', '1');
  t.not(db.version('h'), version);
});

t.test('HSET keeps the deadline of the key and drops that of the field', async (t) => {
  const h = new Harness();
  h.call('HSET', 'h', 'a', '1', 'b', '2');
  h.call('EXPIRE', 'h', '100');
  h.call('HEXPIRE', 'h', '10', 'FIELDS', '2', 'a', 'b');
  h.call('HSET', 'h', 'a', '3');
  t.equal(h.call('TTL', 'h'), 100);
  t.same(h.call('HTTL', 'h', 'FIELDS', '2', 'a', 'b'), [-1, 10]);
});

t.test('a field whose time has come is new to HSET and HSETNX', async (t) => {
  const h = new Harness();
  for (let i = 0; i < 6000; i++) h.call('HSET', 'h', `f${i}`, '');
  h.call('HPEXPIRE', 'h', '10', 'FIELDS', '3', 'f7', 'f8', 'f9');
  h.call(
    'HPEXPIRE',
    'h',
    '9',
    'FIELDS',
    '5000',
    ...Array.from({ length: 5000 }, (_, i) => `f${i + 100}`),
  );
  h.pass(10);
  t.equal(h.call('HLEN', 'h'), 997);
  t.equal(h.call('HSET', 'h', 'f7', 'new'), 1);
  t.equal(h.call('HSETNX', 'h', 'f8', 'new'), 1);
  t.equal(h.call('HGET', 'h', 'f8'), 'new');
  for (let i = 0; i < 5; i++) h.pass(1);
  t.equal(h.call('HLEN', 'h'), 999);
  t.equal(h.keyspace.expiredFields, 5001);
});

t.test('the encoding is named as in Redis', async (t) => {
  const h = new Harness();
  h.call('HSET', 'h', 'a', 'x'.repeat(64));
  t.equal(h.call('OBJECT', 'ENCODING', 'h'), 'listpack');
  h.call('HSET', 'h', 'a', 'x'.repeat(65));
  t.equal(h.call('OBJECT', 'ENCODING', 'h'), 'hashtable');
  for (let i = 0; i < 513; i++) h.call('HSET', 'many', `f${i}`, '');
  t.equal(h.call('OBJECT', 'ENCODING', 'many'), 'hashtable');
});

t.test('other types are refused', async (t) => {
  const h = new Harness();
  h.call('SET', 's', 'x');
  for (const words of [
    ['HSET', 's', 'a', '1'],
    ['HMSET', 's', 'a', '1'],
    ['HSETNX', 's', 'a', '1'],
  ]) {
    t.match(h.call(...words), { error: /^WRONGTYPE/ });
  }
  t.equal(h.call('GET', 's'), 'x');
});
