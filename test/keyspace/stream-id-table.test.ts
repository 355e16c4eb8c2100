import t from 'tap';
import { Prng } from '../../src/base/prng.ts';
import { formatId, MAX_UINT64 } from '../../src/keyspace/stream-id.ts';
import { ID_WORDS, idAt } from '../../src/keyspace/stream-id-list.ts';
import { IdTable } from '../../src/keyspace/stream-id-table.ts';

/** The ids of a table in order, each with its word. */
function contents(table: IdTable, ms = 0): string[] {
  const all: string[] = [];
  table.walk(
    (words, at) => {
      const { ms, seq } = idAt(words, at);
      return all.push(`${formatId(ms, seq)}:${words[at + ID_WORDS]}`) > 0;
    },
    { ms, seq: 0 },
  );
  return all;
}

function add(table: IdTable, ms: number, value: number): void {
  const { words, at } = table.add(ms, 0);
  words[at + ID_WORDS] = value;
}

t.test('a table keeps ids in order and finds them, whatever comes and goes', async (t) => {
  const random = new Prng(1, 2);
  const model = new Map<number, number>();
  const table = new IdTable(1);
  for (let round = 0; round < 20_000; round++) {
    // It grows for a while, then shrinks again.
    const ms = random.below(3000);
    const growing = Math.floor(round / 5000) % 2 === 0;
    if (!random.chance(growing ? 0.8 : 0.2)) {
      if (table.remove(ms, 0) !== model.delete(ms)) return t.fail(`removal of ${ms} in ${round}`);
    } else if (!model.has(ms)) {
      add(table, ms, round);
      model.set(ms, round);
    }
    const place = table.find(ms, 0);
    const found = place === undefined ? undefined : place.words[place.at + ID_WORDS];
    if (found !== model.get(ms)) return t.fail(`id ${ms} in round ${round}`);
  }
  const sorted = [...model].sort(([a], [b]) => a - b);
  t.equal(table.size, model.size);
  t.same(
    contents(table),
    sorted.map(([ms, value]) => `${ms}-0:${value}`),
  );
  t.same(
    contents(table, 1500),
    sorted.filter(([ms]) => ms >= 1500).map(([ms, value]) => `${ms}-0:${value}`),
  );
  t.same([table.first.ms, table.last.ms], [sorted.at(0)?.[0], sorted.at(-1)?.[0]]);
});

t.test('a table fed in order and emptied in order works as a queue', async (t) => {
  const table = new IdTable(1);
  for (let ms = 0; ms < 1000; ms++) add(table, ms, ms);
  for (let ms = 0; ms < 1000; ms++) {
    t.equal(table.first.ms, ms);
    t.ok(table.remove(ms, 0));
    add(table, 1000 + ms, ms);
  }
  t.equal(table.size, 1000);
  t.equal(table.last.ms, 1999);
});

t.test('ids of all 64 bits are told apart', async (t) => {
  const table = new IdTable(0);
  table.add(MAX_UINT64, MAX_UINT64);
  table.add(2n ** 53n, 1);
  table.add(Number.MAX_SAFE_INTEGER, MAX_UINT64);
  t.ok(table.find(2n ** 53n, 1));
  t.notOk(table.find(2n ** 53n, 2));
  t.same(table.first, { ms: Number.MAX_SAFE_INTEGER, seq: MAX_UINT64 });
  t.same(table.last, { ms: MAX_UINT64, seq: MAX_UINT64 });
});

t.test('a copy and its original change apart', async (t) => {
  const table = new IdTable(1);
  for (let ms = 0; ms < 200; ms++) add(table, ms, ms);
  const copy = table.copy();
  for (let ms = 0; ms < 100; ms++) table.remove(ms, 0);
  add(copy, 500, 1);
  t.equal(table.size, 100);
  t.equal(copy.size, 201);
  t.equal(contents(copy)[0], '0-0:0');
  t.notOk(table.find(500, 0));
});

t.test('an empty table has nothing to find, to remove or to visit', async (t) => {
  const table = new IdTable(1);
  t.notOk(table.find(1, 1));
  t.notOk(table.remove(1, 1));
  t.same(contents(table), []);
  t.equal(table.memory(), 0);
  add(table, 1, 1);
  t.ok(table.remove(1, 0));
  t.equal(table.size, 0);
  t.same(contents(table), []);
});

t.test('the visit ends when it is told to', async (t) => {
  const table = new IdTable(0);
  for (let ms = 0; ms < 200; ms++) table.add(ms, 0);
  let visited = 0;
  table.walk(() => ++visited < 70);
  t.equal(visited, 70);
});
