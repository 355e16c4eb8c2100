import t from 'tap';
import { FakeCollection } from '../../keyspace/fake-collection.ts';
import { Harness } from '../harness.ts';

t.test('BITOP combines strings, the shorter ones continued by zeros', async (t) => {
  const h = new Harness();
  h.call('SET', 'a', '\xf0\xff\x0f');
  h.call('SET', 'b', '\x3c\x18');
  const results = {
    AND: '\x30\x18\x00',
    OR: '\xfc\xff\x0f',
    XOR: '\xcc\xe7\x0f',
    DIFF: '\xc0\xe7\x0f',
    DIFF1: '\x0c\x00\x00',
    ANDOR: '\x30\x18\x00',
    ONE: '\xcc\xe7\x0f',
  };
  for (const [operation, result] of Object.entries(results)) {
    t.equal(h.call('BITOP', operation.toLowerCase(), 'd', 'a', 'b'), 3);
    t.equal(h.call('GET', 'd'), result, operation);
  }
  t.equal(h.call('BITOP', 'NOT', 'd', 'b'), 2);
  t.equal(h.call('GET', 'd'), '\xc3\xe7');
  t.equal(h.call('OBJECT', 'ENCODING', 'd'), 'raw');
});

t.test('BITOP with more than two sources', async (t) => {
  const h = new Harness();
  h.call('SET', 'a', '\xaa');
  h.call('SET', 'b', '\xcc');
  h.call('SET', 'c', '\xf0');
  const results = {
    AND: 0x80,
    OR: 0xfe,
    XOR: 0x96,
    DIFF: 0x02,
    DIFF1: 0x54,
    ANDOR: 0xa8,
    ONE: 0x16,
  };
  for (const [operation, result] of Object.entries(results)) {
    h.call('BITOP', operation, 'd', 'a', 'b', 'c');
    t.equal(h.call('GET', 'd'), String.fromCharCode(result), operation);
  }
});

t.test('BITOP takes keys that are missing for empty strings', async (t) => {
  const h = new Harness();
  h.call('SET', 'a', 'xyz');
  t.equal(h.call('BITOP', 'AND', 'd', 'a', 'none'), 3);
  t.equal(h.call('GET', 'd'), '\0\0\0');
  t.equal(h.call('BITOP', 'OR', 'd', 'none', 'a'), 3);
  t.equal(h.call('GET', 'd'), 'xyz');
  t.equal(h.call('BITOP', 'OR', 'd', 'none', 'nor'), 0);
  t.equal(h.call('EXISTS', 'd'), 0);
});

t.test(
  'BITOP overwrites any destination, its time to live included, and may read it',
  async (t) => {
    const h = new Harness();
    h.call('SET', 'k', '12', 'EX', '10');
    t.equal(h.call('BITOP', 'NOT', 'k', 'k'), 2);
    t.equal(h.call('GET', 'k'), '\xce\xcd');
    t.equal(h.call('TTL', 'k'), -1);
    h.keyspace.database(0).set('list', new FakeCollection(['x']));
    t.equal(h.call('BITOP', 'OR', 'list', 'k'), 2);
    t.equal(h.call('TYPE', 'list'), 'string');
  },
);

t.test('BITOP of long strings', async (t) => {
  const h = new Harness();
  h.call('SETBIT', 'a', '800000', '1');
  h.call('SETBIT', 'b', '799999', '1');
  t.equal(h.call('BITOP', 'OR', 'd', 'a', 'b'), 100_001);
  t.equal(h.call('BITCOUNT', 'd'), 2);
  t.equal(h.call('BITPOS', 'd', '1'), 799_999);
  t.equal(h.call('BITOP', 'AND', 'd', 'a', 'b'), 100_001);
  t.equal(h.call('BITCOUNT', 'd'), 0);
});

t.test('BITOP into its old result, which a reply still refers to', async (t) => {
  const h = new Harness();
  h.call('SETBIT', 'a', '80000', '1');
  h.call('BITOP', 'NOT', 'd', 'a');
  const reply = h.reply('GET', 'd');
  h.call('BITOP', 'OR', 'd', 'a');
  h.call('BITOP', 'XOR', 'd', 'a', 'a');
  t.equal(h.call('BITCOUNT', 'd'), 0);
  t.equal(reply instanceof Uint8Array && reply[0], 255);
  h.call('BITOP', 'NOT', 'd', 'd');
  h.call('BITOP', 'AND', 'd', 'a', 'd');
  t.equal(h.call('BITCOUNT', 'd'), 1);
});

t.test('BITOP refuses what it cannot combine', async (t) => {
  const h = new Harness();
  h.keyspace.database(0).set('list', new FakeCollection(['x']));
  h.call('SET', 'd', 'kept');
  t.same(h.call('BITOP', 'NAND', 'd', 'a'), { error: 'ERR syntax error' });
  t.same(h.call('BITOP', 'NOT', 'd', 'a', 'b'), {
    error: 'ERR BITOP NOT must be called with a single source key.',
  });
  t.same(h.call('BITOP', 'diff', 'd', 'a'), {
    error: 'ERR BITOP DIFF must be called with at least two source keys.',
  });
  t.match(h.call('BITOP', 'AND', 'd', 'none', 'list'), { error: /^WRONGTYPE/ });
  t.equal(h.call('GET', 'd'), 'kept');
});
