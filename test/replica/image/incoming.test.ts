import t from 'tap';
import type { ImageDisk } from '../../../src/replica/image/image-disk.ts';
import { IncomingImage } from '../../../src/replica/image/incoming.ts';
import { INCOMING_KEY, packMeta } from '../../../src/replica/image/meta.ts';
import { Simulation } from '../../sim/sim-world.ts';
import {
  normalized,
  openDisk,
  putEntries,
  type SampleImage,
  sampleImage,
  storedEntries,
  storeImage,
  storeOf,
  wait,
} from '../../support/image-transfer.ts';

interface Bench {
  readonly simulation: Simulation;
  disk: ImageDisk;
  incoming: IncomingImage;
  readonly failures: Error[];
}

function bench(seed = 1): Bench {
  const simulation = new Simulation({ seed });
  const disk = openDisk(simulation, simulation.machine('follower'));
  const failures: Error[] = [];
  const incoming = new IncomingImage(disk, (error) => failures.push(error));
  return { simulation, disk, incoming, failures };
}

/** Another process on the same disk. */
function restart(b: Bench): void {
  const machine = b.simulation.machine('follower');
  machine.crash({ kind: 'power' });
  machine.restart();
  b.disk = openDisk(b.simulation, machine);
  b.incoming = new IncomingImage(b.disk, (error) => b.failures.push(error));
}

function prepare(b: Bench, { stored }: SampleImage): Buffer | null {
  return wait<Buffer | null>(b.simulation, (done) => b.incoming.prepare(stored.meta, done));
}

/** Takes the first `count` entries, and waits until they are durable. */
function take(b: Bench, image: SampleImage, count: number): void {
  wait<null>(b.simulation, (done) => {
    const problem = b.incoming.append(image.entries.slice(0, count), () => done(null));
    if (problem !== null) throw new Error(problem);
  });
}

function head(b: Bench): Buffer | null {
  return wait<Buffer | null>(b.simulation, (done) =>
    storeOf(b.disk).get(INCOMING_KEY, (_error, value) => done(value)),
  );
}

const FIRST = sampleImage({ records: 60 });
const SECOND = sampleImage({ index: 200, image: 2, records: 30 });

t.test('a new image begins at its beginning, and its head is stored first', (t) => {
  const b = bench();
  t.equal(prepare(b, FIRST), null);
  t.same(head(b), packMeta({ generation: 2, meta: FIRST.stored.meta }));
  t.same(b.incoming.stored, { generation: 2, meta: FIRST.stored.meta });
  t.end();
});

t.test('another process goes on behind the last record', (t) => {
  const b = bench();
  prepare(b, FIRST);
  take(b, FIRST, 25);
  restart(b);
  const after = prepare(b, FIRST);
  t.same(after?.subarray(5), FIRST.entries[24]?.key.subarray(5));
  t.equal(
    b.incoming.append(FIRST.entries.slice(25), () => {}),
    null,
  );
  t.equal(b.incoming.check(), null);
  t.end();
});

t.test('a head that is damaged, or of a generation that is over, is none', (t) => {
  const heads = [Buffer.from('damaged'), packMeta({ generation: 1, meta: FIRST.stored.meta })];
  for (const value of heads) {
    const b = bench();
    putEntries(b.simulation, b.disk, [{ key: INCOMING_KEY, value }]);
    t.equal(prepare(b, FIRST), null);
    t.equal(b.incoming.stored?.generation, 2);
  }
  t.end();
});

t.test('records whose head is gone are deleted', (t) => {
  const b = bench();
  const others = sampleImage({ records: 5, generation: 9 });
  putEntries(b.simulation, b.disk, others.entries);
  prepare(b, FIRST);
  t.same(storedEntries(b.simulation, b.disk), []);
  t.end();
});

t.test('the latest wish counts', (t) => {
  const b = bench();
  const called: string[] = [];
  b.incoming.prepare(FIRST.stored.meta, () => called.push('first'));
  b.incoming.prepare(SECOND.stored.meta, () => called.push('second'));
  b.simulation.run(b.simulation.now + 200);
  t.same(called, ['second']);
  t.equal(b.incoming.stored?.meta.index, 200);
  t.end();
});

t.test('what is on its way to the disk is waited for', (t) => {
  const b = bench();
  prepare(b, FIRST);
  let isDurable = false;
  b.incoming.append(FIRST.entries.slice(0, 10), () => {
    isDurable = true;
  });
  const after = prepare(b, FIRST);
  t.ok(isDurable);
  t.same(after?.subarray(5), FIRST.entries[9]?.key.subarray(5));
  t.end();
});

t.test('what is on its way to the disk is deleted with the rest', (t) => {
  const b = bench();
  prepare(b, FIRST);
  b.incoming.append(FIRST.entries.slice(0, 10), () => {});
  b.incoming.append(FIRST.entries.slice(10, 20), () => {});
  t.equal(prepare(b, SECOND), null);
  t.same(storedEntries(b.simulation, b.disk), []);
  t.equal(b.incoming.unwrittenBytes, 0);
  t.end();
});

t.test('an image that is given up leaves nothing', (t) => {
  const b = bench();
  const own = sampleImage({ index: 5, records: 4 });
  storeImage(b.simulation, b.disk, own);
  prepare(b, FIRST);
  take(b, FIRST, 25);
  b.incoming.discard();
  b.simulation.run(b.simulation.now + 200);
  t.equal(head(b), null);
  t.same(normalized(storedEntries(b.simulation, b.disk)), normalized(own.entries));
  t.equal(b.incoming.stored, null);
  t.end();
});

t.test('a power cut while an image is replaced leaves it whole or none', (t) => {
  for (let seed = 1; seed <= 40; seed++) {
    const b = bench(seed);
    prepare(b, FIRST);
    take(b, FIRST, 40);
    b.incoming.prepare(SECOND.stored.meta, () => {});
    b.simulation.run(b.simulation.now + seed / 20);
    restart(b);
    const after = prepare(b, FIRST);
    const entries = normalized(storedEntries(b.simulation, b.disk));
    const expected = after === null ? [] : normalized(FIRST.entries.slice(0, 40));
    t.same(entries, expected, `seed ${seed}`);
  }
  t.end();
});

t.test('a store that fails is told of, and not used again', (t) => {
  const b = bench();
  prepare(b, FIRST);
  b.simulation.machine('follower').disk.failSyncs(1);
  b.incoming.append(FIRST.entries.slice(0, 5), () => t.fail('it is not durable'));
  b.simulation.run(b.simulation.now + 200);
  t.equal(b.failures.length, 1);
  t.ok(b.incoming.isUnusable);
  t.match(
    b.incoming.append(FIRST.entries.slice(5, 9), () => {}),
    /not open/,
  );
  t.end();
});

t.test('nothing is taken into a store that was closed', (t) => {
  const b = bench();
  prepare(b, FIRST);
  wait(b.simulation, (done) => b.disk.reopen(done));
  t.ok(b.incoming.isOrphaned);
  t.match(
    b.incoming.append(FIRST.entries.slice(0, 5), () => {}),
    /not open/,
  );
  t.equal(prepare(b, FIRST), null);
  t.equal(
    b.incoming.append(FIRST.entries.slice(0, 5), () => {}),
    null,
  );
  t.end();
});
