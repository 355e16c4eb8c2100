import t from 'tap';
import type { Log } from '../../raftlog/index.ts';
import { decodeBatchHead } from '../../raftlog/layout.ts';
import { FaultyFiles, systemError } from '../support/faulty-files.ts';
import {
  appendNow,
  batchFor,
  closeNow,
  newLog,
  optionsFor,
  PATH,
  reopen,
  textsOf,
} from './log-fixture.ts';

interface Calls {
  readonly seen: string[];
  put(text: string): void;
}

/** Appends one entry per call and notes how each ended. */
function calls(log: Log): Calls {
  const seen: string[] = [];
  return {
    seen,
    put(text) {
      log.append(batchFor(log, { term: 1, texts: [text] }), (error) => {
        const code = error === null ? 'ok' : (error as Error & { code: string }).code;
        seen.push(`${text} ${code}`);
      });
    },
  };
}

t.test('an append is acknowledged after its sync, not before', async (t) => {
  const files = new FaultyFiles();
  const log = newLog(files);
  const { seen, put } = calls(log);
  put('a');
  t.strictSame(seen, []);
  t.strictSame([log.lastIndex, log.writtenIndex, log.durableIndex], [1, 1, 0]);
  files.completeSyncs();
  t.strictSame(seen, ['a ok']);
  t.equal(log.durableIndex, 1);
});

t.test('appends during a sync go out together in one write and one sync', async (t) => {
  const files = new FaultyFiles();
  const log = newLog(files);
  const { seen, put } = calls(log);
  const before = { writes: files.writes, syncs: files.syncs };
  for (const text of ['a', 'b', 'c', 'd']) put(text);
  t.strictSame([log.lastIndex, log.writtenIndex], [4, 1]);
  files.completeSyncs();
  t.strictSame(seen, ['a ok', 'b ok', 'c ok', 'd ok']);
  t.equal(files.writes - before.writes, 2);
  t.equal(files.syncs - before.syncs, 2);
  t.equal(log.fsyncStats.count, 2);
  t.equal(textsOf(reopen(files)), 'a b c d');
});

t.test('a batch tells how many bytes were durable when it was written', async (t) => {
  const files = new FaultyFiles();
  const log = newLog(files);
  const ends = [log.bytes];
  for (const text of ['a', 'b', 'c']) {
    appendNow(files, log, { term: 1, texts: [text] });
    ends.push(log.bytes);
  }
  const bytes = files.bytes(PATH);
  const identity = bytes.readUInt32LE(12);
  for (const end of ends.slice(0, 3)) {
    t.equal(decodeBatchHead(bytes, end, end, identity)?.watermark, end);
  }
});

t.test('a group larger than the stage is written piece by piece', async (t) => {
  const files = new FaultyFiles();
  const log = newLog(files);
  const { put } = calls(log);
  put('a');
  for (const letter of ['b', 'c', 'd']) put(letter.repeat(40_000));
  files.completeSyncs();
  const again = reopen(files);
  t.equal(again.lastIndex, 4);
  t.equal(again.chain, log.chain);
});

t.test('an append inside a callback is answered after it', async (t) => {
  const files = new FaultyFiles();
  const log = newLog(files, { fsync: false });
  const order: string[] = [];
  log.append(batchFor(log, { term: 1, texts: ['a'] }), () => {
    order.push('a begins');
    log.append(batchFor(log, { term: 1, texts: ['b'] }), () => order.push('b'));
    order.push('a ends');
  });
  t.strictSame(order, ['a begins', 'a ends', 'b']);
});

t.test('with fsync off an append is acknowledged once it is written', async (t) => {
  const files = new FaultyFiles();
  const log = newLog(files, { fsync: false });
  const { seen, put } = calls(log);
  const { syncs } = files;
  put('a');
  put('b');
  t.strictSame(seen, ['a ok', 'b ok']);
  t.equal(files.syncs, syncs);
  t.equal(log.durableIndex, 2);
});

t.test('fsync can be switched while a sync runs, and order is kept', async (t) => {
  const files = new FaultyFiles();
  const log = newLog(files);
  const { seen, put } = calls(log);
  put('a');
  log.setFsync(false);
  put('b');
  t.strictSame(seen, []);
  files.completeSyncs();
  t.strictSame(seen, ['a ok', 'b ok']);
  log.setFsync(true);
  put('c');
  t.equal(files.pendingSyncs, 1);
  files.completeSyncs();
  t.strictSame(seen, ['a ok', 'b ok', 'c ok']);
});

t.test('a truncation while a sync runs takes the entries out of what is durable', async (t) => {
  const files = new FaultyFiles();
  const log = newLog(files);
  log.append(batchFor(log, { term: 1, texts: ['a', 'b', 'c'] }), () => {});
  log.append(batchFor(log, { term: 2, first: 2, texts: ['B', 'C', 'D'] }), () => {
    t.equal(log.durableIndex, 4);
  });
  t.equal(log.writtenIndex, 1);
  const durable: number[] = [];
  log.append(batchFor(log, { term: 2 }), () => durable.push(log.durableIndex));
  files.completeSyncs();
  t.strictSame(durable, [4]);
  t.equal(textsOf(reopen(files)), 'a B C D');
});

t.test('a failed write fails this and every later append', async (t) => {
  const files = new FaultyFiles();
  const log = newLog(files);
  const { seen, put } = calls(log);
  put('a');
  files.completeSyncs();
  files.failWrite = systemError('EIO', 'bad disk');
  files.failWriteAfter = 70;
  put('b');
  files.failWrite = null;
  put('c');
  t.strictSame(seen, ['a ok', 'b RAFTLOG_FAILED', 'c RAFTLOG_FAILED']);
  t.match(log.failure, { code: 'RAFTLOG_FAILED', cause: { code: 'EIO' } });
  t.equal(textsOf(reopen(files)), 'a', 'half a batch is cut off');
});

t.test('a failed sync fails what waits, and nothing is acknowledged afterwards', async (t) => {
  const files = new FaultyFiles();
  const log = newLog(files);
  const { seen, put } = calls(log);
  put('a');
  put('b');
  files.failSync = systemError('EIO', 'bad disk');
  files.completeSyncs();
  files.failSync = null;
  put('c');
  t.strictSame(seen, ['a RAFTLOG_FAILED', 'b RAFTLOG_FAILED', 'c RAFTLOG_FAILED']);
  t.equal(log.durableIndex, 0);
});

t.test('closing waits for what is queued, then refuses more', async (t) => {
  const files = new FaultyFiles();
  const log = newLog(files);
  const { seen, put } = calls(log);
  put('a');
  put('b');
  let closed = false;
  log.close((error) => {
    closed = error === null;
  });
  put('c');
  t.strictSame(seen, ['c RAFTLOG_CLOSED']);
  t.equal(closed, false);
  files.completeSyncs();
  t.strictSame(seen, ['c RAFTLOG_CLOSED', 'a ok', 'b ok']);
  t.equal(closed, true);
  t.equal(textsOf(reopen(files)), 'a b');
});

t.test('closing makes everything durable, also with fsync off', async (t) => {
  const files = new FaultyFiles();
  const log = newLog(files, { fsync: false });
  calls(log).put('a');
  t.equal(closeNow(files, log), null);
  t.equal(textsOf(reopen(files.afterPowerCut(() => 'lost'))), 'a');
});

t.test('closing a failed log tells why it failed', async (t) => {
  const files = new FaultyFiles();
  const log = newLog(files);
  files.failWrite = systemError('EIO', 'bad disk');
  calls(log).put('a');
  t.match(closeNow(files, log), { code: 'RAFTLOG_FAILED' });
});

t.test('a sync that fails at closing is told', async (t) => {
  const files = new FaultyFiles();
  const log = newLog(files);
  files.failSync = systemError('EIO', 'bad disk');
  t.match(closeNow(files, log), { code: 'RAFTLOG_FAILED' });
});

t.test('an abandoned log answers everyone and lets go of its files', async (t) => {
  const files = new FaultyFiles();
  const log = newLog(files);
  const { seen, put } = calls(log);
  put('a');
  log.abandon();
  put('b');
  files.completeSyncs();
  t.strictSame(seen, ['a RAFTLOG_CLOSED', 'b RAFTLOG_CLOSED']);
});

t.test('small appends find zeros written ahead, which closing cuts off', async (t) => {
  const files = new FaultyFiles();
  const log = newLog(files, { preallocate: 20_000 });
  appendNow(files, log, { term: 1, texts: ['a'] });
  const size = files.bytes(PATH).length;
  t.equal(size % 4096, 0);
  t.ok(size >= 20_000);
  appendNow(files, log, { term: 1, texts: ['b'] });
  t.equal(files.bytes(PATH).length, size, 'the second needs no new size');
  t.equal(log.bytes, 128 + 2 * (64 + 33), 'they do not count');
  t.equal(reopen(files.afterCrash()).recovered.row, 'R9');
  closeNow(files, log);
  t.equal(files.bytes(PATH).length, log.bytes);
});

t.test('a log goes on in the zeros that a crash left', async (t) => {
  const files = new FaultyFiles();
  const log = newLog(files, { preallocate: 8192 });
  appendNow(files, log, { term: 1, texts: ['a'] });
  const crashed = files.afterCrash();
  const size = crashed.bytes(PATH).length;
  const again = reopen(crashed, { preallocate: 8192 });
  appendNow(crashed, again, { term: 1, texts: ['b'] });
  t.equal(crashed.bytes(PATH).length, size);
  t.equal(textsOf(reopen(crashed)), 'a b');
});

t.test('the clock given measures the syncs', async (t) => {
  const files = new FaultyFiles();
  let now = 0;
  const log = newLog(files, { ...optionsFor(files), microseconds: () => now });
  for (const took of [30, 70, 20]) {
    calls(log).put('x');
    now += took;
    files.completeSyncs();
  }
  t.strictSame(log.fsyncStats, { count: 3, totalMicroseconds: 120, maxMicroseconds: 70 });
});
