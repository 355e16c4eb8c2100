import t from 'tap';
import { MemoryImageStores } from '../../src/world/memory-image-store.ts';
import { bytes, type Driver, good, open } from './image-store-driver.ts';
import { testImageStores } from './image-store-suite.ts';

function driver(): Driver {
  return {
    stores: new MemoryImageStores((callback) => setImmediate(callback)),
    folder: 'image',
    wait: async (until) => {
      while (!until()) await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

testImageStores(driver);

t.test('a hundred thousand records are stored quickly, with snapshots between them', async (t) => {
  const at = driver();
  const store = await open(at);
  const value = Buffer.alloc(1024);
  const start = performance.now();
  for (let part = 0; part < 125; part++) {
    const batch = store.batch();
    for (let i = 0; i < 1000; i++) {
      const key = Buffer.alloc(8);
      key.writeUInt32BE(Math.imul(part * 1000 + i, 0x9e3779b1) >>> 0, 0);
      batch.put(key, value);
    }
    await good(at, (done) => batch.write((error) => done(error, null)));
    store.snapshot();
  }
  const took = performance.now() - start;
  t.ok(took < 4000, `${took} ms`);
  t.equal(store.size(), 125_000 * 1032);
});

t.test('a value that is replaced or deleted counts no longer', async (t) => {
  const at = driver();
  const store = await open(at);
  const batch = store.batch();
  batch.put(bytes('key'), bytes('0123456789'));
  batch.put(bytes('key'), bytes('012'));
  batch.put(bytes('other'), bytes('1'));
  batch.delete(bytes('other'));
  batch.delete(bytes('none'));
  await good(at, (done) => batch.write((error) => done(error, null)));
  t.equal(store.size(), 6);
});
