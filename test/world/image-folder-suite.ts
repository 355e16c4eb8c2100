import t from 'tap';
import { Prng } from '../../src/base/prng.ts';
import {
  all,
  type Begin,
  bytes,
  call,
  close,
  get,
  good,
  open,
  type Tap,
  write,
  writeLater,
} from './image-store-driver.ts';

export function testFolders(begin: Begin): void {
  t.test('a store that is opened again has what was written', async (t) => {
    const driver = begin(t as Tap);
    t.equal(driver.stores.exists(driver.folder), false);
    const store = await open(driver);
    await write(driver, store, { a: '1', b: '2' });
    await write(driver, store, { b: null });
    await close(driver, store);
    t.equal(driver.stores.exists(driver.folder), true);
    const again = await open(driver);
    t.same(await all(driver, again), ['a=1']);
    await write(driver, again, { c: '3' });
    await close(driver, again);
    t.same(await all(driver, await open(driver)), ['a=1', 'c=3']);
  });

  t.test('stores in folders of their own do not know of each other', async (t) => {
    const driver = begin(t as Tap);
    const one = await open(driver, `${driver.folder}/deep/below/one`);
    const other = await open(driver, `${driver.folder}/deep/other`);
    await write(driver, one, { a: '1' });
    t.same(await all(driver, other), []);
    t.equal(driver.stores.exists(`${driver.folder}/deep/third`), false);
  });

  t.test('a store is open once at a time', async (t) => {
    const driver = begin(t as Tap);
    const store = await open(driver);
    const { error, value } = await call<unknown>(driver, (done) =>
      driver.stores.open(driver.folder, done),
    );
    t.match(error, { code: 'LOCKED' });
    t.equal(value, null);
    await write(driver, store, { a: '1' });
    await close(driver, store);
    t.same(await all(driver, await open(driver)), ['a=1']);
  });

  t.test('a destroyed store is gone, and destroying nothing is no error', async (t) => {
    const driver = begin(t as Tap);
    const destroy = (): Promise<unknown> =>
      good(driver, (done) => driver.stores.destroy(driver.folder, (error) => done(error, null)));
    await destroy();
    const store = await open(driver);
    await write(driver, store, { a: '1' });
    await close(driver, store);
    await destroy();
    t.equal(driver.stores.exists(driver.folder), false);
    const again = await open(driver);
    t.same(await all(driver, again), []);
    await write(driver, again, { b: '2' });
    t.same(await all(driver, again), ['b=2']);
  });
}

export function testClosing(begin: Begin): void {
  t.test('nothing but its own callback comes after a close', async (t) => {
    const driver = begin(t as Tap);
    const store = await open(driver);
    await write(driver, store, { a: '1' });
    const snapshot = store.snapshot();
    const called: string[] = [];
    for (let i = 0; i < 5; i++) writeLater(store, { a: `new ${i}` }, () => called.push('write'));
    store.get(bytes('a'), () => called.push('get'));
    snapshot.read({ from: bytes(''), to: bytes('z'), limit: 9, maxBytes: 99 }, () => {
      called.push('read');
    });
    store.reclaim({ from: bytes('a'), to: bytes('z') }, () => called.push('reclaim'));
    await close(driver, store);
    const again = await open(driver);
    t.match(await get(driver, again, 'a'), /^(1|new \d)$/);
    t.same(called, []);
  });

  t.test('a store may be closed in the callback of a write', async (t) => {
    const driver = begin(t as Tap);
    const store = await open(driver);
    await good(driver, (done) =>
      writeLater(store, { a: '1' }, () => store.close((error) => done(error, null))),
    );
    t.same(await all(driver, await open(driver)), ['a=1']);
  });
}

export function testReclaim(begin: Begin): void {
  t.test('what is deleted gives back its space when asked to', async (t) => {
    const driver = begin(t as Tap);
    const store = await open(driver);
    const random = new Prng(0, 1);
    // Does not compress.
    const value = Buffer.from(Array.from({ length: 500_000 }, () => random.below(256)));
    for (let i = 0; i < 30; i++) {
      const batch = store.batch();
      batch.put(bytes(`k${i}`), value);
      await good(driver, (done) => batch.write((error) => done(error, null)));
    }
    const full = store.size();
    t.ok(full > 15_000_000, `${full} bytes`);
    const deleted = Array.from({ length: 29 }, (_, i) => [`k${i}`, null] as const);
    await write(driver, store, Object.fromEntries(deleted));
    await good(driver, (done) =>
      store.reclaim({ from: bytes('k'), to: bytes('l') }, (error) => done(error, null)),
    );
    await close(driver, store);
    const again = await open(driver);
    t.ok(again.size() < full / 3, `${again.size()} of ${full} bytes`);
    t.equal((await get(driver, again, 'k29'))?.length, value.length);
  });
}
