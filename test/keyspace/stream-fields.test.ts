import t from 'tap';
import {
  putVarint,
  StreamFields,
  sizeOfText,
  varintBytes,
} from '../../src/keyspace/stream-fields.ts';
import { textLength, textStart } from '../../src/keyspace/stream-node.ts';

/** The names and values in turn. */
function partsOf(fields: StreamFields): string[] {
  const parts: string[] = [];
  for (let at = 0; at < fields.used; ) {
    const start = textStart(fields.bytes, at);
    at = start + textLength(fields.bytes, at);
    parts.push(fields.bytes.latin1Slice(start, at));
  }
  return parts;
}

t.test('fields hold names and values of any length and any bytes', async (t) => {
  const parts = ['', 'a', '\x00\xff', 'x'.repeat(127), 'y'.repeat(128), 'z'.repeat(20_000)];
  const fields = StreamFields.of(parts);
  t.equal(fields.count, 3);
  t.same(partsOf(fields), parts);
  t.equal(
    fields.payload,
    parts.reduce((sum, { length }) => sum + length, 0),
  );
  t.equal(
    fields.used,
    parts.reduce((sum, { length }) => sum + sizeOfText(length), 0),
  );
});

t.test('bytes and text make the same fields', async (t) => {
  const parts = ['name', 'v'.repeat(50)];
  const ofText = StreamFields.of(parts);
  const ofBytes = StreamFields.of(parts.map((part) => Buffer.from(part, 'latin1')));
  t.same(partsOf(ofBytes), partsOf(ofText));
});

t.test('a varint takes as many bytes as it says', async (t) => {
  const target = new Uint8Array(16);
  const values = [0, 127, 128, 16383, 16384, 2 ** 21, 2 ** 32, Number.MAX_SAFE_INTEGER];
  for (const value of [...values, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n]) {
    t.equal(putVarint(target, 3, value), 3 + varintBytes(value), String(value));
  }
  t.equal(varintBytes(2n ** 64n - 1n), 10);
});
