import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import t from 'tap';
import { finished, given } from '../../src/admin/waiting.ts';
import type { ImageStore } from '../../src/world/image-store.ts';
import { type LevelView, openLevelView } from '../../src/world/level-view.ts';
import { RealImageStores } from '../../src/world/real-image-store.ts';
import { temporaryFolder } from '../support/real-cluster.ts';

const folder = temporaryFolder('view');
t.teardown(() => rmSync(folder, { recursive: true, force: true }));
// Views are counted here, and other tests make some too.
const temporary = path.join(folder, 'temporary');
mkdirSync(temporary);
process.env['TMPDIR'] = temporary;

/** A store that was opened several times, so that it has tables and a log; closed. */
async function store(name: string): Promise<string> {
  const place = path.join(folder, name);
  for (let round = 0; round < 3; round++) {
    const made = await given<ImageStore | null>((done) => new RealImageStores().open(place, done));
    const batch = made?.batch();
    for (let i = 0; i < 100; i++)
      batch?.put(Buffer.from(`${round} ${i}`), Buffer.alloc(500, round));
    await finished((done) => batch?.write(done));
    await finished((done) => made?.close(done));
  }
  return place;
}

function view(place: string): Promise<LevelView> {
  return given<LevelView | null>((done) => openLevelView(place, done)).then((made) => {
    if (made === null) throw new Error('no view');
    return made;
  });
}

function contents(place: string): readonly string[] {
  return readdirSync(place)
    .sort()
    .map((name) => {
      const file = path.join(place, name);
      return `${name} ${statSync(file).mtimeMs} ${readFileSync(file).toString('base64')}`;
    });
}

function views(): readonly string[] {
  return readdirSync(os.tmpdir()).filter((name) => name.startsWith('balsa-view-'));
}

t.test('a view shows what is in the store, and nothing there changes', async (t) => {
  const place = await store('plain');
  const before = contents(place);
  const known = views();
  const { store: seen, close } = await view(place);
  for (const key of ['0 1', '1 50', '2 99']) {
    const value = await given<Buffer | null>((done) => seen.get(Buffer.from(key), done));
    t.same(value, Buffer.alloc(500, Number(key[0])), key);
  }
  const batch = seen.batch();
  batch.put(Buffer.from('new'), Buffer.from('v'));
  batch.delete(Buffer.from('0 1'));
  await finished((done) => batch.write(done));
  t.same(contents(place), before);
  await finished((done) => close(done));
  t.same(contents(place), before);
  t.same(views(), known, 'nothing of it stays');
  const again = await view(place);
  const value = await given<Buffer | null>((done) => again.store.get(Buffer.from('new'), done));
  t.equal(value, null);
  await finished((done) => again.close(done));
});

t.test('a store that cannot be opened is an error that names its own files', async (t) => {
  const place = await store('damaged');
  const known = views();
  for (const name of readdirSync(place)) {
    if (name.startsWith('MANIFEST')) writeFileSync(path.join(place, name), 'nonsense');
  }
  await t.rejects(view(place), { message: new RegExp(place) });
  await t.rejects(view(path.join(folder, 'nothing')), { code: 'ENOENT' });
  t.same(views(), known);
});

t.test('names of the view are spelt as those of the store', async (t) => {
  const place = await store('spelt');
  const { spell, close } = await view(place);
  const [name] = views().slice(-1);
  t.equal(spell(`a ${os.tmpdir()}/${name}/000005.ldb b`), `a ${place}/000005.ldb b`);
  await finished((done) => close(done));
});
