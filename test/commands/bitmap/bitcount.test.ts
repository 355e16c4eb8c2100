import t from 'tap';
import { FakeCollection } from '../../keyspace/fake-collection.ts';
import { Harness } from '../harness.ts';

const SYNTAX = { error: 'ERR syntax error' };
const NOT_AN_INTEGER = { error: 'ERR value is not an integer or out of range' };

t.test('BITCOUNT counts the ones of a string or of a range of bytes or bits', async (t) => {
  const h = new Harness();
  h.call('SET', 'k', 'foobar');
  t.equal(h.call('BITCOUNT', 'k'), 26);
  t.equal(h.call('BITCOUNT', 'k', '0', '0'), 4);
  t.equal(h.call('BITCOUNT', 'k', '1', '1', 'BYTE'), 6);
  t.equal(h.call('BITCOUNT', 'k', '5', '30', 'bit'), 17);
  t.equal(h.call('BITCOUNT', 'k', '-2', '-1'), 7);
  t.equal(h.call('BITCOUNT', 'k', '-1', '-2'), 0);
  t.equal(h.call('BITCOUNT', 'k', '4', '2'), 0);
  t.equal(h.call('BITCOUNT', 'k', '-9223372036854775808', '9223372036854775807'), 26);
  t.equal(h.call('BITCOUNT', 'none'), 0);
});

t.test('BITCOUNT counts the digits of numbers, and long strings', async (t) => {
  const h = new Harness();
  h.call('SET', 'k', '12');
  t.equal(h.call('BITCOUNT', 'k'), 6);
  h.call('SET', 'long', '\x03'.repeat(100_001));
  t.equal(h.call('BITCOUNT', 'long'), 200_002);
  t.equal(h.call('BITCOUNT', 'long', '7', '-2', 'BIT'), 200_000);
});

t.test('BITCOUNT finds what is wrong with a range, whatever the key holds', async (t) => {
  const h = new Harness();
  t.same(h.call('BITCOUNT', 'k', '0'), SYNTAX);
  t.same(h.call('BITCOUNT', 'k', '0', '1', 'foo'), SYNTAX);
  t.same(h.call('BITCOUNT', 'k', '0', '1', 'BIT', 'x'), SYNTAX);
  t.same(h.call('BITCOUNT', 'k', 'x', '1', 'foo'), NOT_AN_INTEGER);
  t.same(h.call('BITCOUNT', 'k', '0', 'x'), NOT_AN_INTEGER);
});

t.test('BITPOS finds the first one or zero in bytes or bits', async (t) => {
  const h = new Harness();
  h.call('SET', 'k', '\xff\xf0\x00');
  t.equal(h.call('BITPOS', 'k', '0'), 12);
  h.call('SET', 'k', '\x00\xff\xf0');
  t.equal(h.call('BITPOS', 'k', '1', '0'), 8);
  t.equal(h.call('BITPOS', 'k', '1', '2'), 16);
  t.equal(h.call('BITPOS', 'k', '1', '2', '-1', 'BYTE'), 16);
  t.equal(h.call('BITPOS', 'k', '1', '7', '15', 'BIT'), 8);
  t.equal(h.call('BITPOS', 'k', '1', '0', '7', 'bit'), -1);
  t.equal(h.call('BITPOS', 'k', '0', '-3', '-1', 'BIT'), 21);
});

t.test('BITPOS sees zeros behind the end only if none is given', async (t) => {
  const h = new Harness();
  h.call('SET', 'k', '\xff\xff');
  t.equal(h.call('BITPOS', 'k', '0'), 16);
  t.equal(h.call('BITPOS', 'k', '0', '1'), 16);
  t.equal(h.call('BITPOS', 'k', '0', '0', '-1'), -1);
  t.equal(h.call('BITPOS', 'k', '0', '2'), -1);
  h.call('SET', 'empty', '');
  t.equal(h.call('BITPOS', 'empty', '0'), -1);
  t.equal(h.call('BITPOS', 'none', '0'), 0);
  t.equal(h.call('BITPOS', 'none', '0', '5', '9'), 0);
  t.equal(h.call('BITPOS', 'none', '1'), -1);
});

t.test('BITPOS finds what is wrong in the order of Redis', async (t) => {
  const h = new Harness();
  const notABit = { error: 'ERR The bit argument must be 1 or 0.' };
  t.same(h.call('BITPOS', 'k', '2', 'x'), notABit);
  t.same(h.call('BITPOS', 'k', 'x'), NOT_AN_INTEGER);
  t.same(h.call('BITPOS', 'k', '0', 'x', 'y', 'foo'), NOT_AN_INTEGER);
  t.same(h.call('BITPOS', 'k', '0', '0', 'x', 'foo'), SYNTAX);
  t.same(h.call('BITPOS', 'k', '0', '0', 'x', 'BIT'), NOT_AN_INTEGER);
  t.same(h.call('BITPOS', 'k', '0', '0', '1', 'BIT', 'x'), SYNTAX);
});

t.test('BITCOUNT and BITPOS refuse other types', async (t) => {
  const h = new Harness();
  h.keyspace.database(0).set('list', new FakeCollection(['x']));
  t.match(h.call('BITCOUNT', 'list'), { error: /^WRONGTYPE/ });
  t.match(h.call('BITPOS', 'list', '1'), { error: /^WRONGTYPE/ });
});
