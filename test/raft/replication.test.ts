import t from 'tap';
import { asMilliseconds, asNodeId } from '../../src/base/ids.ts';
import { Cluster } from './harness.ts';
import { Solo, TIMEOUT } from './support/solo.ts';

const FIVE = [1, 2, 3, 4, 5];

t.test('an entry of an older term is not committed by counting (figure 8)', (t) => {
  const node = new Solo({ voters: FIVE, log: [1, 2], term: 3 }).lead().persist();
  node.acknowledged(2, 4, 2).acknowledged(3, 4, 2);
  t.equal(node.raft.commit, 0, 'on a majority of disks, and not committed');
  node.acknowledged(2, 4, 3);
  t.equal(node.raft.commit, 0);
  node.acknowledged(3, 4, 3);
  t.equal(node.raft.commit, 3, 'with an entry of the own term, all before it are');
  t.end();
});

t.test('a leader counts its own disk only when it has the entry', (t) => {
  const node = new Solo().lead().settle(2, 3);
  const index = node.raft.propose();
  node.take();
  node.acknowledged(2, 2, index);
  t.equal(node.raft.commit, index - 1);
  node.raft.persisted(node.sequence);
  t.equal(node.raft.commit, index);
  t.end();
});

t.test('a leader commits on the disks of the others before its own', (t) => {
  const node = new Solo().lead().settle(2, 3);
  const index = node.raft.propose();
  node.take();
  node.acknowledged(2, 2, index).acknowledged(3, 2, index);
  t.equal(node.raft.commit, index);
  t.ok(node.raft.durable < index);
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

t.test('back-off finds the point of agreement by terms, not entry by entry', (t) => {
  const long = new Array<number>(50).fill(1);
  const leader = new Solo({ log: [...long, ...new Array<number>(50).fill(4)], term: 4 }).lead();
  // The follower has 50 entries of term 1 in common, then 40 of terms 2 and 3 of its own.
  const tail = [...new Array<number>(20).fill(2), ...new Array<number>(20).fill(3)];
  const follower = new Solo({ log: [...long, ...tail], term: 3 });
  follower.appended(2, 5, [100, 4], [5]);
  const [first] = follower.persist().sent('append-response');
  t.same([first?.success, first?.hintIndex, first?.hintTerm], [false, 90, 3]);
  leader.refused(2, 5, 100, [90, 3]);
  const probes = leader.sent('append').filter((m) => m.to === 2);
  t.same(
    probes.map((m) => [m.previousIndex, m.previousTerm]),
    [[50, 1]],
    'one refusal is enough',
  );
  t.end();
});

t.test('a refusal that comes late changes nothing', (t) => {
  const node = new Solo({ log: [1, 1, 1], term: 1 }).lead();
  node.acknowledged(2, 2, 4);
  node.refused(2, 2, 3, [0, 0]);
  t.same([...node.raft.progress()].map((p) => [p.id, p.match, p.next])[0], [2, 4, 5]);
  node.refused(3, 2, 2, [0, 0]);
  t.same([...node.raft.progress()].map((p) => [p.id, p.match, p.next])[1], [3, 0, 4]);
  t.end();
});

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

t.test('what an older leader left behind is neither acknowledged nor committed', (t) => {
  const node = new Solo({ log: [1, 1, 2, 2, 2], term: 3 });
  node.appended(2, 3, [1, 1], [1], { commit: 5 });
  t.same(
    node.sent('append-response').map((m) => m.match),
    [2],
  );
  t.equal(node.raft.commit, 2);
  t.end();
});

t.test('an append of what is committed is answered, and changes nothing', (t) => {
  const node = new Solo({ log: [1, 1, 1, 1], term: 1 }).appended(2, 1, [1, 1], [1, 1], {
    commit: 3,
  });
  t.equal(node.raft.commit, 3);
  node.take();
  node.appended(2, 1, [1, 1], [1]);
  const { persists, messages } = node.take();
  t.same(persists, []);
  t.same(
    messages.map((m) => (m.kind === 'append-response' ? m.match : m.kind)),
    [3],
  );
  t.end();
});

t.test('a stale leader is told of the newer term', (t) => {
  const node = new Solo({ term: 4, log: [1] }).appended(2, 3, [1, 1], [3]);
  t.same(
    node.sent('heartbeat-response').map((m) => [m.to, m.term, m.readSequence]),
    [[2, 4, 0]],
  );
  t.equal(node.raft.last, 1);
  t.end();
});

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

t.test('entries that became durable while a follower campaigned are acknowledged after it', (t) => {
  const node = new Solo({ term: 2 }).appended(2, 2, [1, 1], [2, 2]);
  node.take();
  node.wait(2 * TIMEOUT);
  t.equal(node.role, 'pre-candidate');
  node.raft.persisted(node.sequence);
  t.same(node.sent('append-response'), []);
  node.beaten(2, 2, 0);
  t.same(
    node.sent('append-response').map((m) => m.match),
    [3],
  );
  t.end();
});

t.test('a restarted follower claims nothing before the leader has compared logs', (t) => {
  const node = new Solo({ log: [1, 1, 1], term: 1 }).beaten(2, 1).persist();
  t.same(node.sent('append-response'), []);
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

t.test('a follower that needs what the log no longer has is left alone, not fatal', (t) => {
  const node = new Solo({ base: 100, log: [1, 1], term: 1 }).lead();
  node.refused(2, 2, 102, [7, 1]);
  t.same(node.sent('append'), []);
  node.wait(30).answered(2, 2, 0);
  t.same(
    node.sent('append').filter((m) => m.to === 2),
    [],
  );
  node.acknowledged(3, 2, 103);
  node.persist();
  t.equal(node.raft.commit, 103);
  t.end();
});

t.test('a heartbeat tells no follower of a commit beyond what it has', (t) => {
  const node = new Solo().lead().settle(2);
  t.equal(node.raft.commit, 2);
  node.wait(30);
  t.same(
    node.sent('heartbeat').map((m) => [m.to, m.commit]),
    [
      [2, 2],
      [3, 0],
    ],
  );
  t.end();
});

t.test('a commit that nothing else tells is told soon, without waiting for a heartbeat', (t) => {
  const node = new Solo({ raft: { heartbeatInterval: 1000 } }).lead().settle(2, 3);
  node.wait(0);
  node.take();
  node.raft.propose();
  node.settle(2, 3);
  t.ok(node.raft.deadline <= node.now + 20);
  node.wait(20);
  t.same(
    node.sent('heartbeat').map((m) => m.commit),
    [3, 3],
  );
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
