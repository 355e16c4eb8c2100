import t from 'tap';
import { asNodeId } from '../../src/base/ids.ts';
import {
  changesVoters,
  findMember,
  isVoter,
  voterChanges,
  voterIds,
  withLearner,
  withoutMember,
  withPromotion,
} from '../../src/raft/configuration.ts';
import { member } from './support/sim-node.ts';
import { configurationOf } from './support/solo.ts';

t.test('a node joins as a learner, even if it says otherwise', (t) => {
  const next = withLearner(configurationOf([1]), member(2, true));
  t.same(voterIds(next), [1]);
  t.same(next.change, { kind: 'add-learner', id: 2 });
  t.equal(findMember(next, asNodeId(2))?.host, 'node2');
  t.end();
});

t.test('promotion and removal change one voter, joining none', (t) => {
  const before = configurationOf([1, 2], [3]);
  const promoted = withPromotion(before, asNodeId(3));
  const removed = withoutMember(before, asNodeId(2));
  t.same([isVoter(before, asNodeId(3)), isVoter(promoted, asNodeId(3))], [false, true]);
  t.equal(voterChanges(before, promoted), 1);
  t.equal(voterChanges(before, removed), 1);
  t.equal(voterChanges(promoted, removed), 2);
  t.equal(changesVoters(before, withLearner(before, member(4, false))), false);
  t.equal(changesVoters(before, withoutMember(before, asNodeId(3))), false);
  t.end();
});
