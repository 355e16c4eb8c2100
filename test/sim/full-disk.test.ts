/** Nodes whose log has no space: what clients are told, and that nothing acknowledged is lost. */
import t from 'tap';
import {
  askNode,
  diskCluster,
  empty,
  fill,
  isFull,
  LOG_NAME,
  leaderOf,
  MISCONF,
  sendLarge,
  told,
} from './disk-fixture.ts';

t.test('one node: writes are refused, reads go on, what waited is written', async (t) => {
  const { simulation, cluster, lines } = diskCluster(1, 1);
  const node = cluster.node(0);
  const client = cluster.client();
  cluster.ask(client, ['SET', 'a', '1']);
  fill(node);
  cluster.ask(client, ['SET', 'b', '2']);
  let large = '';
  const other = cluster.client();
  sendLarge(other, 'c', (outcome) => {
    large = told(outcome);
  });
  cluster.until('the node is full', () => isFull(node));
  simulation.run(simulation.now + 3000);
  t.equal(large, '', 'what was proposed waits');
  const before = simulation.now;
  t.equal(askNode(cluster, node, ['SET', 'd', '4']), MISCONF);
  t.ok(simulation.now - before < 20, 'at once');
  t.equal(askNode(cluster, node, ['GET', 'b']), '2');
  t.match(askNode(cluster, node, ['INFO', 'raft_log']), /raft_log_status:full\r\n/);
  empty(node);
  cluster.until('it is answered', () => large !== '', 500);
  t.equal(large, 'OK');
  t.match(askNode(cluster, node, ['INFO', 'raft_log']), /raft_log_status:ok\r\n/);
  t.equal(askNode(cluster, node, ['SET', 'd', '5']), 'OK');
  const said = lines
    .map(({ line }) => line)
    .filter((line) => /The Raft log|for the Raft log/.test(line));
  t.match(said, [
    new RegExp(`# The Raft log ${LOG_NAME} cannot be written, 300\\d\\d\\d bytes wait: ENOSPC`),
    /\* There is space for the Raft log/,
  ]);
  t.equal(said.length, 2);
  const digest = askNode(cluster, node, ['RAFT.DEBUG', 'DIGEST']);
  node.crash('power');
  node.restart();
  leaderOf(cluster);
  t.equal(askNode(cluster, node, ['RAFT.DEBUG', 'DIGEST']).split(',')[0], digest.split(',')[0]);
});

t.test('a transaction that was queued before is refused as a whole', async (t) => {
  const { cluster } = diskCluster(2, 1);
  const node = cluster.node(0);
  const client = cluster.client();
  const replies: string[] = [];
  const send = (...words: string[]): void => client.send(words, (o) => replies.push(told(o)));
  send('MULTI');
  send('SET', 'a', '1');
  send('GET', 'a');
  cluster.until('it is queued', () => replies.length === 3);
  fill(node);
  sendLarge(cluster.client(), 'c');
  cluster.until('the node is full', () => isFull(node));
  send('EXEC');
  send('MULTI');
  send('SET', 'a', '1');
  send('EXEC');
  send('XREAD', 'BLOCK', '10', 'STREAMS', 's', '0');
  send('BLPOP', 'l', '1');
  send('RAFT', 'SET', 'a', '3');
  send('GET', 'a');
  cluster.until('all are answered', () => client.outstanding === 0, 500);
  t.match(replies.slice(3), [
    MISCONF,
    'OK',
    MISCONF,
    /^EXECABORT/,
    MISCONF,
    MISCONF,
    MISCONF,
    'null',
  ]);
});

t.test('the nodes of a cluster cannot be changed by a leader without space', async (t) => {
  const { cluster } = diskCluster(3, 1);
  const node = cluster.node(0);
  fill(node);
  sendLarge(cluster.client(), 'c');
  cluster.until('the node is full', () => isFull(node));
  const id = node.server?.node.replica?.self ?? 0;
  t.equal(askNode(cluster, node, ['RAFT.NODE', 'ADD', '77', '10.0.0.77:6379']), MISCONF);
  t.equal(askNode(cluster, node, ['RAFT.NODE', 'REMOVE', String(id)]), MISCONF);
});

t.test('a leader without space hands over, and writes go on', async (t) => {
  const { simulation, cluster, lines } = diskCluster(4, 3);
  const first = leaderOf(cluster);
  const client = cluster.client();
  cluster.ask(client, ['SET', 'a', '1']);
  fill(first);
  let large = '';
  sendLarge(client, 'b', (outcome) => {
    large = told(outcome);
  });
  cluster.until('the leader is full', () => isFull(first));
  cluster.until('another leads', () => {
    const leader = cluster.leader();
    return leader !== undefined && leader !== first && !first.leads;
  });
  t.equal(large, 'OK', 'the others have stored it');
  const second = leaderOf(cluster);
  t.equal(askNode(cluster, second, ['SET', 'c', '2']), 'OK');
  t.equal(askNode(cluster, second, ['STRLEN', 'b']), '300000');
  simulation.run(simulation.now + 20_000);
  t.equal(cluster.leader(), second, 'leadership stays there');
  t.equal(lines.filter(({ line }) => line.includes('handing leadership over')).length, 1);
  t.ok(isFull(first));
  empty(first);
  t.equal(new Set(cluster.converge()).size, 1);
  cluster.until('the first has written all', () => !isFull(first), 1000);
});

t.test('all full: writes are refused, reads go on, then all go on', async (t) => {
  const { simulation, cluster } = diskCluster(5, 3);
  const client = cluster.client();
  cluster.ask(client, ['SET', 'a', '1']);
  cluster.ask(client, ['SET', 'short', 'x', 'PX', '2000']);
  const first = leaderOf(cluster);
  for (const node of cluster.nodes) fill(node);
  let large = '';
  sendLarge(cluster.client([first.address]), 'b', (outcome) => {
    large = told(outcome);
  });
  cluster.until('all are full', () => cluster.nodes.every(isFull));
  for (let i = 0; i < 20; i++) {
    simulation.run(simulation.now + 1000);
    t.equal(askNode(cluster, first, ['GET', 'a'], 200), '1');
    t.equal(askNode(cluster, first, ['SET', 'a', '2'], 200), MISCONF);
  }
  t.equal(cluster.leader(), first);
  t.equal(askNode(cluster, first, ['GET', 'short'], 200), 'x', 'time stands still');
  t.equal(large, '');
  for (const node of cluster.nodes) empty(node);
  cluster.until('it is answered', () => large !== '');
  t.equal(large, 'OK');
  cluster.until('the key expires', () => {
    return cluster.nodes.every((n) => n.server?.node.replica?.keyspace.database(0).size === 2);
  });
  t.equal(new Set(cluster.converge()).size, 1);
});

t.test('a follower without space holds up nobody, and holds little', async (t) => {
  const { simulation, cluster } = diskCluster(6, 3, [
    ...['--raft.append-req-max-size', '1mb'],
    ...['--raft.append-req-max-count', '2'],
  ]);
  const leader = leaderOf(cluster);
  const follower = cluster.nodes.find((node) => node !== leader);
  if (follower === undefined) throw new Error('no follower');
  fill(follower);
  const client = cluster.client();
  const value = 'y'.repeat(100_000);
  let most = 0;
  for (let i = 0; i < 60; i++) {
    cluster.ask(client, ['SET', `k${i % 7}`, `${i}${value}`]);
    simulation.run(simulation.now + 300);
    most = Math.max(most, follower.server?.node.replica?.store.log.waitingBytes ?? 0);
  }
  t.ok(isFull(follower));
  t.ok(most > 100_000 && most < 3_000_000, `${most} bytes wait`);
  // New links make the leader send again what it does not know to be there.
  for (let i = 0; i < 20; i++) {
    simulation.network.breakConnections(leader.machine.name, follower.machine.name, 'both');
    simulation.run(simulation.now + 700);
    const waiting = follower.server?.node.replica?.store.log.waitingBytes ?? 0;
    t.ok(waiting < 3_000_000, `${waiting} bytes wait`);
  }
  empty(follower);
  t.equal(new Set(cluster.converge()).size, 1);
});

t.test(
  'a follower without space that is started again catches up when there is some',
  async (t) => {
    for (const kind of ['kill', 'power'] as const) {
      const { simulation, cluster } = diskCluster(7, 3);
      const leader = leaderOf(cluster);
      const follower = cluster.nodes.find((node) => node !== leader);
      if (follower === undefined) throw new Error('no follower');
      fill(follower);
      const client = cluster.client();
      sendLarge(client, 'a');
      for (let i = 0; i < 10; i++) cluster.ask(client, ['SET', `k${i}`, 'v']);
      cluster.until('the follower is full', () => isFull(follower));
      follower.crash(kind);
      cluster.ask(client, ['SET', 'b', '2']);
      follower.restart();
      simulation.run(simulation.now + 5000);
      cluster.ask(client, ['SET', 'c', '3']);
      // Without space it cannot even open its image, and waits.
      t.equal(follower.exitCode, null);
      empty(follower);
      t.equal(new Set(cluster.converge()).size, 1, kind);
    }
  },
);

t.test('one node that starts on a full disk leads when there is space', async (t) => {
  const { simulation, cluster } = diskCluster(8, 1);
  const node = cluster.node(0);
  const client = cluster.client();
  cluster.ask(client, ['SET', 'a', '1']);
  // A log that was closed has no zeros to write over.
  askNode(cluster, node, ['SHUTDOWN']);
  cluster.until('it has stopped', () => node.exitCode !== null);
  fill(node);
  node.restart();
  simulation.run(simulation.now + 60_000);
  t.equal(node.exitCode, null, 'it waits, since it cannot open its image');
  t.match(askNode(cluster, node, ['GET', 'a']), /^LOADING/);
  empty(node);
  leaderOf(cluster);
  t.equal(askNode(cluster, node, ['GET', 'a']), '1');
  t.equal(askNode(cluster, node, ['SET', 'a', '2']), 'OK');
});

t.test('stopping a node without space loses nothing that was acknowledged', async (t) => {
  const { cluster } = diskCluster(9, 1);
  const node = cluster.node(0);
  const client = cluster.client();
  cluster.ask(client, ['SET', 'a', '1']);
  fill(node);
  sendLarge(cluster.client(), 'b');
  cluster.until('the node is full', () => isFull(node));
  askNode(cluster, node, ['SHUTDOWN', 'NOW']);
  cluster.until('it has stopped', () => node.exitCode !== null);
  empty(node);
  node.restart();
  leaderOf(cluster);
  t.equal(askNode(cluster, node, ['GET', 'a']), '1');
  t.equal(askNode(cluster, node, ['EXISTS', 'b']), '0');
});
