import t from 'tap';
import {
  canonical,
  compareIds,
  differenceOf,
  formatId,
  idAfter,
  idBefore,
  isZeroId,
  MAX_ID,
  MAX_UINT64,
  MIN_ID,
  type StreamId,
  sumOf,
} from '../../src/keyspace/stream-id.ts';

const BORDER = Number.MAX_SAFE_INTEGER;

t.test('ids are ordered by time, then by number, across all 64 bits', async (t) => {
  const ordered: StreamId[] = [
    MIN_ID,
    { ms: 0, seq: 1 },
    { ms: 0, seq: MAX_UINT64 },
    { ms: 1, seq: 0 },
    { ms: BORDER, seq: BORDER },
    { ms: BORDER, seq: BigInt(BORDER) + 1n },
    { ms: BigInt(BORDER) + 1n, seq: 0 },
    MAX_ID,
  ];
  ordered.forEach((a, i) => {
    ordered.forEach((b, k) => {
      t.equal(Math.sign(compareIds(a, b)), Math.sign(i - k), `${formatId(a.ms, a.seq)} and ${k}`);
    });
  });
});

t.test('the id after and the id before undo each other, but at the ends', async (t) => {
  const ids: StreamId[] = [
    MIN_ID,
    { ms: 5, seq: 7 },
    { ms: 5, seq: BORDER },
    { ms: 5, seq: MAX_UINT64 },
    { ms: BORDER, seq: MAX_UINT64 },
    { ms: BigInt(BORDER) + 1n, seq: BigInt(BORDER) + 1n },
  ];
  for (const id of ids) {
    const next = idAfter(id);
    t.ok(next !== undefined && compareIds(next, id) > 0);
    t.same(idBefore(next ?? MIN_ID), id);
  }
  t.same(idAfter({ ms: 5, seq: MAX_UINT64 }), { ms: 6, seq: 0 });
  t.same(idAfter({ ms: 5, seq: BORDER }), { ms: 5, seq: 9007199254740992n });
  t.equal(idAfter(MAX_ID), undefined);
  t.equal(idBefore(MIN_ID), undefined);
});

t.test('sums and differences are numbers while these are exact', async (t) => {
  t.equal(sumOf(1, 2), 3);
  t.equal(sumOf(BORDER, 1), 9007199254740992n);
  t.equal(sumOf(MAX_UINT64 - 1n, 1), MAX_UINT64);
  t.equal(differenceOf(1, 3), -2);
  t.equal(differenceOf(MAX_UINT64, MAX_UINT64 - 5n), 5);
  t.equal(differenceOf(0, MAX_UINT64), -MAX_UINT64);
  t.equal(canonical(7n), 7);
  t.ok(isZeroId({ ms: 0, seq: 0 }) && !isZeroId({ ms: 0, seq: 1 }));
});

t.test('ids are printed in full, whatever was printed before', async (t) => {
  const texts: [StreamId, string][] = [
    [MIN_ID, '0-0'],
    [{ ms: 999, seq: 1 }, '999-1'],
    [{ ms: 1000, seq: 1 }, '1000-1'],
    [{ ms: 1_700_000_000_007, seq: 0 }, '1700000000007-0'],
    [{ ms: 1_700_000_000_123, seq: 45 }, '1700000000123-45'],
    [{ ms: 1_700_000_001_000, seq: MAX_UINT64 }, '1700000001000-18446744073709551615'],
    [{ ms: BORDER, seq: 0 }, '9007199254740991-0'],
    [MAX_ID, '18446744073709551615-18446744073709551615'],
  ];
  for (const [id, text] of [...texts, ...texts.reverse()]) t.equal(formatId(id.ms, id.seq), text);
});
