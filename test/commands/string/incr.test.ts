import t from 'tap';
import { FakeCollection } from '../../keyspace/fake-collection.ts';
import { Harness } from '../harness.ts';

const INTEGER = { error: 'ERR value is not an integer or out of range' };
const OVERFLOW = { error: 'ERR increment or decrement would overflow' };

t.test('INCR and its kin add and subtract', async (t) => {
  const h = new Harness();
  h.call('SET', 'k', '10');
  t.equal(h.call('INCR', 'k'), 11);
  t.equal(h.call('DECR', 'k'), 10);
  t.equal(h.call('INCRBY', 'k', '5'), 15);
  t.equal(h.call('DECRBY', 'k', '20'), -5);
  t.equal(h.call('GET', 'k'), '-5');
});

t.test('a key that is not there counts as 0', async (t) => {
  const h = new Harness();
  t.equal(h.call('INCR', 'a'), 1);
  t.equal(h.call('DECR', 'b'), -1);
  t.equal(h.call('DECRBY', 'c', '0'), 0);
  t.equal(h.call('GET', 'c'), '0');
});

t.test('integers are exact over 64 bits', async (t) => {
  const h = new Harness();
  h.call('SET', 'k', '9007199254740991');
  t.equal(h.call('INCR', 'k'), 9007199254740992n);
  t.equal(h.call('INCR', 'k'), 9007199254740993n);
  t.equal(h.call('DECRBY', 'k', '2'), 9007199254740991);
  t.equal(h.call('INCRBY', 'k', '9214364837600034816'), 9223372036854775807n);
  t.equal(h.call('GET', 'k'), '9223372036854775807');
  t.equal(h.call('OBJECT', 'ENCODING', 'k'), 'int');
});

t.test('what does not fit in 64 bits is refused and changes nothing', async (t) => {
  const h = new Harness();
  h.call('SET', 'k', '9223372036854775807');
  t.same(h.call('INCR', 'k'), OVERFLOW);
  h.call('SET', 'k', '-9223372036854775808');
  t.same(h.call('DECR', 'k'), OVERFLOW);
  t.same(h.call('DECRBY', 'k', '-9223372036854775808'), { error: 'ERR decrement would overflow' });
  t.same(h.call('INCRBY', 'k', '9223372036854775808'), INTEGER);
  t.equal(h.call('GET', 'k'), '-9223372036854775808');
});

t.test('only the plain form of an integer is one', async (t) => {
  const h = new Harness();
  for (const text of ['', ' 1', '1 ', '01', '+1', '-0', '1.0', 'abc', '9223372036854775808']) {
    h.call('SET', 'k', text);
    t.same(h.call('INCR', 'k'), INTEGER, `value ${text}`);
    t.same(h.call('INCRBY', 'n', text), INTEGER, `increment ${text}`);
  }
});

t.test('edited strings that spell an integer count', async (t) => {
  const h = new Harness();
  h.call('SET', 'k', '1');
  h.call('APPEND', 'k', '2');
  t.equal(h.call('INCR', 'k'), 13);
  t.equal(h.call('OBJECT', 'ENCODING', 'k'), 'int');
});

t.test('the time to live stays', async (t) => {
  const h = new Harness();
  h.call('SET', 'k', '1', 'EX', '10');
  h.call('INCR', 'k');
  t.equal(h.call('TTL', 'k'), 10);
  h.pass(10_000);
  t.equal(h.call('INCR', 'k'), 1, 'an expired counter starts again');
  t.equal(h.call('TTL', 'k'), -1);
});

t.test('other types are refused', async (t) => {
  const h = new Harness();
  h.keyspace.database(0).set('list', new FakeCollection([]));
  t.match(h.call('INCR', 'list'), { error: /^WRONGTYPE/ });
});
