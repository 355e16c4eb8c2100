import t from 'tap';
import { Allowance } from '../../../src/keyspace/rdb/malformed.ts';
import { Reader } from '../../../src/keyspace/rdb/reader.ts';
import { Writer } from '../../../src/keyspace/rdb/writer.ts';

function written(write: (writer: Writer) => void): Buffer {
  const writer = new Writer();
  write(writer);
  return writer.written();
}

function reader(bytes: Buffer): Reader {
  return new Reader(bytes, 0, bytes.length, new Allowance());
}

t.test('a writer takes the shortest form of a length', async (t) => {
  for (const [value, bytes] of [
    [0, 1],
    [63, 1],
    [64, 2],
    [16383, 2],
    [16384, 5],
    [4294967295, 5],
    [4294967296, 9],
    [2n ** 64n - 1n, 9],
  ] as const) {
    const buffer = written((writer) => writer.length(value));
    t.equal(buffer.length, bytes, `${value}`);
    t.equal(reader(buffer).unsigned(), value);
  }
});

t.test('a writer keeps texts that spell small integers as such', async (t) => {
  for (const [text, bytes] of [
    ['0', 2],
    ['-128', 2],
    ['128', 3],
    ['-32769', 5],
    ['2147483647', 5],
    ['2147483648', 11],
    ['-2147483648', 5],
    ['01', 3],
    ['', 1],
    ['abc', 4],
    ['x'.repeat(100), 102],
  ] as const) {
    const buffer = written((writer) => writer.text(text));
    t.equal(buffer.length, bytes, text);
    t.equal(reader(buffer).text(), text);
  }
});

t.test('a writer grows in the middle of anything', async (t) => {
  for (let before = 240; before < 260; before++) {
    const buffer = written((writer) => {
      writer.raw('x'.repeat(before));
      writer.double(1.5);
      writer.int64(-7);
      writer.uint32(0xdeadbeef);
      writer.uint16(0x1234);
      writer.bytes(Buffer.from('abc'));
      writer.rawBytes(Buffer.from('b'));
    });
    const back = reader(buffer);
    back.raw(before);
    t.equal(back.double(), 1.5);
    t.equal(back.int64(), -7);
    t.equal(back.raw(6), '\xef\xbe\xad\xde\x34\x12');
    t.equal(back.text(), 'abc');
    t.equal(back.raw(1), 'b');
  }
});
