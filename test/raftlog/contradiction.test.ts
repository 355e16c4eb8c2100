/** R17: batches whose checksums are right and which break a rule that every writer keeps. */
import t from 'tap';
import { type BatchHead, encodeBatchHead, FILE_HEADER_BYTES } from '../../raftlog/layout.ts';
import { FaultyFiles } from '../support/faulty-files.ts';
import { appendNow, closeNow, encode, newLog, PATH, reopen } from './log-fixture.ts';

/** A log with entries 1 and 2 of term 3 and vote 7, and one more batch as told. */
function logWith(change: Partial<BatchHead>, records: Buffer | null = null): FaultyFiles {
  const files = new FaultyFiles();
  const log = newLog(files);
  appendNow(files, log, { term: 3, vote: 7, texts: ['a', 'b'] });
  const body = records ?? encode(3, 3, ['c'], log.chain);
  const offset = log.bytes;
  const head = {
    offset,
    watermark: FILE_HEADER_BYTES,
    hardState: { term: 3, vote: 7 },
    first: 3,
    count: 1,
    bodyBytes: body.length,
    truncates: false,
    chain: log.chain,
    ...change,
  };
  closeNow(files, log);
  const bytes = files.bytes(PATH);
  const batch = Buffer.alloc(64);
  encodeBatchHead(batch, 0, head, bytes.readUInt32LE(12));
  files.put(PATH, Buffer.concat([bytes, batch, body]));
  return files;
}

t.test('the batch that the other cases change is accepted as it is', async (t) => {
  t.equal(reopen(logWith({})).lastIndex, 3);
});

const CASES: readonly [string, Partial<BatchHead>, RegExp][] = [
  ['a gap in the indexes', { first: 4 }, /starts at index 4/],
  ['a batch that goes back without truncating', { first: 2 }, /starts at index 2/],
  ['a truncation beyond the end', { first: 4, truncates: true }, /starts at index 4/],
  ['another predecessor', { chain: 1 }, /follows another entry 2/],
  ['a term that goes back', { hardState: { term: 2, vote: 7 } }, /term goes back/],
  ['a second vote in a term', { hardState: { term: 3, vote: 8 } }, /vote of term 3/],
  ['a vote that is taken back', { hardState: { term: 3, vote: 0 } }, /vote of term 3/],
  ['fewer records than bytes', { count: 0 }, /longer than its records/],
];

for (const [title, change, message] of CASES) {
  t.test(`${title} is corruption, not a torn write`, async (t) => {
    const files = logWith(change);
    t.throws(() => reopen(files), { code: 'RAFTLOG_CORRUPT', message });
    t.throws(() => reopen(files), { message: /\(R17\)/ });
  });
}

t.test('a record of a higher term than its batch is corruption', async (t) => {
  const files = new FaultyFiles();
  const log = newLog(files);
  appendNow(files, log, { term: 3, vote: 7, texts: ['a', 'b'] });
  const records = encode(3, 4, ['c'], log.chain);
  t.throws(() => reopen(logWith({}, records)), { message: /\(R17\).*record has term 4/ });
});

t.test('a record of a lower term than the one before is corruption', async (t) => {
  const files = new FaultyFiles();
  const log = newLog(files);
  appendNow(files, log, { term: 3, vote: 7, texts: ['a', 'b'] });
  const records = encode(3, 2, ['c'], log.chain);
  t.throws(() => reopen(logWith({}, records)), { message: /\(R17\).*record has term 2/ });
});

t.test('a record with another index than its place is corruption', async (t) => {
  const files = new FaultyFiles();
  const log = newLog(files);
  appendNow(files, log, { term: 3, vote: 7, texts: ['a', 'b'] });
  const records = encode(5, 3, ['c'], log.chain);
  t.throws(() => reopen(logWith({}, records)), { message: /\(R17\).*record has index 5/ });
});
