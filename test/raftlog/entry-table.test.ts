import t from 'tap';
import { EntryTable } from '../../raftlog/entry-table.ts';
import { Prng } from '../../src/base/prng.ts';

interface Row {
  readonly offset: number;
  readonly bytes: number;
  readonly chain: number;
  readonly term: number;
}

const BASE = { index: 10, term: 2, chain: 99 };

t.test('an empty table answers with its base', async (t) => {
  const table = new EntryTable(BASE);
  t.equal(table.last, 10);
  t.equal(table.lastTerm, 2);
  t.equal(table.lastChain, 99);
  t.equal(table.has(10), false);
});

t.test('a table agrees with a plain list through pushes and truncations', async (t) => {
  const prng = new Prng(1, 2);
  const table = new EntryTable(BASE);
  const rows: Row[] = [];
  let term = 2;
  for (let step = 0; step < 3000; step++) {
    if (prng.chance(0.05) && rows.length > 0) {
      const keep = prng.below(rows.length);
      rows.length = keep;
      table.truncate(11 + keep);
      term = Math.max(table.lastTerm, term);
    } else {
      if (prng.chance(0.1)) term++;
      const row = { offset: prng.below(2 ** 50), bytes: prng.below(2 ** 32), chain: step, term };
      rows.push(row);
      table.push(row.offset, row.bytes, row.chain, row.term);
    }
    t.equal(table.last, 10 + rows.length) || t.bailout('length');
  }
  rows.forEach((row, i) => {
    const index = 11 + i;
    const { offset, bytes, chain } = row;
    const found = [table.offset(index), table.bytes(index), table.chain(index), table.term(index)];
    t.strictSame(found, [offset, bytes, chain, row.term]);
  });
});

t.test('truncating above the last entry changes nothing', async (t) => {
  const table = new EntryTable(BASE);
  table.push(128, 40, 7, 3);
  table.truncate(12);
  t.equal(table.last, 11);
  t.equal(table.term(11), 3);
});
