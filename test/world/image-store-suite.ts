import t from 'tap';
import type { ImageEntry } from '../../src/world/image-store.ts';
import { testClosing, testFolders, testReclaim } from './image-folder-suite.ts';
import {
  all,
  type Begin,
  bytes,
  get,
  good,
  open,
  read,
  type Tap,
  write,
  writeLater,
} from './image-store-driver.ts';

/** What holds for image stores of every kind. `begin` makes new ones with nothing in them. */
export function testImageStores(begin: Begin): void {
  testBatches(begin);
  testExtremes(begin);
  testSnapshots(begin);
  testRanges(begin);
  testLongReads(begin);
  testFolders(begin);
  testClosing(begin);
  testReclaim(begin);
}

const LETTERS = { a: '1', b: '22', c: '333', d: '4444', e: '55555' };

function testBatches(begin: Begin): void {
  t.test('a batch puts and deletes, and is there when it says so', async (t) => {
    const driver = begin(t as Tap);
    const store = await open(driver);
    await write(driver, store, { a: '1', b: '2', c: '3' });
    await write(driver, store, { b: null, a: 'one', x: null });
    t.same(await all(driver, store), ['a=one', 'c=3']);
    t.same([await get(driver, store, 'a'), await get(driver, store, 'b')], ['one', null]);
  });

  t.test('changes of one batch happen in their order, and are counted', async (t) => {
    const driver = begin(t as Tap);
    const store = await open(driver);
    const batch = store.batch();
    t.equal(batch.length, 0);
    batch.put(bytes('a'), bytes('1'));
    batch.delete(bytes('a'));
    batch.put(bytes('b'), bytes('1'));
    batch.put(bytes('b'), bytes('2'));
    t.equal(batch.length, 4);
    await good(driver, (done) => batch.write((error) => done(error, null)));
    t.same(await all(driver, store), ['b=2']);
  });

  t.test('batches happen in the order in which they are written', async (t) => {
    const driver = begin(t as Tap);
    const store = await open(driver);
    const order: number[] = [];
    const first = store.batch();
    for (let i = 1; i <= 20; i++) {
      writeLater(store, { last: String(i), [`k${i}`]: '' }, () => order.push(i));
    }
    first.put(bytes('last'), bytes('made first'));
    await good(driver, (done) => first.write((error) => done(error, null)));
    t.same(
      order,
      Array.from({ length: 20 }, (_, i) => i + 1),
    );
    t.equal(await get(driver, store, 'last'), 'made first');
    t.equal((await all(driver, store)).length, 21);
  });

  t.test('an empty batch is written in its turn', async (t) => {
    const driver = begin(t as Tap);
    const store = await open(driver);
    const order: string[] = [];
    writeLater(store, { a: '1' }, () => order.push('a'));
    writeLater(store, {}, () => order.push('empty'));
    await write(driver, store, { b: '2' });
    t.same(order, ['a', 'empty']);
    t.same(await all(driver, store), ['a=1', 'b=2']);
  });
}

function testExtremes(begin: Begin): void {
  t.test('a batch is used once', async (t) => {
    const driver = begin(t as Tap);
    const store = await open(driver);
    const batch = store.batch();
    await good(driver, (done) => batch.write((error) => done(error, null)));
    t.throws(() => batch.put(bytes('a'), bytes('1')));
    t.throws(() => batch.delete(bytes('a')));
    t.throws(() => batch.write(() => {}));
  });

  t.test('keys and values may be empty, or a megabyte long, and hold any bytes', async (t) => {
    const driver = begin(t as Tap);
    const store = await open(driver);
    const large = Array.from({ length: 1 << 20 }, (_, i) => String.fromCharCode((i * 7) & 255));
    const long = large.join('');
    await write(driver, store, { '': '', a: '', [long]: 'long key', b: long, '\xff\0': '\0\xff' });
    t.equal(await get(driver, store, ''), '');
    t.equal(await get(driver, store, 'a'), '');
    t.ok((await get(driver, store, 'b')) === long);
    t.equal(await get(driver, store, long), 'long key');
    const found = await all(driver, store);
    t.equal(found.length, 5);
    t.equal(found[0], `=`);
    t.ok(found.includes('\xff\0=\0\xff'));
    await write(driver, store, { '': null });
    t.equal(await get(driver, store, ''), null);
  });
}

function testSnapshots(begin: Begin): void {
  t.test('a snapshot stays as it was, whatever is written', async (t) => {
    const driver = begin(t as Tap);
    const store = await open(driver);
    await write(driver, store, { a: '1', b: '2' });
    const old = store.snapshot();
    await write(driver, store, { a: 'new', b: null, c: '3' });
    const middle = store.snapshot();
    await write(driver, store, { a: 'newer' });
    t.same(await read(driver, old), ['a=1', 'b=2']);
    t.same(await read(driver, middle), ['a=new', 'c=3']);
    t.same(await all(driver, store), ['a=newer', 'c=3']);
    old.close();
    t.same(await read(driver, middle), ['a=new', 'c=3']);
    middle.close();
  });

  t.test('a large snapshot stays as it was while all of it is written again', async (t) => {
    const driver = begin(t as Tap);
    const store = await open(driver);
    const keys = Array.from({ length: 3000 }, (_, i) => String(i * 7919).padStart(9, '0'));
    const before = Object.fromEntries(keys.map((key) => [key, `${key} before`]));
    await write(driver, store, before);
    const snapshot = store.snapshot();
    for (let third = 0; third < 3; third++) {
      const part = keys.filter((_, i) => i % 3 === third);
      const changes = part.map((key) => [key, third === 0 ? null : 'after'] as const);
      await write(driver, store, Object.fromEntries([...changes, [`${third} new`, 'n']]));
    }
    t.same(
      await read(driver, snapshot),
      keys.map((key) => `${key}=${key} before`),
    );
    snapshot.close();
    t.equal((await all(driver, store)).length, 2003);
  });

  t.test('reads of one snapshot may overlap', async (t) => {
    const driver = begin(t as Tap);
    const store = await open(driver);
    await write(driver, store, LETTERS);
    const snapshot = store.snapshot();
    const found: string[] = [];
    const tell = (error: Error | null, entries: readonly ImageEntry[]): void => {
      found.push(error?.message ?? entries.map(({ key }) => key.toString('latin1')).join(''));
    };
    const query = { from: bytes(''), to: bytes('z'), limit: 2, maxBytes: 100 };
    snapshot.read(query, tell);
    snapshot.read(query, tell);
    snapshot.read({ ...query, from: bytes('b\0') }, tell);
    await driver.wait(() => found.length === 3);
    t.same(found.sort(), ['ab', 'ab', 'cd']);
    snapshot.close();
    t.throws(() => snapshot.read(query, tell), 'a closed snapshot is not read');
  });
}

function testRanges(begin: Begin): void {
  t.test('a range is read from its first key up to and without its end', async (t) => {
    const driver = begin(t as Tap);
    const store = await open(driver);
    await write(driver, store, LETTERS);
    const snapshot = store.snapshot();
    const keys = async (query: Parameters<typeof read>[2]): Promise<string> =>
      (await read(driver, snapshot, query)).map((entry) => entry[0]).join('');
    t.equal(await keys({ from: 'b', to: 'd' }), 'bc');
    t.equal(await keys({ from: 'b', to: 'd', reverse: true }), 'cb');
    t.equal(await keys({ from: 'aa', to: 'dd' }), 'bcd');
    t.equal(await keys({ from: 'aa', to: 'dd', reverse: true }), 'dcb');
    t.equal(await keys({ reverse: true }), 'edcba');
    t.equal(await keys({ from: 'b', to: 'b' }), '');
    t.equal(await keys({ from: 'd', to: 'b' }), '');
    t.equal(await keys({ from: 'd', to: 'b', reverse: true }), '');
    t.equal(await keys({ from: '', to: '' }), '');
    t.equal(await keys({ from: 'x', to: 'y', reverse: true }), '');
    t.equal(await keys({ limit: 2 }), 'ab');
    t.equal(await keys({ limit: 2, reverse: true }), 'ed');
    t.equal(await keys({ from: 'b', limit: 5 }), 'bcde');
    snapshot.close();
  });

  t.test('a read ends once its bytes are reached, with one entry at least', async (t) => {
    const driver = begin(t as Tap);
    const store = await open(driver);
    await write(driver, store, LETTERS);
    const snapshot = store.snapshot();
    // Entries take 2, 3, 4, 5 and 6 bytes.
    const count = async (maxBytes: number, reverse = false): Promise<number> =>
      (await read(driver, snapshot, { maxBytes, reverse })).length;
    const sums = [0, 1, 2, 3, 5, 6, 9, 14, 15, 20, 21];
    const counts: number[] = [];
    for (const sum of sums) counts.push(await count(sum));
    t.same(counts, [1, 1, 1, 2, 2, 3, 3, 4, 5, 5, 5]);
    t.same([await count(6, true), await count(7, true), await count(12, true)], [1, 2, 3]);
    snapshot.close();
  });
}

function testLongReads(begin: Begin): void {
  t.test('reads that go on behind the last key find all, whatever their bounds', async (t) => {
    const driver = begin(t as Tap);
    const store = await open(driver);
    const changes: Record<string, string> = {};
    for (let i = 0; i < 5000; i++) changes[String(i).padStart(5, '0')] = 'v'.repeat(i % 50);
    await write(driver, store, changes);
    const snapshot = store.snapshot();
    await write(driver, store, { '00003x': 'later' });
    for (const [limit, maxBytes] of [
      [10_000, 2000],
      [700, 1e8],
      [4500, 1e8],
    ] as const) {
      const found: string[] = [];
      for (let from = ''; ; ) {
        const some = await read(driver, snapshot, { from, limit, maxBytes });
        if (some.length === 0) break;
        t.ok(some.length <= limit);
        found.push(...some);
        from = `${some.at(-1)?.split('=')[0]}\0`;
      }
      t.same(
        found,
        Object.entries(changes).map(([key, value]) => `${key}=${value}`),
      );
    }
    snapshot.close();
  });
}
