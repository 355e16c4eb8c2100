import t from 'tap';
import { formed, send } from '../support/sent.ts';

const NOT_ALLOWED = /^ERR DEBUG command not allowed\. If the enable-debug-command option/;

t.test('enable-debug-command says who may use DEBUG', async (t) => {
  // In a simulation every client is on a machine of its own.
  for (const [setting, answer] of [
    ['no', NOT_ALLOWED],
    ['local', NOT_ALLOWED],
    ['yes', /^[0-9a-f]{40}$/],
  ] as const) {
    const { simulation, cluster } = formed(5, 1, ['--enable-debug-command', setting]);
    const digest = send(cluster.client(), 'DEBUG', 'DIGEST');
    simulation.run(simulation.now + 50);
    t.match(digest.text, answer, setting);
  }
});

t.test('DEBUG SLEEP lets the node and other clients go on', async (t) => {
  const { simulation, cluster, leader } = formed(6, 3, ['--enable-debug-command', 'yes']);
  const [sleeper, other] = [cluster.client([leader.address]), cluster.client([leader.address])];
  for (const client of [sleeper, other]) cluster.ask(client, ['PING']);
  const sleep = send(sleeper, 'DEBUG', 'SLEEP', '2');
  const behind = send(sleeper, 'ECHO', 'behind');
  const write = send(other, 'SET', 'k', 'v');
  simulation.run(simulation.now + 1000);
  t.equal(write.text, 'OK');
  t.same([sleep.text, behind.text], [null, null]);
  simulation.run(simulation.now + 1500);
  t.same([sleep.text, behind.text], ['OK', 'behind']);
});

t.test('a client that goes while it sleeps harms nobody', async (t) => {
  const { simulation, cluster, leader } = formed(7, 1, ['--enable-debug-command', 'yes']);
  const client = cluster.client();
  cluster.ask(client, ['PING']);
  send(client, 'DEBUG', 'SLEEP', '1');
  simulation.run(simulation.now + 100);
  client.close();
  simulation.run(simulation.now + 3000);
  t.ok(leader.machine.running);
});

t.test('DEBUG POPULATE reaches all nodes alike, also through a follower', async (t) => {
  const { simulation, cluster, leader, followers } = formed(8, 3, [
    '--enable-debug-command',
    'yes',
  ]);
  const [follower] = followers;
  if (follower === undefined) throw new Error('there are followers');
  cluster.ask(cluster.client([leader.address]), ['DEBUG', 'POPULATE', '20']);
  cluster.ask(cluster.client([follower.address]), ['DEBUG', 'POPULATE', '5', 'p', '9']);
  simulation.run(simulation.now + 2000);
  const digests = new Set<string>();
  for (const node of [leader, ...followers]) {
    t.equal(node.server?.node.replica?.keyspace.size, 25);
    digests.add(node.server?.admin.digest().digest ?? 'none');
  }
  t.equal(digests.size, 1);
});

t.test('MEMORY tells about the node', async (t) => {
  const { simulation, cluster } = formed(9, 1);
  const client = cluster.client();
  cluster.ask(client, ['SET', 'k', 'v']);
  const stats = send(client, 'MEMORY', 'STATS');
  const doctor = send(client, 'MEMORY', 'DOCTOR');
  simulation.run(simulation.now + 50);
  t.match(stats.text, /peak\.allocated,\d+.*,keys\.count,1,/);
  t.type(doctor.text, 'string');
});
