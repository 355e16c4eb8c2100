import t from 'tap';
import { Harness } from '../harness.ts';

const NO_KEY = { error: 'ERR no such key' };

t.test('RENAME moves value and time to live over whatever was there', async (t) => {
  const h = new Harness();
  h.call('SET', 'a', '1', 'EX', '10');
  h.call('SET', 'b', '2', 'EX', '99');
  t.equal(h.call('RENAME', 'a', 'b'), 'OK');
  t.equal(h.call('GET', 'b'), '1');
  t.equal(h.call('TTL', 'b'), 10);
  t.equal(h.call('EXISTS', 'a'), 0);
});

t.test('RENAME to a key with a deadline takes that away', async (t) => {
  const h = new Harness();
  h.call('SET', 'a', '1');
  h.call('SET', 'b', '2', 'EX', '99');
  h.call('RENAME', 'a', 'b');
  t.equal(h.call('TTL', 'b'), -1);
});

t.test('RENAME needs a source and may be its own destination', async (t) => {
  const h = new Harness();
  t.same(h.call('RENAME', 'none', 'a'), NO_KEY);
  h.call('SET', 'a', '1', 'EX', '10');
  t.equal(h.call('RENAME', 'a', 'a'), 'OK');
  t.equal(h.call('TTL', 'a'), 10);
});

t.test('RENAMENX leaves a key that is there alone', async (t) => {
  const h = new Harness();
  h.call('MSET', 'a', '1', 'b', '2');
  t.equal(h.call('RENAMENX', 'a', 'b'), 0);
  t.equal(h.call('RENAMENX', 'a', 'a'), 0);
  t.equal(h.call('RENAMENX', 'a', 'c'), 1);
  t.same(h.call('MGET', 'a', 'b', 'c'), [null, '2', '1']);
  t.same(h.call('RENAMENX', 'none', 'x'), NO_KEY);
});

t.test('an edited string is still one after RENAME', async (t) => {
  const h = new Harness();
  h.call('SET', 'a', '1');
  h.call('APPEND', 'a', '2');
  h.call('RENAME', 'a', 'b');
  t.equal(h.call('OBJECT', 'ENCODING', 'b'), 'raw');
  t.equal(h.call('APPEND', 'b', '3'), 3);
});
