import t from 'tap';
import { formed, send } from '../support/sent.ts';

const LIMIT = 100_000;
const VALUE = 'x'.repeat(20_000);

t.test('too much uncommitted: writes wait, reads and other commands go on', async (t) => {
  const { simulation, cluster, leader, followers } = formed(5, 3, [
    '--raft.max-uncommitted-size',
    String(LIMIT),
  ]);
  const writers = [1, 2, 3, 4].map(() => cluster.client([leader.address]));
  const other = cluster.client([leader.address]);
  for (const client of [...writers, other]) cluster.ask(client, ['PING']);
  for (const { machine } of followers) machine.disk.slowSyncs(300);
  const writes = writers.flatMap((client) =>
    Array.from({ length: 30 }, (_, i) => send(client, 'SET', `k${i}`, VALUE)),
  );
  let most = 0;
  for (let i = 0; i < 50; i++) {
    simulation.run(simulation.now + 1);
    most = Math.max(most, leader.server?.node.replica?.unappliedBytes ?? 0);
  }
  t.ok(most > LIMIT && most < LIMIT * 1.5, `${most}`);
  const sent = [send(other, 'PING'), send(other, 'GET', 'nothing')];
  simulation.run(simulation.now + 20);
  t.same(
    sent.map(({ text }) => text),
    ['PONG', 'null'],
  );
  cluster.until('all are written', () => writes.every(({ text }) => text === 'OK'));
});

t.test('a client that leaves while its write waits is forgotten', async (t) => {
  const { simulation, cluster, leader, followers } = formed(6, 3, [
    '--raft.max-uncommitted-size',
    String(LIMIT),
  ]);
  const clients = [1, 2, 3].map(() => cluster.client([leader.address]));
  for (const client of clients) cluster.ask(client, ['PING']);
  for (const { machine } of followers) machine.disk.slowSyncs(300);
  for (const client of clients) {
    for (let i = 0; i < 10; i++) send(client, 'SET', `k${i}`, VALUE);
  }
  simulation.run(simulation.now + 20);
  t.ok((leader.server?.unanswered ?? 0) > 0);
  for (const client of clients) client.close();
  simulation.run(simulation.now + 3000);
  t.equal(leader.server?.unanswered, 0);
  t.ok(leader.machine.running);
});

t.test('the writes that a follower relays wait as well', async (t) => {
  const { simulation, cluster, leader, followers } = formed(15, 3, [
    '--raft.max-uncommitted-size',
    String(LIMIT),
    '--raft.follower-proxy',
    'yes',
  ]);
  for (const { machine } of cluster.nodes) machine.disk.slowSyncs(300);
  const at = followers[0]?.address ?? leader.address;
  for (let j = 0; j < 8; j++) {
    const client = cluster.client([at]);
    for (let i = 0; i < 20; i++) send(client, 'SET', `a${j}:${i}`, VALUE);
  }
  let most = 0;
  for (let i = 0; i < 100; i++) {
    simulation.run(simulation.now + 10);
    most = Math.max(most, leader.server?.node.replica?.unappliedBytes ?? 0);
  }
  t.ok(most > LIMIT && most < LIMIT * 1.5, `${most}`);
});
