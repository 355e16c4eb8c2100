import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { finished, given } from '../../src/admin/waiting.ts';
import { Logger } from '../../src/base/logger.ts';
import { Config } from '../../src/config/config.ts';
import { type MemberFiles, NodeFiles } from '../../src/server/node-files.ts';
import type { Files } from '../../src/world/world.ts';
import {
  admin,
  CLUSTER_ID,
  folderOf,
  INDEX,
  NODE_ID,
  nodeFolder,
  type Sample,
  sample,
  TERM,
  world,
  writeBackup,
} from '../support/admin-fixture.ts';

const folder = folderOf(t);
const backup = path.join(folder, 'backup');
let made: Sample;
let starts: readonly number[];

t.before(async () => {
  const plain = await sample();
  const { generation, meta } = plain.stored;
  const waiter = {
    ...{ id: meta.index, db: 0, command: 'blpop', request: null },
    deadline: Number.POSITIVE_INFINITY,
  };
  made = { ...plain, stored: { generation, meta: { ...meta, waiters: [waiter] } } };
  starts = writeBackup(backup, made);
});

/** What a server finds in a folder; null: it is no member of anything. */
async function look(dir: string): Promise<MemberFiles | null> {
  const config = new Config();
  config.assign('dir', dir);
  const logger = new Logger({
    ...{ pid: 1, level: 'nothing', role: () => 'X' },
    wall: () => 0,
    write: () => {},
  });
  const { settings } = config;
  return given<MemberFiles | null>((done) => new NodeFiles({ world, settings, logger }).look(done));
}

async function close({ log, disk }: MemberFiles): Promise<void> {
  await finished((done) => log.close(done));
  await finished((done) => disk.close(done));
}

t.test('a restored folder holds a new cluster of one node with the same data', async (t) => {
  const dir = path.join(folder, 'deep/inside');
  const { status, out, error } = await admin([
    'restore',
    '--dir',
    dir,
    '--addr',
    '10.1.2.3:7000',
    backup,
  ]);
  t.same([status, error], [0, '']);
  const found = await look(dir);
  if (found === null) throw new Error('nothing was found');
  const { log, disk } = found;
  const { nodeId, clusterId } = log;
  t.match(clusterId, /^[0-9a-f]{32}$/);
  t.not(clusterId, CLUSTER_ID);
  t.not(nodeId, NODE_ID);
  t.same([log.base.index, log.lastIndex, log.hardState], [INDEX, INDEX, { term: TERM, vote: 0 }]);
  t.same(log.base.chain, made.stored.meta.chain);
  const { generation, meta } = made.stored;
  t.same(disk.stored, {
    generation,
    meta: {
      ...meta,
      clusterId,
      usedIds: [NODE_ID, nodeId],
      waiters: [],
      configuration: {
        index: INDEX,
        configuration: {
          change: { kind: 'bootstrap', id: nodeId },
          members: [{ id: nodeId, host: '10.1.2.3', port: 7000, voting: true }],
          databases: 16,
        },
      },
    },
  });
  await close(found);
  t.match(out, `holds entry ${INDEX} of cluster ${CLUSTER_ID}: 306 keys\n`);
  t.match(out, `It is node ${nodeId} of the new cluster ${clusterId}. Start it:`);
  const start = `balsa-server --dir ${dir} --port 7000 --bind 10.1.2.3 --raft.addr 10.1.2.3:7000\n`;
  t.match(out, start);
  t.match(out, 'RAFT.CLUSTER JOIN 10.1.2.3:7000');
  t.same(readdirSync(dir).sort(), ['redisraft.db', 'redisraft.db.idx', 'redisraft.db.image']);
  const verified = await admin(['verify', '--dir', dir]);
  t.equal(verified.status, 0);
  t.match(verified.out, `digest ${made.digest}`);
});

t.test('two restored clusters are two', async (t) => {
  const ids = new Set<string>();
  for (const name of ['one', 'two']) {
    const dir = path.join(folder, name);
    await admin(['restore', '--dir', dir, '--log-filename', 'other name', backup]);
    const { out } = await admin(['verify', '--json', '--dir', dir, '--log-filename', 'other name']);
    ids.add(JSON.parse(out).log.clusterId);
  }
  t.equal(ids.size, 2);
});

t.test('the start line has what is not the default', async (t) => {
  const dir = path.join(folder, 'a name');
  const { out } = await admin(['restore', '--dir', dir, '--log-filename', 'x.log', backup]);
  const words = `--port 6379 --raft.addr 127.0.0.1:6379 --raft.log-filename x.log\n`;
  t.match(out, `balsa-server --dir "${dir}" ${words}`);
});

t.test('a folder that is somebody’s is left alone, or put aside', async (t) => {
  const dir = path.join(folder, 'taken');
  await nodeFolder(dir);
  const names = readdirSync(dir).sort();
  const { status, out, error } = await admin(['restore', '--dir', dir, backup]);
  t.same([status, out], [1, '']);
  const both = `${dir}/redisraft.db and ${dir}/redisraft.db.image are there already`;
  t.match(error, `${both}; --force puts that aside\n`);
  t.same(readdirSync(dir).sort(), names);
  const forced = await admin(['restore', '--force', '--dir', dir, backup]);
  t.equal(forced.status, 0);
  t.match(forced.out, /redisraft\.db was put aside as .*redisraft\.db\.\d+\.bak\n/);
  const bak = readdirSync(dir).filter((name) => name.endsWith('.bak'));
  t.equal(bak.length, 2);
  const found = await look(dir);
  t.not(found?.log.clusterId, CLUSTER_ID);
  if (found !== null) await close(found);
  rmSync(path.join(dir, 'redisraft.db.image'), { recursive: true });
  const alone = await admin(['restore', '--dir', dir, backup]);
  t.match(alone.error, `${dir}/redisraft.db is there already`);
});

t.test('a damaged backup is refused before anything is made', async (t) => {
  const bytes = readFileSync(backup);
  const damaged = path.join(folder, 'damaged');
  const dir = path.join(folder, 'untouched');
  for (const [at, text] of [
    [3, /this is no backup/],
    [60, /the head of the image is damaged/],
    [(starts[4] ?? 0) + 50, new RegExp(`offset ${starts[4]}: record .* is damaged`)],
    [bytes.length - 1, /the checksum of the whole file does not match/],
  ] as const) {
    const other = Buffer.from(bytes);
    other[at] = (other[at] ?? 0) ^ 1;
    writeFileSync(damaged, other);
    const { status, out, error } = await admin(['restore', '--dir', dir, damaged]);
    t.same([status, out], [1, '']);
    t.match(error, 'the backup cannot be relied on: ');
    t.match(error, text);
    t.notOk(existsSync(dir));
  }
  writeFileSync(damaged, bytes.subarray(0, 5000));
  t.match((await admin(['restore', '--dir', dir, damaged])).error, 'it was cut off');
});

/** The real files, of which every change after the first `left` fails. */
function failingAfter(left: number): { files: Files; changes: () => number } {
  const { files } = world;
  let changes = 0;
  const change = (): void => {
    changes++;
    if (changes > left) throw Object.assign(new Error('EIO: the disk is gone'), { code: 'EIO' });
  };
  return {
    changes: () => changes,
    files: {
      open: (name, options) => {
        if (options.create) change();
        return files.open(name, options);
      },
      exists: (name) => files.exists(name),
      list: (name) => files.list(name),
      makeDirectory: (name) => files.makeDirectory(name),
      rename: (from, to) => {
        change();
        files.rename(from, to);
      },
      remove: (name) => {
        change();
        files.remove(name);
      },
      syncDirectory: (name) => {
        change();
        files.syncDirectory(name);
      },
    },
  };
}

t.test('a restore that stops half-way leaves no folder that starts half', async (t) => {
  for (const force of [false, true]) {
    for (let left = 0, isDone = false; !isDone; left++) {
      const dir = path.join(folder, `stopped ${force} ${left}`);
      if (force) await nodeFolder(dir);
      const { files } = failingAfter(left);
      const args = ['restore', '--dir', dir, ...(force ? ['--force'] : []), backup];
      const { status } = await admin(args, { world: { ...world, files } });
      isDone = status === 0;
      const found = await look(dir);
      if (found !== null) {
        // The old node or the new one, whole; else none.
        t.equal(found.disk.stored?.meta.clusterId, found.log.clusterId, `after ${left} changes`);
        await close(found);
      }
      if (left > 40) throw new Error('it never ends');
      const again = await admin(['restore', '--force', '--dir', dir, backup]);
      t.equal(again.status, 0, `after ${left} changes`);
      const last = await look(dir);
      t.not(last?.log.clusterId ?? CLUSTER_ID, CLUSTER_ID);
      if (last !== null) await close(last);
    }
  }
});
