import t from 'tap';
import { FakeCollection } from '../../keyspace/fake-collection.ts';
import { Harness } from '../harness.ts';

const WRONG_TYPE = {
  error: 'WRONGTYPE Operation against a key holding the wrong kind of value',
};
const INTEGER = { error: 'ERR value is not an integer or out of range' };

t.test('GET answers null for a key that is not there', async (t) => {
  t.equal(new Harness().call('GET', 'none'), null);
});

t.test('GET answers an integer as the text it was', async (t) => {
  const h = new Harness();
  for (const text of ['0', '-5', '9007199254740993', '-9223372036854775808']) {
    h.call('SET', 'k', text);
    t.equal(h.call('GET', 'k'), text);
  }
});

t.test('a long value is answered as bytes that later edits leave alone', async (t) => {
  const h = new Harness();
  h.call('SET', 'k', 'a'.repeat(20_000));
  const reply = h.reply('GET', 'k');
  h.call('SETRANGE', 'k', '0', 'bbb');
  h.call('APPEND', 'k', 'c'.repeat(20_000));
  t.ok(reply instanceof Uint8Array);
  t.equal(Buffer.from(reply as Uint8Array).toString(), 'a'.repeat(20_000));
});

t.test('reads of other types are refused, but MGET answers null', async (t) => {
  const h = new Harness();
  h.keyspace.database(0).set('list', new FakeCollection([]));
  h.call('SET', 'k', 'v');
  t.same(h.call('GET', 'list'), WRONG_TYPE);
  t.same(h.call('STRLEN', 'list'), WRONG_TYPE);
  t.same(h.call('GETRANGE', 'list', '0', '-1'), WRONG_TYPE);
  t.same(h.call('MGET', 'k', 'list', 'none', 'k'), ['v', null, null, 'v']);
});

t.test('reads count as hits and misses', async (t) => {
  const h = new Harness();
  h.call('SET', 'k', 'v');
  h.call('GET', 'k');
  h.call('MGET', 'k', 'none');
  t.same([h.keyspace.hits, h.keyspace.misses], [2, 1]);
});

t.test('STRLEN answers the length of all forms of a string', async (t) => {
  const h = new Harness();
  t.equal(h.call('STRLEN', 'none'), 0);
  for (const text of ['', 'Hello World', '-123', '9007199254740993', 'x'.repeat(20_000)]) {
    h.call('SET', 'k', text);
    t.equal(h.call('STRLEN', 'k'), text.length);
  }
});

t.test('GETRANGE counts from both ends', async (t) => {
  const h = new Harness();
  h.call('SET', 'k', 'This is a string');
  const cases = [
    ['0', '3', 'This'],
    ['-3', '-1', 'ing'],
    ['0', '-1', 'This is a string'],
    ['10', '100', 'string'],
    ['5', '3', ''],
    ['-1', '-5', ''],
    ['-100', '2', 'Thi'],
    ['0', '-100', 'T'],
    ['16', '20', ''],
    ['-9223372036854775808', '9223372036854775807', 'This is a string'],
  ];
  for (const [start = '', end = '', part] of cases) {
    t.equal(h.call('GETRANGE', 'k', start, end), part, `${start} to ${end}`);
    t.equal(h.call('SUBSTR', 'k', start, end), part, `${start} to ${end}`);
  }
  t.equal(h.call('GETRANGE', 'none', '0', '1'), '');
  t.same(h.call('GETRANGE', 'k', 'x', '1'), INTEGER);
  t.same(h.call('GETRANGE', 'k', '1', '9223372036854775808'), INTEGER);
});

t.test('GETRANGE reads parts of integers and of long values', async (t) => {
  const h = new Harness();
  h.call('SET', 'k', '-12345');
  t.equal(h.call('GETRANGE', 'k', '0', '2'), '-12');
  h.call('SET', 'k', `${'a'.repeat(10_000)}bc`);
  t.equal(h.call('GETRANGE', 'k', '-2', '-1'), 'bc');
  t.equal(h.call('GETRANGE', 'k', '2', '5001'), 'a'.repeat(5000));
});
