import t from 'tap';
import { formed, send } from '../support/sent.ts';

t.test('reads do not wait for writes that were cut off the log', async (t) => {
  const { simulation, cluster, leader, followers } = formed(1, 3);
  const client = cluster.client([leader.address]);
  cluster.ask(client, ['SET', 'a', '0']);
  const { network } = simulation;
  for (const { machine } of followers) {
    network.cut(leader.machine.name, machine.name);
    network.cut(machine.name, leader.machine.name);
  }
  const writes = Array.from({ length: 200 }, () => send(client, 'SET', 'a', '1'));
  simulation.run(simulation.now + 6000);
  t.ok(writes.every(({ text }) => text === 'TIMEOUT not committed yet'));
  network.healAll();
  simulation.run(simulation.now + 3000);
  const next = followers.find((node) => node.leads);
  if (next === undefined) throw new Error('nobody else leads');
  const admin = cluster.client([next.address]);
  cluster.ask(admin, ['RAFT.TRANSFER_LEADER', String(leader.server?.node.replica?.self)]);
  cluster.until('it leads again', () => leader.leads);
  simulation.run(simulation.now + 100);
  const read = send(client, 'GET', 'a');
  simulation.run(simulation.now + 500);
  t.equal(read.text, '0');
});
