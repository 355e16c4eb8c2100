import t from 'tap';
import { readDump } from '../../../src/keyspace/rdb/dump.ts';
import { listpackOf } from './new-forms.ts';
import { intset, length, oldScore, payload, text, ziplist, zipmap } from './old-forms.ts';

function parts(...buffers: Buffer[]): Buffer {
  return Buffer.concat(buffers);
}

t.test('lists of every age are read', async (t) => {
  const expected = { type: 'list', elements: ['a', '5', 'b'] };
  const plain = parts(length(3), text('a'), text('5'), text('b'));
  const nodes = [text(ziplist(['a'])), text(ziplist([])), text(ziplist([5, 'b']))];
  const typed = [length(2), text(listpackOf(['a', 5])), length(1), text('b')];
  for (const [type, body] of [
    [1, plain],
    [10, text(ziplist(['a', 5, 'b']))],
    [14, parts(length(3), ...nodes)],
    [18, parts(length(2), ...typed)],
  ] as const) {
    t.same(readDump(payload(type, body)), expected, `type ${type}`);
  }
});

t.test('sets of every age are read', async (t) => {
  const expected = { type: 'set', members: ['1', '2'] };
  for (const [type, body] of [
    [2, parts(length(2), text('1'), text('2'))],
    [11, text(intset(4, [1, 2]))],
    [20, text(listpackOf([1, '2']))],
  ] as const) {
    t.same(readDump(payload(type, body)), expected, `type ${type}`);
  }
});

t.test('sorted sets of every age are read', async (t) => {
  const expected = { type: 'zset', members: ['a', '7'], scores: [1.5, Number.NEGATIVE_INFINITY] };
  const binary = Buffer.alloc(16);
  binary.writeDoubleLE(1.5, 0);
  binary.writeDoubleLE(Number.NEGATIVE_INFINITY, 8);
  for (const [type, body] of [
    [3, parts(length(2), text('a'), oldScore(1.5), text('7'), oldScore(Number.NEGATIVE_INFINITY))],
    [5, parts(length(2), text('a'), binary.subarray(0, 8), text('7'), binary.subarray(8))],
    [12, text(ziplist(['a', '1.5', 7, '-inf']))],
    [17, text(listpackOf(['a', '1.5', 7, '-inf']))],
  ] as const) {
    t.same(readDump(payload(type, body)), expected, `type ${type}`);
  }
});

t.test('hashes of every age are read', async (t) => {
  const expected = { type: 'hash', pairs: ['a', '1', 'b', ''], deadlines: undefined };
  const pairs = [
    ['a', '1'],
    ['b', ''],
  ] as const;
  for (const [type, body] of [
    [4, parts(length(2), text('a'), text('1'), text('b'), text(''))],
    [9, text(zipmap(pairs))],
    [13, text(ziplist(['a', 1, 'b', '']))],
    [16, text(listpackOf(['a', 1, 'b', '']))],
  ] as const) {
    t.same(readDump(payload(type, body)), expected, `type ${type}`);
  }
});

t.test('empty collections are refused', async (t) => {
  for (const [type, body] of [
    [1, length(0)],
    [2, length(0)],
    [3, length(0)],
    [4, length(0)],
    [5, length(0)],
    [10, text(ziplist([]))],
    [11, text(intset(2, []))],
    [14, parts(length(1), text(ziplist([])))],
    [16, text(listpackOf([]))],
    [17, text(listpackOf([]))],
    [18, length(0)],
    [20, text(listpackOf([]))],
    [22, length(0)],
    [23, text(listpackOf([]))],
    [24, parts(Buffer.alloc(8), length(0))],
    [25, parts(Buffer.alloc(8), text(listpackOf([])))],
  ] as const) {
    t.equal(readDump(payload(type, body)), undefined, `type ${type}`);
  }
});

t.test('half a pair is refused', async (t) => {
  for (const [type, body] of [
    [12, text(ziplist(['a']))],
    [13, text(ziplist(['a', 'b', 'c']))],
    [16, text(listpackOf(['a']))],
    [17, text(listpackOf(['a', 1, 'b']))],
  ] as const) {
    t.equal(readDump(payload(type, body)), undefined, `type ${type}`);
  }
});

t.test('scores that are no numbers are refused', async (t) => {
  const nan = Buffer.alloc(8);
  nan.writeDoubleLE(Number.NaN);
  for (const [type, body] of [
    [3, parts(length(1), text('a'), Buffer.from([253]))],
    [3, parts(length(1), text('a'), text('abc'))],
    [5, parts(length(1), text('a'), nan)],
    [12, text(ziplist(['a', 'nan']))],
    [17, text(listpackOf(['a', 'x']))],
  ] as const) {
    t.equal(readDump(payload(type, body)), undefined, `type ${type}`);
  }
});

t.test('types that are none are refused', async (t) => {
  for (const type of [6, 7, 8, 26, 255]) {
    t.equal(readDump(payload(type, text('abc'))), undefined, `type ${type}`);
  }
});

t.test('a node of a list of an unknown kind is refused', async (t) => {
  t.equal(readDump(payload(18, parts(length(1), length(3), text('a')))), undefined);
});
