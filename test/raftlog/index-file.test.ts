import t from 'tap';
import { FaultyFiles, systemError } from '../support/faulty-files.ts';
import { appendNow, batchFor, closeNow, newLog, PATH, reopen, textsOf } from './log-fixture.ts';

const INDEX = `${PATH}.idx`;

function closedLog(): FaultyFiles {
  const files = new FaultyFiles();
  const log = newLog(files);
  appendNow(files, log, { term: 1, texts: ['a', 'bb'] });
  appendNow(files, log, { term: 1, texts: ['ccc'] });
  closeNow(files, log);
  return files;
}

/** The offsets behind the header of 64 bytes. */
function offsetsIn(files: FaultyFiles): number[] {
  const bytes = files.bytes(INDEX);
  const offsets: number[] = [];
  for (let at = 64; at < bytes.length; at += 8) offsets.push(Number(bytes.readBigUInt64LE(at)));
  return offsets;
}

const OFFSETS = [128 + 64, 128 + 64 + 33, 128 + 64 + 33 + 34 + 64];

t.test('the index holds the offset of every entry after closing', async (t) => {
  const files = closedLog();
  t.strictSame(offsetsIn(files), OFFSETS);
  t.strictSame(reopen(files).recovered.notes, []);
});

t.test('a missing index is written anew, with a note', async (t) => {
  const files = closedLog();
  files.remove(INDEX);
  t.match(reopen(files).recovered.notes, [/absent/]);
  t.strictSame(offsetsIn(files), OFFSETS);
});

t.test('wrong offsets are put right, with a note', async (t) => {
  const files = closedLog();
  const bytes = files.bytes(INDEX);
  bytes.writeBigUInt64LE(1n, 72);
  files.put(INDEX, bytes);
  t.match(reopen(files).recovered.notes, [/from entry 2 on/]);
  t.strictSame(offsetsIn(files), OFFSETS);
});

t.test('a short index is completed', async (t) => {
  const files = closedLog();
  files.put(INDEX, files.bytes(INDEX).subarray(0, 75));
  t.match(reopen(files).recovered.notes, [/from entry 2 on/]);
  t.strictSame(offsetsIn(files), OFFSETS);
});

t.test('the index of another log is not believed', async (t) => {
  const files = closedLog();
  const index = files.bytes(INDEX);
  const other = new FaultyFiles();
  newLog(other, { clusterId: 'another' });
  other.put(INDEX, index);
  t.equal(reopen(other).lastIndex, 0);
});

t.test('the index of a replaced log does not speak for the new one', async (t) => {
  const files = closedLog();
  const log = newLog(files, { replace: true });
  t.equal(log.lastIndex, 0);
  closeNow(files, log);
  t.equal(reopen(files).lastIndex, 0);
});

t.test('the index is written while the log grows', async (t) => {
  const files = new FaultyFiles();
  const log = newLog(files);
  const texts = Array.from({ length: 4100 }, () => '');
  appendNow(files, log, { term: 1, texts });
  t.equal(offsetsIn(files).length, 4100);
});

t.test('offsets of truncated entries are overwritten', async (t) => {
  const files = closedLog();
  const log = reopen(files);
  appendNow(files, log, { term: 2, first: 2, texts: ['x', 'y'] });
  closeNow(files, log);
  const again = reopen(files);
  t.strictSame(again.recovered.notes, []);
  t.equal(textsOf(again), 'a x y');
});

t.test('an index that cannot be written is given up, and the log goes on', async (t) => {
  const files = new FaultyFiles();
  const log = newLog(files, { fsync: false });
  const open = files.open.bind(files);
  t.equal(log.indexError, null);
  const texts = Array.from({ length: 4100 }, () => '');
  const batch = batchFor(log, { term: 1, texts });
  const write = files.bytes.bind(files);
  t.ok(write(PATH).length > 0);
  let writes = 0;
  Object.defineProperty(files, 'failWrite', {
    get: () => (writes++ === 0 ? null : systemError('ENOSPC', 'disk full')),
  });
  log.append(batch, (error) => t.equal(error, null));
  t.match(log.indexError, { code: 'ENOSPC' });
  t.equal(log.failure, null);
  t.ok(open(PATH, { create: false }).size() > 4100 * 32);
});

t.test('a log works where its index cannot even be opened', async (t) => {
  const files = closedLog();
  const open = files.open.bind(files);
  files.open = (path, options) => {
    if (path === INDEX) throw systemError('EACCES', path);
    return open(path, options);
  };
  const log = reopen(files);
  t.equal(textsOf(log), 'a bb ccc');
  t.match(log.indexError, { code: 'EACCES' });
  t.equal(closeNow(files, log), null);
});
