import t from 'tap';
import { FakeCollection } from '../../keyspace/fake-collection.ts';
import { Harness } from '../harness.ts';

const SYNTAX = { error: 'ERR syntax error' };
const TYPE = {
  error:
    'ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is.',
};
const OFFSET = { error: 'ERR bit offset is not an integer or out of range' };

t.test('BITFIELD does its operations in order and answers each', async (t) => {
  const h = new Harness();
  t.same(h.call('BITFIELD', 'k', 'INCRBY', 'i5', '100', '1', 'GET', 'u4', '0'), [1, 0]);
  t.same(h.call('BITFIELD', 'k', 'set', 'u8', '#1', '255', 'get', 'u8', '8'), [0, 255]);
  t.same(h.call('BITFIELD', 'k', 'SET', 'i8', '8', '-2', 'GET', 'u8', '8'), [-1, 254]);
  t.same(h.call('BITFIELD', 'wide', 'INCRBY', 'i64', '3', '-1', 'GET', 'u63', '4'), [
    -1,
    2n ** 63n - 1n,
  ]);
  t.same(h.call('BITFIELD', 'k'), []);
});

t.test('OVERFLOW holds for what follows it', async (t) => {
  const h = new Harness();
  const twice = ['INCRBY', 'u2', '100', '1', 'OVERFLOW', 'SAT', 'INCRBY', 'u2', '102', '1'];
  t.same(h.call('BITFIELD', 'k', ...twice), [1, 1]);
  t.same(h.call('BITFIELD', 'k', ...twice), [2, 2]);
  t.same(h.call('BITFIELD', 'k', ...twice), [3, 3]);
  t.same(h.call('BITFIELD', 'k', ...twice), [0, 3]);
  t.same(h.call('BITFIELD', 'k', 'OVERFLOW', 'FAIL', 'INCRBY', 'u2', '102', '1'), [null]);
  t.same(h.call('BITFIELD', 'k', 'OVERFLOW', 'FAIL', 'SET', 'u2', '102', '4'), [null]);
  t.same(
    h.call('BITFIELD', 'k', 'OVERFLOW', 'SAT', 'SET', 'u2', '102', '-1', 'GET', 'u2', '102'),
    [3, 3],
  );
});

t.test('BITFIELD makes room even if nothing can be written', async (t) => {
  const h = new Harness();
  t.same(h.call('BITFIELD', 'k', 'OVERFLOW', 'FAIL', 'SET', 'u4', '14', '16'), [null]);
  t.equal(h.call('GET', 'k'), '\0\0\0');
});

t.test('BITFIELD that only reads makes no key', async (t) => {
  const h = new Harness();
  t.same(h.call('BITFIELD', 'k', 'GET', 'i64', '4294967295', 'OVERFLOW', 'FAIL'), [0]);
  t.equal(h.call('EXISTS', 'k'), 0);
});

t.test('BITFIELD counts as a change only if it is one, and keeps the time to live', async (t) => {
  const h = new Harness();
  h.call('SET', 'k', '12', 'EX', '10');
  const db = h.keyspace.database(0);
  const version = db.version('k');
  t.same(h.call('BITFIELD', 'k', 'SET', 'u8', '0', '49', 'INCRBY', 'u8', '8', '0'), [49, 50]);
  t.equal(db.version('k'), version);
  t.same(h.call('BITFIELD', 'k', 'INCRBY', 'u8', '0', '1'), [50]);
  t.ok(db.version('k') > version);
  t.equal(h.call('GET', 'k'), '22');
  t.equal(h.call('TTL', 'k'), 10);
});

t.test('BITFIELD finds what is wrong before it does anything', async (t) => {
  const h = new Harness();
  const good = ['SET', 'u8', '0', '1'];
  for (const type of ['u64', 'i65', 'u0', 'U8', 'x8', 'u', '', '8', 'i08']) {
    t.same(h.call('BITFIELD', 'k', ...good, 'GET', type, '0'), TYPE, type);
  }
  for (const offset of ['-1', 'x', '#', '#x', '#-1', '4294967296', '#536870912', '##1', '']) {
    t.same(h.call('BITFIELD', 'k', ...good, 'GET', 'u8', offset), OFFSET, offset);
  }
  t.same(h.call('BITFIELD', 'k', ...good, 'GET', 'u8'), SYNTAX);
  t.same(h.call('BITFIELD', 'k', ...good, 'SET', 'u8', '0'), SYNTAX);
  t.same(h.call('BITFIELD', 'k', ...good, 'OVERFLOW'), SYNTAX);
  t.same(h.call('BITFIELD', 'k', ...good, 'foo'), SYNTAX);
  t.same(h.call('BITFIELD', 'k', ...good, 'OVERFLOW', 'x'), {
    error: 'ERR Invalid OVERFLOW type specified',
  });
  t.same(h.call('BITFIELD', 'k', ...good, 'SET', 'u8', '0', 'x'), {
    error: 'ERR value is not an integer or out of range',
  });
  t.same(h.call('BITFIELD', 'k', 'SET', 'u8', '4294967290', '1'), OFFSET);
  t.equal(h.call('EXISTS', 'k'), 0);
});

t.test('BITFIELD_RO reads and refuses to write', async (t) => {
  const h = new Harness();
  h.call('SET', 'k', '\x12\x34');
  t.same(h.call('BITFIELD_RO', 'k', 'GET', 'u4', '#1', 'GET', 'i16', '8'), [2, 0x3400]);
  t.same(h.call('BITFIELD_RO', 'k', 'GET', 'u8', '0', 'SET', 'u8', '0', '1'), {
    error: 'ERR BITFIELD_RO only supports the GET subcommand',
  });
});

t.test('BITFIELD and BITFIELD_RO refuse other types', async (t) => {
  const h = new Harness();
  h.keyspace.database(0).set('list', new FakeCollection(['x']));
  t.match(h.call('BITFIELD', 'list', 'GET', 'u8', '0'), { error: /^WRONGTYPE/ });
  t.match(h.call('BITFIELD', 'list', 'SET', 'u8', '0', '1'), { error: /^WRONGTYPE/ });
  t.match(h.call('BITFIELD_RO', 'list', 'GET', 'u8', '0'), { error: /^WRONGTYPE/ });
});
