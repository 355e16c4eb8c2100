import t from 'tap';
import { integerBytes, textBytes } from '../../src/keyspace/stream-listpack.ts';

function sizeOf(text: string): number {
  const bytes = Buffer.from(`<${text}>`, 'latin1');
  return textBytes(bytes, 1, 1 + text.length);
}

// Sizes as the format of listpacks has them, the byte or bytes behind each element included.
t.test('integers take as few bytes as their size needs', async (t) => {
  const sizes: [number | bigint, number][] = [
    [0, 2],
    [127, 2],
    [128, 3],
    [-1, 3],
    [4095, 3],
    [-4096, 3],
    [4096, 4],
    [-32768, 4],
    [32768, 5],
    [8388607, 5],
    [8388608, 6],
    [-2147483648, 6],
    [2147483648, 10],
    [Number.MAX_SAFE_INTEGER, 10],
    [2n ** 63n, 10],
    [2n ** 64n - 1n, 3],
  ];
  for (const [value, size] of sizes) t.equal(integerBytes(value), size, String(value));
});

t.test('texts that spell an integer take no more than it', async (t) => {
  t.equal(sizeOf('0'), 2);
  t.equal(sizeOf('100'), 2);
  t.equal(sizeOf('-100'), 3);
  t.equal(sizeOf('1234567890123456789'), 10);
  t.equal(sizeOf('9223372036854775807'), 10);
  t.equal(sizeOf('-9223372036854775808'), 10);
});

t.test('texts that nearly spell one are texts', async (t) => {
  for (const text of ['', '-', '-0', '007', '+1', ' 1', '1.0', '1e3', '9223372036854775808']) {
    t.equal(sizeOf(text), text.length + 2, text);
  }
  t.equal(sizeOf('123456789012345678901'), 23);
});

t.test('long texts take more for their length', async (t) => {
  t.equal(sizeOf('x'.repeat(63)), 65);
  t.equal(sizeOf('x'.repeat(64)), 67);
  t.equal(sizeOf('x'.repeat(125)), 128);
  t.equal(sizeOf('x'.repeat(126)), 130);
  t.equal(sizeOf('x'.repeat(4095)), 4099);
  t.equal(sizeOf('x'.repeat(4096)), 4103);
  t.equal(sizeOf('x'.repeat(20_000)), 20_008);
});
