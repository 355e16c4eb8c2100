import t from 'tap';
import { OutgoingImage } from '../../../src/replica/image/outgoing.ts';
import { withGeneration } from '../../../src/replica/image/record.ts';
import { chunkBytes } from '../../../src/replica/image/transfer-frames.ts';
import type { ImageEntry } from '../../../src/world/image-store.ts';
import { Simulation } from '../../sim/sim-world.ts';
import {
  openDisk,
  placesOf,
  putEntries,
  type SampleImage,
  sampleImage,
  storeImage,
  storeOf,
  wait,
} from '../../support/image-transfer.ts';

interface Bench {
  readonly simulation: Simulation;
  readonly outgoing: OutgoingImage;
}

function bench(image: SampleImage, more: readonly ImageEntry[] = []): Bench {
  const simulation = new Simulation({ seed: 1 });
  const disk = openDisk(simulation, simulation.machine('leader'));
  storeImage(simulation, disk, image);
  if (more.length > 0) putEntries(simulation, disk, more);
  return {
    simulation,
    outgoing: new OutgoingImage({ store: storeOf(disk), stored: image.stored }),
  };
}

/** All chunks up to the end; a text: why it could not be read. */
function chunksOf({ simulation, outgoing }: Bench): (readonly ImageEntry[])[] | string {
  const chunks: (readonly ImageEntry[])[] = [];
  while (!outgoing.isAtEnd) {
    const result = wait<readonly ImageEntry[] | string>(simulation, (done) =>
      outgoing.next((error, entries) => done(error?.message ?? entries)),
    );
    if (typeof result === 'string') return result;
    chunks.push(result);
  }
  return chunks;
}

function bytesOf(entries: readonly ImageEntry[]): number {
  return entries.reduce((sum, entry) => sum + chunkBytes(entry), 0);
}

t.test('chunks hold all records in order, and no more bytes than they may', (t) => {
  const image = sampleImage({ records: 80, bytes: (i) => 20 + ((i * 71) % 300) });
  const b = bench(image);
  b.outgoing.seek(null, 1000);
  const chunks = chunksOf(b);
  if (typeof chunks === 'string') throw new Error(chunks);
  t.same(placesOf(chunks.flat()), placesOf(image.entries));
  t.ok(chunks.every((entries) => bytesOf(entries) <= 1000));
  t.end();
});

t.test('a piece that is larger than a chunk travels alone', (t) => {
  const b = bench(sampleImage({ records: 9, bytes: (i) => (i === 4 ? 5000 : 100) }));
  b.outgoing.seek(null, 1000);
  const chunks = chunksOf(b);
  if (typeof chunks === 'string') throw new Error(chunks);
  const large = chunks.filter((entries) => bytesOf(entries) > 1000);
  t.equal(large.length, 1);
  t.equal(large[0]?.length, 1);
  t.end();
});

t.test('it goes on behind a key', (t) => {
  const image = sampleImage({ records: 30 });
  const b = bench(image);
  t.equal(b.outgoing.seek(image.entries[9]?.key ?? null, 1000), true);
  const chunks = chunksOf(b);
  if (typeof chunks === 'string') throw new Error(chunks);
  t.same(placesOf(chunks.flat()), placesOf(image.entries.slice(10)));
  t.end();
});

t.test('a key of another generation is refused', (t) => {
  const image = sampleImage({ records: 3 });
  const b = bench(image);
  const key = withGeneration(image.entries[0]?.key ?? Buffer.alloc(21), 2);
  t.equal(b.outgoing.seek(key, 1000), false);
  t.end();
});

t.test('records of another generation and of a later image are left out', (t) => {
  const image = sampleImage({ records: 12, image: 3 });
  const others = sampleImage({ records: 12, generation: 2 }).entries;
  const later = sampleImage({ records: 40, image: 4 }).entries;
  const b = bench(image, [...others, ...later]);
  b.outgoing.seek(null, 1000);
  const chunks = chunksOf(b);
  if (typeof chunks === 'string') throw new Error(chunks);
  t.same(placesOf(chunks.flat()), placesOf(image.entries));
  t.end();
});

t.test('a record that is damaged in the store is not sent', (t) => {
  const image = sampleImage({ records: 12 });
  const { key, value } = image.entries[5] as ImageEntry;
  const damaged = Buffer.from(value);
  damaged[50] = 0;
  const b = bench(image, [{ key, value: damaged }]);
  b.outgoing.seek(null, 1000);
  t.match(chunksOf(b), /is damaged/);
  t.end();
});
