import t from 'tap';
import { Prng } from '../../src/base/prng.ts';
import { CHUNK_MASK, KEY_WORDS } from '../../src/keyspace/entries.ts';
import { KeyHash } from '../../src/keyspace/key-hash.ts';
import { KeyTable, reverseBits } from '../../src/keyspace/key-table.ts';
import type { Value } from '../../src/keyspace/value.ts';

const hash = new KeyHash({ high: 1, low: 2 });

function keyAt(table: KeyTable<Value>, id: number): string {
  return table.entries.chunk(id).keys[id & CHUNK_MASK] ?? '';
}

function valueAt(table: KeyTable<Value>, id: number): Value | undefined {
  return table.entries.chunk(id).values[id & CHUNK_MASK];
}

/** Everything a scan from the beginning visits, in order. */
function scanAll(table: KeyTable<Value>): string[] {
  const keys: string[] = [];
  let position = 0;
  do {
    position = table.scan(position, (id) => keys.push(keyAt(table, id)));
  } while (position !== 0);
  return keys;
}

t.test('a table agrees with a Map through random adds and removes', async (t) => {
  const random = new Prng(3, 4);
  const table = new KeyTable<Value>(hash, KEY_WORDS, 0);
  const model = new Map<string, Value>();
  for (let step = 0; step < 60_000; step++) {
    const key = `k${random.below(step < 30_000 ? 20_000 : 60_000)}`;
    const id = table.find(key);
    if ((id !== -1) !== model.has(key)) t.bailout('presence differs');
    if (id === -1 && random.chance(step < 30_000 ? 0.9 : 0.2)) {
      table.add(key, step);
      model.set(key, step);
    } else if (id !== -1 && random.chance(0.5)) {
      table.remove(id);
      model.delete(key);
    }
  }
  t.equal(table.entries.count, model.size);
  for (const [key, value] of model) {
    const id = table.find(key);
    if (valueAt(table, id) !== value || keyAt(table, id) !== key) t.fail(`${key} is wrong`);
  }
  t.same(scanAll(table).sort(), [...model.keys()].sort());
});

t.test('a table shrinks to nothing and grows again', async (t) => {
  const table = new KeyTable<Value>(hash, KEY_WORDS, 0);
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < 40_000; i++) table.add(`k${i}`, i);
    for (let i = 0; i < 40_000; i++) table.remove(table.find(`k${i}`));
    t.equal(table.entries.count, 0);
    t.same(scanAll(table), []);
  }
});

t.test('entries have no holes and remove says which entry moved', async (t) => {
  const table = new KeyTable<Value>(hash, KEY_WORDS, 0);
  for (const key of ['a', 'b', 'c']) table.add(key, key);
  t.equal(table.remove(table.find('a')), 2, 'c took the place of a');
  t.equal(table.find('c'), 0);
  t.equal(table.remove(table.find('b')), -1, 'b was the last');
  t.equal(table.entries.count, 1);
});

t.test('a scan visits each key that stays exactly once while others come and go', async (t) => {
  for (let seed = 1; seed <= 30; seed++) {
    const random = new Prng(seed, 9);
    const table = new KeyTable<Value>(hash, KEY_WORDS, 0);
    const stay = 1 + random.below(2000);
    for (let i = 0; i < stay; i++) table.add(`stay${i}`, i);
    const others: string[] = [];
    const seen = new Map<string, number>();
    let position = 0;
    let grow = random.chance(0.5);
    do {
      position = table.scan(position, (id) => {
        const key = keyAt(table, id);
        seen.set(key, (seen.get(key) ?? 0) + 1);
      });
      if (random.chance(0.02)) grow = !grow;
      for (let i = random.below(20); i > 0; i--) {
        if (grow) {
          const key = `other${others.length}-${random.uint32()}`;
          table.add(key, 0);
          others.push(key);
        } else {
          const key = others.pop();
          if (key !== undefined) table.remove(table.find(key));
        }
      }
    } while (position !== 0);
    for (let i = 0; i < stay; i++) {
      if (seen.get(`stay${i}`) !== 1)
        t.fail(`seed ${seed}: stay${i} ${seen.get(`stay${i}`)} times`);
    }
  }
  t.pass('in 30 tables');
});

t.test('positions mean the same in tables with the same seed and other histories', async (t) => {
  const grown = new KeyTable<Value>(hash, KEY_WORDS, 0);
  const shrunk = new KeyTable<Value>(hash, KEY_WORDS, 0);
  for (let i = 0; i < 5000; i++) shrunk.add(`gone${i}`, i);
  for (let i = 0; i < 1000; i++) {
    grown.add(`k${i}`, i);
    shrunk.add(`k${999 - i}`, i);
  }
  for (let i = 0; i < 5000; i++) shrunk.remove(shrunk.find(`gone${i}`));
  const seen: string[] = [];
  let position = 0;
  let turn = 0;
  do {
    const table = turn++ % 2 === 0 ? grown : shrunk;
    position = table.scan(position, (id) => seen.push(keyAt(table, id)));
  } while (position !== 0);
  t.equal(seen.length, 1000);
  t.equal(new Set(seen).size, 1000);
});

t.test('any number is taken as a position', async (t) => {
  const table = new KeyTable<Value>(hash, KEY_WORDS, 0);
  for (let i = 0; i < 100; i++) table.add(`k${i}`, i);
  for (const position of [1, 12345, 0x7fffffff, 0x80000000, 0xffffffff]) {
    const next = table.scan(position, () => {});
    t.ok(next === 0 || next > position);
  }
});

t.test('hashes of numbered keys fill the buckets evenly', async (t) => {
  const counts = new Uint32Array(1024);
  for (let i = 0; i < 102_400; i++) {
    const bucket = hash.of(`user:${i}`) & 1023;
    counts[bucket] = (counts[bucket] ?? 0) + 1;
  }
  t.ok(Math.max(...counts) < 160, 'no bucket has 1.6 times its share');
  t.ok(Math.min(...counts) > 55, 'no bucket has half its share');
});

t.test('hashes depend on the seed and on every char', async (t) => {
  const other = new KeyHash({ high: 1, low: 3 });
  t.not(hash.of('key'), other.of('key'));
  const seen = new Set<number>();
  for (const key of ['', 'a', 'aa', 'aaa', 'aaaa', 'aaaab', 'baaaa', '\0', '\0\0', '\xff\xff']) {
    seen.add(hash.of(key));
  }
  t.equal(seen.size, 10);
});

t.test('bits are reversed', async (t) => {
  t.equal(reverseBits(1), 0x80000000);
  t.equal(reverseBits(0x80000000), 1);
  t.equal(reverseBits(0x12345678), 0x1e6a2c48);
  t.equal(reverseBits(-1), 0xffffffff);
});
