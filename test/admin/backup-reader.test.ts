import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { readOnlyNodeFiles } from '../../raftlog/index.ts';
import { HEADER_BYTES, TRAILER_BYTES } from '../../src/admin/backup-format.ts';
import { type BackupFound, checkBackup } from '../../src/admin/backup-reader.ts';
import { folderOf, NODE_ID, type Sample, sample, writeBackup } from '../support/admin-fixture.ts';

const folder = folderOf(t);
const file = path.join(folder, 'whole');
let made: Sample;
let starts: readonly number[];
let whole: Buffer;

t.before(async () => {
  made = await sample();
  starts = writeBackup(file, made);
  whole = readFileSync(file);
});

function check(bytes: Buffer): BackupFound {
  const other = path.join(folder, 'other');
  writeFileSync(other, bytes);
  return checkBackup(readOnlyNodeFiles, other, () => {});
}

function changed(at: number, by = 1): Buffer {
  const bytes = Buffer.from(whole);
  bytes[at] = (bytes[at] ?? 0) ^ by;
  return bytes;
}

t.test('a backup that is whole is found to be so', async (t) => {
  const { head, damages, entries, size, places } = check(whole);
  t.same(damages, []);
  t.equal(head?.nodeId, NODE_ID);
  t.same(head?.stored, made.stored);
  t.equal(entries, made.entries.length);
  t.equal(size, whole.length);
  t.equal(places[0]?.offset, starts[0]);
});

t.test('a change of any byte is noticed, and named with its place', async (t) => {
  const trailer = whole.length - TRAILER_BYTES;
  const first = starts[0] ?? 0;
  const inFirst = starts[1] ?? 0;
  const cases: readonly [at: number, offset: number, what: RegExp][] = [
    [0, 0, /this is no backup/],
    [8, 0, /the header at offset 0 is damaged/],
    [13, 0, /the header at offset 0 is damaged/],
    [HEADER_BYTES + 20, HEADER_BYTES, /the head of the image is damaged/],
    [first + 3, first, /no record begins here/],
    [first + 4, first, /a key that is none of ours/],
    [first + 5, first, /a record of another generation/],
    [first + 10, first, /record \d+\/\d+ of image \d+ is damaged: its checksum does not match/],
    [inFirst - 1, first, /record \d+\/\d+ of image \d+ is damaged: its checksum does not match/],
    [trailer, trailer, /no record begins here/],
    [trailer + 4, trailer + 4, /the end mark speaks of \d+ entries, there are \d+/],
    [trailer + 12, trailer + 12, /the checksum of the whole file does not match/],
  ];
  for (const [at, offset, what] of cases) {
    const [damage] = check(changed(at)).damages;
    t.match(damage, { offset, what }, `byte ${at}`);
  }
});

t.test('every byte counts', async (t) => {
  const missed: number[] = [];
  const first = starts[0] ?? 0;
  // All bytes of the head and of some entries, and some of everything.
  for (let at = 0; at < whole.length; at += at < first + 300 ? 1 : 4999) {
    if (check(changed(at, 0x40)).damages.length === 0) missed.push(at);
  }
  t.same(missed, []);
});

t.test('a file that ends too early is noticed wherever it ends', async (t) => {
  for (let at = 0; at < whole.length; at += at < 400 ? 1 : 4999) {
    const { damages } = check(whole.subarray(0, at));
    t.match(damages.at(-1)?.what, /ends|no backup|empty/, `after ${at} bytes`);
  }
  for (let less = 1; less <= TRAILER_BYTES + 10; less++) {
    const [damage] = check(whole.subarray(0, whole.length - less)).damages;
    t.match(damage, { offset: whole.length - less, what: 'the file ends here' });
  }
});

t.test('all damage is listed, and it does not hide what is behind it', async (t) => {
  const bytes = Buffer.from(whole);
  const places = [3, 10, 11].map((i) => starts[i] ?? 0);
  for (const at of places) bytes[at + 40] = (bytes[at + 40] ?? 0) ^ 1;
  const { damages } = check(bytes);
  t.same(
    damages.map(({ offset }) => offset),
    places,
  );
});

t.test('a file that was made longer, or of which a part is missing, is no backup', async (t) => {
  const longer = check(Buffer.concat([whole, Buffer.from('more')])).damages;
  t.match(longer, [{ offset: whole.length, what: '4 bytes follow the end of the backup' }]);
  const from = starts[5] ?? 0;
  const to = starts[30] ?? 0;
  const shorter = Buffer.concat([whole.subarray(0, from), whole.subarray(to)]);
  const found = check(shorter).damages.map(({ what }) => what);
  t.ok(
    found.some((what) => /only \d+ of \d+ records came|a piece is missing/.test(what)),
    `${found}`,
  );
  t.ok(
    found.some((what) => what.startsWith('the end mark speaks of')),
    `${found}`,
  );
  const twice = Buffer.concat([whole.subarray(0, to), whole.subarray(from)]);
  t.match(check(twice).damages[0]?.what, 'records are not in order, or come twice');
});

t.test('a later format is not guessed at', async (t) => {
  const writer = Buffer.from(whole);
  writer.writeUInt32LE(2, 8);
  const { crc32c } = await import('../../raftlog/index.ts');
  writer.writeUInt32LE(crc32c(writer, 0, 20, 0) >>> 0, 20);
  t.match(check(writer).damages[0]?.what, 'format version 2 is not known, this program knows 1');
});
