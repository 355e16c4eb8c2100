import t from 'tap';
import { asNodeId } from '../../../src/base/ids.ts';
import type { Member } from '../../../src/raft/configuration.ts';
import { MAX_SENDERS, RETRY_MS } from '../../../src/replica/image/image-senders.ts';
import type { TransferMessage } from '../../../src/replica/image/transfer-frames.ts';
import { Simulation } from '../../sim/sim-world.ts';
import { LeaderSide } from '../../support/image-nodes.ts';
import {
  FOLLOWER,
  listenForPeers,
  PORT,
  Speaker,
  sampleImage,
  storeImage,
} from '../../support/image-transfer.ts';

interface Bench {
  readonly simulation: Simulation;
  readonly leader: LeaderSide;
  /** By the number of the node that was meant. */
  readonly links: Map<number, Speaker>;
}

function bench(answer: TransferMessage | null = null): Bench {
  const simulation = new Simulation({ seed: 1 });
  const leader = new LeaderSide(simulation, simulation.machine('leader'));
  const image = sampleImage();
  storeImage(simulation, leader.disk, image);
  leader.stored = image.stored;
  const links: Map<number, Speaker> = new Map();
  listenForPeers(simulation.machine('follower').world, PORT, (hello, socket) => {
    const link = new Speaker((pieces) => {
      socket.writev(pieces);
    });
    link.onMessage = (message) => {
      if (message.kind === 'offer' && answer !== null) link.say(answer);
    };
    links.set(hello.to, link);
    return { data: (chunk) => link.data(chunk), closed: () => links.delete(hello.to) };
  });
  return { simulation, leader, links };
}

/** Nodes of different numbers, all of which the one machine plays. */
function node(id: number): Member {
  return { ...FOLLOWER, id: asNodeId(id) };
}

function pass(b: Bench, milliseconds = 50): void {
  b.simulation.run(b.simulation.now + milliseconds);
}

/** Nodes that have a link. */
function served(b: Bench): readonly number[] {
  return [...b.links.keys()].sort((x, y) => x - y);
}

const OUTDATED: TransferMessage = { kind: 'refused', reason: 'outdated' };
const DONE: TransferMessage = { kind: 'done', index: sampleImage().stored.meta.index };

t.test('a node gets one image at a time', (t) => {
  const b = bench();
  b.leader.sendTo(node(2));
  b.leader.sendTo(node(2));
  pass(b);
  b.leader.sendTo(node(2));
  t.equal(b.leader.senders.count, 1);
  t.end();
});

t.test('some nodes are served at once, the others one after the other', (t) => {
  const b = bench();
  for (let id = 2; id < 8; id++) b.leader.sendTo(node(id));
  pass(b);
  t.equal(b.leader.senders.count, MAX_SENDERS);
  t.same(served(b), [2, 3, 4]);
  b.links.get(3)?.say(DONE);
  pass(b);
  t.same(served(b), [2, 4, 5]);
  t.same(b.leader.ended, ['3:100']);
  t.equal(b.leader.senders.stats.completed, 1);
  t.end();
});

t.test('a failure is told after a while, so that the next attempt is not made at once', (t) => {
  const b = bench(OUTDATED);
  b.leader.sendTo(node(2));
  pass(b, RETRY_MS - 500);
  t.equal(b.leader.senders.stats.failed, 1);
  t.same(b.leader.ended, []);
  b.leader.sendTo(node(2));
  t.equal(b.leader.senders.count, 0);
  pass(b, 1000);
  t.same(b.leader.ended, ['2:0']);
  b.leader.sendTo(node(2));
  t.equal(b.leader.senders.count, 1);
  t.end();
});

t.test('without an image nothing can be sent', (t) => {
  const b = bench();
  b.leader.stored = null;
  b.leader.sendTo(node(2));
  pass(b, RETRY_MS + 500);
  t.same(b.leader.ended, ['2:0']);
  t.end();
});

t.test('a lost leadership ends all of them without a word', (t) => {
  const b = bench(OUTDATED);
  b.leader.sendTo(node(2));
  pass(b);
  const other = bench();
  for (let id = 2; id < 8; id++) other.leader.sendTo(node(id));
  pass(other);
  for (const { leader } of [b, other]) leader.senders.abandon();
  for (const one of [b, other]) {
    pass(one, RETRY_MS * 2);
    t.same(one.leader.ended, []);
    t.equal(one.leader.senders.count, 0);
    t.equal(one.leader.senders.lowestIndex(), null);
    t.equal(one.links.size, 0);
  }
  t.end();
});

t.test('nodes that are no members any more get nothing', (t) => {
  const b = bench();
  for (let id = 2; id < 8; id++) b.leader.sendTo(node(id));
  pass(b);
  b.leader.senders.retain([node(3), node(7)]);
  pass(b);
  t.same(served(b), [3, 7]);
  t.end();
});

t.test('the log is needed from behind the oldest image on', (t) => {
  const b = bench();
  t.equal(b.leader.senders.lowestIndex(), null);
  b.leader.sendTo(node(2));
  pass(b);
  const newer = sampleImage({ index: 300, image: 2 });
  storeImage(b.simulation, b.leader.disk, newer);
  b.leader.stored = newer.stored;
  b.leader.sendTo(node(3));
  pass(b);
  t.equal(b.leader.senders.lowestIndex(), 100);
  b.links.get(2)?.say(DONE);
  pass(b);
  t.equal(b.leader.senders.lowestIndex(), 300);
  t.end();
});

t.test('nothing begins after it was closed', (t) => {
  const b = bench();
  b.leader.senders.close();
  b.leader.sendTo(node(2));
  t.equal(b.leader.senders.count, 0);
  t.end();
});
