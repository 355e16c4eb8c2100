import t from 'tap';
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

t.test('an append that begins before the log does is taken from where the two meet', (t) => {
  const node = new Solo({ base: 10, log: [1, 1], term: 1 });
  node.appended(2, 1, [7, 1], [1, 1, 1, 1, 1, 1], { commit: 11 });
  const { persists } = node.take();
  t.same(
    persists.map((p) => [p.truncateFrom, p.first, p.last]),
    [[0, 13, 13]],
  );
  t.equal(node.raft.commit, 11);
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

t.test('a small append waits for the answer to the one before it, but not for long', (t) => {
  const sentTo2 = (node: Solo): number[] =>
    node
      .sent('append')
      .filter((m) => m.to === 2)
      .map((m) => m.last);
  const node = new Solo().lead().settle(2, 3);
  node.raft.propose();
  t.same(sentTo2(node), [3]);
  node.raft.propose();
  node.raft.propose();
  t.same(sentTo2(node), [], 'an answer is on its way');
  node.acknowledged(2, 2, 3);
  t.same(sentTo2(node), [5], 'what came meanwhile goes in one append');
  node.raft.propose();
  t.same(sentTo2(node), []);
  t.ok(node.raft.deadline <= node.now + 2, 'the core asks to be woken');
  node.wait(2);
  t.same(sentTo2(node), [6], 'a slow answer is not waited for');
  t.end();
});
