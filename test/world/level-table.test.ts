import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Level } from 'level';
import t from 'tap';
import { FileReader, readOnlyNodeFiles } from '../../raftlog/index.ts';
import { checkTable, type TableDamage, unsnap } from '../../src/world/level-table.ts';
import { temporaryFolder } from '../support/real-cluster.ts';

const folder = temporaryFolder('tables');
t.teardown(() => rmSync(folder, { recursive: true, force: true }));

/** A table that LevelDB has written, of about so many bytes. */
async function table(name: string, keys: number, value: (i: number) => string): Promise<Buffer> {
  const place = path.join(folder, name);
  mkdirSync(place);
  for (let round = 0; round < 2; round++) {
    // What is in the log goes into a table when the store is opened again.
    const store = new Level<string, string>(place);
    await store.open();
    if (round === 0) {
      const batch = store.batch();
      for (let i = 0; i < keys; i++) batch.put(`key ${i}`, value(i));
      await batch.write();
    }
    await store.close();
  }
  const found = readdirSync(place).find((each) => each.endsWith('.ldb'));
  if (found === undefined) throw new Error('LevelDB has written no table');
  return readFileSync(path.join(place, found));
}

function check(bytes: Buffer): readonly TableDamage[] {
  const file = path.join(folder, 'one');
  writeFileSync(file, bytes);
  const opened = readOnlyNodeFiles.open(file, { create: false });
  try {
    return checkTable(new FileReader(opened, file, opened.size()));
  } finally {
    opened.close();
  }
}

t.test('tables that LevelDB has written are sound', async (t) => {
  t.same(check(await table('small', 1, () => 'v')), []);
  // So many blocks that their index is worth compressing, so large ones that they are read apart.
  t.same(check(await table('many', 3000, (i) => `value ${i} `.repeat(20))), []);
  let seed = 1;
  const random = (): string => {
    let text = '';
    for (let i = 0; i < 300; i++) {
      seed = (seed * 48271) % 2147483647;
      text += String.fromCharCode(33 + (seed % 90));
    }
    return text;
  };
  t.same(check(await table('random', 3000, random)), []);
});

t.test('a change of any byte of a table is noticed', async (t) => {
  const bytes = await table('changed', 400, (i) => `value ${i} `.repeat(20));
  const missed: number[] = [];
  for (let at = 0; at < bytes.length; at += 7) {
    const other = Buffer.from(bytes);
    other[at] = (other[at] ?? 0) ^ 0x20;
    if (check(other).length === 0) missed.push(at);
  }
  // The footer has some bytes that mean nothing.
  t.ok(
    missed.every((at) => at >= bytes.length - 48),
    `${missed}`,
  );
  t.ok(missed.length <= 6, `${missed}`);
});

t.test('the damaged block is named by its offset', async (t) => {
  const bytes = await table('named', 2000, (i) => `value ${i} `.repeat(20));
  bytes[5000] = (bytes[5000] ?? 0) ^ 1;
  const [damage, ...others] = check(bytes);
  t.same(others, []);
  t.equal(damage?.what, 'a block fails its checksum');
  t.ok((damage?.offset ?? 5001) <= 5000 && (damage?.offset ?? 0) > 0, `${damage?.offset}`);
});

t.test('what is no table, or a part of one, is damaged', async (t) => {
  const bytes = await table('cut', 400, (i) => `value ${i} `.repeat(20));
  for (const end of [0, 10, 48, 1000, bytes.length - 1]) {
    t.not(check(bytes.subarray(0, end)).length, 0, `${end} bytes`);
  }
  t.same(check(Buffer.alloc(100)), [{ offset: 52, what: 'its end is damaged' }]);
});

t.test('an index that leads nowhere ends the check of its table', async (t) => {
  const bytes = await table('garbage', 400, (i) => `value ${i} `.repeat(20));
  for (let round = 0; round < 200; round++) {
    const other = Buffer.from(bytes);
    // Handles of the footer that point anywhere.
    for (let i = 0; i < 10; i++) other[bytes.length - 48 + i] = (round * 37 + i * 11) % 256;
    t.ok(check(other).length >= 0);
  }
});

t.test('Snappy is unpacked', async (t) => {
  const literal = Buffer.from([5, 4 << 2, ...Buffer.from('hello')]);
  t.equal(unsnap(literal)?.toString(), 'hello');
  // abc, then nine bytes from three back: one that repeats itself.
  const copies = Buffer.from([12, 2 << 2, ...Buffer.from('abc'), ((9 - 4) << 2) | 1, 3]);
  t.equal(unsnap(copies)?.toString(), 'abcabcabcabc');
  const wide = Buffer.from([6, 2 << 2, ...Buffer.from('abc'), (2 << 2) | 2, 3, 0]);
  t.equal(unsnap(wide)?.toString(), 'abcabc');
  const long = Buffer.concat([Buffer.from([200, 1, 60 << 2, 199]), Buffer.alloc(200, 'x')]);
  t.equal(unsnap(long)?.length, 200);
});

t.test('what Snappy has not packed is not unpacked', async (t) => {
  for (const bytes of [
    [5, 4 << 2, 1],
    [1, 4 << 2, 1, 2, 3, 4, 5],
    [9, 2 << 2, 1, 2, 3, (2 << 2) | 1, 9],
    [9, (2 << 2) | 1, 0],
    [255, 255, 255, 255, 15, 0],
    [3, 63 << 2, 1],
    [5],
  ]) {
    t.equal(unsnap(Buffer.from(bytes)), null, `${bytes}`);
  }
});
