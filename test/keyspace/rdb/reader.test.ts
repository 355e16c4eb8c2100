import t from 'tap';
import { RawString } from '../../../src/keyspace/raw-string.ts';
import {
  Allowance,
  MAX_DISTINCT,
  MAX_ELEMENTS,
  Malformed,
} from '../../../src/keyspace/rdb/malformed.ts';
import { Reader } from '../../../src/keyspace/rdb/reader.ts';
import { length, text } from './old-forms.ts';

function reader(bytes: Uint8Array | readonly number[]): Reader {
  const buffer = Buffer.from(bytes);
  return new Reader(buffer, 0, buffer.length, new Allowance());
}

t.test('a reader reads lengths in every form', async (t) => {
  for (const [bytes, expected] of [
    [[0], 0],
    [[63], 63],
    [[0x40, 64], 64],
    [[0x7f, 0xff], 16383],
    [[0x80, 0, 0, 0x40, 0], 16384],
    [[0x80, 0xff, 0xff, 0xff, 0xff], 4294967295],
    [[0x81, 0, 0, 0, 1, 0, 0, 0, 0], 4294967296],
    [[0x81, 0, 0x20, 0, 0, 0, 0, 0, 0], 2n ** 53n],
    [[0x81, 255, 255, 255, 255, 255, 255, 255, 255], 2n ** 64n - 1n],
  ] as const) {
    t.equal(reader(bytes).unsigned(), expected);
  }
});

t.test('a reader refuses what is no length', async (t) => {
  for (const bytes of [[], [0xc0], [0xc3], [0x82], [0x40], [0x80, 1, 2], [0x81, 1]]) {
    t.throws(() => reader(bytes).unsigned(), Malformed, JSON.stringify(bytes));
  }
});

t.test('a reader reads strings in every form', async (t) => {
  for (const [bytes, expected] of [
    [[3, 0x61, 0x62, 0x63], 'abc'],
    [[0], ''],
    [[0xc0, 0xff], '-1'],
    [[0xc1, 0x00, 0x80], '-32768'],
    [[0xc2, 0xff, 0xff, 0xff, 0x7f], '2147483647'],
    [[0xc3, 4, 4, 2, 0x61, 0x62, 0x63, 0x20], undefined],
    [[0xc3, 5, 0x40, 101, 0, 0x61, 0xe0, 91, 0], 'a'.repeat(101)],
  ] as const) {
    if (expected === undefined) {
      t.throws(() => reader(bytes).text(), Malformed);
      continue;
    }
    t.equal(reader(bytes).text(), expected);
    t.equal(reader(bytes).bytes().toString('latin1'), expected);
  }
});

t.test('a reader makes values in the form that costs least', async (t) => {
  t.equal(reader([0xc0, 5]).value(), 5);
  t.equal(reader(text('12')).value(), 12);
  t.equal(reader(text('012')).value(), '012');
  t.equal(reader(text('9223372036854775807')).value(), 9223372036854775807n);
  const large = reader(text('x'.repeat(10_000))).value();
  t.ok(large instanceof RawString && large.text() === 'x'.repeat(10_000));
});

t.test('a large value does not share the bytes it came from', async (t) => {
  const bytes = text('x'.repeat(10_000));
  const value = reader(bytes).value();
  bytes.fill(0);
  t.ok(value instanceof RawString && value.text() === 'x'.repeat(10_000));
});

t.test('a reader makes no room for what cannot be there', async (t) => {
  t.throws(() => reader([0x80, 0x7f, 0xff, 0xff, 0xff, 1]).text(), Malformed, 'a long string');
  t.throws(() => reader([0x81, 0, 0, 1, 0, 0, 0, 0, 0, 1]).text(), Malformed, 'a longer one');
  // A claim of 2^31 bytes packed in one byte.
  t.throws(() => reader([0xc3, 1, 0x80, 0x7f, 0xff, 0xff, 0xff, 0]).text(), Malformed, 'LZF');
  t.throws(() => reader([10, 1, 1, 1]).count(1), Malformed, 'more elements than bytes');
});

t.test('a reader takes no more elements than its allowance', async (t) => {
  const allowance = new Allowance();
  allowance.takeElements(MAX_ELEMENTS - 2);
  const bytes = Buffer.from([2, 0, 0, 0]);
  t.equal(new Reader(bytes, 0, 4, allowance).count(1), 2);
  t.throws(() => new Reader(bytes, 0, 4, allowance).count(1), Malformed);
});

t.test('a reader takes no more names than a map holds', async (t) => {
  const head = length(MAX_DISTINCT + 1);
  const bytes = Buffer.concat([head, Buffer.alloc(MAX_DISTINCT + 1)]);
  t.throws(() => reader(bytes).distinct(1), Malformed);
});

t.test('a reader reads numbers of eight bytes', async (t) => {
  const bytes = Buffer.alloc(16);
  bytes.writeBigInt64LE(-5n, 0);
  bytes.writeDoubleLE(1.5, 8);
  const both = reader(bytes);
  t.equal(both.int64(), -5);
  t.equal(both.double(), 1.5);
  t.equal(both.remaining, 0);
  t.throws(() => both.byte(), Malformed);
});
