import t from 'tap';
import { formed, send } from '../support/sent.ts';

t.test('RAFT.DEBUG EXEC runs DEBUG whatever the setting, on this node alone', async (t) => {
  const { simulation, cluster, leader, followers } = formed(11, 3);
  const client = cluster.client([leader.address]);
  const sent = ['POPULATE 5', 'DIGEST', 'RELOAD'].map((line) =>
    send(client, 'RAFT.DEBUG', 'EXEC', 'DEBUG', ...line.split(' ')),
  );
  const refused = send(client, 'DEBUG', 'DIGEST');
  simulation.run(simulation.now + 1000);
  t.equal(sent[0]?.text, 'OK');
  t.match(sent[1]?.text, /^[0-9a-f]{40}$/);
  t.equal(sent[2]?.text, 'OK');
  t.match(refused.text, /^ERR DEBUG command not allowed/, 'only for that one command');
  t.equal(leader.server?.node.replica?.keyspace.size, 5);
  for (const { server } of followers) t.equal(server?.node.replica?.keyspace.size, 0);
});

t.test('RAFT.DEBUG EXEC refuses what answers later, with one reply', async (t) => {
  const { simulation, cluster, leader } = formed(12, 1);
  const client = cluster.client([leader.address]);
  const sleep = send(client, 'RAFT.DEBUG', 'EXEC', 'DEBUG', 'SLEEP', '1');
  const next = send(client, 'ECHO', 'next');
  simulation.run(simulation.now + 500);
  t.equal(sleep.text, 'Bad command or failed to execute');
  t.equal(next.text, 'next');
  simulation.run(simulation.now + 2000);
  const last = send(client, 'ECHO', 'last');
  simulation.run(simulation.now + 500);
  t.equal(last.text, 'last');
});
