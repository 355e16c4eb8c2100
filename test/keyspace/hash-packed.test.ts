import t from 'tap';
import {
  MAX_PACKED_CHARS,
  packedForEach,
  packedGet,
  packedMerge,
  packedPair,
  packedRemove,
  packedSet,
} from '../../src/keyspace/hash-packed.ts';
import { pack, packedFindKey } from '../../src/keyspace/packed.ts';

const packed = pack(['a', '1', 'b', '', '', 'c']);

t.test('values are found by fields, not by other values', async (t) => {
  t.equal(packedGet(packed, 'a'), '1');
  t.equal(packedGet(packed, 'b'), '');
  t.equal(packedGet(packed, ''), 'c');
  t.equal(packedGet(packed, '1'), undefined);
  t.equal(packedGet(packed, 'c'), undefined);
  t.equal(packedGet('', 'a'), undefined);
});

t.test('a field is replaced in place or added at the end', async (t) => {
  t.equal(
    packedSet(packed, 0, { field: 'a', value: 'long' }),
    pack(['a', 'long', 'b', '', '', 'c']),
  );
  t.equal(packedSet(packed, -1, { field: 'd', value: '4' }), packed + pack(['d', '4']));
  t.equal(packedSet('', -1, { field: '', value: '' }), pack(['', '']));
});

t.test('what gets too long is not packed', async (t) => {
  const value = 'x'.repeat(60);
  let long = '';
  for (let i = 10; ; i++) {
    const next = packedSet(long, -1, { field: String(i), value });
    if (next === undefined) break;
    long = next;
  }
  t.ok(long.length <= MAX_PACKED_CHARS && long.length > MAX_PACKED_CHARS - 70);
  t.equal(packedMerge(long, ['y', value]), undefined);
  t.equal(packedMerge('', ['y', 'x'.repeat(65)]), undefined);
});

t.test('a field is removed with its value', async (t) => {
  t.equal(packedRemove(packed, packedFindKey(packed, 'b')), pack(['a', '1', '', 'c']));
  t.equal(packedRemove(packed, 0), pack(['b', '', '', 'c']));
});

t.test('several fields are set at once, the last value of each', async (t) => {
  t.same(packedMerge(packed, ['d', '4', 'a', '2', 'd', '5']), {
    packed: pack(['a', '2', 'b', '', '', 'c', 'd', '5']),
    created: 1,
  });
  t.same(packedMerge('', ['a', '1', 'a', '2']), { packed: pack(['a', '2']), created: 1 });
  t.same(packedMerge(packed, ['', 'long', 'b', 'x']), {
    packed: pack(['a', '1', 'b', 'x', '', 'long']),
    created: 0,
  });
});

t.test('fields are visited in order and found by number', async (t) => {
  const seen: string[] = [];
  packedForEach(packed, (field, value) => seen.push(field, value));
  t.same(seen, ['a', '1', 'b', '', '', 'c']);
  t.same(packedPair(packed, 0), ['a', '1']);
  t.same(packedPair(packed, 2), ['', 'c']);
});
