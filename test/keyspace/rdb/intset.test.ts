import t from 'tap';
import { readIntset } from '../../../src/keyspace/rdb/intset.ts';
import { Allowance, Malformed } from '../../../src/keyspace/rdb/malformed.ts';
import { intset } from './old-forms.ts';

function read(bytes: Buffer): string[] {
  return readIntset(bytes, new Allowance());
}

t.test('an intset gives back its members, whatever their width', async (t) => {
  t.same(read(intset(2, [-32768, 0, 7])), ['-32768', '0', '7']);
  t.same(read(intset(4, [-70000, 70000])), ['-70000', '70000']);
  t.same(read(intset(8, [-(2n ** 63n), 5, 2n ** 63n - 1n])), [
    '-9223372036854775808',
    '5',
    '9223372036854775807',
  ]);
  t.same(read(intset(2, [])), []);
});

t.test('an intset out of order or with a member twice is refused', async (t) => {
  t.throws(() => read(intset(2, [5, 4])), Malformed);
  t.throws(() => read(intset(8, [5, 5])), Malformed);
});

t.test('an intset of another length or width is refused', async (t) => {
  const good = intset(2, [1, 2]);
  t.throws(() => read(good.subarray(0, 11)), Malformed);
  t.throws(() => read(Buffer.concat([good, Buffer.alloc(1)])), Malformed);
  t.throws(() => read(good.subarray(0, 6)), Malformed);
  const odd = Buffer.from(good);
  odd[0] = 3;
  t.throws(() => read(odd), Malformed);
  const many = Buffer.from(good);
  many.writeUInt32LE(0xffffffff, 4);
  t.throws(() => read(many), Malformed);
});
