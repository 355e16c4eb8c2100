import t from 'tap';
import { MAX_ID, MAX_UINT64, MIN_ID, type StreamId } from '../../src/keyspace/stream-id.ts';
import { getUint64, IdList, idAt, setUint64, want } from '../../src/keyspace/stream-id-list.ts';

function listOf(ids: readonly StreamId[]): IdList {
  const list = new IdList();
  ids.forEach((id, i) => {
    list.insert(i, want(id.ms, id.seq), 0);
  });
  return list;
}

/** How many ids of the list are not above this one. */
function upTo(list: IdList, ms: number | bigint, seq: number | bigint): number {
  want(ms, seq);
  return list.count();
}

t.test('a list says how many ids are not above one', async (t) => {
  const ids = Array.from({ length: 50 }, (_, i) => ({ ms: i, seq: 5 }));
  const list = listOf(ids);
  t.equal(list.length, 50);
  t.equal(upTo(list, 0, 0), 0);
  for (let i = 0; i < 50; i++) {
    t.equal(upTo(list, i, 4), i);
    t.equal(upTo(list, i, 5), i + 1);
  }
  t.equal(upTo(list, MAX_UINT64, MAX_UINT64), 50);
});

t.test('ids are inserted, replaced and removed anywhere', async (t) => {
  const list = listOf([MIN_ID, { ms: 10, seq: 0 }, MAX_ID]);
  list.insert(1, want(5, 0), 0);
  t.equal(upTo(list, 9, 0), 2);
  list.set(2, want(9, 0), 0);
  t.equal(upTo(list, 9, 0), 3);
  list.remove(0, 2);
  t.equal(list.length, 2);
  t.equal(upTo(list, 8, MAX_UINT64), 0);
  t.equal(upTo(list, 9, 0), 1);
});

t.test('a list that was long and is short still answers', async (t) => {
  const list = listOf(Array.from({ length: 1000 }, (_, i) => ({ ms: i, seq: 0 })));
  const copy = list.copy();
  list.remove(0, 995);
  t.equal(upTo(list, 996, 0), 2);
  list.insert(5, want(1000, 0), 0);
  t.equal(upTo(list, 1000, 0), 6);
  t.equal(upTo(copy, 1000, 0), 1000);
});

t.test('all 64-bit integers go into words and come back', async (t) => {
  const words = new Uint32Array(4);
  const values = [0, 1, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER, 2n ** 53n, MAX_UINT64];
  for (const value of values) {
    setUint64(words, 2, value);
    t.equal(getUint64(words, 2), value);
    t.same(idAt(words, 0), { ms: 0, seq: value });
  }
});
