import t from 'tap';
import {
  LISTPACK_EMPTY_BYTES,
  listpackBytes,
  listpackEntryBytes,
} from '../../src/keyspace/list-size.ts';

t.test('integers take as few bytes as their size allows, and one for the way back', async (t) => {
  const sizes: readonly [string, number][] = [
    ['0', 2],
    ['127', 2],
    ['128', 3],
    ['-1', 3],
    ['4095', 3],
    ['-4096', 3],
    ['4096', 4],
    ['-4097', 4],
    ['32767', 4],
    ['32768', 5],
    ['8388607', 5],
    ['8388608', 6],
    ['2147483647', 6],
    ['2147483648', 10],
    ['-9223372036854775808', 10],
  ];
  for (const [text, bytes] of sizes) t.equal(listpackEntryBytes(text), bytes, text);
});

t.test('what only looks like an integer is counted as text', async (t) => {
  for (const text of ['007', '+1', '-0', '1.5', '']) {
    t.equal(listpackEntryBytes(text), text.length + 2, text);
  }
  t.equal(listpackEntryBytes('9223372036854775808'), 21);
});

t.test('texts take more bytes for their length the longer they are', async (t) => {
  const sizes: readonly [number, number][] = [
    [63, 65],
    [64, 67],
    [125, 128],
    [126, 130],
    [4095, 4099],
    [4096, 4103],
    [20000, 20008],
  ];
  for (const [length, bytes] of sizes) {
    t.equal(listpackEntryBytes('x'.repeat(length)), bytes, `${length}`);
  }
});

t.test('a listpack adds a header and an end', async (t) => {
  t.equal(listpackBytes([]), LISTPACK_EMPTY_BYTES);
  t.equal(listpackBytes(['1', 'ab']), 7 + 2 + 4);
});
