import t from 'tap';
import { asLogIndex, asNodeId } from '../../src/base/ids.ts';
import {
  type Configuration,
  withLearner,
  withoutMember,
  withPromotion,
} from '../../src/raft/configuration.ts';
import { member } from './support/sim-node.ts';
import { configurationOf, Solo, TIMEOUT } from './support/solo.ts';

function ids(configuration: Configuration): number[] {
  return configuration.members.map((m) => m.id);
}

function remove(node: Solo, id: number): void {
  node.raft.proposeConfiguration(withoutMember(node.raft.configuration, asNodeId(id)));
}

function add(node: Solo, id: number): void {
  node.raft.proposeConfiguration(withLearner(node.raft.configuration, member(id, false)));
}

t.test('a configuration is in force when it is appended', (t) => {
  const node = new Solo().lead().settle(2, 3);
  remove(node, 3);
  t.same(ids(node.raft.configuration), [1, 2]);
  t.same(ids(node.raft.committedConfiguration), [1, 2, 3]);
  t.end();
});

t.test('a truncation brings back the configurations before', (t) => {
  const node = new Solo();
  const [second, third] = [configurationOf([1, 2], [4]), configurationOf([1, 2])];
  node.appended(2, 2, [1, 1], [2, 2, 2], {
    configurations: [
      { index: asLogIndex(2), configuration: second },
      { index: asLogIndex(4), configuration: third },
    ],
  });
  t.equal(node.raft.configuration, third);
  node.appended(3, 3, [2, 2], [3]);
  t.equal(node.raft.configuration, second);
  node.appended(2, 4, [1, 1], [4]);
  t.same(ids(node.raft.configuration), [1, 2, 3]);
  t.end();
});

t.test('a change waits for an entry of the own term to be committed', (t) => {
  const node = new Solo().lead();
  const next = withoutMember(node.raft.configuration, asNodeId(3));
  t.equal(node.raft.refuseConfiguration(next), 'try again');
  t.throws(() => node.raft.proposeConfiguration(next));
  node.settle(2);
  t.equal(node.raft.refuseConfiguration(next), null);
  t.end();
});

t.test('two leaders that each change one voter cannot both commit (2015)', (t) => {
  // Leader 1 adds a voter nobody hears of; leader 2 of a later term must first commit in its term.
  const node = new Solo({ voters: [1, 2, 3, 4], term: 5 }).lead();
  const next = withoutMember(node.raft.configuration, asNodeId(4));
  node.persist();
  node.acknowledged(2, 6, 1).acknowledged(3, 6, 1);
  t.equal(node.raft.refuseConfiguration(next), 'try again');
  node.acknowledged(2, 6, 2).acknowledged(3, 6, 2);
  t.equal(node.raft.refuseConfiguration(next), null);
  t.end();
});

t.test('one change of a voter at a time; learners are not bound by it', (t) => {
  const node = new Solo().lead().settle(2, 3);
  remove(node, 3);
  const { configuration } = node.raft;
  t.equal(
    node.raft.refuseConfiguration(withoutMember(configuration, asNodeId(2))),
    'one voting change only',
  );
  t.equal(node.raft.refuseConfiguration(withLearner(configuration, member(4, false))), null);
  node.settle(2);
  t.equal(node.raft.refuseConfiguration(withoutMember(configuration, asNodeId(2))), null);
  t.end();
});

t.test('a configuration that swaps two voters is a bug of the shell', (t) => {
  const node = new Solo().lead().settle(2, 3);
  t.throws(() => node.raft.proposeConfiguration(configurationOf([1, 2, 4])));
  t.throws(() => node.raft.proposeConfiguration(configurationOf([1])));
  t.end();
});

t.test('only a leader that hands nothing over changes the configuration', (t) => {
  const node = new Solo();
  t.equal(node.raft.refuseConfiguration(node.raft.configuration), 'not leader');
  node.lead().settle(2, 3);
  node.raft.transfer(asNodeId(2));
  t.equal(node.raft.refuseConfiguration(node.raft.configuration), 'leader transfer is in progress');
  t.end();
});

t.test('a new learner is sent the log at once, though nothing else happens', (t) => {
  const node = new Solo().lead().settle(2, 3);
  add(node, 4);
  t.same(
    node
      .sent('append')
      .filter((m) => m.to === 4)
      .map((m) => [m.previousIndex, m.first, m.last]),
    [[2, 3, 3]],
  );
  t.end();
});

t.test('a learner is ready when a round of catching up took less than an election timeout', (t) => {
  const node = new Solo().lead().settle(2, 3);
  add(node, 4);
  node.settle(2, 3);
  for (let i = 0; i < 5; i++) node.raft.propose();
  node.settle(2, 3);
  const start = node.raft.last;
  node.acknowledged(4, 2, 1);
  t.equal(node.raft.promotable, 0, 'the first round has just begun');
  for (let i = 0; i < 3; i++) node.raft.propose();
  for (let i = 0; i < 6; i++) {
    node.wait(TIMEOUT / 4);
    node.answered(2, 2, 0).answered(4, 2, 0);
  }
  node.acknowledged(4, 2, start);
  t.equal(node.raft.promotable, 0, 'it took too long: another round');
  node.wait(TIMEOUT / 2).answered(4, 2, 0);
  node.acknowledged(4, 2, start + 3);
  t.equal(node.raft.promotable, 4);
  node.raft.proposeConfiguration(withPromotion(node.raft.configuration, asNodeId(4)));
  t.equal(node.raft.promotable, 0);
  t.end();
});

t.test(
  'a learner is not promoted before its own entry is committed, nor when it is silent',
  (t) => {
    const node = new Solo().lead().settle(2, 3);
    add(node, 4);
    node.persist();
    node.acknowledged(4, 2, 3);
    t.equal(node.raft.promotable, 0);
    node.acknowledged(2, 2, 3);
    t.equal(node.raft.promotable, 4);
    node.raft.peerUnreachable(asNodeId(4));
    t.equal(node.raft.promotable, 0);
    node.raft.peerReachable(asNodeId(4));
    t.equal(node.raft.promotable, 4);
    node.wait(TIMEOUT);
    t.equal(node.raft.promotable, 0);
    t.end();
  },
);

t.test('learners and their disks are counted in no majority', (t) => {
  const node = new Solo({ voters: [1, 2, 3], learners: [4, 5] }).lead().persist();
  node.acknowledged(4, 2, 2).acknowledged(5, 2, 2);
  t.equal(node.raft.commit, 0);
  t.end();
});

t.test('a removed follower is told when its removal is committed, and then left alone', (t) => {
  const node = new Solo().lead().settle(2, 3);
  remove(node, 3);
  node.persist();
  t.ok(node.progressOf(3), 'it still gets the entry that removes it');
  node.acknowledged(2, 2, 3);
  t.same(node.take().removed, [3]);
  t.equal(node.progressOf(3), undefined);
  t.end();
});

t.test('a node removed and added again begins anew', (t) => {
  const node = new Solo().lead().settle(2, 3);
  remove(node, 3);
  add(node, 3);
  t.equal(node.progressOf(3)?.match, 0, 'its disk may be another one');
  node.persist();
  node.acknowledged(2, 2, 4);
  t.equal(node.raft.commit, 4);
  t.same(node.take().removed, [], 'it is a member');
  t.ok(node.progressOf(3));
  t.end();
});

t.test('a leader that removes itself goes on until that is committed, not counting itself', (t) => {
  const node = new Solo().lead().settle(2, 3);
  remove(node, 1);
  node.persist();
  t.equal(node.role, 'leader');
  node.acknowledged(2, 2, 3);
  t.equal(node.raft.commit, 2, 'one of the two that are left is no majority');
  node.acknowledged(3, 2, 3);
  t.equal(node.raft.commit, 3);
  t.equal(node.role, 'follower');
  const { messages, removed } = node.take();
  t.same(removed, [1]);
  t.same(messages.filter((m) => m.kind === 'heartbeat' && m.commit === 3).length, 2);
  t.equal(messages.filter((m) => m.kind === 'timeout-now').length, 1, 'it names a successor');
  node.wait(10 * TIMEOUT);
  t.same(node.messages(), [], 'and does not disturb it');
  t.end();
});

t.test('the last node can remove itself', (t) => {
  const node = new Solo({ voters: [1] }).wait(0).persist();
  node.raft.propose();
  node.persist();
  remove(node, 1);
  node.persist();
  t.equal(node.raft.commit, 3);
  t.equal(node.role, 'follower');
  t.same(node.take().removed, [1]);
  node.wait(10 * TIMEOUT);
  t.same(node.messages(), []);
  t.equal(node.role, 'follower');
  t.end();
});

t.test('the test hook changes only the view of the node it is called on', (t) => {
  const node = new Solo();
  t.equal(node.raft.overrideVoting(asNodeId(3), false), true);
  t.equal(node.raft.overrideVoting(asNodeId(9), false), false);
  t.same(
    node.raft.configuration.members.map((m) => m.voting),
    [true, true, false],
  );
  t.same(node.take().persists, []);
  t.end();
});
