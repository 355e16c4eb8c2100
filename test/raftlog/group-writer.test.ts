import t from 'tap';
import type { QueuedBatch } from '../../raftlog/group-encoder.ts';
import { GroupWriter } from '../../raftlog/group-writer.ts';
import { FaultyFiles, systemError } from '../support/faulty-files.ts';

const PATH = '/log';

function batch(first: number, bytes: number): QueuedBatch {
  const pieces = [Buffer.alloc(bytes, first)];
  const hardState = { term: 1, vote: 0 };
  return { hardState, first, count: 1, truncates: false, chain: 0, pieces, bytes, done: () => {} };
}

function writer(preallocate: number): { files: FaultyFiles; group: GroupWriter } {
  const files = new FaultyFiles();
  const file = files.open(PATH, { create: true });
  const group = new GroupWriter({ file, identity: 7, end: 0, allocated: 0, preallocate });
  return { files, group };
}

t.test('batches stand one behind the other, with zeros ahead if asked for', async (t) => {
  const { files, group } = writer(4096);
  t.strictSame(group.write([batch(1, 36), batch(2, 36)], 0, false), { count: 2, noSpace: null });
  t.equal(group.end, 200);
  t.equal(files.bytes(PATH).length, 200);
  group.write([batch(3, 36)], 0, true);
  t.equal(files.bytes(PATH).length, 8192);
});

t.test('without space for all of them the first alone is written', async (t) => {
  const { files, group } = writer(4096);
  files.space = 150;
  const written = group.write([batch(1, 36), batch(2, 36)], 0, true);
  t.match(written, { count: 1, noSpace: { code: 'ENOSPC' } });
  t.equal(group.end, 100);
  t.match(group.write([batch(2, 36)], 0, true), { count: 0, noSpace: { code: 'ENOSPC' } });
  t.equal(group.end, 100);
});

t.test('what a failed write has left is cut off, at once or later', async (t) => {
  const { files, group } = writer(0);
  files.space = 150;
  group.write([batch(1, 36), batch(2, 36)], 0, false);
  t.equal(files.bytes(PATH).length, 100);
  files.failTruncate = systemError('EIO', 'truncate');
  group.write([batch(2, 36)], 0, false);
  t.equal(files.bytes(PATH).length, 150);
  files.failTruncate = null;
  group.cutTail();
  t.equal(files.bytes(PATH).length, 100);
});

t.test('zeros that were written ahead are kept on a full disk', async (t) => {
  const { files, group } = writer(4096);
  group.write([batch(1, 36)], 0, true);
  files.space = files.used;
  t.equal(group.write([batch(2, 9000)], 0, true).count, 0);
  t.equal(files.bytes(PATH).length, 8192);
  t.equal(group.write([batch(2, 2000)], 0, true).count, 1);
});

t.test('errors that do not speak of space are thrown', async (t) => {
  const { files, group } = writer(0);
  files.failWrite = systemError('EIO', 'write');
  t.throws(() => group.write([batch(1, 36)], 0, false), { code: 'EIO' });
});

t.test('another file is written from its end on', async (t) => {
  const { files, group } = writer(4096);
  group.write([batch(1, 36)], 0, true);
  const other = files.open('/other', { create: true });
  other.write([Buffer.alloc(50, 9)], 0);
  group.replaceFile(other, 8, 50);
  group.write([batch(2, 36)], 0, false);
  t.equal(group.end, 150);
  t.equal(group.file, other);
  t.equal(files.bytes('/other').length, 150);
});
