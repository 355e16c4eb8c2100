import t from 'tap';
import { asMilliseconds } from '../../src/base/ids.ts';
import type { Configuration } from '../../src/raft/configuration.ts';
import { Cluster } from './harness.ts';
import { Solo, TIMEOUT } from './support/solo.ts';

function ids(configuration: Configuration): number[] {
  return configuration.members.map((m) => m.id);
}

t.test('three nodes elect one leader, which stays', (t) => {
  const cluster = new Cluster({ seed: 1, voters: 3 });
  t.ok(cluster.runUntil(() => cluster.leader() !== null, 4 * TIMEOUT));
  const { term } = cluster.leader()?.raft ?? {};
  cluster.run(30 * TIMEOUT);
  t.equal(cluster.leader()?.raft?.term, term);
  t.equal(cluster.checker.elections, 1);
  t.end();
});

t.test('a leader that dies is replaced sooner than an election timeout', (t) => {
  const cluster = new Cluster({ seed: 3, voters: 3 });
  cluster.runUntil(() => cluster.leader() !== null, 4 * TIMEOUT);
  cluster.run(TIMEOUT);
  const old = cluster.leader()?.id ?? 0;
  cluster.crash(old);
  t.ok(cluster.runUntil(() => cluster.leader() !== null, 0.7 * TIMEOUT));
  t.end();
});

t.test('a straggler with a newer term and an older log does not block the others', (t) => {
  const cluster = new Cluster({ seed: 5, voters: 3 });
  cluster.runUntil(() => cluster.leader() !== null, 4 * TIMEOUT);
  const leader = cluster.leader()?.id ?? 0;
  const straggler = leader === 1 ? 2 : 1;
  for (const id of [1, 2, 3]) {
    if (id === straggler) continue;
    cluster.network.cut(id, straggler);
    cluster.network.cut(straggler, id);
  }
  for (let i = 0; i < 5; i++) {
    cluster.call(straggler, (raft) => raft.campaign());
    cluster.propose(leader);
    cluster.run(10);
  }
  t.ok(cluster.raft(straggler).term > cluster.raft(leader).term);
  cluster.network.healAll();
  const target = cluster.raft(leader).last;
  t.ok(
    cluster.runUntil(() => {
      const now = cluster.leader();
      return now !== null && (now.raft?.commit ?? 0) > target;
    }, 8 * TIMEOUT),
  );
  t.not(cluster.leader()?.id, straggler);
  t.end();
});

t.test('a node told to campaign takes over from a living leader', (t) => {
  const cluster = new Cluster({ seed: 6, voters: 3 });
  cluster.runUntil(() => cluster.leader() !== null, 4 * TIMEOUT);
  cluster.run(50);
  const other = cluster.leader()?.id === 2 ? 3 : 2;
  cluster.call(other, (raft) => raft.campaign());
  t.ok(cluster.runUntil(() => cluster.leader()?.id === other, 20));
  t.end();
});

t.test('a deposed leader takes over the entries of the new one', (t) => {
  const cluster = new Cluster({ seed: 7, voters: 3 });
  cluster.runUntil(() => cluster.leader() !== null, 4 * TIMEOUT);
  cluster.run(50);
  const old = cluster.leader()?.id ?? 0;
  const others = [1, 2, 3].filter((id) => id !== old);
  for (const id of others) {
    cluster.network.cut(id, old);
    cluster.network.cut(old, id);
  }
  const lost = cluster.propose(old) ?? 0;
  cluster.propose(old);
  cluster.runUntil(() => others.includes(cluster.leader()?.id ?? 0), 5 * TIMEOUT);
  const successor = cluster.leader()?.id ?? 0;
  cluster.propose(successor);
  cluster.network.healAll();
  t.ok(cluster.runUntil(() => cluster.raft(old).commit === cluster.raft(successor).last, 300));
  t.equal(cluster.node(old).log.chain(lost), cluster.node(successor).log.chain(lost));
  t.equal(cluster.raft(old).leader, successor);
  t.end();
});

t.test('the first node leads term 1 at once, and INIT makes two entries', (t) => {
  const cluster = new Cluster({ seed: 1, voters: 0 });
  cluster.addNode(1);
  cluster.run(5 * TIMEOUT);
  t.equal(cluster.raft(1).role, 'follower', 'a node without a cluster does nothing');
  cluster.bootstrap(1);
  t.equal(cluster.raft(1).role, 'leader');
  t.equal(cluster.raft(1).term, 1);
  t.equal(cluster.raft(1).last, 2);
  t.equal(cluster.raft(1).commit, 0);
  cluster.run(5);
  t.equal(cluster.raft(1).commit, 2);
  t.same(ids(cluster.raft(1).committedConfiguration), [1]);
  t.same(cluster.node(1).disk.hardState, { term: 1, vote: 1 });
  t.end();
});

t.test('a cluster grows from one node to three, each join in two entries', (t) => {
  const cluster = new Cluster({ seed: 2, voters: 0 });
  cluster.addNode(1);
  cluster.bootstrap(1);
  cluster.run(5);
  for (const id of [2, 3]) {
    const { last } = cluster.raft(1);
    cluster.addNode(id);
    t.equal(cluster.addLearner(1, id), true);
    t.ok(
      cluster.runUntil(
        () => cluster.raft(1).committedConfiguration.members.some((m) => m.id === id && m.voting),
        3 * TIMEOUT,
      ),
      'without any other traffic',
    );
    t.equal(cluster.raft(1).last, last + 2);
  }
  cluster.crash(1);
  t.ok(
    cluster.runUntil(() => cluster.leader() !== null, 5 * TIMEOUT),
    'all three can lead',
  );
  t.end();
});

t.test('a cluster goes on without the leader it removed', (t) => {
  const cluster = new Cluster({ seed: 12, voters: 3 });
  cluster.runUntil(() => cluster.leader() !== null, 4 * TIMEOUT);
  cluster.run(50);
  const old = cluster.leader()?.id ?? 0;
  t.equal(cluster.remove(old, old), true);
  t.ok(cluster.runUntil(() => (cluster.leader()?.id ?? old) !== old, TIMEOUT));
  cluster.run(50);
  const successor = cluster.leader()?.id ?? 0;
  t.type(cluster.propose(successor), 'number');
  cluster.run(50);
  t.equal(cluster.raft(successor).commit, cluster.raft(successor).last);
  const { term } = cluster.raft(successor);
  cluster.run(10 * TIMEOUT);
  t.equal(cluster.raft(successor).term, term, 'which disturbs nobody');
  t.end();
});

t.test('a node whose removal may not be committed campaigns: the others may need it', (t) => {
  // Leader 2 of {1, 2} removed itself and died before 1 had the entry. 1 needs the vote of 2, whose
  // log is longer; so 2 must lead once more, by the vote of 1, and bring the entry to it.
  const cluster = new Cluster({ seed: 3, voters: 2 });
  cluster.runUntil(() => cluster.leader() !== null, 4 * TIMEOUT);
  cluster.run(50);
  const old = cluster.leader()?.id ?? 0;
  const other = 3 - old;
  cluster.network.cut(old, other);
  cluster.remove(old, old);
  cluster.run(20);
  t.same(ids(cluster.raft(old).configuration), [other]);
  cluster.crash(old);
  cluster.network.healAll();
  cluster.run(5 * TIMEOUT);
  t.equal(cluster.leader(), null);
  cluster.restart(old);
  t.ok(cluster.runUntil(() => cluster.leader()?.id === other, 10 * TIMEOUT));
  cluster.run(TIMEOUT);
  t.same(ids(cluster.raft(other).committedConfiguration), [other]);
  t.end();
});

t.test('a restart brings back the configuration of the log', (t) => {
  const cluster = new Cluster({ seed: 21, voters: 3, keepLearners: true });
  cluster.runUntil(() => cluster.leader() !== null, 4 * TIMEOUT);
  cluster.run(50);
  const leader = cluster.leader()?.id ?? 0;
  cluster.addNode(7);
  cluster.addLearner(leader, 7);
  cluster.run(50);
  for (const id of [1, 2, 3, 7]) {
    cluster.crash(id);
    cluster.restart(id);
    t.same(ids(cluster.raft(id).configuration), [1, 2, 3, 7]);
  }
  t.end();
});

t.test('terms never differ where contents differ, whatever a crash leaves on the disk', (t) => {
  // A follower loses the truncation it had not yet written; the leader of the same term goes on.
  const cluster = new Cluster({ seed: 9, voters: 3, diskDelay: [1, 1] });
  cluster.runUntil(() => cluster.leader() !== null, 4 * TIMEOUT);
  cluster.run(50);
  const old = cluster.leader()?.id ?? 0;
  const others = [1, 2, 3].filter((id) => id !== old);
  for (const id of others) {
    cluster.network.cut(id, old);
    cluster.network.cut(old, id);
  }
  for (let i = 0; i < 9; i++) cluster.propose(old);
  cluster.run(50);
  cluster.runUntil(() => others.includes(cluster.leader()?.id ?? 0), 5 * TIMEOUT);
  const successor = cluster.leader()?.id ?? 0;
  for (let i = 0; i < 5; i++) cluster.propose(successor);
  cluster.run(50);
  cluster.node(old).diskDelay = [40, 40];
  cluster.network.healAll();
  cluster.runUntil(() => cluster.raft(old).leader === successor, 100);
  cluster.run(20);
  cluster.crash(old);
  cluster.restart(old);
  t.ok(cluster.runUntil(() => cluster.raft(old).commit === cluster.raft(successor).last, 1000));
  t.end();
});

t.test('time does not go backwards', (t) => {
  const node = new Solo().wait(50);
  node.raft.advanceTo(asMilliseconds(10));
  t.equal(node.raft.now, 50);
  t.end();
});
