import t from 'tap';
import { formed, send } from '../support/sent.ts';

t.test('RAFT refuses what has no place in the log, and the replies stay in order', async (t) => {
  const { simulation, cluster, leader } = formed(1, 3);
  const client = cluster.client([leader.address]);
  for (const line of [
    'RAFT RAFT SET k v',
    'RAFT RAFT.TRANSFER_LEADER',
    'RAFT RAFT.DEBUG EXEC CLIENT INFO',
    'RAFT SHUTDOWN',
    'RAFT.DEBUG EXEC RAFT GET k',
  ]) {
    const refused = send(client, ...line.split(' '));
    const next = send(client, 'ECHO', 'next');
    simulation.run(simulation.now + 500);
    t.match(refused.text, /^ERR .*cannot be sent through the log|^Bad command/, line);
    t.equal(next.text, 'next', line);
  }
});

t.test('RAFT sends commands about the connection through the log', async (t) => {
  const { simulation, cluster, leader } = formed(2, 1);
  const client = cluster.client([leader.address]);
  const last = leader.server?.node.replica?.raft.last ?? 0;
  const sent = ['RAFT PING', 'RAFT ECHO a', 'RAFT SELECT 1'].map((line) =>
    send(client, ...line.split(' ')),
  );
  simulation.run(simulation.now + 500);
  t.same(
    sent.map(({ text }) => text),
    ['PONG', 'a', 'OK'],
  );
  t.equal(leader.server?.node.replica?.raft.last, last + 3);
});

t.test('a client that is gone when its RAFT command is applied harms nobody', async (t) => {
  const { simulation, cluster, leader } = formed(3, 3);
  for (const words of [
    ['RAFT', 'PING'],
    ['RAFT', 'INFO'],
    ['RAFT', 'TIME'],
  ]) {
    const client = cluster.client([leader.address]);
    cluster.ask(client, ['PING']);
    const before = leader.server?.node.replica?.raft.last ?? 0;
    send(client, ...words);
    cluster.until('it is proposed', () => (leader.server?.node.replica?.raft.last ?? 0) > before);
    client.close();
    simulation.run(simulation.now + 500);
  }
  t.ok(leader.machine.running);
});

t.test('RAFT SET is refused for want of memory as SET is', async (t) => {
  const { simulation, cluster } = formed(4, 1, ['--maxmemory', '1']);
  const client = cluster.client();
  simulation.run(simulation.now + 500);
  const sent = [send(client, 'SET', 'a', '1'), send(client, 'RAFT', 'SET', 'a', '1')];
  simulation.run(simulation.now + 50);
  for (const { text } of sent) t.match(text, /^OOM /);
});

t.test('reads go on while leadership is handed over, writes wait', async (t) => {
  const { simulation, cluster, leader, followers } = formed(31, 3);
  const [target] = followers;
  const [client, reader, writer] = [1, 2, 3].map(() => cluster.client([leader.address]));
  if (target === undefined || !client || !reader || !writer) throw new Error('three clients');
  for (const each of [client, reader, writer]) cluster.ask(each, ['PING']);
  simulation.network.cut(leader.machine.name, target.machine.name);
  cluster.ask(client, ['SET', 'a', '2']);
  const id = target.server?.node.replica?.self ?? 0;
  const transfer = send(client, 'RAFT.TRANSFER_LEADER', String(id));
  simulation.run(simulation.now + 5);
  const read = send(reader, 'GET', 'a');
  const write = send(writer, 'SET', 'a', '3');
  simulation.run(simulation.now + 20);
  t.equal(transfer.text, null, 'still going on');
  t.equal(read.text, '2');
  t.equal(write.text, null);
  simulation.run(simulation.now + 5000);
  t.equal(write.text, 'OK');
});

t.test('a restarted follower does not show READONLY clients an older dataset', async (t) => {
  const { simulation, cluster } = formed(13, 3, ['--raft.log-delay-apply', '5000']);
  const client = cluster.client();
  for (let i = 0; i < 30; i++) send(client, 'SET', `k${i}`, 'x');
  cluster.ask(client, ['SET', 'last', 'here']);
  cluster.converge();
  for (const node of cluster.nodes) node.crash('kill');
  for (const node of cluster.nodes) node.restart();
  const readers = cluster.nodes.map(({ address }) => cluster.client([address]));
  const reads = [];
  for (let i = 0; i < 500; i++) {
    for (const reader of readers) {
      send(reader, 'READONLY');
      reads.push(send(reader, 'GET', 'last'));
    }
    simulation.run(simulation.now + 4);
  }
  simulation.run(simulation.now + 5000);
  const texts = new Set(reads.map(({ text }) => text));
  // Until it knows what is on its disk it has nothing to show.
  texts.delete('LOADING Raft module is loading data');
  t.same([...texts], ['here']);
});
