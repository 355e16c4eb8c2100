import t from 'tap';
import { FakeCollection } from '../../keyspace/fake-collection.ts';
import { Harness } from '../harness.ts';

const TOO_LONG = {
  error: 'ERR string exceeds maximum allowed size (proto-max-bulk-len)',
};

t.test('APPEND adds to the end and answers the length', async (t) => {
  const h = new Harness();
  t.equal(h.call('APPEND', 'k', 'Hello'), 5);
  t.equal(h.call('APPEND', 'k', ' World'), 11);
  t.equal(h.call('GET', 'k'), 'Hello World');
  t.equal(h.call('APPEND', 'k', ''), 11);
});

t.test('APPEND makes long strings from short and long parts', async (t) => {
  const h = new Harness();
  let model = '';
  for (const size of [3, 600, 600, 5000, 10, 9000, 1]) {
    const part = String.fromCharCode(97 + (size % 26)).repeat(size);
    model += part;
    t.equal(h.call('APPEND', 'k', part), model.length);
    t.equal(h.call('GET', 'k'), model);
  }
});

t.test('APPEND to an absent key is a plain SET, to any other it makes a raw string', async (t) => {
  const h = new Harness();
  h.call('APPEND', 'k', '12');
  t.equal(h.call('OBJECT', 'ENCODING', 'k'), 'int');
  h.call('APPEND', 'k', '3');
  t.equal(h.call('OBJECT', 'ENCODING', 'k'), 'raw');
  t.equal(h.call('GET', 'k'), '123');
  h.call('APPEND', 'long', 'x'.repeat(9000));
  t.equal(h.call('STRLEN', 'long'), 9000);
});

t.test('SETRANGE overwrites a part and fills gaps with zeros', async (t) => {
  const h = new Harness();
  h.call('SET', 'k', 'Hello World');
  t.equal(h.call('SETRANGE', 'k', '6', 'Redis'), 11);
  t.equal(h.call('GET', 'k'), 'Hello Redis');
  t.equal(h.call('SETRANGE', 'gap', '6', 'Redis'), 11);
  t.equal(h.call('GET', 'gap'), '\0\0\0\0\0\0Redis');
  t.equal(h.call('SETRANGE', 'gap', '5000', 'x'), 5001);
  t.equal(h.call('GETRANGE', 'gap', '4998', '-1'), '\0\0x');
  t.equal(h.call('OBJECT', 'ENCODING', 'k'), 'raw');
});

t.test('SETRANGE of nothing changes nothing', async (t) => {
  const h = new Harness();
  t.equal(h.call('SETRANGE', 'none', '5', ''), 0);
  t.equal(h.call('EXISTS', 'none'), 0);
  h.call('SET', 'k', '12');
  t.equal(h.call('SETRANGE', 'k', '9999999999999', ''), 2);
  t.equal(h.call('OBJECT', 'ENCODING', 'k'), 'int');
});

t.test('SETRANGE refuses offsets that are negative or too far', async (t) => {
  const h = new Harness();
  t.same(h.call('SETRANGE', 'k', '-1', 'x'), { error: 'ERR offset is out of range' });
  t.same(h.call('SETRANGE', 'k', 'x', 'x'), {
    error: 'ERR value is not an integer or out of range',
  });
  t.same(h.call('SETRANGE', 'k', '536870912', 'x'), TOO_LONG);
  t.equal(h.call('EXISTS', 'k'), 0);
});

t.test('edits keep the time to live and count as changes', async (t) => {
  const h = new Harness();
  h.call('SET', 'k', 'v', 'EX', '10');
  h.call('APPEND', 'k', 'w');
  const db = h.keyspace.database(0);
  const version = db.version('k');
  h.call('APPEND', 'k', 'x');
  t.ok(db.version('k') > version);
  h.call('SETRANGE', 'k', '0', 'y');
  t.equal(h.call('TTL', 'k'), 10);
  t.equal(h.call('GET', 'k'), 'ywx');
});

t.test('a copy and the original are edited apart', async (t) => {
  const h = new Harness();
  h.call('SET', 'k', 'x'.repeat(10_000));
  h.call('COPY', 'k', 'copy');
  h.call('SETRANGE', 'k', '0', 'abc');
  t.equal(h.call('GETRANGE', 'copy', '0', '2'), 'xxx');
});

t.test('other types are refused', async (t) => {
  const h = new Harness();
  h.keyspace.database(0).set('list', new FakeCollection([]));
  t.match(h.call('APPEND', 'list', 'x'), { error: /^WRONGTYPE/ });
  t.match(h.call('SETRANGE', 'list', '0', ''), { error: /^WRONGTYPE/ });
});
