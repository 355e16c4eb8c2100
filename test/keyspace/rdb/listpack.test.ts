import t from 'tap';
import { ListpackReader, readListpack } from '../../../src/keyspace/rdb/listpack.ts';
import { Allowance, Malformed } from '../../../src/keyspace/rdb/malformed.ts';
import { listpackOf } from './new-forms.ts';

function read(bytes: Buffer): string[] {
  return readListpack(bytes, new Allowance());
}

/** What redis-server 7.0.15 keeps for `HSET h a 1 bb -300`, out of its DUMP. */
const CAPTURED = '130000000400816102010182626203ded402ff';

t.test('a listpack of a real Redis is read', async (t) => {
  t.same(read(Buffer.from(CAPTURED, 'hex')), ['a', '1', 'bb', '-300']);
});

t.test('a listpack gives back every kind of element', async (t) => {
  const elements = [
    ...[0, 127, 128, 4095, 4096, -1, -4096, -4097, 32767, -32768, 32768, 8388607, -8388608],
    ...[8388608, 2147483647, -2147483648, 2147483648, 9007199254740993n, -(2n ** 63n)],
    ...[2n ** 63n - 1n, '', 'a', 'x'.repeat(63), 'x'.repeat(64), 'x'.repeat(4095)],
    ...['x'.repeat(4096), '01', '-', '-0', '\xff\x00'],
  ];
  t.same(read(listpackOf(elements)), elements.map(String));
});

t.test('lengths behind elements are right at every border', async (t) => {
  for (const size of [125, 126, 127, 16378, 16379, 16380, 2097146, 2097147, 2097148]) {
    const text = 'y'.repeat(size);
    t.same(read(listpackOf([text, 'end'])), [text, 'end'], `${size}`);
  }
});

t.test('a listpack reader tells texts from integers', async (t) => {
  const reader = new ListpackReader(listpackOf(['x', 5]), new Allowance());
  t.throws(() => reader.number(), Malformed);
  t.equal(reader.number(), 5);
  t.equal(reader.count, 2);
  t.equal(reader.more, false);
  t.throws(() => reader.advance(), Malformed);
});

t.test('a listpack that is not whole is refused', async (t) => {
  const good = listpackOf(['abc', 5, 300]);
  for (let end = 0; end < good.length; end++) {
    t.throws(() => read(good.subarray(0, end)), Malformed, `cut at ${end}`);
  }
  for (let at = 0; at < good.length; at++) {
    // Chars of a text and the value of an integer may be anything.
    if ((at >= 7 && at <= 9) || at === 14) continue;
    const bad = Buffer.from(good);
    bad[at] = (bad[at] as number) ^ 0x80;
    t.throws(() => read(bad), Malformed, `damaged at ${at}`);
  }
});
