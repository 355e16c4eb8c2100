import t from 'tap';
import { asLogIndex, asNodeId } from '../../src/base/ids.ts';
import { withLearner } from '../../src/raft/configuration.ts';
import { member } from './support/sim-node.ts';
import { configurationOf, Solo, TIMEOUT } from './support/solo.ts';

/** A leader of term 2 whose log begins behind 100 and ends at 103; node 2 has 7 entries. */
function leaderOfLagging(): Solo {
  return new Solo({ base: 100, log: [1, 1], term: 1 }).lead().refused(2, 2, 102, [7, 1]);
}

function appendsTo(node: Solo, id: number): number[][] {
  const appends = node.sent('append').filter((m) => m.to === id);
  return appends.map((m) => [m.previousIndex, m.previousTerm, m.last]);
}

t.test('a leader asks for an image, once, when the log has no longer what a node needs', (t) => {
  const node = leaderOfLagging();
  const { snapshots, messages } = node.take();
  t.same(snapshots, [2]);
  t.same(messages, []);
  t.equal(node.progressOf(2)?.state, 'snapshot');
  node.raft.propose();
  t.same(node.take().snapshots, []);
  t.end();
});

t.test('the log of a leader may be cut while a node is away', (t) => {
  const node = new Solo().lead().settle(2, 3);
  node.raft.peerUnreachable(asNodeId(2));
  node.raft.propose();
  node.settle(3);
  node.raft.compacted(asLogIndex(3));
  t.same([node.raft.firstIndex, node.raft.last], [4, 3]);
  t.same(node.take().snapshots, [], 'no image for a node without a connection');
  node.raft.peerReachable(asNodeId(2));
  t.same(node.take().snapshots, [2]);
  t.end();
});

t.test('a node that needs an image gets heartbeats and no appends', (t) => {
  const node = leaderOfLagging();
  node.take();
  node.raft.propose();
  node.wait(25);
  const { messages } = node.take();
  t.same(
    messages.filter((m) => m.to === 2).map((m) => m.kind),
    ['heartbeat'],
  );
  node.answered(2, 2, 0).refused(2, 2, 7, [3, 1]);
  const after = node.take();
  t.same([after.messages, after.snapshots], [[], []]);
  t.equal(node.progressOf(2)?.state, 'snapshot');
  t.end();
});

t.test('behind an image that has arrived the log goes on', (t) => {
  const node = leaderOfLagging();
  node.take();
  node.raft.imageSent(asNodeId(2), asLogIndex(102));
  t.same(appendsTo(node, 2), [[102, 1, 103]]);
  t.end();
});

t.test('an image that has not arrived is asked for again', (t) => {
  const node = leaderOfLagging();
  node.take();
  node.raft.imageSent(asNodeId(2), asLogIndex(0));
  t.same(node.take().snapshots, [2]);
  node.raft.imageSent(asNodeId(2), asLogIndex(99));
  t.same(node.take().snapshots, [2], 'nor does one help that ends before the log begins');
  t.end();
});

t.test('the shell is not believed that an image has arrived', (t) => {
  const node = leaderOfLagging();
  node.take();
  node.raft.imageSent(asNodeId(2), asLogIndex(102));
  t.equal(node.progressOf(2)?.match, 0);
  node.refused(2, 2, 102, [7, 1]);
  t.same(node.take().snapshots, [2]);
  t.end();
});

t.test('the end of an image that nobody waits for changes nothing', (t) => {
  const node = leaderOfLagging();
  node.take();
  node.raft.imageSent(asNodeId(3), asLogIndex(100));
  node.raft.imageSent(asNodeId(9), asLogIndex(100));
  t.same(node.messages(), []);
  t.equal(node.progressOf(3)?.next, 103);
  node.appended(3, 3, [103, 2], [3]);
  node.raft.imageSent(asNodeId(2), asLogIndex(102));
  t.same(node.sent('append'), []);
  t.end();
});

t.test('a broken link does not end an image, which has its own', (t) => {
  const node = leaderOfLagging();
  node.take();
  node.raft.peerUnreachable(asNodeId(2));
  node.raft.peerReachable(asNodeId(2));
  t.same(node.take().snapshots, []);
  t.equal(node.progressOf(2)?.state, 'snapshot');
  node.raft.peerUnreachable(asNodeId(2));
  node.raft.imageSent(asNodeId(2), asLogIndex(0));
  t.same(node.take().snapshots, [], 'the next one waits for the link');
  node.raft.peerReachable(asNodeId(2));
  t.same(node.take().snapshots, [2]);
  t.end();
});

t.test('an acknowledgement that reaches the base of the log ends the need', (t) => {
  const node = leaderOfLagging();
  node.take();
  node.acknowledged(2, 2, 99);
  t.equal(node.progressOf(2)?.state, 'snapshot');
  t.same(node.messages(), []);
  node.acknowledged(2, 2, 100);
  t.same(appendsTo(node, 2), [[100, 1, 103]]);
  t.end();
});

t.test('match < next also while an image is sent', (t) => {
  const node = leaderOfLagging().acknowledged(2, 2, 50);
  t.same([node.progressOf(2)?.match, node.progressOf(2)?.next], [50, 51]);
  t.end();
});

t.test('a leader that is deposed in the same turn asks for no image', (t) => {
  const node = leaderOfLagging().beaten(3, 3);
  t.same(node.take().snapshots, []);
  t.end();
});

t.test('a need for an image is output, for which a turn must end', (t) => {
  const node = leaderOfLagging();
  t.equal(node.raft.hasOutput, true);
  node.take();
  t.equal(node.raft.hasOutput, false);
  t.end();
});

t.test('appends of the same turn do not leave when their entries are cut off', (t) => {
  const node = new Solo({ log: [1, 1, 1, 1], term: 1 }).lead().settle(3);
  node.acknowledged(2, 2, 2);
  node.raft.compacted(asLogIndex(4));
  const { messages, snapshots } = node.take();
  t.same(
    messages.filter((m) => m.kind === 'append'),
    [],
  );
  t.same(snapshots, [2]);
  t.end();
});

t.test('a learner that gets an image catches up and is promoted', (t) => {
  const node = new Solo({ base: 100, log: [1, 1], term: 1 }).lead().settle(2, 3);
  node.raft.proposeConfiguration(withLearner(node.raft.configuration, member(4, false)));
  node.settle(2, 3);
  node.raft.compacted(asLogIndex(103));
  node.take();
  node.refused(4, 2, 103, [0, 0]);
  t.same(node.take().snapshots, [4]);
  for (let i = 0; i < 8; i++)
    node
      .wait(TIMEOUT / 4)
      .answered(2, 2, 0)
      .answered(4, 2, 0);
  t.equal(node.raft.promotable, 0);
  node.acknowledged(4, 2, 103);
  t.same(appendsTo(node, 4), [[103, 2, 104]], 'behind the image it gets the entry that adds it');
  t.equal(node.raft.promotable, 0, 'its first round has begun');
  node.acknowledged(4, 2, 104);
  t.equal(node.raft.promotable, 4);
  t.end();
});

t.test('a leader without new entries asks with its last one whether an image is there', (t) => {
  const node = new Solo({ base: 100, log: [1, 1], term: 1 }).lead().settle(3);
  node.refused(2, 2, 102, [7, 1]);
  node.take();
  node.raft.imageSent(asNodeId(2), asLogIndex(103));
  node.answered(2, 2, 0);
  t.same(appendsTo(node, 2), [], 'the acknowledgement may be on its way');
  node.wait(30).answered(2, 2, 0);
  t.same(appendsTo(node, 2), [[102, 1, 103]]);
  t.end();
});

t.test('a leader without any entries asks with another image', (t) => {
  const node = new Solo({ base: 100, log: [1, 1], term: 1 }).lead().settle(3);
  node.raft.compacted(asLogIndex(103));
  node.refused(2, 2, 102, [7, 1]);
  node.take();
  node.raft.imageSent(asNodeId(2), asLogIndex(103));
  node.wait(30).answered(2, 2, 0);
  t.same(node.take().snapshots, [2]);
  t.end();
});

t.test('only what is committed and durable may be dropped from the log', (t) => {
  const node = new Solo({ log: [1, 1, 1, 1], term: 1 }).appended(2, 1, [2, 1], [1], { commit: 3 });
  t.throws(() => node.raft.compacted(asLogIndex(4)));
  node.raft.compacted(asLogIndex(2));
  node.appended(2, 1, [4, 1], [1, 1], { commit: 6 });
  t.throws(() => node.raft.compacted(asLogIndex(5)), 'not on the disk yet');
  node.persist();
  node.raft.compacted(asLogIndex(5));
  t.same([node.raft.firstIndex, node.raft.last, node.raft.commit], [6, 6, 6]);
  t.end();
});

t.test('the configuration in force outlives the entry that it was in', (t) => {
  const node = new Solo();
  const [second, third] = [configurationOf([1, 2, 3], [4]), configurationOf([1, 2, 3, 4])];
  const at = [
    { index: asLogIndex(2), configuration: second },
    { index: asLogIndex(4), configuration: third },
  ];
  node.appended(2, 2, [1, 1], [2, 2, 2, 2], { configurations: at, commit: 4 }).persist();
  node.raft.compacted(asLogIndex(3));
  t.equal(node.raft.configuration, third);
  node.raft.compacted(asLogIndex(4));
  t.equal(node.raft.configuration, third);
  t.equal(node.raft.committedConfiguration, third);
  t.end();
});
