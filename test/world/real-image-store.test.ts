import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import t from 'tap';
import type { ImageEntry, ImageStore } from '../../src/world/image-store.ts';
import { RealImageStores } from '../../src/world/real-image-store.ts';
import {
  all,
  bytes,
  call,
  close,
  type Driver,
  good,
  open,
  type Tap,
  write,
} from './image-store-driver.ts';
import { testImageStores } from './image-store-suite.ts';

const SOURCE = new URL('../../src/world/real-image-store.js', import.meta.url).href;

function driver(t: Tap): Driver {
  return {
    stores: new RealImageStores(),
    folder: path.join(t.testdir(), 'image'),
    wait: async (until) => {
      while (!until()) await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

testImageStores(driver);

/** The error that opening ends with. */
async function openError(at: Driver): Promise<Error | null> {
  const { error } = await call<ImageStore | null>(at, (done) => at.stores.open(at.folder, done));
  return error;
}

/** The file of the store whose name ends so, changed in place. */
function damage(folder: string, ending: string, change: (content: Buffer) => Buffer): void {
  const name = readdirSync(folder).find((one) => one.endsWith(ending));
  const file = path.join(folder, name ?? ending);
  writeFileSync(file, change(readFileSync(file)));
}

function flip(content: Buffer, offset: number): Buffer {
  content[offset] = (content[offset] ?? 0) ^ 0x40;
  return content;
}

/** A closed store of ten batches, which are all in its log. */
async function filled(t: Tap, valueSize: number): Promise<Driver> {
  const at = driver(t);
  const store = await open(at);
  for (let i = 0; i < 10; i++) await write(at, store, { [`k${i}`]: 'v'.repeat(valueSize) });
  await close(at, store);
  return at;
}

t.test('a batch that cannot be read before others is not left out in silence', async (t) => {
  for (const valueSize of [10, 5000, 100_000]) {
    const at = await filled(t as Tap, valueSize);
    damage(at.folder, '.log', (content) => flip(content, content.length >> 1));
    const error = await openError(at);
    t.match(error, { code: 'CORRUPT', message: at.folder }, `values of ${valueSize} bytes`);
    t.match(error?.message, /\.log cannot be read at byte \d+/);
    t.match(await openError(at), { code: 'CORRUPT' }, 'nor the next time');
  }
});

t.test('zeros where batches stood are damage too', async (t) => {
  const at = await filled(t as Tap, 5000);
  damage(at.folder, '.log', (content) => content.fill(0, 8192, 12288));
  t.match(await openError(at), { code: 'CORRUPT' });
});

t.test('a last batch that is torn counts as never written', async (t) => {
  for (const tear of [
    (content: Buffer) => content.subarray(0, content.length - 20),
    (content: Buffer) => content.fill(0, content.length - 300),
    (content: Buffer) => flip(content, content.length - 1),
    (content: Buffer) => Buffer.concat([content, Buffer.alloc(100_000)]),
  ]) {
    const at = await filled(t as Tap, 400);
    damage(at.folder, '.log', tear);
    const store = await open(at);
    const { length } = await all(at, store);
    t.ok(length === 9 || length === 10, `${length} batches`);
    await write(at, store, { more: '' });
    await close(at, store);
    const again = await open(at);
    t.equal((await all(at, again)).length, length + 1);
    await close(at, again);
  }
});

t.test('missing files are damage', async (t) => {
  for (const missing of ['CURRENT', 'MANIFEST', '.ldb']) {
    const at = await filled(t as Tap, 10);
    await close(at, await open(at));
    for (const name of readdirSync(at.folder)) {
      if (name.includes(missing)) rmSync(path.join(at.folder, name));
    }
    t.equal(at.stores.exists(at.folder), true);
    t.match(await openError(at), { code: 'CORRUPT' }, missing);
  }
});

t.test('a block that cannot be read is told to who reads on to the end', async (t) => {
  const at = driver(t as Tap);
  const store = await open(at);
  const changes: Record<string, string> = {};
  for (let i = 0; i < 5000; i++) changes[`k${10_000 + i}`] = `${i} `.repeat(20);
  await write(at, store, changes);
  await close(at, store);
  await close(at, await open(at));
  damage(at.folder, '.ldb', (content) =>
    content.fill(0xff, content.length >> 1, (content.length >> 1) + 100),
  );
  const snapshot = (await open(at)).snapshot();
  const found: ImageEntry[] = [];
  let failure: Error | null = null;
  for (let from = bytes(''); failure === null; ) {
    const { error, value } = await call<readonly ImageEntry[]>(at, (done) =>
      snapshot.read({ from, to: bytes('z'), limit: 100, maxBytes: 1e6 }, done),
    );
    failure = error;
    if (value.length === 0) break;
    found.push(...value);
    from = Buffer.concat([value.at(-1)?.key ?? bytes(''), Buffer.alloc(1)]);
  }
  t.match(failure, { code: 'CORRUPT' }, `after ${found.length} entries`);
});

t.test('a store that another process has open is refused at once', async (t) => {
  const at = driver(t as Tap);
  const other = spawn(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `import { RealImageStores } from '${SOURCE}';
       new RealImageStores().open(process.argv[1], (error) => console.log(String(error)));
       setTimeout(() => {}, 60_000);`,
      at.folder,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  t.teardown(() => other.kill('SIGKILL'));
  const said = await new Promise((resolve) => other.stdout.once('data', resolve));
  t.equal(String(said), 'null\n');
  t.match(await openError(at), { code: 'LOCKED', message: /in use/ });
  const gone = new Promise((resolve) => other.once('exit', resolve));
  other.kill('SIGKILL');
  await gone;
  await close(at, await open(at));
});

t.test('what was acknowledged survives a kill', async (t) => {
  const at = driver(t as Tap);
  const script = `
    import { writeSync } from 'node:fs';
    import { RealImageStores } from '${SOURCE}';
    new RealImageStores().open(process.argv[1], (error, store) => {
      const next = (i) => {
        if (i === 300) process.kill(process.pid, 'SIGKILL');
        const batch = store.batch();
        for (let j = 0; j < 10; j++) batch.put(Buffer.from(\`\${i}:\${j}\`), Buffer.alloc(3000, j));
        batch.write(() => { writeSync(1, 'x'); next(i + 1); });
        if (i % 7 === 0) store.batch().write(() => {});
      };
      next(0);
    });`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script, at.folder], {
    encoding: 'utf8',
    timeout: 30_000,
  });
  t.equal(stdout.length, 300);
  t.equal((await all(at, await open(at))).length, 3000);
});

t.test('what a callback throws is no rejected promise', async (t) => {
  const at = driver(t as Tap);
  const script = `
    import { RealImageStores } from '${SOURCE}';
    process.on('uncaughtException', (error, origin) => console.log(origin, error.message));
    new RealImageStores().open(process.argv[1], (error, store) => {
      setImmediate(() => store.get(Buffer.from('k'), () => { throw new Error('in get'); }));
      setImmediate(() => store.batch().write(() => { throw new Error('in write'); }));
      throw new Error('in open');
    });`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script, at.folder], {
    encoding: 'utf8',
    timeout: 30_000,
  });
  t.same(
    stdout.trim().split('\n').sort(),
    ['get', 'open', 'write'].map((what) => `uncaughtException in ${what}`),
  );
});

t.test('a folder that cannot be is an error with the code of the system', async (t) => {
  const at = driver(t as Tap);
  writeFileSync(at.folder, 'a file');
  t.match(await openError(at), { code: 'EEXIST', message: at.folder });
  t.match(await openError({ ...at, folder: `${at.folder}/below` }), { code: 'ENOTDIR' });
});

t.test('a deletion that was stopped half-way is ended when the store is opened', async (t) => {
  const at = await filled(t as Tap, 10);
  renameSync(at.folder, `${at.folder}.deleted`);
  const store = await open(at);
  t.same(await all(at, store), []);
  t.same(readdirSync(path.dirname(at.folder)), ['image']);
});

t.test('the size is that of the files, and looked up now and then', async (t) => {
  const at = driver(t as Tap);
  const store = await open(at);
  const before = store.size();
  await write(at, store, { a: 'v'.repeat(100_000) });
  t.equal(store.size(), before);
  await new Promise((resolve) => setTimeout(resolve, 1100));
  t.ok(store.size() >= before + 1000);
  await good(at, (done) => store.close((error) => done(error, null)));
});
