import path from 'node:path';
import t from 'tap';
import { readOnlyNodeFiles } from '../../raftlog/index.ts';
import { checkBackup } from '../../src/admin/backup-reader.ts';
import { BackupStore } from '../../src/admin/backup-store.ts';
import { finished, given } from '../../src/admin/waiting.ts';
import { META_KEY, unpackMeta } from '../../src/replica/image/meta.ts';
import { recordRange } from '../../src/replica/image/record.ts';
import type { ImageEntry, ImageRange } from '../../src/world/image-store.ts';
import { folderOf, type Sample, sample, world, writeBackup } from '../support/admin-fixture.ts';

let made: Sample;
let store: BackupStore;

t.before(async () => {
  made = await sample();
  const file = path.join(folderOf(t), 'file');
  writeBackup(file, made);
  const { places } = checkBackup(readOnlyNodeFiles, file, () => {});
  const { timers } = world;
  store = new BackupStore({
    files: readOnlyNodeFiles,
    path: file,
    timers,
    stored: made.stored,
    places,
  });
});
t.teardown(() => finished((done) => store.close(done)));

async function read(
  range: ImageRange,
  limit = 1e6,
  maxBytes = 1e9,
): Promise<readonly ImageEntry[]> {
  const snapshot = store.snapshot();
  const query = { ...range, limit, maxBytes };
  return given<readonly ImageEntry[]>((done) => snapshot.read(query, done));
}

t.test('a backup as a store has the entries in order', async (t) => {
  const { generation } = made.stored;
  t.same(await read(recordRange(generation)), made.entries);
  const { from } = recordRange(generation);
  t.same(await read({ from, to: from }), []);
});

t.test('a backup as a store finds any range', async (t) => {
  const { entries } = made;
  for (const [from, to] of [
    [0, 1],
    [1, 5],
    [entries.length - 2, entries.length - 1],
    [100, 101],
  ] as const) {
    const range = {
      from: entries[from]?.key ?? Buffer.alloc(0),
      to: entries[to]?.key ?? Buffer.alloc(0),
    };
    t.same(await read(range), entries.slice(from, to), `${from} to ${to}`);
  }
});

t.test('a backup as a store reads on where it stopped, and anywhere else', async (t) => {
  const snapshot = store.snapshot();
  const { to } = recordRange(made.stored.generation);
  const { entries } = made;
  const next = (from: Buffer, limit: number, maxBytes = 1e9): Promise<readonly ImageEntry[]> =>
    given<readonly ImageEntry[]>((done) => snapshot.read({ from, to, limit, maxBytes }, done));
  const keyAt = (i: number): Buffer => entries[i]?.key ?? Buffer.alloc(0);
  t.same(await next(keyAt(0), 3), entries.slice(0, 3));
  t.same(await next(keyAt(3), 2), entries.slice(3, 5));
  t.same(await next(keyAt(1), 1), entries.slice(1, 2), 'before what was read');
  t.same(await next(keyAt(5), 10, 1), entries.slice(5, 6), 'at least one');
});

t.test('a backup as a store tells its head, and forgets what is written', async (t) => {
  const head = await given<Buffer | null>((done) => store.get(META_KEY, done));
  t.same(unpackMeta(head ?? Buffer.alloc(0)), made.stored);
  t.equal(await given<Buffer | null>((done) => store.get(Buffer.from('x'), done)), null);
  const batch = store.batch();
  for (const { key } of made.entries) batch.delete(key);
  await finished((done) => batch.write(done));
  t.same(await read(recordRange(made.stored.generation), 1), made.entries.slice(0, 1));
});
