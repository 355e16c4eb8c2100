import t from 'tap';
import { StreamCursor } from '../../src/keyspace/stream-cursor.ts';
import { StreamFields } from '../../src/keyspace/stream-fields.ts';
import { StreamNode } from '../../src/keyspace/stream-node.ts';

const FIELDS = StreamFields.of(['name', 'ann', 'age', '30']);

function nodeOf(...entries: readonly string[][]): StreamNode {
  const [first = []] = entries;
  const node = StreamNode.open({ ms: 1000, seq: 5 }, StreamFields.of(first), undefined);
  entries.forEach((parts, i) => {
    node.append(1000 + i, i === 0 ? 5 : 0, StreamFields.of(parts));
  });
  return node;
}

t.test('the size is that of the listpack Redis would have', async (t) => {
  const node = StreamNode.open({ ms: 1000, seq: 5 }, FIELDS, undefined);
  // Its frame, three small integers, the number of fields, and the names.
  t.equal(node.listpackBytes, 7 + 3 * 2 + 2 + (4 + 2) + (3 + 2));
  const empty = node.listpackBytes;
  node.append(1000, 5, FIELDS);
  // Flags, two parts of the id, a text, an integer, and the number of these.
  t.equal(node.listpackBytes, empty + 3 * 2 + (3 + 2) + 2 + 2);
  const one = node.listpackBytes;
  node.append(2000, 0, StreamFields.of(['other', 'x']));
  // The time is 1000 later, the number 5 less, and one field has a name of its own.
  t.equal(node.listpackBytes, one + 2 + 3 + 3 + 2 + (5 + 2) + (1 + 2) + 2);
});

t.test('nodes with the same names share them', async (t) => {
  const node = nodeOf(['name', 'ann', 'age', '30']);
  const next = StreamNode.open({ ms: 2000, seq: 0 }, FIELDS, node);
  t.equal(next.names, node.names);
  const other = StreamNode.open({ ms: 2000, seq: 0 }, StreamFields.of(['name', 'x']), node);
  t.same(other.names, ['name']);
});

t.test('entries with the names of the first cost only their values', async (t) => {
  const node = nodeOf(['name', 'ann'], ['name', 'bob']);
  const { used } = node;
  node.append(1002, 0, StreamFields.of(['NAME', 'bob']));
  t.ok(node.used - used > used / 2);
  t.same(node.save().names, ['name']);
});

t.test('a closed node gives back what it does not use, and can go on', async (t) => {
  const node = nodeOf(...Array.from({ length: 50 }, () => ['name', 'ann']));
  node.close();
  t.ok(node.bytes.length - node.used <= 64);
  node.append(2000, 0, StreamFields.of(['name', 'last']));
  const cursor = new StreamCursor(node);
  cursor.read(node.lastAt);
  t.same(cursor.id, { ms: 2000, seq: 0 });
  t.same(cursor.fields(), ['name', 'last']);
});

t.test('a node says where it ends, deleted entries included', async (t) => {
  const node = nodeOf(['a', '1'], ['a', '2']);
  node.kill(node.lastAt);
  t.same([node.live, node.dead], [1, 1]);
  t.notOk(node.endsBefore({ ms: 1001, seq: 0 }));
  t.ok(node.endsBefore({ ms: 1001, seq: 1 }));
});
