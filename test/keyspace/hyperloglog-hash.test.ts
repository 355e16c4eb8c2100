import t from 'tap';
import { placeOf, RANK_SHIFT } from '../../src/keyspace/hyperloglog-hash.ts';

const MASK = (1n << 64n) - 1n;
const MULTIPLIER = 0xc6a4a7935bd1e995n;

/** MurmurHash64A, straight from its definition. */
function murmur(bytes: Buffer): bigint {
  const multiply = (value: bigint): bigint => (value * MULTIPLIER) & MASK;
  let h = 0xadc83b19n ^ multiply(BigInt(bytes.length));
  const whole = bytes.length & ~7;
  for (let at = 0; at < whole; at += 8) {
    let k = multiply(bytes.readBigUInt64LE(at));
    k = multiply(k ^ (k >> 47n));
    h = multiply(h ^ k);
  }
  if (whole < bytes.length) {
    const rest = Buffer.alloc(8);
    bytes.copy(rest, 0, whole);
    h = multiply(h ^ rest.readBigUInt64LE());
  }
  h = multiply(h ^ (h >> 47n));
  return h ^ (h >> 47n);
}

function expected(bytes: Buffer): number {
  const hash = murmur(bytes);
  let rank = 1;
  for (let rest = (hash >> 14n) | (1n << 50n); (rest & 1n) === 0n; rest >>= 1n) rank++;
  return Number(hash & 16383n) * 2 ** RANK_SHIFT + rank;
}

t.test('register and rank are those of the 64-bit hash', async (t) => {
  const bytes = Buffer.alloc(70);
  for (let i = 0; i < bytes.length; i++) bytes[i] = (i * 151 + 17) & 255;
  for (let length = 0; length < bytes.length; length++) {
    t.equal(placeOf(bytes, 0, length), expected(bytes.subarray(0, length)));
  }
});

t.test('many hashes in a row are right, wherever they stand', async (t) => {
  let wrong = 0;
  for (let i = 0; i < 20_000; i++) {
    const bytes = Buffer.from(`..element:${i}:${'\xff'.repeat(i % 9)}.`, 'latin1');
    const element = bytes.subarray(2, bytes.length - 1);
    if (placeOf(bytes, 2, bytes.length - 1) !== expected(element)) wrong++;
  }
  t.equal(wrong, 0);
});
