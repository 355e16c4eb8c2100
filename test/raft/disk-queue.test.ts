import t from 'tap';
import { asLogIndex, asNodeId, asTerm, NO_INDEX, NO_NODE } from '../../src/base/ids.ts';
import { DiskQueue } from '../../src/raft/disk-queue.ts';
import { Solo } from './support/solo.ts';

t.test('the disk write of entries that were overwritten since proves nothing (ABA)', (t) => {
  const node = new Solo().appended(2, 2, [1, 1], [2, 2, 2]);
  node.take();
  const old = node.sequence;
  node.appended(3, 3, [2, 2], [3, 3]);
  node.take();
  node.raft.persisted(old);
  t.equal(node.raft.durable, 2, 'index 3 and 4 are other entries now');
  t.same(
    node.sent('append-response').filter((m) => m.match > 2),
    [],
  );
  node.raft.persisted(node.sequence);
  t.same(node.sent('append-response').at(-1)?.match, 4);
  t.end();
});

t.test('an answer tells what is durable, once the disk has it', (t) => {
  const node = new Solo({ term: 2 }).beaten(2, 2);
  node.take();
  node.appended(2, 2, [1, 1], [2, 2]);
  t.same(node.sent('append-response'), []);
  node.raft.persisted(node.sequence);
  t.same(
    node.sent('append-response').map((m) => [m.success, m.match]),
    [[true, 3]],
  );
  t.end();
});

t.test('an answer does not wait for the disk writes that came after', (t) => {
  const node = new Solo({ term: 2 }).appended(2, 2, [1, 1], [2]);
  node.take();
  const first = node.sequence;
  node.appended(2, 2, [2, 2], [2, 2, 2]);
  node.take();
  node.raft.persisted(first);
  t.same(
    node.sent('append-response').map((m) => m.match),
    [2],
  );
  node.beaten(2, 2, 1, 7);
  t.same(
    node.sent('heartbeat-response').map((m) => m.readSequence),
    [7],
    'nor does a heartbeat',
  );
  t.end();
});

t.test('answers that wait do not pile up: the newest of a kind for a node is kept', (t) => {
  const node = new Solo({ term: 2 }).beaten(2, 3, 0, 1);
  for (let barrier = 2; barrier <= 50; barrier++) node.beaten(2, 3, 0, barrier);
  node.appended(2, 3, [9, 3], [3]);
  node.appended(2, 3, [8, 3], [3]);
  t.same(node.messages(), []);
  node.raft.persisted(node.sequence);
  t.same(
    node.messages().map((m) => [m.kind, m.kind === 'heartbeat-response' ? m.readSequence : 0]),
    [
      ['heartbeat-response', 50],
      ['append-response', 0],
    ],
  );
  t.end();
});

t.test('appends made before the leader was deposed in the same turn do not leave', (t) => {
  const node = new Solo().lead().settle(2, 3);
  node.raft.propose();
  node.raft.propose();
  node.raft.peerUnreachable(asNodeId(2));
  node.raft.peerReachable(asNodeId(2));
  node.appended(3, 3, [2, 2], [3]);
  const { persists, messages } = node.take();
  t.same(
    messages.filter((m) => m.kind === 'append'),
    [],
  );
  t.same(
    persists.map((p) => [p.truncateFrom, p.first, p.last]),
    [
      [0, 3, 4],
      [0, 1, 0],
      [3, 3, 3],
    ],
    'own entries, new term, then what replaces them',
  );
  t.end();
});

t.test('entries leave for the others in the turn in which they are queued for the disk', (t) => {
  const node = new Solo().lead().settle(2, 3);
  node.raft.propose();
  node.raft.propose();
  const { persists, messages } = node.take();
  t.same(
    persists.map((p) => [p.first, p.last]),
    [[3, 4]],
  );
  t.same(
    messages.map((m) => (m.kind === 'append' ? [m.to, m.first, m.last] : m.kind)),
    [
      [2, 3, 4],
      [3, 3, 4],
    ],
  );
  t.end();
});

const NO_STEP = { truncateFrom: NO_INDEX, batch: null, first: asLogIndex(1), last: NO_INDEX };

t.test('the newest step completes all, and more cannot become durable', (t) => {
  const queue = new DiskQueue();
  t.equal(queue.newest, 0);
  t.equal(queue.complete(0), 0);
  const hardState = { term: asTerm(1), vote: NO_NODE };
  queue.push({ ...NO_STEP, hardState }, asLogIndex(4));
  queue.push({ ...NO_STEP, hardState }, asLogIndex(7));
  queue.hardStateChanged();
  t.equal(queue.newest, 2);
  t.equal(queue.hardStateIsDurable, false);
  t.equal(queue.complete(1), 4);
  t.equal(queue.hardStateIsDurable, false);
  t.equal(queue.complete(queue.newest), 7);
  t.equal(queue.hardStateIsDurable, true);
  t.equal(queue.complete(1), 0, 'an answer that comes late says nothing');
  t.throws(() => queue.complete(3));
  t.end();
});

t.test('what is gone from the log is not made durable by an older step', (t) => {
  const queue = new DiskQueue();
  const hardState = { term: asTerm(1), vote: NO_NODE };
  queue.push({ ...NO_STEP, hardState }, asLogIndex(9));
  queue.truncated(asLogIndex(5));
  queue.push({ ...NO_STEP, hardState }, asLogIndex(6));
  t.equal(queue.complete(1), 5);
  t.equal(queue.complete(2), 6);
  t.end();
});
