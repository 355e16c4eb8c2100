import t from 'tap';
import { readPiece } from '../../../src/replica/image/record.ts';
import { RecordTally } from '../../../src/replica/image/record-tally.ts';
import type { ImageEntry } from '../../../src/world/image-store.ts';
import { type SampleImage, sampleImage } from '../../support/image-transfer.ts';

/** The first problem that these entries give, after the last one too; null: none. */
function problemWith(image: SampleImage, entries: readonly ImageEntry[]): string | null {
  const tally = new RecordTally(image.stored.meta.facts);
  for (const entry of entries) {
    const piece = readPiece(entry);
    const problem = typeof piece === 'string' ? piece : tally.add(piece);
    if (problem !== null) return problem;
  }
  return tally.finish();
}

const IMAGE = sampleImage({ image: 5, records: 20, bytes: (i) => (i === 4 ? 300_000 : 30) });
const { entries: ENTRIES } = IMAGE;
/** Of the second piece of the record that has three. */
const MIDDLE = ENTRIES.findIndex(({ key }) => key.readUInt16BE(19) === 1);

t.test('records that are all there are in order', (t) => {
  t.equal(problemWith(IMAGE, ENTRIES), null);
  t.equal(problemWith(sampleImage({ records: 0 }), []), null);
  t.end();
});

t.test('any entry that is missing is noticed', (t) => {
  for (let i = 0; i < ENTRIES.length; i++) {
    t.not(problemWith(IMAGE, ENTRIES.toSpliced(i, 1)), null, `without entry ${i}`);
  }
  t.end();
});

t.test('any entry that comes twice is noticed', (t) => {
  ENTRIES.forEach((entry, i) => {
    t.not(problemWith(IMAGE, ENTRIES.toSpliced(i, 0, entry)), null, `entry ${i} twice`);
  });
  t.end();
});

t.test('entries in another order are noticed', (t) => {
  t.match(problemWith(IMAGE, ENTRIES.toReversed()), /order|piece/);
  t.end();
});

t.test('a record that ends after its first piece is noticed', (t) => {
  t.match(problemWith(IMAGE, ENTRIES.slice(0, MIDDLE)), /cut off/);
  t.match(problemWith(IMAGE, ENTRIES.toSpliced(MIDDLE, 1)), /piece is missing/);
  t.end();
});

t.test('of several records of one part the newest counts', (t) => {
  const older = sampleImage({ index: 50, image: 2, records: 20, bytes: () => 10 });
  const both = [...older.entries, ...ENTRIES].sort((a, b) => a.key.compare(b.key));
  t.equal(problemWith(IMAGE, both), null);
  const lost = both.filter((entry) => entry !== ENTRIES[3]);
  t.match(problemWith(IMAGE, lost), /other records/);
  t.end();
});

t.test('records that nothing needs any more are no mistake', (t) => {
  const more = sampleImage({ image: 5, records: 23, bytes: (i) => (i === 4 ? 300_000 : 30) });
  t.equal(problemWith(IMAGE, more.entries), null);
  t.end();
});

t.test('a record of a later image is a mistake', (t) => {
  const later = sampleImage({ image: 6, records: 1 });
  t.match(problemWith(IMAGE, later.entries), /not expected/);
  t.end();
});

t.test('as many records as there must be, but other ones, are a mistake', (t) => {
  const other = sampleImage({ index: 7, image: 5, records: 20 });
  t.match(problemWith(IMAGE, other.entries), /other records/);
  t.end();
});
