import t from 'tap';
import { createLog, type Log, openLog, recordBytes, recordIndex } from '../../raftlog/index.ts';
import { FaultyFiles } from '../support/faulty-files.ts';
import {
  appendNow,
  batchFor,
  closeNow,
  encode,
  entriesOf,
  newLog,
  optionsFor,
  PATH,
  reopen,
  textsOf,
} from './log-fixture.ts';

function logOf(texts: readonly string[]): { files: FaultyFiles; log: Log } {
  const files = new FaultyFiles();
  const log = newLog(files);
  appendNow(files, log, { term: 1, texts });
  return { files, log };
}

t.test('a new log is empty and knows who it belongs to', async (t) => {
  const files = new FaultyFiles();
  newLog(files);
  const log = reopen(files);
  t.equal(log.clusterId, 'cluster-1');
  t.equal(log.nodeId, 7);
  t.equal(log.firstIndex, 1);
  t.equal(log.lastIndex, 0);
  t.equal(log.entries, 0);
  t.equal(log.chain, 0);
  t.strictSame(log.hardState, { term: 0, vote: 0 });
});

t.test('a log with a base starts behind it', async (t) => {
  const files = new FaultyFiles();
  const base = { index: 41, term: 3, chain: 12345 };
  const log = newLog(files, { base, hardState: { term: 5, vote: 2 } });
  t.equal(log.firstIndex, 42);
  t.equal(log.term(41), 3);
  t.equal(log.chainAt(41), 12345);
  appendNow(files, log, { term: 5, vote: 2, texts: ['x', 'y'] });
  const again = reopen(files);
  t.strictSame(again.hardState, { term: 5, vote: 2 });
  t.strictSame(
    entriesOf(again).map((entry) => entry.index),
    [42, 43],
  );
});

t.test('creating a log refuses to replace one unless told so', async (t) => {
  const { files } = logOf(['a']);
  t.throws(() => newLog(files), { code: 'RAFTLOG_EXISTS' });
  t.equal(textsOf(reopen(files)), 'a');
  t.equal(newLog(files, { replace: true }).lastIndex, 0);
});

t.test('creating a log takes the place of an empty file', async (t) => {
  const files = new FaultyFiles();
  files.put(PATH, Buffer.alloc(0));
  t.equal(newLog(files).lastIndex, 0);
});

t.test('a cluster id that cannot be stored is refused', async (t) => {
  const files = new FaultyFiles();
  for (const clusterId of ['x'.repeat(33), 'a\0b', 'ł']) {
    t.throws(() => newLog(files, { clusterId }), { code: 'RAFTLOG_MISUSE' });
  }
});

t.test('entries survive closing and opening', async (t) => {
  const { files, log } = logOf(['one', 'two', '', 'four']);
  appendNow(files, log, { term: 4, vote: 2, texts: ['five'] });
  const before = { chain: log.chain, bytes: log.bytes };
  t.equal(closeNow(files, log), null);
  const again = reopen(files);
  t.equal(textsOf(again), 'one two  four five');
  t.strictSame(again.hardState, { term: 4, vote: 2 });
  t.equal(again.lastTerm, 4);
  t.strictSame({ chain: again.chain, bytes: again.bytes }, before);
  t.strictSame(again.recovered.notes, []);
});

t.test('the hard state is stored without entries', async (t) => {
  const { files, log } = logOf(['a']);
  appendNow(files, log, { term: 9, vote: 3 });
  const again = reopen(files);
  t.strictSame(again.hardState, { term: 9, vote: 3 });
  t.equal(again.lastIndex, 1);
});

t.test('appending inside the log drops the entries from there on', async (t) => {
  const { files, log } = logOf(['a', 'b', 'c', 'd']);
  const size = log.bytes;
  appendNow(files, log, { term: 2, first: 3, texts: ['C'] });
  t.equal(textsOf(log), 'a b C');
  t.ok(log.bytes > size, 'the file only grows');
  const again = reopen(files);
  t.equal(textsOf(again), 'a b C');
  t.equal(again.term(2), 1);
  t.equal(again.term(3), 2);
  t.equal(again.chain, log.chain);
});

t.test('a batch without entries can truncate', async (t) => {
  const { files, log } = logOf(['a', 'b', 'c']);
  appendNow(files, log, { term: 2, first: 2 });
  t.equal(textsOf(log), 'a');
  t.equal(textsOf(reopen(files)), 'a');
});

t.test('a truncation beyond the end is none', async (t) => {
  const { files, log } = logOf(['a']);
  log.append({ ...batchFor(log, { term: 1, texts: ['b'] }), truncateFrom: 2 }, () => {});
  files.completeSyncs();
  t.equal(textsOf(reopen(files)), 'a b');
});

t.test('records may come in pieces cut anywhere', async (t) => {
  const records = encode(1, 1, ['first', 'second, which is longer', 'third'], 0);
  for (let cut = 1; cut < records.length; cut++) {
    const files = new FaultyFiles();
    const log = newLog(files);
    const pieces = [
      records.subarray(0, cut),
      Buffer.alloc(0),
      records.subarray(cut, cut + 3),
      records.subarray(cut + 3),
    ];
    const bytes = records.length;
    const hardState = { term: 1, vote: 0 };
    log.append({ hardState, truncateFrom: 0, first: 1, count: 3, pieces, bytes }, () => {});
    t.equal(textsOf(log), 'first second, which is longer third');
    t.equal(log.chain, reopen(files).chain);
  }
});

t.test('read gives the records as they were encoded, without batch headers', async (t) => {
  const files = new FaultyFiles();
  const log = newLog(files);
  for (const text of ['a', 'bb', 'ccc', 'dddd']) appendNow(files, log, { term: 1, texts: [text] });
  const expected = encode(1, 1, ['a', 'bb', 'ccc', 'dddd'], 0);
  const all = log.read(1, 4, 1_000_000);
  t.equal(all.last, 4);
  t.ok(all.buffer.equals(expected));
  const middle = log.read(2, 3, 1_000_000);
  t.ok(middle.buffer.equals(expected.subarray(33, 33 + 34 + 35)));
});

t.test('read stops at the number of bytes given, after one entry at least', async (t) => {
  const { log } = logOf(['aaaa', 'bbbb', 'cccc']);
  t.equal(log.read(1, 3, 1).last, 1);
  t.equal(log.read(1, 3, 72).last, 2);
  t.equal(log.read(1, 3, 107).last, 2);
  t.equal(log.read(1, 3, 108).last, 3);
});

t.test('read leaps over what was truncated', async (t) => {
  const { files, log } = logOf(['a', 'x'.repeat(10_000), 'c']);
  appendNow(files, log, { term: 2, first: 2, texts: ['b'] });
  const { buffer, last } = log.read(1, 2, 1000);
  t.equal(last, 2);
  t.equal(recordIndex(buffer, recordBytes(buffer, 0)), 2);
});

t.test('read does not hand on an entry that has gone bad on the disk', async (t) => {
  const { files, log } = logOf(['a', 'b', 'c']);
  const offset = 128 + 64 + 33;
  const file = files.open(PATH, { create: false });
  file.write([Buffer.from('X')], offset + 32);
  t.throws(() => log.read(1, 3, 1000), { code: 'RAFTLOG_CORRUPT', offset, index: 2 });
  t.equal(log.read(1, 1, 1000).last, 1);
});

t.test('replay can begin anywhere, also behind the end', async (t) => {
  const { log } = logOf(['a', 'b', 'c']);
  const seen: number[] = [];
  log.replay(2, (buffer, at) => seen.push(recordIndex(buffer, at)));
  log.replay(4, (buffer, at) => seen.push(recordIndex(buffer, at)));
  t.strictSame(seen, [2, 3]);
});

t.test('entries larger than the read window are checked, replayed and read', async (t) => {
  const big = 'large '.repeat(700_000);
  const { files, log } = logOf(['a', big, 'c']);
  closeNow(files, log);
  const again = reopen(files);
  t.strictSame(
    entriesOf(again).map((entry) => entry.text.length),
    [1, big.length, 1],
  );
  t.equal(again.read(2, 3, 100).buffer.length, 32 + big.length);
});

t.test('term, chainAt and entryBytes know every entry and refuse others', async (t) => {
  const { files, log } = logOf(['a', 'bb']);
  appendNow(files, log, { term: 3, texts: ['ccc'] });
  t.strictSame([log.term(0), log.term(1), log.term(2), log.term(3)], [0, 1, 1, 3]);
  t.strictSame([log.entryBytes(1), log.entryBytes(3)], [33, 35]);
  t.equal(log.chainAt(3), log.chain);
  t.throws(() => log.term(4), { code: 'RAFTLOG_MISUSE' });
  t.throws(() => log.entryBytes(0), { code: 'RAFTLOG_MISUSE' });
  t.throws(() => log.read(1, 4, 10), { code: 'RAFTLOG_MISUSE' });
});

t.test('a batch that cannot follow is refused, and the log goes on', async (t) => {
  const { files, log } = logOf(['a', 'b']);
  appendNow(files, log, { term: 2, vote: 1 });
  const fine = batchFor(log, { term: 2, vote: 1, texts: ['c'] });
  const refused = [
    { ...fine, first: 4 },
    { ...fine, truncateFrom: 2 },
    { ...fine, bytes: fine.bytes + 1 },
    { ...fine, hardState: { term: 1, vote: 1 } },
    { ...fine, hardState: { term: 2, vote: 3 } },
  ];
  for (const batch of refused) {
    t.throws(() => log.append(batch, () => {}), { code: 'RAFTLOG_MISUSE' });
  }
  appendNow(files, log, { term: 2, vote: 1, texts: ['c'] });
  t.equal(textsOf(reopen(files)), 'a b c');
});

t.test('records that are not what the batch says make the log fail', async (t) => {
  const { files, log } = logOf(['a', 'b']);
  const records = encode(4, 1, ['c'], log.chain);
  const hardState = { term: 1, vote: 0 };
  const batch = { hardState, truncateFrom: 0, first: 3, count: 1, bytes: records.length };
  t.throws(() => log.append({ ...batch, pieces: [records] }, () => {}), {
    code: 'RAFTLOG_MISUSE',
    message: /record 4 where 3 must follow/,
  });
  let error: Error | null = null;
  log.append(batchFor(reopen(files), { term: 1, texts: ['c'] }), (e) => {
    error = e;
  });
  t.match(error, { code: 'RAFTLOG_MISUSE' });
  t.equal(textsOf(reopen(files)), 'a b');
});

t.test('an unfinished new file is removed at opening', async (t) => {
  const { files } = logOf(['a']);
  files.put(`${PATH}.new`, Buffer.from('half'));
  const log = reopen(files);
  t.equal(files.exists(`${PATH}.new`), false);
  t.match(log.recovered.notes, [/never finished/]);
});

t.test('what was read at opening is synced before it counts as durable', async (t) => {
  const files = new FaultyFiles();
  const log = newLog(files);
  log.append(batchFor(log, { term: 1, texts: ['a'] }), () => {});
  const crashed = files.afterCrash();
  const synced = crashed.syncs;
  reopen(crashed);
  t.ok(crashed.syncs > synced);
});

t.test('a file that cannot be opened is an error with a cause', async (t) => {
  const files = new FaultyFiles();
  const cause = Object.assign(new Error('EACCES'), { code: 'EACCES' });
  files.put(PATH, Buffer.alloc(200));
  files.open = () => {
    throw cause;
  };
  t.throws(() => openLog(optionsFor(files)), { code: 'RAFTLOG_FAILED', cause });
  t.throws(() => createLog(optionsFor(files)), { code: 'RAFTLOG_FAILED', cause });
});
