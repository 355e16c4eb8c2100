import t from 'tap';
import { asLogIndex, asNodeId } from '../../src/base/ids.ts';
import { Prng } from '../../src/base/prng.ts';
import { type Configuration, EMPTY_CONFIGURATION } from '../../src/raft/configuration.ts';
import { Configurations } from '../../src/raft/configurations.ts';
import type { ConfigurationAt } from '../../src/raft/setup.ts';
import { configurationOf } from './support/solo.ts';

function at(index: number, configuration: Configuration): ConfigurationAt {
  return { index: asLogIndex(index), configuration };
}

const TWO = configurationOf([1, 2]);
const THREE = configurationOf([1, 2, 3]);
const LEARNER = configurationOf([1, 2], [3]);

function indexes(list: Configurations): number[] {
  return list.between(asLogIndex(0), asLogIndex(100)).map(({ index }) => index);
}

t.test('the newest configuration is in force, and the empty one where there is none', (t) => {
  const list = new Configurations([]);
  t.same([list.newest, list.newestIndex], [EMPTY_CONFIGURATION, 0]);
  list.append(at(2, TWO));
  list.append(at(5, LEARNER));
  t.same([list.newest, list.newestIndex], [LEARNER, 5]);
  const known = [1, 2, 4, 5, 9].map((index) => list.at(asLogIndex(index)));
  t.same(known, [EMPTY_CONFIGURATION, TWO, TWO, LEARNER, LEARNER]);
  t.end();
});

t.test('a truncation removes the configurations of what it removes', (t) => {
  const list = new Configurations([at(2, TWO), at(5, LEARNER), at(9, THREE)]);
  list.truncate(asLogIndex(10));
  t.equal(list.newest, THREE);
  list.truncate(asLogIndex(5));
  t.equal(list.newest, TWO);
  list.truncate(asLogIndex(1));
  t.equal(list.newest, EMPTY_CONFIGURATION);
  t.end();
});

t.test('a log that is cut keeps the configuration in force before it', (t) => {
  const list = new Configurations([at(2, TWO), at(5, LEARNER), at(9, THREE)]);
  list.compact(asLogIndex(1));
  t.same(indexes(list), [2, 5, 9]);
  list.compact(asLogIndex(4));
  t.same(indexes(list), [2, 5, 9]);
  list.compact(asLogIndex(5));
  t.same(indexes(list), [5, 9]);
  list.compact(asLogIndex(8));
  t.same(indexes(list), [5, 9]);
  list.compact(asLogIndex(50));
  t.same(indexes(list), [9]);
  t.equal(list.newest, THREE);
  t.end();
});

t.test('cutting a log changes no answer about what is left of it', (t) => {
  const random = new Prng(3, 1);
  for (let round = 0; round < 200; round++) {
    const whole = new Configurations([]);
    const cut = new Configurations([]);
    let base = 0;
    for (let index = 1; index <= 30; index++) {
      if (random.chance(0.3)) {
        const entry = at(index, configurationOf([1, index]));
        whole.append(entry);
        cut.append(entry);
      }
      if (random.chance(0.2)) {
        base += random.below(index - base + 1);
        cut.compact(asLogIndex(base));
      }
      if (cut.newest !== whole.newest) t.fail('newest');
      for (let i = base; i <= index; i++) {
        const here = asLogIndex(i);
        if (cut.at(here) !== whole.at(here)) t.fail(`at ${i}, cut to ${base}`);
        if (cut.hasVoterChangeAfter(here) !== whole.hasVoterChangeAfter(here))
          t.fail(`change ${i}`);
      }
    }
  }
  t.pass('200 rounds');
  t.end();
});

t.test('an image brings the only configuration there is', (t) => {
  const list = new Configurations([at(2, TWO), at(5, LEARNER)]);
  list.reset(at(40, THREE));
  t.same(
    [list.newest, list.newestIndex, list.at(asLogIndex(39))],
    [THREE, 40, EMPTY_CONFIGURATION],
  );
  t.end();
});

t.test('learners come and go without a change of who votes', (t) => {
  const list = new Configurations([at(2, TWO), at(5, LEARNER)]);
  t.equal(list.hasVoterChangeAfter(asLogIndex(2)), false);
  list.append(at(7, THREE));
  t.equal(list.hasVoterChangeAfter(asLogIndex(6)), true);
  t.equal(list.hasVoterChangeAfter(asLogIndex(7)), false);
  t.end();
});

t.test('a node whose removal is not committed is still a voter', (t) => {
  const list = new Configurations([at(2, THREE), at(5, TWO)]);
  const isVoter = (commit: number): boolean => list.isVoterSince(asLogIndex(commit), asNodeId(3));
  t.same([isVoter(4), isVoter(5)], [true, false]);
  t.end();
});

t.test('the test hook changes the newest configuration only', (t) => {
  const list = new Configurations([at(2, THREE), at(5, LEARNER)]);
  t.equal(list.overrideVoting(asNodeId(3), true), true);
  t.equal(list.overrideVoting(asNodeId(9), true), false);
  t.same(list.newest, { ...THREE, change: null });
  t.same(list.at(asLogIndex(2)), THREE);
  t.end();
});
