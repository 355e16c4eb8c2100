import t from 'tap';
import { Allowance, Malformed } from '../../../src/keyspace/rdb/malformed.ts';
import { readZiplist } from '../../../src/keyspace/rdb/ziplist.ts';
import { ziplist } from './old-forms.ts';

function read(bytes: Buffer): string[] {
  return readZiplist(bytes, new Allowance());
}

t.test('a ziplist gives back every kind of entry', async (t) => {
  const items = [
    0,
    12,
    13,
    -1,
    127,
    -128,
    128,
    32767,
    -32768,
    32768,
    8388607,
    -8388608,
    8388608,
    2147483647,
    -2147483648,
    2147483648,
    2n ** 63n - 1n,
    -(2n ** 63n),
    '',
    'a',
    'x'.repeat(63),
    'x'.repeat(64),
    'x'.repeat(252),
    'x'.repeat(300),
    'x'.repeat(16383),
    'x'.repeat(16384),
    'end',
  ];
  t.same(read(ziplist(items)), items.map(String));
});

t.test('an empty ziplist has no entries', async (t) => {
  t.same(read(ziplist([])), []);
});

t.test('a ziplist may keep five bytes for a short length', async (t) => {
  const bytes = Buffer.from('170000000f0000000200000161fe030000000162ff', 'hex');
  bytes.writeUInt32LE(bytes.length, 0);
  bytes.writeUInt32LE(13, 4);
  t.same(read(bytes), ['a', 'b']);
});

t.test('a ziplist that is not whole is refused', async (t) => {
  const good = ziplist(['abc', 5, 300]);
  for (let end = 0; end < good.length; end++) {
    t.throws(() => read(good.subarray(0, end)), Malformed, `cut at ${end}`);
  }
  for (let at = 0; at < good.length; at++) {
    // Chars of a text and the value of an integer may be anything.
    if ((at >= 12 && at <= 14) || at >= good.length - 3) continue;
    const bad = Buffer.from(good);
    bad[at] = (bad[at] as number) ^ 0x80;
    t.throws(() => read(bad), Malformed, `damaged at ${at}`);
  }
});
