import t from 'tap';
import { asNodeId } from '../../src/base/ids.ts';
import { Cluster } from './harness.ts';
import { Solo, TIMEOUT } from './support/solo.ts';

t.test('leadership goes to the target once it has the whole log', (t) => {
  const node = new Solo().lead().settle(2, 3);
  node.raft.propose();
  t.equal(node.raft.transfer(asNodeId(2)), null);
  node.persist();
  t.same(node.sent('timeout-now'), []);
  t.equal(node.raft.acceptsProposals, false, 'no new entries meanwhile');
  node.acknowledged(2, 2, 3);
  t.same(
    node.sent('timeout-now').map((m) => [m.to, m.term]),
    [[2, 2]],
  );
  t.end();
});

t.test('a cluster hands over within a few messages and loses nothing', (t) => {
  const cluster = new Cluster({ seed: 2, voters: 3 });
  cluster.runUntil(() => cluster.leader() !== null, 4 * TIMEOUT);
  cluster.run(50);
  const old = cluster.leader()?.id ?? 0;
  const target = old === 3 ? 2 : 3;
  cluster.propose(old);
  t.equal(
    cluster.call(old, (raft) => raft.transfer(asNodeId(target))),
    null,
  );
  t.ok(cluster.runUntil(() => cluster.leader()?.id === target, 30));
  t.equal(cluster.node(old).transfersFailed, 0);
  t.equal(cluster.raft(old).transferTarget, 0);
  cluster.run(50);
  t.type(cluster.propose(target), 'number');
  t.end();
});

t.test('a transfer to a node that does not answer fails after an election timeout', (t) => {
  const node = new Solo().lead().settle(2, 3);
  node.raft.propose();
  node.raft.transfer(asNodeId(2));
  node.take();
  t.ok(node.raft.deadline <= node.now + TIMEOUT);
  node.acknowledged(3, 2, 3);
  for (let i = 0; i < 4; i++) {
    node.wait(TIMEOUT / 4);
    if (i < 3) t.equal(node.take().transferFailed, false);
  }
  t.equal(node.take().transferFailed, true);
  t.equal(node.raft.transferTarget, 0);
  t.equal(node.raft.acceptsProposals, true);
  t.end();
});

t.test('a transfer fails in time though no heartbeat is due', (t) => {
  const node = new Solo({ raft: { heartbeatInterval: 100_000 } }).lead().settle(2, 3).wait(20);
  node.take();
  t.ok(node.raft.deadline > node.now + TIMEOUT);
  node.raft.transfer(asNodeId(2));
  node.take();
  t.ok(node.raft.deadline <= node.now + TIMEOUT);
  t.end();
});

t.test('only another voter can be a target, and only one transfer goes on', (t) => {
  const node = new Solo({ learners: [4] });
  t.equal(node.raft.transfer(asNodeId(2)), 'not leader');
  node.lead().settle(2, 3);
  t.equal(node.raft.transfer(asNodeId(1)), 'invalid node id');
  t.equal(node.raft.transfer(asNodeId(4)), 'invalid node id');
  t.equal(node.raft.transfer(asNodeId(9)), 'invalid node id');
  t.equal(node.raft.transfer(asNodeId(2)), null);
  t.equal(node.raft.transfer(asNodeId(3)), 'leader transfer is in progress');
  t.end();
});

t.test('a transfer does not survive stepping down and leading again', (t) => {
  const node = new Solo().lead().settle(2, 3);
  node.raft.transfer(asNodeId(2));
  node.beaten(3, 3).persist();
  t.equal(node.raft.transferTarget, 0);
  node.lead();
  t.equal(node.raft.acceptsProposals, true);
  t.end();
});

t.test('timeout-now makes a voter campaign at once, without a pre-vote', (t) => {
  const node = new Solo().beaten(2, 1);
  node.take();
  node.step({ kind: 'timeout-now', from: asNodeId(2), to: asNodeId(1), term: node.raft.term });
  t.equal(node.role, 'candidate');
  t.same(
    node
      .persist()
      .sent('vote-request')
      .map((m) => [m.preVote, m.transfer]),
    [
      [false, true],
      [false, true],
    ],
  );
  t.end();
});

t.test('timeout-now of an older term is ignored', (t) => {
  const node = new Solo({ term: 5 });
  node.step({ kind: 'timeout-now', from: asNodeId(2), to: asNodeId(1), term: 4 as never });
  t.equal(node.role, 'follower');
  t.end();
});
