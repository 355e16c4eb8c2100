import t from 'tap';
import { asLogIndex } from '../../../src/base/ids.ts';
import { withGeneration } from '../../../src/replica/image/record.ts';
import { BUSY_RETRY_MS, GIVE_UP_MS, SILENCE_MS } from '../../../src/replica/image/sender-setup.ts';
import { chunkBytes, type TransferMessage } from '../../../src/replica/image/transfer-frames.ts';
import type { ImageEntry } from '../../../src/world/image-store.ts';
import { Simulation } from '../../sim/sim-world.ts';
import { LeaderSide } from '../../support/image-nodes.ts';
import {
  listenForPeers,
  normalized,
  PORT,
  putEntries,
  type SampleImage,
  Speaker,
  sampleImage,
  storeImage,
} from '../../support/image-transfer.ts';

interface Bench {
  readonly simulation: Simulation;
  readonly leader: LeaderSide;
  /** The other side of each link, in the order in which they were opened. */
  readonly links: Speaker[];
}

/** What the node says to a message; nothing: it is silent. */
type Script = (message: TransferMessage, link: Speaker) => void;

function bench(image: SampleImage, script: Script = () => {}): Bench {
  const simulation = new Simulation({ seed: 1 });
  const leader = new LeaderSide(simulation, simulation.machine('leader'));
  storeImage(simulation, leader.disk, image);
  leader.stored = image.stored;
  const links: Speaker[] = [];
  listenForPeers(simulation.machine('follower').world, PORT, (_hello, socket) => {
    const link = new Speaker((pieces) => {
      socket.writev(pieces);
    });
    link.onMessage = (message) => script(message, link);
    links.push(link);
    return { data: (chunk) => link.data(chunk), closed: () => {} };
  });
  leader.sendTo();
  return { simulation, leader, links };
}

function pass(b: Bench, milliseconds = 50): void {
  b.simulation.run(b.simulation.now + milliseconds);
}

/** Wants everything from the beginning, and acknowledges nothing. */
const wantAll: Script = (message, link) => {
  if (message.kind === 'offer') link.say({ kind: 'want', after: null, bytes: 0 });
};

const takeAll: Script = (message, link) => {
  wantAll(message, link);
  if (message.kind === 'chunk') link.say({ kind: 'ack', number: message.number });
  if (message.kind === 'end') link.say({ kind: 'done', index: asLogIndex(100) });
};

function entriesOf(link: Speaker | undefined): readonly ImageEntry[] {
  return (link?.heard ?? []).flatMap((m) => (m.kind === 'chunk' ? m.entries : []));
}

const IMAGE = sampleImage({ records: 60 });

t.test('an image is offered, sent and ended', (t) => {
  const b = bench(IMAGE, takeAll);
  pass(b);
  const [link] = b.links;
  t.same(link?.heard[0], { kind: 'offer', term: 3, stored: IMAGE.stored });
  t.same(normalized(entriesOf(link)), normalized(IMAGE.entries));
  t.equal(link?.words.at(-1), 'end');
  t.same(b.leader.ended, ['2:100']);
  t.end();
});

t.test('no more chunks are under way than the setting allows', (t) => {
  const b = bench(IMAGE, wantAll);
  pass(b);
  const [link] = b.links;
  t.same(link?.words, ['offer', 'chunk 1', 'chunk 2', 'chunk 3', 'chunk 4']);
  link?.say({ kind: 'ack', number: 3 });
  pass(b);
  t.same(link?.words.slice(5), ['chunk 5', 'chunk 6', 'chunk 7']);
  t.end();
});

t.test('no chunk is larger than the setting allows', (t) => {
  const b = bench(sampleImage({ records: 90, bytes: (i) => (i * 53) % 700 }), takeAll);
  pass(b);
  for (const message of b.links[0]?.heard ?? []) {
    if (message.kind !== 'chunk') continue;
    const bytes = message.entries.reduce((sum, entry) => sum + chunkBytes(entry), 0);
    t.ok(bytes <= 1000, `chunk ${message.number} has ${bytes}`);
  }
  t.same(b.leader.ended, ['2:100']);
  t.end();
});

t.test('it goes on behind the key that the node names', (t) => {
  const after = IMAGE.entries[19]?.key ?? null;
  const b = bench(IMAGE, (message, link) => {
    takeAll(message.kind === 'offer' ? { kind: 'ack', number: 0 } : message, link);
    if (message.kind === 'offer') link.say({ kind: 'want', after, bytes: 4000 });
  });
  pass(b);
  t.same(normalized(entriesOf(b.links[0])), normalized(IMAGE.entries.slice(20)));
  t.same(b.leader.ended, ['2:100']);
  t.end();
});

t.test('a node that needs nothing ends it at once', (t) => {
  const b = bench(IMAGE, (_message, link) => link.say({ kind: 'done', index: asLogIndex(100) }));
  pass(b);
  t.same(b.leader.ended, ['2:100']);
  t.same(b.links[0]?.words, ['offer']);
  t.end();
});

t.test('a busy node is asked again, with the newest image', (t) => {
  const b = bench(IMAGE, (_message, link) => link.say({ kind: 'refused', reason: 'busy' }));
  pass(b);
  t.equal(b.leader.senders.lowestIndex(), null, 'the log need not be kept meanwhile');
  const newer = sampleImage({ index: 200, image: 2 });
  storeImage(b.simulation, b.leader.disk, newer);
  b.leader.stored = newer.stored;
  pass(b, BUSY_RETRY_MS + 1000);
  const offers = (b.links[0]?.heard ?? []).map((m) =>
    m.kind === 'offer' ? m.stored.meta.index : 0,
  );
  t.same(offers.slice(0, 2), [100, 200]);
  t.equal(b.links.length, 1, 'on the same link');
  t.end();
});

t.test('a node that stays busy is not given up', (t) => {
  const b = bench(IMAGE, (_message, link) => link.say({ kind: 'refused', reason: 'busy' }));
  pass(b, GIVE_UP_MS * 2);
  t.same(b.leader.ended, []);
  t.end();
});

t.test('a refusal for good ends it', (t) => {
  for (const reason of ['outdated', 'incomplete'] as const) {
    const b = bench(IMAGE, (_message, link) => link.say({ kind: 'refused', reason }));
    pass(b, 6000);
    t.same(b.leader.ended, ['2:0'], reason);
  }
  t.end();
});

t.test('answers that make no sense renew the link', (t) => {
  const wrongKey = withGeneration(IMAGE.entries[0]?.key ?? Buffer.alloc(21), 9);
  const wrong: readonly TransferMessage[] = [
    { kind: 'want', after: wrongKey, bytes: 0 },
    { kind: 'ack', number: 1 },
    { kind: 'done', index: asLogIndex(99) },
    { kind: 'end', number: 0 },
    { kind: 'chunk', number: 1, entries: IMAGE.entries.slice(0, 1) },
  ];
  for (const answer of wrong) {
    const b = bench(IMAGE, (_message, link) => link.say(answer));
    pass(b, 180);
    t.equal(b.links.length, 2, answer.kind);
    t.same(b.leader.ended, []);
  }
  t.end();
});

t.test('done before the end of the image makes no sense', (t) => {
  const b = bench(IMAGE, (message, link) => {
    wantAll(message, link);
    if (message.kind === 'chunk') link.say({ kind: 'done', index: asLogIndex(100) });
  });
  pass(b, 180);
  t.equal(b.links.length, 2);
  t.same(b.leader.ended, []);
  t.end();
});

t.test('a node that falls silent gets another link', (t) => {
  const b = bench(IMAGE, wantAll);
  pass(b, SILENCE_MS - 1000);
  t.equal(b.links.length, 1);
  pass(b, 2000);
  t.equal(b.links.length, 2);
  t.end();
});

t.test('a node that asks for the same again and again is given up', (t) => {
  const b = bench(IMAGE, wantAll);
  pass(b, GIVE_UP_MS + 6000);
  t.same(b.leader.ended, ['2:0']);
  t.end();
});

t.test('a node that says nothing at all is given up', (t) => {
  const b = bench(IMAGE);
  pass(b, GIVE_UP_MS + 1000);
  t.equal(b.leader.senders.count, 0);
  t.match(b.leader.log.at(-1), /given up: no progress/);
  t.same(b.leader.ended, [], 'which is told a little later');
  pass(b, 6000);
  t.same(b.leader.ended, ['2:0']);
  t.end();
});

t.test('a node that shows that it lives is waited for', (t) => {
  let last: Speaker | null = null;
  const b = bench(IMAGE, (message, link) => {
    last = link;
    if (message.kind !== 'end') takeAll(message, link);
  });
  pass(b);
  const link = last as Speaker | null;
  for (let i = 0; i < 60; i++) {
    link?.say({ kind: 'ack', number: 15 });
    pass(b, 2000);
  }
  t.equal(link?.words.at(-1), 'end');
  link?.say({ kind: 'done', index: asLogIndex(100) });
  pass(b);
  t.same(b.leader.ended, ['2:100']);
  t.equal(b.links.length, 1);
  t.end();
});

t.test('an image that is damaged here is not sent any further', (t) => {
  const b = bench(IMAGE);
  const { key, value } = IMAGE.entries[30] as ImageEntry;
  const damaged = Buffer.from(value);
  damaged[99] = (damaged[99] ?? 0) ^ 1;
  const { simulation, leader } = b;
  leader.senders.abandon();
  putEntries(simulation, leader.disk, [{ key, value: damaged }]);
  leader.sendTo();
  pass(b, 200);
  b.links.at(-1)?.say({ kind: 'want', after: null, bytes: 0 });
  for (let number = 1; number < 10; number++) {
    pass(b, 50);
    if (leader.senders.count > 0) b.links.at(-1)?.say({ kind: 'ack', number });
  }
  t.match(leader.log.at(-1), /cannot be read: record .* is damaged/);
  t.ok(entriesOf(b.links.at(-1)).length <= 30);
  t.end();
});
