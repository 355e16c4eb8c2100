import t from 'tap';
import { formed, send } from '../support/sent.ts';

t.test('a shutdown that is given up answers who asked for it, in order', async (t) => {
  const { simulation, cluster, leader, followers } = formed(21, 3);
  for (const { machine } of followers) simulation.network.cut(leader.machine.name, machine.name);
  const [asker, other] = [cluster.client([leader.address]), cluster.client([leader.address])];
  for (const client of [asker, other]) cluster.ask(client, ['PING']);
  const shutdown = send(asker, 'SHUTDOWN');
  simulation.run(simulation.now + 20);
  t.ok(leader.server?.isStopping);
  t.equal(shutdown.text, null);
  const abort = send(other, 'SHUTDOWN', 'ABORT');
  simulation.run(simulation.now + 20);
  t.equal(abort.text, 'OK');
  t.equal(shutdown.text, 'ERR Errors trying to SHUTDOWN. Check logs.');
  t.notOk(leader.server?.isStopping, 'the next signal begins anew');
  const echo = send(asker, 'ECHO', 'one');
  simulation.run(simulation.now + 20);
  t.equal(echo.text, 'one');
});

t.test('who sent SHUTDOWN does not keep it from ending', async (t) => {
  const { simulation, cluster, leader } = formed(22, 3);
  const asker = cluster.client([leader.address]);
  cluster.ask(asker, ['PING']);
  const start = simulation.now;
  send(asker, 'SHUTDOWN');
  send(asker, 'SET', 'a', '1');
  cluster.until('it has stopped', () => leader.exitCode !== null);
  t.equal(leader.exitCode, 0);
  t.ok(simulation.now - start < 2000, `${simulation.now - start} ms`);
});
