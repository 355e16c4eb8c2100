import * as path from 'node:path';
import t from 'tap';
import { openRealWorld } from '../../src/world/real.ts';
import { withoutFirst } from '../../src/world/real-files.ts';

const files = openRealWorld().files;

function code(action: () => void): string {
  try {
    action();
    return 'none';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'no code';
  }
}

t.test('pieces are written one after another from the position on', async (t) => {
  const file = files.open(path.join(t.testdir(), 'a'), { create: true });
  file.write([Buffer.from('one'), Buffer.alloc(0), Buffer.from('two')], 2);
  const into = Buffer.alloc(20, '.');
  t.equal(file.read(into, 1, 10, 1), 7);
  t.equal(into.toString('latin1', 0, 10), '.\0onetwo..');
  t.equal(file.size(), 8);
  t.equal(file.read(into, 0, 5, 8), 0, 'nothing after the end');
  file.truncate(3);
  t.equal(file.size(), 3);
  file.close();
});

t.test('more pieces than one system call takes are written', async (t) => {
  const file = files.open(path.join(t.testdir(), 'a'), { create: true });
  const pieces = Array.from({ length: 3000 }, (_, i) => Buffer.from([i & 255, i >> 8]));
  file.write(pieces, 0);
  const into = Buffer.alloc(6000);
  t.equal(file.read(into, 0, 6000, 0), 6000);
  t.ok(into.equals(Buffer.concat(pieces)));
  file.close();
});

t.test('what a short write left is the rest of the pieces', async (t) => {
  const pieces = [Buffer.from('abc'), Buffer.from(''), Buffer.from('de'), Buffer.from('f')];
  for (let n = 0; n <= 6; n++) {
    t.equal(Buffer.concat(withoutFirst(pieces, n)).toString(), 'abcdef'.slice(n));
  }
});

t.test('sync and syncCallback end without an error', async (t) => {
  const folder = t.testdir();
  const file = files.open(path.join(folder, 'a'), { create: true });
  file.write([Buffer.from('x')], 0);
  file.sync();
  files.syncDirectory(folder);
  const error = await new Promise((resolve) => file.syncCallback(resolve));
  t.equal(error, null);
  file.close();
});

t.test('a second syncCallback while one runs is a bug', async (t) => {
  const file = files.open(path.join(t.testdir(), 'a'), { create: true });
  const first = new Promise((resolve) => file.syncCallback(resolve));
  t.throws(() => file.syncCallback(() => {}));
  t.equal(await first, null);
  file.close();
});

t.test('a file closed during syncCallback is closed after it', async (t) => {
  const file = files.open(path.join(t.testdir(), 'a'), { create: true });
  const synced = new Promise((resolve) => file.syncCallback(resolve));
  file.close();
  t.equal(await synced, null);
  t.equal(
    code(() => file.size()),
    'EBADF',
  );
});

t.test('names are listed sorted, and follow create, rename and remove', async (t) => {
  const folder = path.join(t.testdir(), 'deep', 'er');
  t.notOk(files.exists(folder));
  files.makeDirectory(folder);
  files.makeDirectory(folder);
  for (const name of ['b', 'a', 'B', '10', '9']) {
    files.open(path.join(folder, name), { create: true }).close();
  }
  t.same(files.list(folder), ['10', '9', 'B', 'a', 'b']);
  files.rename(path.join(folder, 'a'), path.join(folder, 'b'));
  files.remove(path.join(folder, '9'));
  t.same(files.list(folder), ['10', 'B', 'b']);
  t.ok(files.exists(path.join(folder, 'b')));
  t.notOk(files.exists(path.join(folder, 'a')));
});

t.test('opening keeps what a file holds', async (t) => {
  const folder = t.testdir({ a: 'held' });
  const file = files.open(path.join(folder, 'a'), { create: true });
  t.equal(file.size(), 4);
  file.close();
});

t.test('failing calls throw errors with a code', async (t) => {
  const folder = t.testdir();
  const missing = path.join(folder, 'missing');
  const codes = [
    code(() => files.open(missing, { create: false })),
    code(() => files.list(missing)),
    code(() => files.rename(missing, path.join(folder, 'b'))),
    code(() => files.remove(missing)),
    code(() => files.syncDirectory(missing)),
  ];
  t.same(codes, ['ENOENT', 'ENOENT', 'ENOENT', 'ENOENT', 'ENOENT']);
});
