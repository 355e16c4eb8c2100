import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import t, { type Test } from 'tap';
import { readOnlyNodeFiles } from '../../raftlog/index.ts';
import { checkBackup } from '../../src/admin/backup-reader.ts';
import { packMeta } from '../../src/replica/image/meta.ts';
import { joinEntries } from '../../src/replica/image/transfer-frames.ts';
import { ErrorReply, MapReply, OK, type Reply } from '../../src/resp/reply.ts';
import type { Files } from '../../src/world/world.ts';
import { admin, folderOf, NODE_ID, type Sample, sample, world } from '../support/admin-fixture.ts';
import { type Scripted, scriptedNode } from '../support/scripted-node.ts';

let made: Sample;
t.before(async () => {
  made = await sample();
});

function facts(more: readonly (readonly [Reply, Reply])[] = []): MapReply {
  return new MapReply([
    ['node_id', NODE_ID],
    ['role', 'leader'],
    ['complete', 'yes'],
    ['meta', packMeta(made.stored)],
    ...more,
  ]);
}

/** What a node does that is well: portions of ten entries. */
function wellNode(): (words: readonly string[]) => Scripted {
  let at = 0;
  return ([, word]) => {
    if (word === 'BEGIN') return facts();
    if (word === 'END') return OK;
    const portion = made.entries.slice(at, at + 10);
    at += 10;
    return portion.length === 0 ? null : joinEntries(portion);
  };
}

function node(t: Test, script: (words: readonly string[]) => Scripted): Promise<string> {
  return scriptedNode(world, script, (close) => t.teardown(close));
}

t.test('a backup is written, and what is there is left alone without --force', async (t) => {
  const file = path.join(folderOf(t), 'file');
  const told: string[] = [];
  const words: string[] = [];
  const from = await node(
    t,
    (() => {
      const well = wellNode();
      return (line: readonly string[]) => {
        words.push(line.join(' '));
        return well(line);
      };
    })(),
  );
  const progress = (text: string): void => {
    told.push(text);
  };
  const { status, out, error } = await admin(['backup', '--from', from, file], { progress });
  t.same([status, error], [0, '']);
  t.match(out, new RegExp(`^${file}: entry 500, 306 keys, \\d+ KB, \\d+\\.\\d\\d s\n$`));
  t.equal(words[0], 'RAFT.BACKUP BEGIN');
  t.equal(words.at(-1), 'RAFT.BACKUP END');
  t.match(told, [`waiting for ${from} to make a checkpoint`]);
  t.equal(told.at(-1), '', 'nothing of it stays');
  const { head, damages } = checkBackup(readOnlyNodeFiles, file, () => {});
  t.same(head, { nodeId: NODE_ID, stored: made.stored });
  t.same(damages, []);
  const bytes = readFileSync(file);
  const again = await admin(['backup', '--from', from, file]);
  t.same([again.status, again.out], [1, '']);
  t.match(again.error, `balsa-admin: backup: ${file} is there already; --force overwrites it\n`);
  const forced = await node(t, wellNode());
  writeFileSync(`${file}.partial`, 'of an earlier attempt '.repeat(100_000));
  t.equal((await admin(['backup', '--force', '--from', forced, file])).status, 0);
  t.ok(readFileSync(file).equals(bytes));
  t.notOk(existsSync(`${file}.partial`));
});

t.test('a password comes from the command line or from the environment', async (t) => {
  const folder = folderOf(t);
  const heard: string[] = [];
  const from = await node(t, (words) => {
    heard.push(words.join(' '));
    return new ErrorReply('WRONGPASS invalid username-password pair or user is disabled.');
  });
  const file = path.join(folder, 'file');
  const args = ['backup', '--from', from, file];
  const environment = (name: string): string | undefined =>
    name === 'BALSA_PASSWORD' ? 'secret' : undefined;
  const first = await admin(args, { environment });
  t.equal(first.status, 1);
  t.match(first.error, `${from} does not take this user and password: WRONGPASS`);
  await admin([...args, '--user', 'me', '--password', 'word'], { environment });
  t.same(heard, ['AUTH default secret', 'AUTH me word']);
  t.same(readdirSync(folder), []);
});

t.test('a node that refuses is understood', async (t) => {
  const file = path.join(folderOf(t), 'file');
  for (const [reply, text] of [
    [
      'NOAUTH Authentication required.',
      'wants a password: --password, or BALSA_PASSWORD in the env',
    ],
    ['NOCLUSTER No Raft Cluster', 'belongs to no cluster, so there is nothing to back up'],
    ["ERR unknown command 'RAFT.BACKUP', with args", 'it is no balsa, or an older one'],
    ['LOADING Raft module is loading data', ': LOADING Raft module is loading data\n'],
  ] as const) {
    const from = await node(t, () => new ErrorReply(reply));
    const { status, out, error } = await admin(['backup', '--from', from, file]);
    t.same([status, out], [1, ''], reply);
    t.match(error, `balsa-admin: backup: ${from}`);
    t.match(error, text);
  }
});

t.test('nobody listening is an error', async (t) => {
  const folder = folderOf(t);
  const file = path.join(folder, 'file');
  const { status, error } = await admin(['backup', '--from', '127.0.0.1:1', file]);
  t.equal(status, 1);
  t.match(error, /cannot connect to 127\.0\.0\.1:1: .*ECONNREFUSED/);
  t.same(readdirSync(folder), []);
});

t.test('whatever goes wrong on the way, no file is left', async (t) => {
  const damaged = (): Buffer => {
    const portion = joinEntries(made.entries.slice(0, 10));
    portion[60] = (portion[60] ?? 0) ^ 1;
    return portion;
  };
  const cases: readonly [name: string, next: (count: number) => Scripted, text: RegExp][] = [
    ['hangs up', (count) => (count < 3 ? portionOf(count) : 'hang up'), /connection to .* broke/],
    ['fails', () => new ErrorReply('ERR the backup was ended'), /: ERR the backup was ended\n/],
    ['damaged', damaged, /cannot be relied on: record \d+\/\d+ of image \d+ is damaged/],
    ['too few', (count) => (count < 3 ? portionOf(count) : null), /only \d+ of \d+ records came/],
    ['twice', (count) => portionOf(count === 1 ? 0 : count), /not in order|a piece is missing/],
    ['nonsense', () => 'nonsense', /something that is no part of a backup/],
    ['number', () => 1, /something that is no part of a backup/],
  ];
  for (const [name, next, text] of cases) {
    const folder = folderOf(t);
    let count = 0;
    const from = await node(t, ([, word]) => (word === 'BEGIN' ? facts() : next(count++)));
    const { status, out, error } = await admin([
      'backup',
      '--from',
      from,
      path.join(folder, 'file'),
    ]);
    t.same([status, out], [1, ''], name);
    t.match(error, text);
    t.same(readdirSync(folder), [], name);
  }
});

function portionOf(count: number): Reply {
  return joinEntries(made.entries.slice(count * 10, count * 10 + 10));
}

t.test('an answer to BEGIN that is not understood is refused', async (t) => {
  const file = path.join(folderOf(t), 'file');
  for (const reply of [OK, new MapReply([['meta', 'x']]), facts([['meta', 'x']])]) {
    const from = await node(t, () => reply);
    const { status, error } = await admin(['backup', '--from', from, file]);
    t.equal(status, 1);
    t.match(error, /in a way that this program does not know|cannot be relied on/);
  }
});

t.test('a node that could not make sure of everything is told of', async (t) => {
  const file = path.join(folderOf(t), 'file');
  const well = wellNode();
  const from = await node(t, (words) =>
    words[1] === 'BEGIN'
      ? facts([
          ['role', 'follower'],
          ['complete', 'no'],
        ])
      : well(words),
  );
  const { status, error } = await admin(['backup', '--from', from, file]);
  t.equal(status, 0);
  t.match(error, `note: ${from} was asked as a follower and could not make sure`);
});

t.test('a disk that cannot take the file is an error', async (t) => {
  const folder = folderOf(t);
  const from = await node(t, wellNode());
  const missing = await admin(['backup', '--from', from, path.join(folder, 'no/such/file')]);
  t.equal(missing.status, 1);
  t.match(missing.error, /cannot be written: ENOENT/);
  mkdirSync(path.join(folder, 'sub'));
  const { files } = world;
  const full: Files = {
    open: (name, options) => {
      const file = files.open(name, options);
      let written = 0;
      return {
        size: () => file.size(),
        read: (into, offset, length, position) => file.read(into, offset, length, position),
        write: (pieces, position) => {
          written++;
          if (written > 3) throw Object.assign(new Error('ENOSPC: no space'), { code: 'ENOSPC' });
          file.write(pieces, position);
        },
        truncate: (size) => file.truncate(size),
        sync: () => file.sync(),
        syncCallback: (done) => file.syncCallback(done),
        close: () => file.close(),
      };
    },
    exists: (name) => files.exists(name),
    list: (name) => files.list(name),
    makeDirectory: (name) => files.makeDirectory(name),
    rename: (a, b) => files.rename(a, b),
    remove: (name) => files.remove(name),
    syncDirectory: (name) => files.syncDirectory(name),
  };
  const again = await node(t, wellNode());
  const args = ['backup', '--from', again, path.join(folder, 'sub/file')];
  const { status, error } = await admin(args, { world: { ...world, files: full } });
  t.equal(status, 1);
  t.match(error, /sub\/file cannot be written: ENOSPC/);
  t.same(readdirSync(path.join(folder, 'sub')), []);
});
