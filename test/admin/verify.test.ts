import {
  copyFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { createLog } from '../../raftlog/index.ts';
import { finished } from '../../src/admin/waiting.ts';
import {
  admin,
  CLUSTER_ID,
  folderOf,
  INDEX,
  NODE_ID,
  nodeFolder,
  type Sample,
  sample,
  world,
  writeBackup,
} from '../support/admin-fixture.ts';

const folder = folderOf(t);
const good = path.join(folder, 'good');
let made: Sample;

t.before(async () => {
  made = await nodeFolder(good);
});

/** A copy of the sound folder, of its own. */
function copy(name: string): { dir: string; log: string; image: string; table: string } {
  const dir = path.join(folder, name);
  cpSync(good, dir, { recursive: true });
  const image = path.join(dir, 'redisraft.db.image');
  const [table] = readdirSync(image).filter((each) => /\.(ldb|log)$/.test(each));
  return { dir, log: path.join(dir, 'redisraft.db'), image, table: path.join(image, table ?? '') };
}

/** Everything in a folder: names, contents, times. */
function contents(dir: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of readdirSync(dir, { recursive: true, encoding: 'utf8' }).sort()) {
    const file = path.join(dir, name);
    const { mtimeMs, size } = statSync(file);
    const isFile = statSync(file).isFile();
    found[name] = `${mtimeMs} ${size} ${isFile ? readFileSync(file).toString('base64') : ''}`;
  }
  return found;
}

/** Lets LevelDB put what is in its log into tables, as a start does. */
async function settle(image: string): Promise<void> {
  await finished((done) =>
    world.images.open(image, (error, store) => {
      if (store === null) done(error);
      else store.close(done);
    }),
  );
}

t.test('a folder that is sound is described', async (t) => {
  const { status, out, error } = await admin(['verify', '--dir', `${good}/`]);
  t.same([status, error], [0, '']);
  t.match(out, `node ${NODE_ID} of cluster ${CLUSTER_ID}`);
  t.match(out, `no entries behind ${INDEX}, term 3`);
  t.match(out, 'the log ends cleanly (R7)');
  t.match(out, /^ {6}db0: 305 keys\n {6}db3: 1 key\n/m);
  t.match(out, `digest ${made.digest}`);
  t.match(out, `start: loads the image of entry ${INDEX} (S9)\nsound\n`);
});

t.test('--json has the same facts', async (t) => {
  const { status, out } = await admin(['verify', '--json', '--dir', good]);
  t.equal(status, 0);
  t.match(JSON.parse(out), {
    sound: true,
    log: {
      clusterId: CLUSTER_ID,
      nodeId: NODE_ID,
      base: INDEX,
      last: INDEX,
      indexFile: 'complete',
    },
    image: { index: INDEX, dataset: { keys: 306, digest: made.digest } },
    start: { row: 'S9' },
    damages: [],
  });
});

t.test('nothing in the folder changes, sound or not', async (t) => {
  const { dir, table } = copy('unchanged');
  for (const damaged of [false, true]) {
    if (damaged) writeFileSync(table, readFileSync(table).fill(1, 5000, 5010));
    const before = contents(dir);
    await admin(['verify', '--dir', dir]);
    t.same(contents(dir), before);
  }
});

t.test('an image that a server has open is not looked at', async (t) => {
  const { spawn } = await import('node:child_process');
  const { dir, image } = copy('locked');
  const holder = `
    import { RealImageStores } from ${JSON.stringify(new URL('../../src/world/real-image-store.js', import.meta.url).href)};
    new RealImageStores().open(${JSON.stringify(image)}, (error) => console.log(error?.message ?? 'open'));
    setTimeout(() => {}, 20000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', holder]);
  t.teardown(() => child.kill('SIGKILL'));
  const said = await new Promise<string>((resolve) => {
    child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString().trim()));
  });
  t.equal(said, 'open');
  const { status, out, error } = await admin(['verify', '--dir', dir]);
  t.same([status, out], [2, '']);
  t.match(
    error,
    `${image} is in use: a server is running on these files, or another check. Stop it`,
  );
});

t.test('damage in a table is named with its file and offset', async (t) => {
  const { dir, image } = copy('table');
  await settle(image);
  const name = readdirSync(image).find((each) => each.endsWith('.ldb')) ?? '';
  const table = path.join(image, name);
  const bytes = readFileSync(table);
  bytes[9000] = (bytes[9000] ?? 0) ^ 1;
  writeFileSync(table, bytes);
  const { status, out } = await admin(['verify', '--dir', dir]);
  t.equal(status, 1);
  t.match(out, new RegExp(`^DAMAGED ${table}, offset \\d+: a block fails its checksum$`, 'm'));
  t.match(out, /start: does not start on damaged files \(damaged\)\n/);
  t.match(out, /\d+ damages? found\n$/);
  const { damages } = JSON.parse((await admin(['verify', '--json', '--dir', dir])).out);
  t.ok(damages[0].offset <= 9000 && damages[0].offset > 0);
});

t.test('files of an image that are missing or unreadable are named', async (t) => {
  for (const [name, spoil] of [
    ['CURRENT', (image: string) => rmSync(path.join(image, 'CURRENT'))],
    [
      'MANIFEST',
      (image: string) => {
        const manifest = readdirSync(image).find((each) => each.startsWith('MANIFEST')) ?? '';
        writeFileSync(path.join(image, manifest), 'nonsense');
      },
    ],
  ] as const) {
    const { dir, image } = copy(`missing ${name}`);
    spoil(image);
    const { status, out } = await admin(['verify', '--dir', dir]);
    t.equal(status, 1, name);
    t.match(out, `DAMAGED`);
    t.match(out, image);
    t.notMatch(out, 'balsa-view', 'no folder is named that is gone');
  }
});

t.test('damage in the log is named with offset and entry', async (t) => {
  const { dir, log } = copy('log');
  const bytes = readFileSync(log);
  bytes[20] = (bytes[20] ?? 0) ^ 1;
  writeFileSync(log, bytes);
  const { status, out } = await admin(['verify', '--dir', dir]);
  t.equal(status, 1);
  t.match(out, `DAMAGED ${log}: the file header fails its checksum (R5)`);
  t.match(out, `digest ${made.digest}`, 'the image is looked at all the same');
});

t.test('a torn end of the log is no damage', async (t) => {
  const { dir, log } = copy('torn');
  writeFileSync(log, Buffer.concat([readFileSync(log), Buffer.from('torn')]));
  const { status, out } = await admin(['verify', '--dir', dir]);
  t.equal(status, 0);
  t.match(
    out,
    /^note: .*4 bytes from offset \d+ will be cut at the next start. It was never ackn/m,
  );
});

t.test('files that do not belong together are found out', async (t) => {
  const cases: readonly [name: string, of: Partial<Parameters<typeof createLog>[0]>, RegExp][] = [
    ['other cluster', { clusterId: 'x'.repeat(32) }, /different dbids.*\n1 damage found/],
    ['later log', { base: { index: INDEX + 1, term: 3, chain: 1 } }, /entries are missing/],
    ['other chain', { base: { index: INDEX, term: 3, chain: 1 } }, /made of another log/],
  ];
  for (const [name, of, text] of cases) {
    const { dir, log } = copy(name);
    const made = createLog({
      files: world.files,
      path: log,
      fsync: false,
      microseconds: () => 0,
      clusterId: CLUSTER_ID,
      nodeId: NODE_ID,
      hardState: { term: 3, vote: 0 },
      replace: true,
      ...of,
    });
    await finished((done) => made.close(done));
    const { status, out } = await admin(['verify', '--dir', dir]);
    t.equal(status, 1, name);
    t.match(out, text);
  }
});

t.test('an image without a log, and a log without an image, are what they are', async (t) => {
  const alone = copy('image alone');
  rmSync(alone.log);
  const { status, out } = await admin(['verify', '--dir', alone.dir]);
  t.equal(status, 0);
  t.match(out, 'start: belongs to no cluster; the image is put aside when it joins one (S2)');
  const cut = copy('log alone');
  rmSync(cut.image, { recursive: true });
  const other = await admin(['verify', '--dir', cut.dir]);
  t.equal(other.status, 1);
  t.match(other.out, `Log refers to snapshot ${INDEX} which was not loaded`);
});

t.test('a backup is checked like an image', async (t) => {
  const file = path.join(folder, 'backup');
  const starts = writeBackup(file, await sample());
  const { status, out } = await admin(['verify', file]);
  t.equal(status, 0);
  t.match(out, `of node ${NODE_ID} of cluster ${CLUSTER_ID}, made 2025-06-15`);
  t.match(out, `digest ${made.digest}\nsound\n`);
  const damaged = path.join(folder, 'damaged');
  copyFileSync(file, damaged);
  const at = (starts[3] ?? 0) + 60;
  const bytes = readFileSync(file);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(damaged, bytes);
  const bad = await admin(['verify', damaged]);
  t.equal(bad.status, 1);
  t.match(bad.out, 'not loaded\n');
  t.match(
    bad.out,
    new RegExp(`^DAMAGED ${damaged}, offset ${starts[3]}: record \\d+/\\d+ of`, 'm'),
  );
  const json = JSON.parse((await admin(['verify', '--json', damaged])).out);
  t.match(json, { sound: false, damages: [{ file: damaged, offset: starts[3] }] });
  mkdirSync(path.join(folder, 'a folder'));
  t.equal((await admin(['verify', path.join(folder, 'a folder')])).status, 1);
});
