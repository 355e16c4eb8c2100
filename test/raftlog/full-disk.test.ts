/** A disk without space: appends wait, in their order, and nothing acknowledged is lost. */
import t from 'tap';
import { FaultyFiles, systemError } from '../support/faulty-files.ts';
import { giveSpace, leave, run } from './full-fixture.ts';
import { batchFor, closeNow, newLog, PATH, reopen, textsOf } from './log-fixture.ts';

/** Header of a batch, header of a record. */
const OVERHEAD = 64 + 32;

t.test('an append without space waits, and is written when there is some', async (t) => {
  const { files, log, seen, put } = run();
  put('a');
  files.completeSyncs();
  leave(files, 70);
  put('bbb');
  t.match(log.full, { code: 'RAFTLOG_FULL', file: PATH, cause: { code: 'ENOSPC' } });
  t.equal(log.failure, null);
  t.strictSame([log.lastIndex, log.writtenIndex, log.durableIndex], [2, 1, 1]);
  log.retry();
  t.strictSame([seen, files.pendingSyncs], [['a'], 0]);
  giveSpace({ files, log });
  t.strictSame(seen, ['a', 'bbb']);
  t.equal(log.full, null);
  t.equal(log.waitingBytes, 0);
  t.equal(textsOf(reopen(files)), 'a bbb');
});

t.test('appends behind the one without space keep their order', async (t) => {
  const { files, log, seen, put } = run();
  leave(files, 10);
  for (const text of ['a', 'b', 'c', 'd']) put(text);
  const { writes } = files;
  t.equal(log.waitingBytes, 4 * (OVERHEAD + 1));
  giveSpace({ files, log });
  t.strictSame(seen, ['a', 'b', 'c', 'd']);
  t.equal(files.writes - writes, 2, 'the first alone, then all others');
  t.equal(files.bytes(PATH).length, log.bytes, 'nothing stands there twice');
  t.equal(textsOf(reopen(files)), 'a b c d');
});

t.test('while it is full only a retry writes', async (t) => {
  const { files, log, put } = run();
  leave(files, 10);
  put('a');
  const { writes } = files;
  put('b');
  t.equal(files.writes, writes);
  log.retry();
  t.equal(files.writes, writes + 1);
});

t.test('what fits of a group is written and acknowledged', async (t) => {
  const { files, log, seen, put } = run();
  put('a');
  for (const text of ['b', 'c', 'd']) put(text);
  leave(files, 2 * (OVERHEAD + 1) + 50);
  files.completeSyncs();
  t.strictSame(seen, ['a', 'b', 'c']);
  t.strictSame([log.lastIndex, log.writtenIndex, log.durableIndex], [4, 3, 3]);
  t.not(log.full, null);
  t.equal(textsOf(log), 'a b c');
  giveSpace({ files, log });
  t.strictSame(seen, ['a', 'b', 'c', 'd']);
});

t.test('what did not fit takes no space', async (t) => {
  for (const preallocate of [0, 4096]) {
    const { files, put } = run({ preallocate });
    put('a');
    files.completeSyncs();
    const size = files.used;
    leave(files, 100);
    put('b'.repeat(9000));
    t.equal(files.used, size);
  }
});

t.test('it is full until all that waited is written', async (t) => {
  const { files, log, seen, put } = run();
  leave(files, 10);
  for (const text of ['a', 'b', 'c']) put(text);
  leave(files, OVERHEAD + 1);
  log.retry();
  t.not(log.full, null);
  files.completeSyncs();
  t.strictSame(seen, ['a']);
  t.not(log.full, null);
  giveSpace({ files, log });
  t.strictSame([seen, log.full], [['a', 'b', 'c'], null]);
});

t.test('a quota that is used up is the same, any other error is not', async (t) => {
  for (const [code, waits] of [
    ['EDQUOT', true],
    ['EIO', false],
    ['EFBIG', false],
  ] as const) {
    const { files, log, seen, put } = run();
    files.failWrite = systemError(code, 'write');
    put('a');
    files.failWrite = null;
    giveSpace({ files, log });
    t.strictSame(seen, [waits ? 'a' : 'a RAFTLOG_FAILED'], code);
    t.equal(log.failure === null, waits);
  }
});

t.test('a sync for which there is no space fails the log', async (t) => {
  const { files, log, seen, put } = run();
  put('a');
  put('b');
  files.failSync = systemError('ENOSPC', 'sync');
  files.completeSyncs();
  t.strictSame(seen, ['a RAFTLOG_FAILED', 'b RAFTLOG_FAILED']);
  t.match([log.failure, log.full], [{ code: 'RAFTLOG_FAILED' }, null]);
  t.equal(textsOf(reopen(files.afterCrash())), 'a', 'the next start takes what is there');
});

t.test('zeros written ahead are left out where space is short', async (t) => {
  for (const left of [0, 1, 4000]) {
    const { files, log, seen, put } = run({ preallocate: 8192 });
    leave(files, OVERHEAD + 1 + left);
    put('a');
    files.completeSyncs();
    t.strictSame([seen, log.full], [['a'], null], `${left} bytes are left`);
    const again = reopen(files.afterCrash());
    t.equal(textsOf(again), 'a');
    t.equal(again.recovered.cutBytes, 0);
  }
});

t.test('the log goes on in space that it has, though the disk is full', async (t) => {
  const { files, log, seen, put } = run({ preallocate: 4096 });
  put('a');
  files.completeSyncs();
  leave(files, 0);
  let count = 1;
  while (log.full === null) {
    put('b');
    files.completeSyncs();
    count++;
  }
  t.equal(seen.length, count - 1);
  t.ok(count > 40, `${count} appends`);
  const crashed = files.afterCrash();
  t.equal(reopen(crashed, { preallocate: 4096 }).lastIndex, count - 1);
  giveSpace({ files, log });
  t.equal(seen.length, count);
});

t.test('zeros are written ahead again when the log has grown by as many', async (t) => {
  const { files, put } = run({ preallocate: 4096 });
  leave(files, 1000);
  put('a');
  files.completeSyncs();
  files.space = Number.POSITIVE_INFINITY;
  put('b');
  files.completeSyncs();
  t.ok(files.bytes(PATH).length < 2000);
  put('x'.repeat(4096));
  files.completeSyncs();
  put('c');
  files.completeSyncs();
  t.ok(files.bytes(PATH).length > 8192);
});

t.test('truncations and hard states wait in their order too', async (t) => {
  const { files, log, seen, put } = run();
  for (const text of ['a', 'b', 'c']) put(text);
  files.completeSyncs();
  leave(files, 20);
  put('d');
  const note = (what: string) => (error: Error | null) => seen.push(error === null ? what : 'no');
  log.append(batchFor(log, { term: 2, vote: 3 }), note('vote'));
  log.append(batchFor(log, { term: 2, vote: 3, first: 2, texts: ['B'] }), note('B'));
  t.strictSame([log.lastIndex, log.writtenIndex, log.durableIndex], [2, 1, 1]);
  t.equal(textsOf(log), 'a');
  leave(files, OVERHEAD + 1);
  log.retry();
  files.completeSyncs();
  t.strictSame(seen, ['a', 'b', 'c', 'd']);
  t.strictSame([log.lastIndex, log.writtenIndex, log.durableIndex], [2, 1, 1]);
  giveSpace({ files, log });
  t.strictSame(seen, ['a', 'b', 'c', 'd', 'vote', 'B']);
  t.strictSame(reopen(files).hardState, { term: 2, vote: 3 });
  t.equal(textsOf(reopen(files)), 'a B');
});

t.test('with fsync off appends wait as well', async (t) => {
  const { files, log, seen, put } = run({ fsync: false });
  leave(files, OVERHEAD + 1 + 20);
  for (const text of ['a', 'b', 'c', 'd']) put(text);
  t.strictSame(seen, ['a']);
  leave(files, OVERHEAD + 1);
  log.retry();
  t.strictSame(seen, ['a', 'b']);
  giveSpace({ files, log });
  t.strictSame([seen, log.full], [['a', 'b', 'c', 'd'], null]);
});

t.test('an append in the callback of one that was waiting is written behind it', async (t) => {
  const { files, log, seen, put } = run();
  leave(files, 10);
  log.append(batchFor(log, { term: 1, texts: ['a'] }), () => {
    seen.push('a');
    put('c');
  });
  put('b');
  giveSpace({ files, log });
  t.strictSame(seen, ['a', 'b', 'c']);
  t.equal(textsOf(reopen(files)), 'a b c');
});

t.test('closing a full log tells so, and leaves what was acknowledged', async (t) => {
  const { files, log, seen, put } = run({ preallocate: 4096 });
  put('a');
  files.completeSyncs();
  leave(files, 50);
  put('b');
  put('c'.repeat(9000));
  files.completeSyncs();
  t.match(closeNow(files, log), { code: 'RAFTLOG_FULL' });
  t.match(seen, ['a', 'b', /^c+ RAFTLOG_FULL$/]);
  const again = reopen(files);
  t.strictSame([textsOf(again), again.recovered.row], ['a b', 'R7']);
});

t.test('closing writes what waited if there is space by then', async (t) => {
  const { files, log, seen, put } = run();
  leave(files, 10);
  put('a');
  put('b');
  files.space = Number.POSITIVE_INFINITY;
  t.equal(closeNow(files, log), null);
  t.strictSame(seen, ['a', 'b']);
  t.equal(textsOf(reopen(files)), 'a b');
});

t.test('abandoning a full log answers who waits', async (t) => {
  const { files, log, seen, put } = run();
  leave(files, 10);
  put('a');
  log.abandon();
  t.strictSame(seen, ['a RAFTLOG_CLOSED']);
  log.retry();
  t.equal(files.pendingSyncs, 0);
});

t.test('a log opens on a full disk: torn tail cut, index given up', async (t) => {
  const { files, put } = run();
  for (const text of ['a', 'b']) put(text);
  files.completeSyncs();
  leave(files, 80);
  files.failTruncate = systemError('EIO', 'truncate');
  put('c');
  const crashed = files.afterCrash();
  leave(crashed, -80);
  const again = reopen(crashed);
  t.equal(again.recovered.cutBytes, 80);
  t.match(again.indexError, { code: 'ENOSPC' });
  const outcomes: (Error | null)[] = [];
  leave(crashed, 0);
  again.append(batchFor(again, { term: 2, texts: ['C'] }), (error) => outcomes.push(error));
  t.match(again.full, { code: 'RAFTLOG_FULL' });
  giveSpace({ files: crashed, log: again });
  t.strictSame(outcomes, [null]);
  t.equal(closeNow(crashed, again), null);
  t.equal(textsOf(reopen(crashed)), 'a b C');
});

t.test('a log that cannot be created for want of space leaves nothing behind', async (t) => {
  for (const space of [0, 100, 127]) {
    const files = new FaultyFiles();
    files.space = space;
    t.throws(() => newLog(files), { code: 'RAFTLOG_FAILED', cause: { code: 'ENOSPC' } });
    t.strictSame([files.exists(PATH), files.exists(`${PATH}.new`)], [false, false]);
  }
});
