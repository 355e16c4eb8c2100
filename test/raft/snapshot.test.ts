import t from 'tap';
import { asLogIndex, asNodeId, asTerm } from '../../src/base/ids.ts';
import { withLearner } from '../../src/raft/configuration.ts';
import { member } from './support/sim-node.ts';
import { configurationOf, imageOf, Solo, TIMEOUT } from './support/solo.ts';

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

t.test('a node takes an image that its log does not lead to', (t) => {
  const node = new Solo({ log: [1, 1, 2, 2], term: 3 });
  t.equal(node.raft.offerImage(imageOf(9, 3), asTerm(3)), 'needed', 'beyond the log');
  t.equal(node.raft.offerImage(imageOf(4, 1), asTerm(3)), 'needed', 'the entry there is another');
  t.equal(node.raft.offerImage(imageOf(4, 2), asTerm(3)), 'known');
  t.end();
});

t.test('a node does not go back to an image', (t) => {
  const node = new Solo({ log: [1, 1, 1, 1], term: 1 }).appended(2, 1, [2, 1], [1], { commit: 3 });
  t.equal(node.raft.commit, 3);
  t.equal(node.raft.offerImage(imageOf(2, 1), asTerm(1)), 'stale');
  t.equal(node.raft.offerImage(imageOf(3, 1), asTerm(1)), 'stale');
  t.equal(node.raft.offerImage(imageOf(4, 1), asTerm(1)), 'known');
  t.throws(() => node.raft.installImage(imageOf(3, 1)));
  t.throws(() => node.raft.installImage(imageOf(4, 1)), 'what the log has already');
  t.end();
});

t.test('a leader needs no image', (t) => {
  const node = new Solo().lead();
  t.equal(node.raft.offerImage(imageOf(50, 1), asTerm(1)), 'stale');
  t.throws(() => node.raft.installImage(imageOf(50, 1)));
  t.end();
});

t.test('an image takes the place of the log', (t) => {
  const node = new Solo({ log: [1, 1, 2, 2], term: 4, vote: 3 }).beaten(2, 4).persist();
  node.take();
  node.raft.installImage(imageOf(50, 3, [2, 3, 4]));
  const { raft } = node;
  t.same([raft.firstIndex, raft.last, raft.commit, raft.durable], [51, 50, 50, 50]);
  t.same([raft.termAt(asLogIndex(50)), raft.termAt(asLogIndex(49))], [3, undefined]);
  t.same(raft.configuration, configurationOf([2, 3, 4]));
  t.same(raft.committedConfiguration, configurationOf([2, 3, 4]));
  t.same([raft.term, raft.vote, node.leader], [4, 3, 2], 'term, vote and leader stay');
  const { persists, messages } = node.take();
  t.same(persists, []);
  t.same(
    messages.map((m) => (m.kind === 'append-response' ? [m.to, m.success, m.match] : m.kind)),
    [[2, true, 50]],
    'and the leader learns of it',
  );
  t.end();
});

t.test('behind an image the log goes on', (t) => {
  const node = new Solo({ log: [1, 1], term: 4 }).beaten(2, 4).persist();
  node.take();
  node.raft.installImage(imageOf(50, 3));
  node.take();
  node.appended(2, 4, [50, 3], [3, 4], { commit: 51 });
  t.same(
    node.take().persists.map((p) => [p.truncateFrom, p.first, p.last]),
    [[0, 51, 52]],
  );
  t.equal(node.raft.durable, 50);
  node.raft.persisted(node.sequence);
  t.same([node.raft.durable, node.raft.commit], [52, 51]);
  node.appended(2, 4, [48, 3], [3, 3, 3, 4, 4]);
  t.same(
    node.take().persists.map((p) => [p.first, p.last]),
    [[53, 53]],
    'an append may begin before the image',
  );
  t.end();
});

t.test('disk steps of the log that an image replaced prove nothing any more', (t) => {
  const node = new Solo({ term: 2 }).appended(2, 2, [1, 1], [2, 2, 2]);
  node.take();
  node.raft.installImage(imageOf(3, 1));
  t.same([node.raft.durable, node.raft.last], [3, 3]);
  node.raft.persisted(node.sequence);
  t.equal(node.raft.durable, 3);
  node.appended(2, 2, [3, 1], [2]);
  node.take();
  t.equal(node.raft.durable, 3);
  node.raft.persisted(node.sequence);
  t.equal(node.raft.durable, 4);
  t.end();
});

t.test('messages that waited for term and vote leave with the image, as its log has both', (t) => {
  const node = new Solo({ term: 2 }).askedForVote(3, 7);
  t.same(node.sent('vote-response'), []);
  node.raft.installImage(imageOf(50, 2));
  t.same([node.raft.term, node.raft.vote], [7, 3]);
  t.same(
    node.sent('vote-response').map((m) => [m.to, m.term, m.granted]),
    [[3, 7, true]],
  );
  t.end();
});

t.test('steps of the old log that the shell does not know yet forbid an image', (t) => {
  const node = new Solo({ term: 2 }).appended(2, 2, [1, 1], [2]);
  t.throws(() => node.raft.installImage(imageOf(50, 2)));
  t.end();
});

t.test('a candidate falls back to an image, and asks nobody any more', (t) => {
  for (const how of ['pre-candidate', 'candidate'] as const) {
    const node = new Solo().wait(2 * TIMEOUT);
    if (how === 'candidate') node.voted(2, 2, true, true).persist();
    t.equal(node.role, how);
    node.take();
    node.raft.installImage(imageOf(50, 1));
    t.equal(node.role, 'follower');
    node.voted(2, 2, true, how === 'pre-candidate').voted(3, 2, true, how === 'pre-candidate');
    t.equal(node.role, 'follower');
    t.ok(node.raft.deadline > node.now);
  }
  t.end();
});

t.test('the acknowledgement of an image goes to whoever turns out to lead', (t) => {
  const node = new Solo({ term: 2 });
  node.raft.installImage(imageOf(50, 2));
  t.same(node.messages(), []);
  node.beaten(3, 2, 7);
  t.same(
    node.sent('append-response').map((m) => [m.to, m.match]),
    [[3, 50]],
  );
  t.end();
});

t.test('who offers an image led a term, which ends an older one here', (t) => {
  // The leader of term 2 may have other entries where the image is: it must not hear of it.
  const node = new Solo({ term: 2 }).beaten(2, 2).persist();
  node.take();
  t.equal(node.raft.offerImage(imageOf(50, 1), asTerm(5)), 'needed');
  t.same([node.raft.term, node.raft.vote, node.leader], [5, 0, 0]);
  t.equal(node.raft.hardStateIsDurable, false, 'which an image must wait for');
  node.persist();
  t.equal(node.raft.hardStateIsDurable, true);
  node.raft.installImage(imageOf(50, 1));
  t.same(node.sent('append-response'), []);
  node.beaten(2, 2);
  t.same(
    node.messages().map((m) => [m.kind, m.term]),
    [['heartbeat-response', 5]],
  );
  t.end();
});

t.test('a leader that is offered the image of a later one does not lead any more', (t) => {
  const node = new Solo().lead();
  t.equal(node.raft.offerImage(imageOf(50, 3), asTerm(3)), 'needed');
  t.equal(node.role, 'follower');
  t.end();
});

t.test('an image from a term that this node has not heard of is a bug of the shell', (t) => {
  const node = new Solo({ term: 2 });
  t.throws(() => node.raft.installImage(imageOf(50, 3)));
  t.end();
});

t.test('what an offered image has, and this node too, is acknowledged', (t) => {
  // Else a leader without new entries and a restarted node would offer and refuse for ever.
  const node = new Solo({ log: [1, 1, 1], term: 1 }).beaten(2, 1).persist();
  t.same(node.sent('append-response'), []);
  t.equal(node.raft.offerImage(imageOf(2, 1), asTerm(1)), 'known');
  t.same(
    node.sent('append-response').map((m) => [m.to, m.match]),
    [[2, 2]],
  );
  const other = new Solo({ base: 50, log: [], term: 1 }).beaten(2, 1).persist();
  t.same(other.sent('append-response'), []);
  t.equal(other.raft.offerImage(imageOf(50, 1), asTerm(1)), 'stale');
  t.same(
    other.sent('append-response').map((m) => [m.to, m.match]),
    [[2, 50]],
  );
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

t.test('a node that loads its state votes and appends', (t) => {
  const node = new Solo();
  node.raft.loading = true;
  node.askedForVote(2, 2).persist();
  t.same(
    node.sent('vote-response').map((m) => m.granted),
    [true],
  );
  node.appended(2, 2, [1, 1], [2], { commit: 2 }).persist();
  t.same([node.raft.durable, node.raft.commit], [2, 2]);
  t.same(
    node.sent('append-response').map((m) => m.match),
    [2],
  );
  t.end();
});

t.test('a node that loads its state does not campaign, whoever asks', (t) => {
  const node = new Solo();
  node.raft.loading = true;
  for (let i = 0; i < 20; i++) node.wait(TIMEOUT / 2);
  node.raft.campaign();
  const head = { from: asNodeId(2), to: asNodeId(1), term: node.raft.term };
  node.step({ kind: 'timeout-now', ...head });
  t.equal(node.role, 'follower');
  t.same(node.messages(), []);
  t.ok(node.raft.deadline > node.now);
  node.raft.loading = false;
  t.ok(node.raft.deadline >= node.now + TIMEOUT, 'it waits for a leader first');
  node.wait(2 * TIMEOUT);
  t.equal(node.role, 'pre-candidate');
  t.end();
});

t.test('a campaign ends where loading begins', (t) => {
  const node = new Solo();
  node.raft.campaign();
  node.persist();
  node.raft.loading = true;
  t.equal(node.role, 'follower');
  node.voted(2, 2, true).voted(3, 2, true);
  t.equal(node.role, 'follower');
  t.throws(() => {
    new Solo().lead().raft.loading = true;
  }, 'a leader has its state');
  t.end();
});

t.test('the only voter campaigns as soon as its state is loaded', (t) => {
  const node = new Solo({ voters: [1] });
  node.raft.loading = true;
  node.wait(10 * TIMEOUT);
  t.equal(node.role, 'follower');
  node.raft.loading = false;
  t.equal(node.raft.deadline, node.now);
  node.wait(0).persist();
  t.equal(node.role, 'leader');
  t.end();
});
