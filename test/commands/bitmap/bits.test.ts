import t from 'tap';
import { Prng } from '../../../src/base/prng.ts';
import { countBits, findBit } from '../../../src/commands/bitmap/bits.ts';

/** Bytes at any address, so that words begin anywhere in them. */
function bytesOf(random: Prng, length: number, make: () => number): Buffer {
  const shift = random.below(8);
  const bytes = Buffer.alloc(shift + length).subarray(shift);
  for (let i = 0; i < length; i++) bytes[i] = make();
  return bytes;
}

function bitAt(bytes: Buffer, i: number): number {
  return ((bytes[i >>> 3] ?? 0) >>> (7 - (i & 7))) & 1;
}

t.test('countBits counts what a look at each bit counts', async (t) => {
  const random = new Prng(1, 2);
  for (let round = 0; round < 500; round++) {
    const bytes = bytesOf(random, random.below(600), () => random.below(256));
    const from = random.below(bytes.length * 8 + 1);
    const to = from + random.below(bytes.length * 8 - from + 1);
    let expected = 0;
    for (let i = from; i < to; i++) expected += bitAt(bytes, i);
    if (countBits(bytes, { from, to }) !== expected) t.fail(`${from} to ${to}`);
  }
  t.pass('500 ranges');
});

t.test('findBit finds what a look at each bit finds', async (t) => {
  const random = new Prng(3, 4);
  for (let round = 0; round < 1000; round++) {
    const most = random.chance(0.5) ? 0 : 255;
    const make = (): number => (random.chance(0.005) ? random.below(256) : most);
    const bytes = bytesOf(random, random.below(round % 10 === 0 ? 20_000 : 300), make);
    const from = random.below(bytes.length * 8 + 1);
    const to = from + random.below(bytes.length * 8 - from + 1);
    const bit = random.chance(0.5) ? 1 : 0;
    let expected = from;
    while (expected < to && bitAt(bytes, expected) !== bit) expected++;
    if (expected === to) expected = -1;
    if (findBit(bytes, bit, { from, to }) !== expected) t.fail(`${bit}: ${from} to ${to}`);
  }
  t.pass('1000 ranges');
});

t.test('bits beyond 2^31 are counted and found', async (t) => {
  const bytes = Buffer.alloc(512 * 1024 * 1024);
  const last = 2 ** 32 - 1;
  bytes[bytes.length - 1] = 1;
  t.equal(findBit(bytes.subarray(bytes.length - 9), 1, { from: 0, to: 72 }), 71);
  t.equal(countBits(bytes, { from: last - 70, to: last + 1 }), 1);
  t.equal(findBit(bytes, 1, { from: last - 70, to: last + 1 }), last);
  t.equal(findBit(bytes, 0, { from: last, to: last + 1 }), -1);
});
