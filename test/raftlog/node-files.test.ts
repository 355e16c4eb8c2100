import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { FileSystem } from '../../raftlog/index.ts';
import { createLog, nodeFiles, openLog, readOnlyNodeFiles } from '../../raftlog/index.ts';
import type { Files } from '../../src/world/world.ts';
import { batchFor, textsOf } from './log-fixture.ts';

t.test('a log on the real disk is written, closed, and opened again', async (t) => {
  const path = join(t.testdir(), 'raft.log');
  const options = { files: nodeFiles, path, fsync: true, microseconds: () => 0 };
  const log = createLog({ ...options, clusterId: 'c', nodeId: 1 });
  const done: string[] = [];
  for (const text of ['a', 'b', 'large '.repeat(50_000)]) {
    log.append(batchFor(log, { term: 1, texts: [text] }), (error) => done.push(String(error)));
  }
  const error = await new Promise((resolve) => log.close(resolve));
  t.equal(error, null);
  t.strictSame(done, ['null', 'null', 'null']);
  t.equal(statSync(path).size, log.bytes);
  const again = openLog(options);
  t.equal(textsOf(again), `a b ${'large '.repeat(50_000)}`);
  t.strictSame(again.recovered.notes, []);
  await new Promise((resolve) => again.close(resolve));
});

t.test('a compaction on the real disk puts the new file in place', async (t) => {
  const path = join(t.testdir(), 'raft.log');
  const options = { files: nodeFiles, path, fsync: true, microseconds: () => 0 };
  const log = createLog({ ...options, clusterId: 'c', nodeId: 1 });
  await new Promise((resolve) => {
    log.append(batchFor(log, { term: 1, texts: ['a', 'b', 'c'] }), resolve);
  });
  const compaction = log.compact(2);
  compaction.step(1000);
  t.equal(await new Promise((resolve) => compaction.finish(resolve)), null);
  t.equal(existsSync(`${path}.new`), false);
  await new Promise((resolve) => log.close(resolve));
  const again = openLog(options);
  t.equal(textsOf(again), 'c');
  await new Promise((resolve) => again.close(resolve));
});

t.test('node files do what the interface promises', async (t) => {
  const folder = t.testdir({ b: 'bb', a: '' });
  nodeFiles.makeDirectory(join(folder, 'x/y'));
  t.strictSame(nodeFiles.list(folder), ['a', 'b', 'x']);
  t.throws(() => nodeFiles.open(join(folder, 'none'), { create: false }), { code: 'ENOENT' });
  const file = nodeFiles.open(join(folder, 'new'), { create: true });
  file.write([Buffer.from('ab'), Buffer.alloc(0), Buffer.from('cd')], 3);
  file.sync();
  t.equal(file.size(), 7);
  const bytes = Buffer.alloc(10, 0x2e);
  t.equal(file.read(bytes, 1, 9, 2), 5);
  t.equal(bytes.toString('latin1'), '.\0abcd....');
  file.truncate(4);
  t.equal(file.size(), 4);
  file.close();
  nodeFiles.rename(join(folder, 'new'), join(folder, 'a'));
  nodeFiles.remove(join(folder, 'b'));
  nodeFiles.syncDirectory(folder);
  t.strictSame(nodeFiles.list(folder), ['a', 'x']);
});

t.test('the world of balsa and this package mean the same by files', async (t) => {
  // Checked by the compiler: each can stand in for the other.
  const there = (files: Files): FileSystem => files;
  const back = (files: FileSystem): Files => files;
  t.equal(back(there(nodeFiles)), nodeFiles);
});

t.test('read-only files cannot be written', async (t) => {
  const file = readOnlyNodeFiles.open(join(t.testdir({ a: 'text' }), 'a'), { create: true });
  t.throws(() => file.write([Buffer.from('x')], 0), { code: 'EBADF' });
  file.close();
});
