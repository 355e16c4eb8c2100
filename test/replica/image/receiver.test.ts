import t from 'tap';
import { INCOMING_KEY } from '../../../src/replica/image/meta.ts';
import { FollowerSide } from '../../support/image-nodes.ts';
import { pass, receiverBench, ScriptedSender, sendAll } from '../../support/image-sender.ts';
import {
  normalized,
  sampleImage,
  storedEntries,
  storeImage,
  storeOf,
  wait,
} from '../../support/image-transfer.ts';

const IMAGE = sampleImage({ records: 40 });
const PART = IMAGE.entries.slice(0, 10);

t.test('an image is taken, and acknowledged as it becomes durable', (t) => {
  const b = receiverBench();
  sendAll(b, IMAGE);
  t.same(b.sender.words, ['want', 'ack 1', 'ack 2', 'ack 3', 'ack 4', 'done']);
  t.equal(b.follower.installedIndex, 100);
  t.same(normalized(storedEntries(b.simulation, b.follower.disk)), normalized(IMAGE.entries));
  t.same(b.follower.receiver.stats.installed, 1);
  t.end();
});

t.test('an image that brings nothing new is answered as if it had come', (t) => {
  for (const verdict of ['known', 'stale'] as const) {
    const b = receiverBench();
    b.follower.target.verdict = verdict;
    b.sender.offer(IMAGE);
    t.same(b.sender.heard, [{ kind: 'done', index: 100 }], verdict);
  }
  t.end();
});

t.test('who is busy says so, and takes the next offer', (t) => {
  const b = receiverBench();
  b.follower.target.verdict = 'busy';
  b.sender.offer(IMAGE);
  t.same(b.sender.words, ['busy']);
  b.follower.target.verdict = 'needed';
  sendAll(b, IMAGE);
  t.equal(b.sender.words.at(-1), 'done');
  t.end();
});

t.test('an image of a leader that leads no more is refused, and costs nothing', (t) => {
  const b = receiverBench();
  b.sender.offer(IMAGE);
  pass(b);
  b.sender.chunk(1, PART);
  pass(b);
  b.sender = new ScriptedSender(b.follower, 1);
  b.follower.target.verdict = 'outdated';
  b.sender.offer(sampleImage({ index: 90 }), 2);
  t.same(b.sender.words, ['outdated']);
  pass(b);
  t.same(normalized(storedEntries(b.simulation, b.follower.disk)), normalized(PART));
  t.end();
});

t.test('an image that cannot be put in place yet is not sent again', (t) => {
  const b = receiverBench();
  b.follower.target.installErrors = [new Error('a checkpoint is running')];
  sendAll(b, IMAGE);
  t.equal(b.sender.words.at(-1), 'busy');
  const { chunks } = b.follower.receiver.stats;
  sendAll(b, IMAGE);
  t.equal(b.sender.words.at(-1), 'done');
  t.equal(b.follower.receiver.stats.chunks, chunks);
  t.end();
});

t.test('an image that became needless while it came is not put in place', (t) => {
  const b = receiverBench();
  b.sender.offer(IMAGE);
  pass(b);
  b.follower.target.verdict = 'stale';
  b.sender.chunk(1, IMAGE.entries);
  b.sender.say({ kind: 'end', number: 1 });
  pass(b);
  t.equal(b.sender.words.at(-1), 'done');
  t.equal(b.follower.installedIndex, 0);
  t.same(storedEntries(b.simulation, b.follower.disk), [], 'what came is deleted');
  t.end();
});

t.test('a node that works on an image gives signs of life', (t) => {
  const b = receiverBench();
  b.follower.target.answers = false;
  sendAll(b, IMAGE);
  const { length } = b.sender.heard;
  pass(b, 10_000);
  t.same(b.sender.words.slice(length), ['ack 4', 'ack 4', 'ack 4', 'ack 4', 'ack 4']);
  t.end();
});

t.test('nothing else is taken while an image is put in its place', (t) => {
  const b = receiverBench();
  b.follower.target.answers = false;
  sendAll(b, IMAGE);
  const other = new ScriptedSender(b.follower, 3);
  other.offer(sampleImage({ index: 500 }), 9);
  t.same(other.words, ['busy']);
  t.end();
});

t.test('an image that lacks records is noticed at its end, and begun anew', (t) => {
  const b = receiverBench();
  b.sender.offer(IMAGE);
  pass(b);
  b.sender.chunk(1, IMAGE.entries.toSpliced(20, 1));
  b.sender.say({ kind: 'end', number: 1 });
  pass(b);
  t.equal(b.sender.words.at(-1), 'incomplete');
  t.equal(b.follower.installedIndex, 0);
  sendAll(b, IMAGE);
  t.same(b.follower.installedIndex, 100);
  t.end();
});

t.test('an image of a higher term takes the place of one that is coming in', (t) => {
  const b = receiverBench();
  b.sender.offer(IMAGE, 3);
  pass(b);
  b.sender.chunk(1, PART);
  const old = b.sender;
  b.sender = new ScriptedSender(b.follower, 3);
  b.sender.offer(sampleImage({ index: 300, records: 5 }), 4);
  t.ok(old.isClosed);
  pass(b);
  t.same(b.sender.heard, [{ kind: 'want', after: null, bytes: 0 }]);
  t.same(storedEntries(b.simulation, b.follower.disk), []);
  t.end();
});

t.test('an image of a lower term is refused while another one is coming in', (t) => {
  const b = receiverBench();
  b.sender.offer(IMAGE, 3);
  pass(b);
  const late = new ScriptedSender(b.follower, 3);
  late.offer(sampleImage({ index: 300 }), 2);
  t.same(late.words, ['outdated']);
  t.notOk(b.sender.isClosed);
  t.end();
});

t.test('a store that fails closes the link, and is told of', (t) => {
  const b = receiverBench();
  b.sender.offer(IMAGE);
  pass(b);
  b.simulation.machine('follower').disk.failSyncs(1);
  b.sender.chunk(1, PART);
  pass(b);
  t.ok(b.sender.isClosed);
  t.equal(b.follower.target.failures.length, 1);
  b.sender = new ScriptedSender(b.follower, 1);
  b.sender.offer(IMAGE);
  t.same(b.sender.words, ['busy'], 'until it is opened anew');
  wait(b.simulation, (done) => b.follower.disk.reopen(done));
  sendAll(b, IMAGE);
  t.equal(b.follower.installedIndex, 100);
  t.end();
});

t.test('a record on disk that was damaged meanwhile is received again', (t) => {
  const b = receiverBench();
  b.sender.offer(IMAGE);
  pass(b);
  b.sender.chunk(1, PART);
  pass(b);
  const [first] = storedEntries(b.simulation, b.follower.disk);
  const batch = storeOf(b.follower.disk).batch();
  batch.put(first?.key ?? Buffer.alloc(0), Buffer.alloc(30));
  wait(b.simulation, (done) => batch.write(done));
  b.follower.receiver.close();
  wait(b.simulation, (done) => b.follower.disk.close(done));
  b.follower = new FollowerSide(b.simulation, b.simulation.machine('follower'));
  b.sender = new ScriptedSender(b.follower, 1);
  sendAll(b, IMAGE);
  t.same(normalized(storedEntries(b.simulation, b.follower.disk)), normalized(IMAGE.entries));
  t.end();
});

t.test('the image in use stays while another one comes in', (t) => {
  const b = receiverBench();
  const own = sampleImage({ index: 10, generation: 4, records: 8 });
  storeImage(b.simulation, b.follower.disk, own);
  b.sender.offer(IMAGE);
  pass(b);
  b.sender.chunk(1, PART);
  pass(b);
  b.sender = new ScriptedSender(b.follower, 1);
  b.sender.offer(sampleImage({ index: 101, records: 5 }));
  pass(b);
  t.same(normalized(storedEntries(b.simulation, b.follower.disk)), normalized(own.entries));
  const head = wait<Buffer | null>(b.simulation, (done) =>
    storeOf(b.follower.disk).get(INCOMING_KEY, (_error, value) => done(value)),
  );
  t.not(head, null);
  t.end();
});

t.test('how far an image is can be asked', (t) => {
  const b = receiverBench();
  t.equal(b.follower.receiver.progress, null);
  b.sender.offer(IMAGE);
  pass(b);
  b.sender.chunk(1, PART);
  t.same(b.follower.receiver.progress, { from: 1, index: 100, bytes: 10 * 206 });
  t.end();
});
