import t from 'tap';
import { Prng } from '../../../src/base/prng.ts';
import { crc64 } from '../../../src/keyspace/rdb/crc64.ts';

const POLYNOMIAL = 0x95ac9329ac4bc9b5n;

/** The definition, bit by bit. */
function slow(bytes: Uint8Array): bigint {
  let crc = 0n;
  for (const byte of bytes) {
    crc ^= BigInt(byte);
    for (let i = 0; i < 8; i++) crc = (crc & 1n) === 1n ? (crc >> 1n) ^ POLYNOMIAL : crc >> 1n;
  }
  return crc;
}

function fast(bytes: Uint8Array, start = 0, end = bytes.length): bigint {
  const { low, high } = crc64(bytes, start, end);
  return (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
}

t.test('crc64 of 123456789 is what Redis gives as its check value', async (t) => {
  t.equal(fast(Buffer.from('123456789')), 0xe9c6d914c4b8d9can);
});

t.test('crc64 of nothing is 0', async (t) => {
  t.equal(fast(Buffer.alloc(0)), 0n);
});

t.test('crc64 agrees with its definition for every length and position', async (t) => {
  const random = new Prng(1, 2);
  const bytes = Buffer.alloc(200);
  for (let i = 0; i < bytes.length; i++) bytes[i] = random.below(256);
  for (let start = 0; start < 9; start++) {
    for (let end = start; end < 80; end++) {
      const expected = slow(bytes.subarray(start, end));
      if (fast(bytes, start, end) !== expected) t.fail(`differs from ${start} to ${end}`);
    }
  }
  t.equal(fast(bytes), slow(bytes));
});
