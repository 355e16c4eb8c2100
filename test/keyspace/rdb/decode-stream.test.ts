import t from 'tap';
import { readDump } from '../../../src/keyspace/rdb/dump.ts';
import type { RdbStream } from '../../../src/keyspace/rdb/rdb-value.ts';
import { listpackOf } from './new-forms.ts';
import { length, payload, text } from './old-forms.ts';

function id(ms: number, seq: number): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeBigUInt64BE(BigInt(ms), 0);
  bytes.writeBigUInt64BE(BigInt(seq), 8);
  return bytes;
}

function time(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(BigInt(value));
  return bytes;
}

function pair(ms: number, seq: number): Buffer {
  return Buffer.concat([length(ms), length(seq)]);
}

/** Entries 1-1 {a: x}, 2-0 {a: y}, which is deleted, and 2-5 {b: 7}. */
const NODE = listpackOf([
  ...[2, 1, 1, 'a', 0],
  ...[2, 0, 0, 'x', 4],
  ...[3, 1, -1, 'y', 4],
  ...[0, 1, 4, 1, 'b', 7, 6],
]);

interface Parts {
  readonly form?: 1 | 2 | 3;
  readonly node?: Buffer;
  readonly count?: number;
  readonly lastId?: Buffer;
  readonly groups?: readonly Buffer[];
}

function stream({ form = 2, node = NODE, count = 2, lastId, groups = [] }: Parts): Buffer {
  const history = form === 1 ? [] : [pair(1, 1), pair(2, 0), length(3)];
  const body = Buffer.concat([
    ...[length(1), text(id(1, 1)), text(node), length(count), lastId ?? pair(2, 5)],
    ...[...history, length(groups.length), ...groups],
  ]);
  return payload({ 1: 15, 2: 19, 3: 21 }[form], body, 11);
}

/** Consumer c has got 1-1, which d had before; d has got nothing since. */
function group(form: 1 | 2 | 3, owned: readonly Buffer[] = [id(1, 1)]): Buffer {
  const times = (seen: number, active: number): Buffer[] =>
    form === 3 ? [time(seen), time(active)] : [time(seen)];
  return Buffer.concat([
    ...[text('g'), pair(1, 1), ...(form === 1 ? [] : [length(1)])],
    ...[length(1), id(1, 1), time(5000), length(3), length(2)],
    ...[text('c'), ...times(6000, 5000), length(owned.length), ...owned],
    ...[text('d'), ...times(4000, -1), length(0)],
  ]);
}

function read(parts: Parts): RdbStream | undefined {
  const value = readDump(stream(parts));
  return value?.type === 'stream' ? value : undefined;
}

t.test('a stream is read with its history', async (t) => {
  const value = read({});
  t.same(value?.lastId, { ms: 2, seq: 5 });
  t.same(value?.maxDeletedId, { ms: 2, seq: 0 });
  t.equal(value?.entriesAdded, 3);
  t.equal(value?.nodes.length, 1);
  t.equal(value?.nodes[0]?.listpackBytes, NODE.length);
  t.same(value?.nodes[0]?.names, ['a']);
});

t.test('a stream of Redis 5 has a history as if nothing had been deleted', async (t) => {
  const value = read({ form: 1 });
  t.same(value?.maxDeletedId, { ms: 0, seq: 0 });
  t.equal(value?.entriesAdded, 2);
});

t.test('groups are read in every form', async (t) => {
  for (const form of [1, 2, 3] as const) {
    const value = read({ form, groups: [group(form)] });
    const pending = [{ id: { ms: 1, seq: 1 }, deliveredAt: 5000, deliveries: 3 }];
    const active = form === 3 ? [5000, -1] : [6000, 4000];
    t.same(value?.groups, [
      {
        name: 'g',
        lastId: { ms: 1, seq: 1 },
        entriesRead: 1,
        consumers: [
          { name: 'c', seenAt: 6000, activeAt: active[0], pending },
          { name: 'd', seenAt: 4000, activeAt: active[1], pending: [] },
        ],
      },
    ]);
  }
});

t.test('how far a group of Redis 5 has read is worked out where that is possible', async (t) => {
  for (const [at, expected] of [
    [pair(0, 0), 0],
    [pair(1, 1), 1],
    [pair(2, 0), -1],
    [pair(2, 5), 2],
    [pair(3, 0), -1],
  ] as const) {
    const groups = [Buffer.concat([text('g'), at, length(0), length(0)])];
    t.equal(read({ form: 1, groups })?.groups[0]?.entriesRead, expected);
  }
});

t.test('a number of entries read that is not known is -1', async (t) => {
  const unknown = Buffer.from([0x81, 255, 255, 255, 255, 255, 255, 255, 255]);
  const groups = [Buffer.concat([text('g'), pair(1, 1), unknown, length(0), length(0)])];
  t.equal(read({ groups })?.groups[0]?.entriesRead, -1);
});

t.test('an empty stream is one', async (t) => {
  const body = Buffer.concat([length(0), length(0), pair(7, 1), pair(0, 0), pair(7, 1), length(9)]);
  const value = readDump(payload(19, Buffer.concat([body, length(0)])));
  t.ok(value?.type === 'stream' && value.nodes.length === 0 && value.entriesAdded === 9);
});

t.test('a stream that contradicts itself is refused', async (t) => {
  const cases: Record<string, Parts> = {
    'another length': { count: 3 },
    'an entry above the last id': { lastId: pair(2, 4) },
    'a count of entries that is not that': {
      node: listpackOf([2, 0, 1, 'a', 0, 2, 0, 0, 'x', 4, 3, 1, 0, 'y', 4]),
    },
    'entries in the wrong order': {
      node: listpackOf([2, 0, 1, 'a', 0, 2, 0, 1, 'x', 4, 2, 0, 0, 'y', 4]),
    },
    'an entry below its node': {
      node: listpackOf([2, 0, 1, 'a', 0, 2, 0, -1, 'x', 4, 2, 1, 0, 'y', 4]),
    },
    'a wrong length of an entry': {
      node: listpackOf([2, 0, 1, 'a', 0, 2, 0, 0, 'x', 5, 2, 1, 0, 'y', 4]),
    },
    'more fields than elements': {
      node: listpackOf([2, 0, 1, 'a', 0, 2, 0, 0, 'x', 4, 0, 1, 0, 2 ** 40, 'y', 4]),
    },
    'no fields': { node: listpackOf([2, 0, 0, 0, 2, 0, 0, 3, 2, 1, 0, 3]) },
    'a pending entry of nobody': { groups: [group(2, [])] },
    'a pending entry of a consumer alone': { groups: [group(2, [id(1, 1), id(2, 5)])] },
    'a pending entry twice': { groups: [group(2, [id(1, 1), id(1, 1)])] },
    'a group twice': { groups: [group(2), group(2)] },
  };
  for (const [title, parts] of Object.entries(cases)) t.equal(read(parts), undefined, title);
});
