import t from 'tap';
import { asLogIndex, asNodeId, asTerm } from '../../src/base/ids.ts';
import { Cluster } from './harness.ts';
import { configurationOf, imageOf, Solo, TIMEOUT } from './support/solo.ts';

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

/** Three nodes, the leader of which has nothing but an image; `away` was not there meanwhile. */
function clusterWithImage(away: number | null): { cluster: Cluster; leader: number } {
  const cluster = new Cluster({ seed: 5, voters: 3 });
  if (away !== null) cluster.crash(away);
  cluster.runUntil(() => cluster.leader() !== null, 9 * TIMEOUT);
  const { id, log } = cluster.leader() ?? cluster.node(1);
  for (let i = 0; i < 10; i++) cluster.propose(id);
  cluster.run(TIMEOUT);
  cluster.images.cutAll(cluster.node(id));
  cluster.run(TIMEOUT);
  if (log.base.index < log.last) throw new Error('The log was not cut');
  return { cluster, leader: id };
}

t.test('a node that joins behind a cut log gets an image, and votes in the end', (t) => {
  const { cluster, leader } = clusterWithImage(null);
  cluster.addNode(4);
  cluster.addLearner(leader, 4);
  const isVoter = (): boolean =>
    cluster.raft(4).committedConfiguration.members.some((m) => m.id === 4 && m.voting);
  t.ok(cluster.runUntil(isVoter, 10 * TIMEOUT));
  t.equal(cluster.images.swaps, 1);
  t.end();
});

t.test('a node that dies between an image and the cut of its log starts from the image', (t) => {
  const { cluster, leader } = clusterWithImage(3);
  const { index } = cluster.node(leader).log.base;
  cluster.restart(3);
  const { disk } = cluster.node(3);
  t.ok(cluster.runUntil(() => disk.image !== null, 10 * TIMEOUT));
  t.same([cluster.images.swaps, cluster.raft(3).commit], [0, 0]);
  cluster.crash(3);
  t.equal(disk.logIsBehindImage, true);
  const { term, vote } = disk.hardState;
  cluster.restart(3);
  const raft = cluster.raft(3);
  t.same([raft.commit, raft.last, raft.firstIndex], [index, index, index + 1]);
  t.same([raft.term, raft.vote], [term, vote], 'the old term and vote');
  const matchOf3 = (): number =>
    [...cluster.raft(leader).progress()].find(({ id }) => id === 3)?.match ?? 0;
  t.ok(
    cluster.runUntil(() => matchOf3() === index, 10 * TIMEOUT),
    'and the leader learns of it',
  );
  t.equal(cluster.images.swaps, 0);
  t.end();
});
