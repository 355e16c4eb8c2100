import t from 'tap';
import { Prng } from '../../../src/base/prng.ts';
import { lzfCanHold, lzfUnpack } from '../../../src/keyspace/rdb/lzf.ts';

function unpack(packed: readonly number[], length: number): string | undefined {
  const out = Buffer.alloc(length);
  const bytes = Buffer.from(packed);
  return lzfUnpack(bytes, 0, bytes.length, out) ? out.toString('latin1') : undefined;
}

t.test('lzf unpacks literals', async (t) => {
  t.equal(unpack([2, 0x61, 0x62, 0x63], 3), 'abc');
});

t.test('lzf unpacks a copy that takes in its own end', async (t) => {
  // One literal, then a long copy (7 + 91 + 2 chars) from one char before.
  t.equal(unpack([0, 0x61, 0xe0, 91, 0], 101), 'a'.repeat(101));
});

t.test('lzf unpacks a short copy from further back', async (t) => {
  t.equal(unpack([3, 0x61, 0x62, 0x63, 0x64, 0x20, 3], 7), 'abcdabc');
});

t.test('lzf refuses what does not fill its length', async (t) => {
  t.equal(unpack([2, 0x61, 0x62, 0x63], 4), undefined);
  t.equal(unpack([2, 0x61, 0x62, 0x63], 2), undefined);
});

t.test('lzf refuses to copy from before the beginning', async (t) => {
  t.equal(unpack([0, 0x61, 0x20, 1], 4), undefined);
});

t.test('lzf refuses what is cut off', async (t) => {
  t.equal(unpack([5, 0x61], 6), undefined);
  t.equal(unpack([0, 0x61, 0xe0], 10), undefined);
  t.equal(unpack([0, 0x61, 0xe0, 5], 10), undefined);
  t.equal(unpack([0, 0x61, 0x20], 4), undefined);
});

t.test('lzf knows how much so many bytes can hold', async (t) => {
  t.equal(lzfCanHold(3, 264), true);
  t.equal(lzfCanHold(3, 265), false);
  t.equal(lzfCanHold(0, 0), true);
  t.equal(lzfCanHold(0, 1), false);
});

t.test('lzf stands any input', async (t) => {
  const random = new Prng(7, 1);
  for (let i = 0; i < 20_000; i++) {
    const packed = Array.from({ length: random.below(40) }, () => random.below(256));
    unpack(packed, random.below(400));
  }
  t.pass('20000 inputs');
});
