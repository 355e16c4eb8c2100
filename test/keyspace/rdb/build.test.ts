import t from 'tap';
import { HashValue } from '../../../src/keyspace/hash-value.ts';
import { KeyHash } from '../../../src/keyspace/key-hash.ts';
import { buildValue } from '../../../src/keyspace/rdb/build.ts';
import type { RdbValue } from '../../../src/keyspace/rdb/rdb-value.ts';
import { SortedSet } from '../../../src/keyspace/sorted-set.ts';

const context = { hash: new KeyHash({ high: 1, low: 2 }), now: 1000 };

function many(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `element:${i}`);
}

t.test('an element that is there twice is malformed', async (t) => {
  for (const members of [
    ['a', 'a'],
    ['1', '2', '1'],
    [...many(1000), 'element:999'],
  ]) {
    const scores = members.map((_, i) => i);
    const pairs = members.flatMap((member) => [member, 'v']);
    const values: RdbValue[] = [
      { type: 'set', members },
      { type: 'zset', members, scores },
      { type: 'hash', pairs, deadlines: undefined },
    ];
    for (const value of values) t.equal(buildValue(value, context).kind, 'malformed', value.type);
  }
});

t.test('a list may have an element twice', async (t) => {
  t.equal(buildValue({ type: 'list', elements: ['a', 'a'] }, context).kind, 'value');
});

t.test('fields whose deadline has come are left out', async (t) => {
  const pairs = ['a', '1', 'b', '2', 'c', '3'];
  const built = buildValue({ type: 'hash', pairs, deadlines: [999, 0, 1001] }, context);
  t.ok(built.kind === 'value' && built.value instanceof HashValue);
  if (built.kind !== 'value' || !(built.value instanceof HashValue)) return;
  t.equal(built.value.get('a'), undefined);
  t.equal(built.value.deadline('b'), undefined);
  t.equal(built.value.deadline('c'), 1001);
});

t.test('a hash of which nothing is left is gone', async (t) => {
  const pairs = ['a', '1', 'b', '2'];
  t.equal(buildValue({ type: 'hash', pairs, deadlines: [999, 1000] }, context).kind, 'gone');
});

t.test('a sorted set is in order, whatever the order it comes in', async (t) => {
  const built = buildValue({ type: 'zset', members: ['c', 'a', 'b'], scores: [2, 5, -1] }, context);
  t.ok(built.kind === 'value' && built.value instanceof SortedSet);
  if (built.kind !== 'value' || !(built.value instanceof SortedSet)) return;
  t.same(built.value.range(0, 2), ['b', 'c', 'a']);
});
