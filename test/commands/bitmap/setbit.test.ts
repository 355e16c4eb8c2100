import t from 'tap';
import { FakeCollection } from '../../keyspace/fake-collection.ts';
import { Harness } from '../harness.ts';

const NOT_AN_OFFSET = { error: 'ERR bit offset is not an integer or out of range' };
const NOT_A_BIT = { error: 'ERR bit is not an integer or out of range' };

t.test(
  'SETBIT counts bits from the highest of the first byte and answers the old one',
  async (t) => {
    const h = new Harness();
    t.equal(h.call('SETBIT', 'k', '7', '1'), 0);
    t.equal(h.call('GET', 'k'), '\x01');
    t.equal(h.call('SETBIT', 'k', '0', '1'), 0);
    t.equal(h.call('GET', 'k'), '\x81');
    t.equal(h.call('SETBIT', 'k', '7', '0'), 1);
    t.equal(h.call('GET', 'k'), '\x80');
    t.equal(h.call('OBJECT', 'ENCODING', 'k'), 'raw');
  },
);

t.test('SETBIT fills up with zeros, also to set one', async (t) => {
  const h = new Harness();
  h.call('SET', 'k', 'a');
  t.equal(h.call('SETBIT', 'k', '30', '0'), 0);
  t.equal(h.call('GET', 'k'), 'a\0\0\0');
  t.equal(h.call('SETBIT', 'k', '80000', '1'), 0);
  t.equal(h.call('STRLEN', 'k'), 10_001);
  t.equal(h.call('BITCOUNT', 'k'), 4);
});

t.test('SETBIT edits the digits of a number', async (t) => {
  const h = new Harness();
  h.call('SET', 'k', '12');
  h.call('SETBIT', 'k', '6', '1');
  t.equal(h.call('GET', 'k'), '32');
});

t.test('SETBIT reaches the last bit of the longest string', async (t) => {
  const h = new Harness();
  t.equal(h.call('SETBIT', 'k', '4294967295', '1'), 0);
  t.equal(h.call('STRLEN', 'k'), 512 * 1024 * 1024);
  t.equal(h.call('GETBIT', 'k', '4294967295'), 1);
  t.equal(h.call('GETBIT', 'k', '4294967294'), 0);
  t.equal(h.call('BITPOS', 'k', '1', '-8'), 4294967295);
});

t.test('SETBIT counts as a change only if it is one, and keeps the time to live', async (t) => {
  const h = new Harness();
  h.call('SET', 'k', '\x80', 'EX', '10');
  const db = h.keyspace.database(0);
  const version = db.version('k');
  h.call('SETBIT', 'k', '0', '1');
  t.equal(db.version('k'), version);
  h.call('SETBIT', 'k', '8', '0');
  t.ok(db.version('k') > version);
  t.equal(h.call('TTL', 'k'), 10);
});

t.test('SETBIT does not change what a reply still refers to', async (t) => {
  const h = new Harness();
  h.call('SETBIT', 'k', '100000', '1');
  const reply = h.reply('GET', 'k');
  h.call('SETBIT', 'k', '0', '1');
  t.equal(reply instanceof Uint8Array && reply[0], 0);
  t.equal(h.call('GETBIT', 'k', '0'), 1);
});

t.test('GETBIT finds zeros behind the end and where no key is', async (t) => {
  const h = new Harness();
  h.call('SET', 'k', '1');
  t.equal(h.call('GETBIT', 'k', '3'), 1);
  t.equal(h.call('GETBIT', 'k', '4'), 0);
  t.equal(h.call('GETBIT', 'k', '8'), 0);
  t.equal(h.call('GETBIT', 'none', '8'), 0);
});

t.test('SETBIT and GETBIT refuse what is no offset or no bit', async (t) => {
  const h = new Harness();
  for (const offset of ['x', '-1', '4294967296', '99999999999999999999', '#1']) {
    t.same(h.call('SETBIT', 'k', offset, '1'), NOT_AN_OFFSET);
    t.same(h.call('GETBIT', 'k', offset), NOT_AN_OFFSET);
  }
  for (const bit of ['2', '-1', 'x', '01', '']) t.same(h.call('SETBIT', 'k', '0', bit), NOT_A_BIT);
  t.equal(h.call('EXISTS', 'k'), 0);
});

t.test('SETBIT and GETBIT refuse other types', async (t) => {
  const h = new Harness();
  h.keyspace.database(0).set('list', new FakeCollection(['x']));
  t.match(h.call('SETBIT', 'list', '0', '1'), { error: /^WRONGTYPE/ });
  t.match(h.call('GETBIT', 'list', '0'), { error: /^WRONGTYPE/ });
});
