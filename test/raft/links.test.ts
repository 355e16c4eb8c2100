import t from 'tap';
import { asNodeId } from '../../src/base/ids.ts';
import { Solo, TIMEOUT } from './support/solo.ts';

t.test('the window bounds the appends on their way', (t) => {
  const node = new Solo({ raft: { maxInflightAppends: 2, maxAppendBytes: 1 } }).lead().settle(2, 3);
  for (let i = 0; i < 5; i++) node.raft.propose();
  t.same(
    node
      .sent('append')
      .filter((m) => m.to === 2)
      .map((m) => m.last),
    [3, 4],
  );
  node.acknowledged(2, 2, 3);
  t.same(
    node
      .sent('append')
      .filter((m) => m.to === 2)
      .map((m) => m.last),
    [5],
  );
  t.end();
});

t.test('a new leader probes with one append until it is answered', (t) => {
  const node = new Solo().lead();
  node.raft.propose();
  t.same(node.sent('append'), [], 'the no-op is on its way already');
  node.acknowledged(2, 2, 2);
  t.same(
    node.sent('append').map((m) => [m.to, m.first]),
    [[2, 3]],
  );
  t.end();
});

t.test('after a broken link, what is not acknowledged is sent again', (t) => {
  const node = new Solo().lead().settle(2, 3);
  node.raft.propose();
  node.raft.propose();
  node.take();
  node.acknowledged(3, 2, 4);
  node.raft.peerUnreachable(asNodeId(2));
  node.raft.propose();
  t.same(
    node.sent('append').map((m) => m.to),
    [3],
    'nothing goes where there is no link',
  );
  node.raft.peerReachable(asNodeId(2));
  t.same(
    node.sent('append').map((m) => [m.to, m.first]),
    [[2, 3]],
  );
  t.end();
});

t.test('a broken link empties the window', (t) => {
  const node = new Solo({ raft: { maxInflightAppends: 2, maxAppendBytes: 1 } }).lead().settle(2, 3);
  node.raft.propose();
  node.raft.propose();
  node.take();
  t.same(
    [...node.raft.progress()].map((p) => p.inflightCount),
    [1, 1],
    'the last entry waits for the answer to the one before',
  );
  node.raft.peerUnreachable(asNodeId(2));
  t.same([...node.raft.progress()].map((p) => [p.inflightCount, p.inflightBytes])[0], [0, 0]);
  t.end();
});

t.test('a link that breaks before the first answer does not bring the whole log again', (t) => {
  const node = new Solo({ log: [1, 1, 1, 1, 1], term: 1 }).lead();
  node.raft.peerUnreachable(asNodeId(2));
  node.raft.peerReachable(asNodeId(2));
  t.same(
    node.sent('append').map((m) => [m.to, m.previousIndex]),
    [[2, 5]],
  );
  t.end();
});

t.test('an answer that was lost is given again with a heartbeat', (t) => {
  const node = new Solo({ term: 2 }).appended(2, 2, [1, 1], [2, 2]).persist();
  node.take();
  node.beaten(2, 2, 1);
  t.same(
    node.sent('append-response').map((m) => m.match),
    [3],
  );
  node.beaten(2, 2, 3);
  t.same(node.sent('append-response'), [], 'not when the leader knows');
  t.end();
});

t.test('a probe without an answer is repeated, but not with every heartbeat', (t) => {
  const node = new Solo().lead();
  node.answered(2, 2, 0);
  t.same(node.sent('append'), []);
  node.wait(30).answered(2, 2, 0);
  t.same(
    node.sent('append').map((m) => m.to),
    [2],
  );
  t.end();
});

t.test('an answered heartbeat does not slow down a follower that keeps pace', (t) => {
  const node = new Solo().lead().settle(2, 3);
  node.raft.propose();
  node.answered(2, 2, 0);
  const states = [...node.raft.progress()].map((p) => p.state);
  t.same(states, ['replicate', 'replicate']);
  t.end();
});

t.test('a follower whose link to the leader broke does not wait out the election timeout', (t) => {
  const node = new Solo().beaten(2, 1);
  const before = node.raft.deadline;
  node.raft.peerUnreachable(3 as never);
  t.equal(node.raft.deadline, before, 'another node does not matter');
  node.raft.peerUnreachable(2 as never);
  t.ok(node.raft.deadline <= 0.4 * TIMEOUT);
  t.equal(node.leader, 0);
  node.askedForVote(3, 2, { preVote: true });
  t.same(
    node.sent('vote-response').map((r) => r.granted),
    [true],
    'nor is it trusted any more',
  );
  node.beaten(2, 1);
  t.equal(node.leader, 2, 'until it is heard again');
  t.ok(node.raft.deadline >= TIMEOUT);
  t.end();
});

t.test('a leader in the middle of a long message counts as heard', (t) => {
  const node = new Solo().beaten(2, 1);
  for (let i = 0; i < 8; i++) {
    node.wait(TIMEOUT / 2);
    node.raft.peerIsSending(asNodeId(2));
  }
  t.equal(node.role, 'follower');
  node.take();
  node.askedForVote(3, 2, { preVote: true });
  t.same(
    node.sent('vote-response').map((r) => r.granted),
    [false],
  );
  for (let i = 0; i < 4; i++) {
    node.wait(TIMEOUT / 2);
    node.raft.peerIsSending(asNodeId(3));
  }
  t.equal(node.role, 'pre-candidate', 'another node does not');
  t.end();
});
