import t from 'tap';
import { asTerm } from '../../../src/base/ids.ts';
import type { ImageEntry } from '../../../src/world/image-store.ts';
import { pass, receiverBench, ScriptedSender } from '../../support/image-sender.ts';
import { sampleImage } from '../../support/image-transfer.ts';

const IMAGE = sampleImage({ records: 40 });
const PART = IMAGE.entries.slice(0, 10);

t.test('a damaged record closes the link; those before it stay', (t) => {
  const b = receiverBench();
  b.sender.offer(IMAGE);
  pass(b);
  const { key, value } = PART[6] as ImageEntry;
  const damaged = Buffer.from(value);
  damaged[100] = (damaged[100] ?? 0) ^ 4;
  b.sender.chunk(1, PART.toSpliced(6, 1, { key, value: damaged }));
  t.ok(b.sender.isClosed);
  t.match(b.follower.log.at(-1), /is damaged: its checksum does not match/);
  b.sender = new ScriptedSender(b.follower, 1);
  b.sender.offer(IMAGE);
  pass(b);
  const want = b.sender.last;
  t.same(want?.kind === 'want' ? want.after : null, PART[5]?.key);
  t.end();
});

t.test('chunks that are left out, come twice or too early close the link', (t) => {
  const wrong: readonly ((sender: ScriptedSender) => void)[] = [
    (sender) => sender.chunk(2, PART),
    (sender) => {
      sender.chunk(1, PART);
      sender.chunk(1, PART);
    },
    (sender) => {
      sender.chunk(1, PART);
      sender.chunk(2, PART);
    },
    (sender) => sender.say({ kind: 'end', number: 1 }),
    (sender) => sender.offer(IMAGE),
    (sender) => sender.say({ kind: 'ack', number: 0 }),
  ];
  wrong.forEach((act, i) => {
    const b = receiverBench();
    b.sender.offer(IMAGE);
    pass(b);
    act(b.sender);
    t.ok(b.sender.isClosed, `case ${i}`);
  });
  const early = receiverBench();
  early.sender.chunk(1, PART);
  t.ok(early.sender.isClosed, 'before an offer');
  t.end();
});

t.test('an image of another cluster closes the link', (t) => {
  const b = receiverBench();
  const { meta } = IMAGE.stored;
  const stored = { generation: 1, meta: { ...meta, clusterId: 'd'.repeat(32) } };
  b.sender.say({ kind: 'offer', term: asTerm(3), stored });
  t.ok(b.sender.isClosed);
  t.end();
});

t.test('a new link of a node takes the place of its old one', (t) => {
  const b = receiverBench();
  b.sender.offer(IMAGE);
  pass(b);
  b.sender.chunk(1, PART);
  const old = b.sender;
  b.sender = new ScriptedSender(b.follower, 1);
  t.ok(old.isClosed);
  b.sender.offer(IMAGE);
  pass(b);
  const want = b.sender.last;
  t.same(want?.kind === 'want' ? want.after : null, PART.at(-1)?.key);
  t.end();
});

t.test('a link is not read while too much waits for the disk', (t) => {
  const b = receiverBench();
  const image = sampleImage({ records: 60, bytes: () => 120_000 });
  b.sender.offer(image);
  pass(b);
  let number = 0;
  while (!b.sender.isPaused) {
    b.sender.chunk(number + 1, [image.entries[number] as ImageEntry]);
    number++;
  }
  t.equal(number, 35, 'four megabytes');
  pass(b);
  t.notOk(b.sender.isPaused);
  t.equal(b.sender.words.at(-1), 'ack 35');
  t.end();
});
