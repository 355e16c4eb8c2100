import t from 'tap';
import { Cluster } from './harness.ts';
import { Solo, TIMEOUT } from './support/solo.ts';

t.test('all reads of a turn share one round of heartbeats', (t) => {
  const node = new Solo().lead().settle(2, 3);
  const numbers = [node.raft.readIndex(), node.raft.readIndex(), node.raft.readIndex()];
  const beats = node.sent('heartbeat');
  t.same(
    beats.map((m) => [m.to, m.readSequence]),
    [
      [2, numbers[2]],
      [3, numbers[2]],
    ],
  );
  t.ok(node.raft.readConfirmed < (numbers[0] ?? 0));
  node.answered(3, 2, numbers[2] ?? 0);
  t.equal(node.raft.readConfirmed, numbers[2]);
  t.same(node.messages(), [], 'and nothing more is sent for them');
  t.end();
});

t.test('a barrier is not confirmed by the answer to a heartbeat that left before it', (t) => {
  const node = new Solo().lead().settle(2, 3);
  const first = node.raft.readIndex();
  node.take();
  const second = node.raft.readIndex();
  node.take();
  node.answered(2, 2, first);
  t.equal(node.raft.readConfirmed, first);
  node.answered(3, 2, first);
  t.ok(node.raft.readConfirmed < second);
  node.answered(3, 2, second);
  t.equal(node.raft.readConfirmed, second);
  t.end();
});

t.test('answers of an older term confirm nothing', (t) => {
  const node = new Solo().lead().settle(2, 3);
  node.beaten(2, 3).persist();
  node.wait(2 * TIMEOUT).lead();
  const number = node.raft.readIndex();
  node.take();
  node.answered(2, 2, number).answered(3, 3, number);
  t.ok(node.raft.readConfirmed < number);
  node.answered(3, node.raft.term, number);
  t.equal(node.raft.readConfirmed, number);
  t.end();
});

t.test('barrier numbers go on growing over leaderships', (t) => {
  const node = new Solo().lead().settle(2, 3);
  const first = node.raft.readIndex();
  node.beaten(2, 3).persist();
  node.wait(2 * TIMEOUT).lead();
  t.ok(node.raft.readIndex() > first);
  t.end();
});

t.test('five nodes confirm a barrier by two answers, not by one', (t) => {
  const node = new Solo({ voters: [1, 2, 3, 4, 5], learners: [6] }).lead().settle(2, 3, 4, 5);
  const number = node.raft.readIndex();
  node.take();
  node.answered(2, 2, number).answered(6, 2, number);
  t.ok(node.raft.readConfirmed < number, 'a learner is not counted');
  node.answered(4, 2, number);
  t.equal(node.raft.readConfirmed, number);
  t.end();
});

t.test('the only voter confirms its barriers itself, also if a tick announced them', (t) => {
  const node = new Solo({ voters: [1] }).wait(0).persist().wait(0);
  node.raft.propose();
  node.persist();
  const first = node.raft.readIndex();
  node.take();
  t.equal(node.raft.readConfirmed, first);
  const second = node.raft.readIndex();
  node.wait(100);
  node.take();
  t.equal(node.raft.readConfirmed, second);
  t.end();
});

t.test('a deposed leader that does not know it confirms no read', (t) => {
  const cluster = new Cluster({ seed: 4, voters: 3 });
  cluster.runUntil(() => cluster.leader() !== null, 4 * TIMEOUT);
  cluster.run(50);
  const old = cluster.leader()?.id ?? 0;
  const others = [1, 2, 3].filter((id) => id !== old);
  for (const id of others) {
    cluster.network.cut(id, old);
    cluster.network.cut(old, id);
  }
  cluster.runUntil(() => others.includes(cluster.leader()?.id ?? 0), 5 * TIMEOUT);
  const confirmed = cluster.checker.confirmedReads;
  const asked = cluster.read(old);
  cluster.run(TIMEOUT);
  t.equal(asked, true, 'it still believes in itself');
  t.equal(cluster.checker.confirmedReads, confirmed);
  cluster.network.healAll();
  cluster.run(TIMEOUT);
  t.equal(cluster.checker.confirmedReads, confirmed);
  t.equal(cluster.node(old).reads.length, 0);
  t.end();
});

t.test('a paused leader confirms no read by answers from before the pause', (t) => {
  const cluster = new Cluster({ seed: 8, voters: 3 });
  cluster.runUntil(() => cluster.leader() !== null, 4 * TIMEOUT);
  cluster.run(50);
  const old = cluster.leader()?.id ?? 0;
  cluster.read(old);
  cluster.run(0.5);
  cluster.pause(old, 4 * TIMEOUT);
  t.ok(cluster.runUntil(() => (cluster.leader()?.id ?? old) !== old, 4 * TIMEOUT));
  const successor = cluster.leader()?.id ?? 0;
  cluster.run(10);
  cluster.propose(successor);
  cluster.run(10);
  for (let i = 0; i < 5; i++) cluster.read(old);
  cluster.run(4 * TIMEOUT);
  t.equal(cluster.raft(old).role, 'follower');
  t.end();
});
