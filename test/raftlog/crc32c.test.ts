import t from 'tap';
import { crc32c } from '../../raftlog/crc32c.ts';

/** Bit by bit, straight from the definition. */
function slow(bytes: Uint8Array, seed: number): number {
  let c = ~seed;
  for (const byte of bytes) {
    c ^= byte;
    for (let bit = 0; bit < 8; bit++) c = c & 1 ? (c >>> 1) ^ 0x82f63b78 : c >>> 1;
  }
  return ~c >>> 0;
}

function of(bytes: Uint8Array, seed = 0): number {
  return crc32c(bytes, 0, bytes.length, seed);
}

const counting = Buffer.from(Array.from({ length: 32 }, (_, i) => i));

t.test('crc32c gives the published values', async (t) => {
  t.equal(of(Buffer.from('123456789')), 0xe3069283);
  t.equal(of(Buffer.alloc(32, 0)), 0x8a9136aa);
  t.equal(of(Buffer.alloc(32, 0xff)), 0x62a8ab43);
  t.equal(of(counting), 0x46dd794e);
  t.equal(of(Buffer.from(counting).reverse()), 0x113fdb5c);
  t.equal(of(Buffer.alloc(0)), 0);
});

t.test('crc32c agrees with the definition for every length up to 100', async (t) => {
  const bytes = Buffer.from(Array.from({ length: 100 }, (_, i) => (i * 167 + 13) & 255));
  for (let length = 0; length <= 100; length++) {
    const part = bytes.subarray(0, length);
    t.equal(of(part, length * 7919), slow(part, length * 7919), `length ${length}`);
  }
});

t.test('crc32c of two parts, one seeding the other, is the CRC of both together', async (t) => {
  const bytes = Buffer.from('a log is a list of things that have happened');
  for (let cut = 0; cut <= bytes.length; cut++) {
    const front = crc32c(bytes, 0, cut, 0);
    t.equal(crc32c(bytes, cut, bytes.length, front), of(bytes));
  }
});
