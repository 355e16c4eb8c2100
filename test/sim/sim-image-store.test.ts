import t from 'tap';
import type { ImageEntry, ImageStore, ImageStores } from '../../src/world/image-store.ts';
import {
  all,
  bytes,
  type Changes,
  call,
  close,
  type Driver,
  good,
  open,
  write,
  writeLater,
} from '../world/image-store-driver.ts';
import { testImageStores } from '../world/image-store-suite.ts';
import type { SimMachine } from './sim-machine.ts';
import { Simulation } from './sim-world.ts';

const FOLDER = '/data/images/one';
const FILE = `${FOLDER}/batches`;

function driverOf(simulation: Simulation, machine: SimMachine): Driver {
  return {
    // Those of the process that runs now.
    get stores(): ImageStores {
      return machine.world.images;
    },
    folder: FOLDER,
    wait: async (until) => {
      const end = simulation.run(until, { maxEvents: 100_000 });
      if (end !== 'reached') throw new Error(`the simulation is ${end}`);
    },
  };
}

testImageStores(() => {
  const simulation = new Simulation({ seed: 1 });
  return driverOf(simulation, simulation.machine('a'));
});

function begin(seed = 1): { readonly at: Driver; readonly machine: SimMachine } {
  const simulation = new Simulation({ seed });
  const machine = simulation.machine('a');
  return { at: driverOf(simulation, machine), machine };
}

async function openError(at: Driver): Promise<Error | null> {
  const { error } = await call<ImageStore | null>(at, (done) => at.stores.open(FOLDER, done));
  return error;
}

async function writeError(at: Driver, store: ImageStore, changes: Changes): Promise<Error | null> {
  const { error } = await call(at, (done) =>
    writeLater(store, changes, (failed) => done(failed, null)),
  );
  return error;
}

/** What the n-th batch of the script does: keys of its own, one that all have, some that it deletes. */
function scripted(n: number): Changes {
  return {
    [`own ${n}`]: String(n).repeat(n * 30),
    [`and ${n}`]: '',
    last: String(n),
    [`and ${n - 2}`]: null,
    big: 'b'.repeat(3000 + n),
  };
}

const SCRIPT_LENGTH = 14;

/** All entries after the first `count` batches of the script. */
function expected(count: number): string[] {
  const model = new Map<string, string>();
  for (let n = 1; n <= count; n++) {
    for (const [key, value] of Object.entries(scripted(n))) {
      if (value === null) model.delete(key);
      else model.set(key, value);
    }
  }
  return [...model].map(([key, value]) => `${key}=${value}`).sort();
}

/** Writes all batches without waiting and counts those that are stored; opens again in the middle. */
function runScript(stores: ImageStores, acknowledged: { count: number }, end: () => void): void {
  const writeFrom = (first: number, last: number, then: () => void): void => {
    stores.open(FOLDER, (error, store) => {
      if (error !== null || store === null) throw error ?? new Error('no store');
      for (let n = first; n <= last; n++) {
        writeLater(store, scripted(n), (failed) => {
          if (failed !== null) throw failed;
          acknowledged.count += 1;
          if (n === last) store.close(then);
        });
      }
    });
  };
  writeFrom(1, SCRIPT_LENGTH / 2, () => writeFrom(SCRIPT_LENGTH / 2 + 1, SCRIPT_LENGTH, end));
}

t.test('a crash in any operation leaves whole batches, and all acknowledged ones', async (t) => {
  const seen = { crashes: 0, more: 0, lost: 0, rewrites: 0 };
  for (let seed = 1; seed <= 6; seed++) {
    for (let crashAt = 1; ; crashAt++) {
      const simulation = new Simulation({ seed: seed * 1000 + crashAt });
      const machine = simulation.machine('a');
      const at = driverOf(simulation, machine);
      const acknowledged = { count: 0 };
      let ended = false;
      machine.disk.crashInOperation(crashAt);
      machine.call(({ images }) =>
        runScript(images, acknowledged, () => {
          ended = true;
        }),
      );
      const { disk } = machine;
      const before = disk.operations + crashAt;
      await at.wait(() => ended || disk.operations >= before);
      if (ended) break;
      seen.crashes += 1;
      if (disk.contents(`${FILE}.new`) !== null) seen.rewrites += 1;
      machine.restart();
      const stored = await all(at, await open(at));
      const counts = [acknowledged.count, acknowledged.count + 1];
      const found = counts.find((count) => expected(count).join() === [...stored].sort().join());
      if (found === undefined) t.fail(`seed ${seed}, operation ${crashAt}: ${stored.join()}`);
      if (found === acknowledged.count + 1) seen.more += 1;
      else if (acknowledged.count < SCRIPT_LENGTH) seen.lost += 1;
    }
  }
  const enough = seen.crashes > 200 && Math.min(seen.more, seen.lost, seen.rewrites) > 10;
  t.ok(enough, JSON.stringify(seen));
});

t.test('callbacks of a process that crashed never come', async (t) => {
  const { at, machine } = begin();
  const store = await open(at);
  const snapshot = store.snapshot();
  let calls = 0;
  writeLater(store, { a: '1' }, () => (calls += 1));
  store.get(bytes('a'), () => (calls += 1));
  snapshot.read({ from: bytes(''), to: bytes('z'), limit: 1, maxBytes: 1 }, () => (calls += 1));
  machine.world.images.open('/data/other', () => (calls += 1));
  machine.crash({ kind: 'kill' });
  machine.restart();
  await all(at, await open(at));
  t.equal(calls, 0);
});

t.test('two runs with the same seed are equal', async (t) => {
  const hashes = await Promise.all(
    [1, 1, 2].map(async (seed) => {
      const simulation = new Simulation({ seed });
      const machine = simulation.machine('a');
      let ended = false;
      machine.call(({ images }) =>
        runScript(images, { count: 0 }, () => {
          ended = true;
        }),
      );
      await driverOf(simulation, machine).wait(() => ended);
      return simulation.traceHash();
    }),
  );
  t.equal(hashes[0], hashes[1]);
  t.not(hashes[0], hashes[2]);
});

t.test('a full disk fails the write, and the store opens again as it was', async (t) => {
  const { at, machine } = begin();
  const store = await open(at);
  await write(at, store, { a: '1' });
  machine.disk.limitSpace(machine.disk.names.used() + 500);
  t.match(await writeError(at, store, { b: 'b'.repeat(2000) }), { code: 'ENOSPC' });
  t.match(await writeError(at, store, { c: '3' }), { code: 'ENOSPC' }, 'nothing works any more');
  await close(at, store);
  machine.disk.limitSpace(10);
  t.match(await openError(at), { code: 'ENOSPC' });
  t.equal(machine.disk.contents(`${FILE}.new`), null);
  machine.disk.limitSpace(null);
  const again = await open(at);
  t.same(await all(at, again), ['a=1']);
  await write(at, again, { d: '4' });
  t.same(await all(at, again), ['a=1', 'd=4']);
});

t.test('after a sync that failed the store fails, and its batch is whole or gone', async (t) => {
  for (let seed = 1; seed <= 20; seed++) {
    const { at, machine } = begin(seed);
    const store = await open(at);
    await write(at, store, { a: '1' });
    machine.disk.failSyncs(1, 'EIO', 'batches');
    t.match(await writeError(at, store, { a: '2', b: '2' }), { code: 'EIO' });
    t.match(await writeError(at, store, { c: '3' }), { code: 'EIO' });
    await close(at, store);
    const again = await open(at);
    const stored = await all(at, again);
    t.ok(['a=1', 'a=2,b=2'].includes(stored.join()), stored.join());
    await write(at, again, { d: '4' });
    machine.crash({ kind: 'power' });
    machine.restart();
    t.same(await all(at, await open(at)), [...stored, 'd=4'], 'what was read is safe');
  }
});

t.test('a batch of which some bits are wrong is found when others follow', async (t) => {
  for (const how of ['flip', 'zero'] as const) {
    const { at, machine } = begin();
    const store = await open(at);
    for (let n = 1; n <= 3; n++) await write(at, store, { [`k${n}`]: 'v'.repeat(1000) });
    await close(at, store);
    machine.disk.damage(FILE, 1500, 100, how);
    t.match(await openError(at), { code: 'CORRUPT' });
    t.match(await openError(at), { code: 'CORRUPT' }, 'and the next time');
  }
});

t.test('a lost write and one that went astray are found', async (t) => {
  for (const fault of ['loseWrites', 'misdirectWrites'] as const) {
    const { at, machine } = begin(3);
    const store = await open(at);
    await write(at, store, { a: 'v'.repeat(1000) });
    machine.disk[fault](1, 'batches');
    await write(at, store, { b: 'v'.repeat(1000) });
    await write(at, store, { c: 'v'.repeat(1000) });
    await close(at, store);
    t.match(await openError(at), { code: 'CORRUPT' }, fault);
  }
});

t.test('a last batch that is spoilt counts as never written, the first one does not', async (t) => {
  const { at, machine } = begin();
  const store = await open(at);
  await write(at, store, { a: '1' });
  await write(at, store, { b: 'v'.repeat(1000) });
  await close(at, store);
  machine.disk.damage(FILE, store.size() - 10, 1);
  const again = await open(at);
  t.same(await all(at, again), ['a=1']);
  await close(at, again);
  machine.disk.damage(FILE, 5, 1);
  t.match(await openError(at), { code: 'CORRUPT' });
});

t.test('reads that fail are told', async (t) => {
  const { at, machine } = begin();
  const store = await open(at);
  await write(at, store, { a: '1' });
  machine.disk.failReads(2, 'EIO', 'batches');
  const got = await call<Buffer | null>(at, (done) => store.get(bytes('a'), done));
  t.match(got, { error: { code: 'EIO' }, value: null });
  const snapshot = store.snapshot();
  const query = { from: bytes(''), to: bytes('z'), limit: 9, maxBytes: 99 };
  const found = await call<readonly ImageEntry[]>(at, (done) => snapshot.read(query, done));
  t.match(found, { error: { code: 'EIO' }, value: [] });
  t.same(await all(at, store), ['a=1']);
  await close(at, store);
  machine.disk.failReads(1, 'EIO', 'batches');
  t.match(await openError(at), { code: 'EIO' });
});

t.test('a file that is mostly out of date is written anew', async (t) => {
  const { at, machine } = begin();
  const store = await open(at);
  for (let i = 0; i < 100; i++) await write(at, store, { a: `${i}`.repeat(500) });
  t.ok(store.size() < 12_000, `${store.size()} bytes`);
  t.equal(machine.disk.contents(FILE)?.length, store.size());
  t.same(await all(at, store), [`a=${'99'.repeat(500)}`]);
  machine.crash();
  machine.restart();
  t.same(await all(at, await open(at)), [`a=${'99'.repeat(500)}`]);
});

t.test('a new store is safe from power cuts, with all folders above it', async (t) => {
  for (let seed = 1; seed <= 20; seed++) {
    const { at, machine } = begin(seed);
    await open(at, '/data/deep/below/image');
    machine.crash({ kind: 'power' });
    machine.restart();
    t.ok(at.stores.exists('/data/deep/below/image'));
  }
  const { at } = begin();
  await good(at, (done) => at.stores.open('relative', (error) => done(error, null)));
  t.ok(at.stores.exists('/data/relative'));
});
