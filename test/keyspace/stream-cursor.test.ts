import t from 'tap';
import { StreamCursor } from '../../src/keyspace/stream-cursor.ts';
import { StreamFields } from '../../src/keyspace/stream-fields.ts';
import { MAX_UINT64 } from '../../src/keyspace/stream-id.ts';
import { StreamNode } from '../../src/keyspace/stream-node.ts';

function nodeOf(...values: readonly string[]): StreamNode {
  const node = StreamNode.open({ ms: 10, seq: 0 }, StreamFields.of(['f', '']), undefined);
  values.forEach((value, i) => {
    node.append(10 + i, 0, StreamFields.of(['f', value]));
  });
  return node;
}

t.test('a cursor reads entry after entry, in any order', async (t) => {
  const values = Array.from({ length: 90 }, (_, i) => 'x'.repeat(i));
  const node = nodeOf(...values);
  const cursor = new StreamCursor(node);
  const places: number[] = [];
  for (let at = 0; at < node.used; at = cursor.end) {
    cursor.read(at);
    places.push(at);
  }
  t.equal(places.length, 90);
  for (const i of [89, 0, 45, 46, 44, 1]) {
    cursor.read(places[i] ?? 0);
    t.equal(cursor.ms, 10 + i);
    t.same(cursor.fields(), ['f', values[i]]);
    t.same(cursor.fields(), ['f', values[i]], 'twice');
  }
});

t.test('a cursor that enters another node forgets what it decoded', async (t) => {
  const cursor = new StreamCursor(nodeOf('one', 'two'));
  cursor.read(0);
  t.same(cursor.fields(), ['f', 'one']);
  cursor.enter(nodeOf('ONE', 'TWO'));
  cursor.read(0);
  t.same(cursor.fields(), ['f', 'ONE']);
});

t.test('a cursor tells deleted entries from others', async (t) => {
  const node = nodeOf('one', 'two');
  node.kill(0);
  const cursor = new StreamCursor(node);
  cursor.read(0);
  t.equal(cursor.dead, true);
  cursor.read(cursor.end);
  t.equal(cursor.dead, false);
});

t.test('numbers beyond 53 bits are read exactly', async (t) => {
  const fields = StreamFields.of(['f', 'v']);
  const node = StreamNode.open({ ms: 1, seq: 3 }, fields, undefined);
  for (const seq of [3, 2 ** 48, 2 ** 52 + 1, 2n ** 53n + 1n, MAX_UINT64]) {
    node.append(1, seq, fields);
    const cursor = new StreamCursor(node);
    cursor.read(node.lastAt);
    t.equal(cursor.seq, seq);
    t.same(cursor.fields(), ['f', 'v']);
  }
  node.append(MAX_UINT64, 0, fields);
  const cursor = new StreamCursor(node);
  cursor.read(node.lastAt);
  t.equal(cursor.ms, MAX_UINT64);
});
