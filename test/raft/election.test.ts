import t from 'tap';
import { Solo, TIMEOUT } from './support/solo.ts';

t.test('a follower that hears nobody asks for pre-votes and keeps its term', (t) => {
  const node = new Solo().wait(2 * TIMEOUT);
  const requests = node.sent('vote-request');
  t.same(
    requests.map((r) => [r.to, r.term, r.preVote]),
    [
      [2, 2, true],
      [3, 2, true],
    ],
  );
  t.equal(node.raft.term, 1);
  t.equal(node.role, 'pre-candidate');
  t.end();
});

t.test('a pre-vote is refused while a leader is heard', (t) => {
  const node = new Solo().beaten(2, 1);
  node.take();
  node.askedForVote(3, 2, { preVote: true });
  t.same(
    node.sent('vote-response').map((r) => r.granted),
    [false],
  );
  node.wait(TIMEOUT).askedForVote(3, 2, { preVote: true });
  t.same(
    node.sent('vote-response').map((r) => r.granted),
    [true],
  );
  t.equal(node.raft.term, 1, 'pre-votes change no term');
  t.end();
});

t.test('a pre-vote and a vote are refused to a log that is behind', (t) => {
  const node = new Solo({ log: [1, 2, 2], term: 2 });
  node.askedForVote(2, 3, { preVote: true, lastIndex: 9, lastTerm: 1 });
  node.askedForVote(2, 3, { preVote: true, lastIndex: 2, lastTerm: 2 });
  node.askedForVote(2, 3, { lastIndex: 2, lastTerm: 2 });
  const answers = [...node.sent('vote-response'), ...node.persist().sent('vote-response')];
  t.same(
    answers.map((r) => r.granted),
    [false, false, false],
  );
  t.equal(node.raft.vote, 0);
  t.end();
});

t.test('a majority of pre-votes begins a real election', (t) => {
  const node = new Solo().wait(2 * TIMEOUT).voted(2, 2, true, true);
  t.equal(node.role, 'candidate');
  t.equal(node.raft.term, 2);
  t.equal(node.raft.vote, 1);
  t.end();
});

t.test('a pre-vote refused with a newer term is learnt from', (t) => {
  const node = new Solo().wait(2 * TIMEOUT).voted(2, 7, false, true);
  t.equal(node.role, 'follower');
  t.equal(node.raft.term, 7);
  t.end();
});

t.test('a candidate asks for votes only when its own is durable', (t) => {
  const node = new Solo();
  node.raft.campaign();
  t.same(node.messages(), []);
  node.raft.persisted(node.sequence);
  t.same(
    node.sent('vote-request').map((r) => [r.to, r.term, r.preVote]),
    [
      [2, 2, false],
      [3, 2, false],
    ],
  );
  t.end();
});

t.test('a candidate whose vote the disk does not take begins no other election', (t) => {
  const node = new Solo();
  node.raft.campaign();
  t.equal(node.raft.term, 2);
  node.take();
  for (let i = 0; i < 20; i++) node.wait(2 * TIMEOUT);
  t.equal(node.raft.term, 2);
  t.same(node.sent('vote-request'), []);
  node.raft.persisted(node.sequence);
  t.equal(node.sent('vote-request').length, 2);
  t.end();
});

t.test('a candidate does not lead on the votes of others before its own is durable', (t) => {
  // Else it could crash, forget the term, win it again and fill the same index twice.
  const node = new Solo();
  node.raft.campaign();
  node.take();
  node.voted(2, 2, true).voted(3, 2, true);
  t.equal(node.role, 'candidate');
  node.raft.persisted(node.sequence);
  t.equal(node.role, 'leader');
  t.end();
});

t.test('a vote leaves when term and vote are durable, not before', (t) => {
  const node = new Solo().askedForVote(2, 5);
  t.same(node.messages(), []);
  t.same(node.raft.vote, 2);
  node.raft.persisted(node.sequence);
  t.same(
    node.sent('vote-response').map((r) => [r.to, r.term, r.granted]),
    [[2, 5, true]],
  );
  t.end();
});

t.test('a vote that waits for the disk is dropped when the term moves on', (t) => {
  const node = new Solo().askedForVote(2, 5);
  node.take();
  node.askedForVote(3, 6);
  t.same(
    node
      .persist()
      .sent('vote-response')
      .map((r) => [r.to, r.term]),
    [[3, 6]],
  );
  t.end();
});

t.test('a node votes once in a term, also across a restart', (t) => {
  const node = new Solo().askedForVote(2, 5).persist().askedForVote(3, 5).askedForVote(2, 5);
  t.same(
    node.sent('vote-response').map((r) => [r.to, r.granted]),
    [
      [2, true],
      [3, false],
      [2, true],
    ],
  );
  const again = new Solo({ term: 5, vote: 2 }).askedForVote(3, 5).askedForVote(2, 5);
  t.same(
    again.sent('vote-response').map((r) => [r.to, r.granted]),
    [
      [3, false],
      [2, true],
    ],
  );
  t.end();
});

t.test('a candidate that falls back to follower keeps its vote', (t) => {
  const node = new Solo();
  node.raft.campaign();
  node.persist().voted(2, 2, false).voted(3, 2, false);
  t.equal(node.role, 'follower');
  t.equal(node.raft.vote, 1);
  node.beaten(3, 2).persist();
  t.equal(node.raft.vote, 1);
  node.wait(TIMEOUT).askedForVote(2, 2);
  t.same(
    node.sent('vote-response').map((r) => r.granted),
    [false],
  );
  t.end();
});

t.test('a refusal of an older term does not end a candidacy', (t) => {
  const node = new Solo();
  node.raft.campaign();
  node.raft.campaign();
  node.persist();
  t.equal(node.raft.term, 3);
  node.voted(2, 2, false).voted(3, 2, false);
  t.equal(node.role, 'candidate');
  node.voted(2, 2, true);
  t.equal(node.role, 'candidate', 'nor does an older vote win it');
  node.voted(2, 3, true);
  t.equal(node.role, 'leader');
  t.end();
});

t.test('a pre-candidate gives its free vote to one that is ahead', (t) => {
  const node = new Solo().wait(2 * TIMEOUT);
  t.equal(node.role, 'pre-candidate');
  node.askedForVote(2, 1, { lastTerm: 1 });
  t.equal(node.role, 'follower');
  t.same(
    node
      .persist()
      .sent('vote-response')
      .map((r) => r.granted),
    [true],
  );
  t.end();
});

t.test('a vote with a newer term is ignored while a leader is heard', (t) => {
  const node = new Solo().beaten(2, 1);
  node.take();
  node.askedForVote(3, 9);
  t.same(node.messages(), []);
  t.equal(node.raft.term, 1);
  node.askedForVote(3, 9, { transfer: true });
  t.equal(node.raft.term, 9, 'unless the leader asked for the election');
  t.end();
});

t.test('the only voter leads at once after a restart', (t) => {
  const node = new Solo({ voters: [1], learners: [2], term: 4, log: [1, 4] }).wait(0);
  t.equal(node.role, 'candidate');
  node.persist();
  t.equal(node.role, 'leader');
  t.equal(node.raft.term, 5);
  t.equal(node.raft.needsNoop, true);
  t.end();
});

t.test('a learner never campaigns', (t) => {
  const node = new Solo({ voters: [2, 3], learners: [1] }).wait(5 * TIMEOUT);
  t.same(node.messages(), []);
  node.raft.campaign();
  t.equal(node.role, 'follower');
  t.end();
});

t.test('a leader without a majority steps down', (t) => {
  const node = new Solo().lead().settle(2, 3);
  for (let i = 0; i < 7; i++) node.wait(TIMEOUT / 4);
  t.equal(node.role, 'leader');
  for (let i = 0; i < 3; i++) node.wait(TIMEOUT / 4);
  t.equal(node.role, 'follower');
  t.equal(node.leader, 0);
  t.end();
});

t.test('a leader without a majority steps down however many reads it is asked for', (t) => {
  const node = new Solo().lead().settle(2, 3);
  for (let time = 0; time < 2.5 * TIMEOUT && node.role === 'leader'; time += 5) {
    node.raft.readIndex();
    node.take();
    node.wait(5);
  }
  t.equal(node.role, 'follower');
  t.end();
});

t.test('a leader that one follower of two answers stays', (t) => {
  const node = new Solo().lead().settle(2, 3);
  for (let i = 0; i < 30; i++) {
    node.wait(TIMEOUT / 4);
    node.answered(3, node.raft.term, 0);
  }
  t.equal(node.role, 'leader');
  t.end();
});
