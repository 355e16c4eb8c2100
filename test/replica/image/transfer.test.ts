import t from 'tap';
import { asLogIndex } from '../../../src/base/ids.ts';
import { cutRecord } from '../../../src/replica/image/record.ts';
import type { ImageEntry } from '../../../src/world/image-store.ts';
import { Simulation } from '../../sim/sim-world.ts';
import { FollowerSide, LeaderSide } from '../../support/image-nodes.ts';
import {
  normalized,
  type SampleImage,
  sampleImage,
  storedEntries,
  storeImage,
} from '../../support/image-transfer.ts';

const PATIENCE = { maxEvents: 3_000_000 };

interface Bench {
  readonly simulation: Simulation;
  leader: LeaderSide;
  follower: FollowerSide;
}

/** A leader with an image, and a follower with nothing that listens. */
function bench(image: SampleImage, seed = 1): Bench {
  const simulation = new Simulation({ seed });
  const leader = new LeaderSide(simulation, simulation.machine('leader'));
  storeImage(simulation, leader.disk, image);
  leader.stored = image.stored;
  const machine = simulation.machine('follower');
  const follower = new FollowerSide(simulation, machine);
  follower.listen(machine.world);
  return { simulation, leader, follower };
}

function restartFollower(b: Bench): void {
  const machine = b.simulation.machine('follower');
  machine.crash({ kind: 'power' });
  machine.restart();
  b.follower = new FollowerSide(b.simulation, machine);
  b.follower.listen(machine.world);
}

function restartLeader(b: Bench): void {
  const machine = b.simulation.machine('leader');
  machine.crash({ kind: 'power' });
  machine.restart();
  b.leader = new LeaderSide(b.simulation, machine);
  b.leader.sendTo();
}

function runToEnd(b: Bench): void {
  b.simulation.run(() => b.leader.ended.length > 0, PATIENCE);
}

/** What the follower has of the generation that counts there. */
function received(b: Bench): readonly string[] {
  const generation = b.follower.disk.stored?.generation ?? 0;
  return normalized(
    storedEntries(b.simulation, b.follower.disk).filter(
      ({ key }) => key.readUInt32BE(1) === generation,
    ),
  );
}

t.test('an image arrives whole, under a generation of its own', (t) => {
  const image = sampleImage({ bytes: (i) => 50 + ((i * 37) % 400) });
  const b = bench(image);
  b.leader.sendTo();
  runToEnd(b);
  t.same(b.leader.ended, ['2:100']);
  t.same(received(b), normalized(image.entries));
  t.equal(b.follower.disk.stored?.generation, 2);
  t.same(b.follower.disk.stored?.meta, image.stored.meta);
  t.equal(b.leader.senders.count, 0);
  t.end();
});

t.test('an image without records arrives', (t) => {
  const b = bench(sampleImage({ records: 0 }));
  b.leader.sendTo();
  runToEnd(b);
  t.same(b.leader.ended, ['2:100']);
  t.end();
});

t.test('records of many pieces arrive, in chunks larger than the setting', (t) => {
  const image = sampleImage({ records: 5, bytes: (i) => (i === 2 ? 300_000 : 100) });
  const b = bench(image);
  b.leader.sendTo();
  runToEnd(b);
  t.same(received(b), normalized(image.entries));
  t.end();
});

t.test('a link that breaks goes on where it was, whenever that is', (t) => {
  const image = sampleImage({ records: 60 });
  for (let cut = 0; cut < 30; cut++) {
    const b = bench(image, cut + 1);
    b.leader.sendTo();
    for (let breaks = 1; breaks <= 3; breaks++) {
      const at = cut + breaks * 3;
      b.simulation.run(() => b.follower.receiver.stats.chunks >= at, PATIENCE);
      b.simulation.network.breakConnections('leader', 'follower');
    }
    runToEnd(b);
    t.same(b.leader.ended, ['2:100'], `cut ${cut}`);
    t.same(received(b), normalized(image.entries));
  }
  t.end();
});

t.test('what is durable is not sent again after a break', (t) => {
  const image = sampleImage({ records: 200 });
  const b = bench(image);
  b.leader.sendTo();
  b.simulation.run(() => b.follower.receiver.stats.chunks >= 30, PATIENCE);
  const durable = storedEntries(b.simulation, b.follower.disk).length;
  b.simulation.network.breakConnections('leader', 'follower');
  runToEnd(b);
  const { stats } = b.follower.receiver;
  const total = image.entries.reduce((sum, { value }) => sum + value.length, 0);
  t.ok(durable > 50);
  t.equal(stats.bytes, total, 'every record was taken once');
  t.end();
});

t.test('a follower that restarts goes on with what is on its disk', (t) => {
  const image = sampleImage({ records: 200 });
  for (const seed of [1, 2, 3, 4]) {
    const b = bench(image, seed);
    b.leader.sendTo();
    b.simulation.run(() => b.follower.receiver.stats.chunks >= 20 + seed, PATIENCE);
    restartFollower(b);
    runToEnd(b);
    t.same(b.leader.ended, ['2:100']);
    t.same(received(b), normalized(image.entries));
    t.ok(b.follower.receiver.stats.chunks < 40, 'the first part was not sent again');
  }
  t.end();
});

t.test('a leader that restarts goes on with the same image', (t) => {
  const image = sampleImage({ records: 200 });
  const b = bench(image);
  b.leader.sendTo();
  b.simulation.run(() => b.follower.receiver.stats.chunks >= 20, PATIENCE);
  restartLeader(b);
  runToEnd(b);
  t.same(b.leader.ended, ['2:100']);
  t.same(received(b), normalized(image.entries));
  const total = image.entries.reduce((sum, { value }) => sum + value.length, 0);
  t.equal(b.follower.receiver.stats.bytes, total, 'every record was taken once');
  t.end();
});

t.test('a newer image takes the place of one that had not got far', (t) => {
  const b = bench(sampleImage({ records: 200 }));
  b.leader.sendTo();
  b.simulation.run(() => b.follower.receiver.stats.chunks >= 10, PATIENCE);
  const newer = sampleImage({ index: 150, image: 2, generation: 7, records: 90 });
  storeImage(b.simulation, b.leader.disk, newer);
  b.leader.stored = newer.stored;
  b.simulation.network.breakConnections('leader', 'follower');
  runToEnd(b);
  t.same(b.leader.ended, ['2:150']);
  t.same(received(b), normalized(newer.entries));
  const left = storedEntries(b.simulation, b.follower.disk).length;
  t.equal(left, newer.entries.length, 'nothing is left of the old one');
  t.end();
});

t.test('an image that is nearly there is finished though there is a newer one', (t) => {
  const image = sampleImage({ records: 200 });
  const b = bench(image);
  b.leader.sendTo();
  b.simulation.run(() => b.follower.receiver.stats.chunks >= 40, PATIENCE);
  const newer = sampleImage({ index: 150, image: 2, generation: 7, records: 90 });
  storeImage(b.simulation, b.leader.disk, newer);
  b.leader.stored = newer.stored;
  b.simulation.network.breakConnections('leader', 'follower');
  runToEnd(b);
  t.same(b.leader.ended, ['2:100']);
  t.same(received(b), normalized(image.entries));
  t.end();
});

t.test('checkpoints of the leader do not disturb an image that is under way', (t) => {
  const image = sampleImage({ records: 200 });
  const b = bench(image);
  b.leader.sendTo();
  b.simulation.run(() => b.follower.receiver.stats.chunks >= 10, PATIENCE);
  t.equal(b.leader.senders.lowestIndex(), asLogIndex(100));
  const newer = sampleImage({ index: 150, image: 2, records: 200 });
  storeImage(b.simulation, b.leader.disk, newer);
  b.leader.stored = newer.stored;
  b.leader.disk.removeKeys(
    image.entries.map(({ key }) => key),
    () => {},
  );
  runToEnd(b);
  t.same(b.leader.ended, ['2:100']);
  t.same(received(b), normalized(image.entries));
  t.equal(b.leader.senders.lowestIndex(), null);
  t.end();
});

t.test('records of an image that is only being made are not sent', (t) => {
  const image = sampleImage({ records: 30 });
  const b = bench(image);
  const early: ImageEntry[] = [];
  for (let part = 0; part < 20; part++) {
    const place = { id: 1, part, image: 2 };
    cutRecord({ generation: 1, place, payload: Buffer.alloc(100) }, (key, value) => {
      early.push({ key, value });
    });
  }
  const batch = b.leader.disk.store?.batch();
  for (const { key, value } of early) batch?.put(key, value);
  batch?.write(() => b.leader.sendTo());
  runToEnd(b);
  t.same(received(b), normalized(image.entries));
  t.end();
});

t.test('a leader whose image store is opened anew goes on', (t) => {
  const image = sampleImage({ records: 200 });
  const b = bench(image);
  b.leader.sendTo();
  b.simulation.run(() => b.follower.receiver.stats.chunks >= 20, PATIENCE);
  b.leader.disk.reopen(() => {});
  runToEnd(b);
  t.same(b.leader.ended, ['2:100']);
  t.same(received(b), normalized(image.entries));
  t.end();
});

t.test('a follower whose image store is opened anew goes on', (t) => {
  const image = sampleImage({ records: 200 });
  const b = bench(image);
  b.leader.sendTo();
  b.simulation.run(() => b.follower.receiver.stats.chunks >= 20, PATIENCE);
  b.follower.disk.reopen(() => {});
  runToEnd(b);
  t.same(b.leader.ended, ['2:100']);
  t.same(received(b), normalized(image.entries));
  t.end();
});

t.test('a follower that cannot be reached for long is given up', (t) => {
  const b = bench(sampleImage({ records: 200 }));
  b.leader.sendTo();
  b.simulation.run(() => b.follower.receiver.stats.chunks >= 10, PATIENCE);
  b.simulation.network.isolate('follower');
  const from = b.simulation.now;
  runToEnd(b);
  t.same(b.leader.ended, ['2:0']);
  t.ok(b.simulation.now - from > 60_000 && b.simulation.now - from < 70_000);
  t.equal(b.leader.senders.lowestIndex(), null);
  t.end();
});

t.test('a follower that was away for a while goes on', (t) => {
  const image = sampleImage({ records: 200 });
  const b = bench(image);
  b.leader.sendTo();
  b.simulation.run(() => b.follower.receiver.stats.chunks >= 10, PATIENCE);
  b.simulation.network.isolate('follower');
  b.simulation.run(b.simulation.now + 30_000);
  b.simulation.network.healAll();
  runToEnd(b);
  t.same(b.leader.ended, ['2:100']);
  t.same(received(b), normalized(image.entries));
  t.end();
});

t.test('what chance breaks ends well', (t) => {
  const image = sampleImage({ records: 120, bytes: (i) => (i % 40 === 7 ? 200_000 : 150) });
  for (let seed = 1; seed <= 12; seed++) {
    const b = bench(image, seed);
    b.leader.sendTo();
    for (let i = 0; i < 6 && b.leader.ended.length === 0; i++) {
      b.simulation.run(b.simulation.now + b.simulation.random.below(40));
      const what = b.simulation.random.below(3);
      if (what === 0) b.simulation.network.breakConnections('leader', 'follower', 'half-open');
      else if (what === 1) restartFollower(b);
      else if (b.leader.ended.length === 0) restartLeader(b);
    }
    runToEnd(b);
    t.same(b.leader.ended, ['2:100'], `seed ${seed}`);
    t.same(received(b), normalized(image.entries));
  }
  t.end();
});
