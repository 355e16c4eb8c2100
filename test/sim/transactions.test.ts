import t from 'tap';
import { isError, NullArrayReply, type Reply, SimpleString } from '../../src/resp/reply.ts';
import type { SimClient, Words } from './sim-client.ts';
import { SimCluster, type SimNode } from './sim-cluster.ts';
import { Simulation } from './sim-world.ts';

interface Scene {
  readonly cluster: SimCluster;
  readonly leader: SimNode;
  /** A client of the leader, and one of a follower that relays. */
  readonly direct: SimClient;
  readonly relayed: SimClient;
}

function scene(seed: number): Scene {
  const simulation = new Simulation({ seed });
  const cluster = new SimCluster(simulation, 3, ['--raft.follower-proxy', 'yes']);
  cluster.form();
  const leader = cluster.leader();
  if (leader === undefined) throw new Error('a formed cluster has a leader');
  const follower = cluster.nodes.find((node) => node !== leader);
  if (follower === undefined) throw new Error('a cluster has followers');
  return {
    cluster,
    leader,
    direct: cluster.client([leader.address]),
    relayed: cluster.client([follower.address]),
  };
}

/** Sends commands all at once, and returns their replies. */
function pipeline(cluster: SimCluster, client: SimClient, ...commands: Words[]): unknown[] {
  const replies: unknown[] = [];
  for (const words of commands) {
    client.send(words, (outcome) => {
      replies.push(outcome.kind === 'reply' ? plain(outcome.reply) : outcome.kind);
    });
  }
  cluster.until('all are answered', () => replies.length === commands.length);
  return replies;
}

function plain(reply: Reply): unknown {
  if (reply instanceof SimpleString) return reply.text;
  if (reply instanceof NullArrayReply) return null;
  if (isError(reply)) return reply.text.split(' ')[0];
  return Array.isArray(reply) ? reply.map(plain) : reply;
}

for (const way of ['direct', 'relayed'] as const) {
  t.test(`EXEC runs what MULTI queued as one entry, ${way}`, async (t) => {
    const { cluster, [way]: client } = scene(1);
    const replies = pipeline(
      cluster,
      client,
      ['MULTI'],
      ['SET', 'a', '1'],
      ['INCR', 'a'],
      ['GET', 'a'],
      ['SET', 'a', 'b', 'c'],
      ['EXEC'],
      ['GET', 'a'],
    );
    t.strictSame(replies, [
      'OK',
      ...['QUEUED', 'QUEUED', 'QUEUED', 'QUEUED'],
      ['OK', 2, '2', 'ERR'],
      '2',
    ]);
    t.equal(new Set(cluster.converge()).size, 1);
  });

  t.test(`EXEC answers commands about the connection in their places, ${way}`, async (t) => {
    const { cluster, [way]: client } = scene(2);
    const replies = pipeline(
      cluster,
      client,
      ['SET', 'k', 'zero'],
      ['MULTI'],
      ['PING'],
      ['SELECT', '3'],
      ['SET', 'k', 'three'],
      ['ECHO', 'x'],
      ['SELECT', '99'],
      ['GET', 'k'],
      ['EXEC'],
      ['GET', 'k'],
      ['SELECT', '0'],
      ['GET', 'k'],
    );
    t.strictSame(replies[8], ['PONG', 'OK', 'OK', 'x', 'ERR', 'three']);
    t.strictSame(replies.slice(9), ['three', 'OK', 'zero']);
  });

  t.test(`EXEC does nothing if a watched key has changed, ${way}`, async (t) => {
    const { cluster, direct, [way]: client } = scene(3);
    pipeline(cluster, client, ['SET', 'k', '1'], ['WATCH', 'k', 'other']);
    pipeline(cluster, direct === client ? cluster.client() : direct, ['INCR', 'k']);
    const changed = pipeline(cluster, client, ['MULTI'], ['SET', 'k', 'x'], ['EXEC'], ['GET', 'k']);
    t.strictSame(changed, ['OK', 'QUEUED', null, '2']);
    const again = pipeline(cluster, client, ['MULTI'], ['SET', 'k', 'x'], ['EXEC'], ['GET', 'k']);
    t.strictSame(again, ['OK', 'QUEUED', ['OK'], 'x'], 'EXEC has forgotten the watched keys');
  });

  t.test(`WATCH, MULTI and EXEC may be sent all at once, ${way}`, async (t) => {
    const { cluster, [way]: client } = scene(4);
    const set: Words[] = [['WATCH', 'k'], ['MULTI'], ['SET', 'k', '1'], ['EXEC']];
    const replies = pipeline(cluster, client, ...set, ['WATCH', 'k'], ['SET', 'k', '2'], ...set);
    t.strictSame(replies, [
      ...['OK', 'OK', 'QUEUED', ['OK']],
      ...['OK', 'OK'],
      ...['OK', 'OK', 'QUEUED', null],
    ]);
  });

  t.test(`a watched key that comes and goes again counts as changed, ${way}`, async (t) => {
    const { cluster, [way]: client } = scene(5);
    const other = cluster.client();
    pipeline(cluster, client, ['WATCH', 'k']);
    pipeline(cluster, other, ['SET', 'k', 'x'], ['DEL', 'k']);
    t.strictSame(pipeline(cluster, client, ['MULTI'], ['PING'], ['EXEC']), ['OK', 'QUEUED', null]);
  });

  t.test(`UNWATCH and DISCARD forget the watched keys, ${way}`, async (t) => {
    const { cluster, [way]: client } = scene(6);
    const replies = pipeline(
      cluster,
      client,
      ['WATCH', 'k'],
      ['SET', 'k', '1'],
      ['UNWATCH'],
      ...[['MULTI'], ['GET', 'k'], ['EXEC']],
      ['WATCH', 'k'],
      ['SET', 'k', '2'],
      ...[['MULTI'], ['GET', 'k'], ['DISCARD']],
      ...[['MULTI'], ['GET', 'k'], ['EXEC']],
    );
    t.strictSame(replies[5], ['1']);
    t.strictSame(replies[13], ['2']);
  });
}

t.test('WATCH holds across a change of leader', async (t) => {
  const { cluster, leader, relayed: client } = scene(7);
  const other = cluster.client();
  pipeline(cluster, other, ['SET', 'same', '1'], ['SET', 'changed', '1']);
  pipeline(cluster, client, ['WATCH', 'same']);
  const second = cluster.client([
    cluster.nodes.find((n) => n !== leader)?.address ?? leader.address,
  ]);
  pipeline(cluster, second, ['WATCH', 'changed']);
  leader.crash('power');
  cluster.until('another node leads', () => cluster.leader() !== undefined);
  pipeline(cluster, other, ['SET', 'changed', '2']);
  const exec: Words[] = [['MULTI'], ['INCR', 'same'], ['EXEC']];
  t.strictSame(pipeline(cluster, client, ...exec), ['OK', 'QUEUED', [2]]);
  t.strictSame(pipeline(cluster, second, ...exec), ['OK', 'QUEUED', null]);
});

t.test(
  'nothing that was there is no change: flushing and exchanging empty databases',
  async (t) => {
    const { cluster, direct: client } = scene(12);
    const replies = pipeline(
      cluster,
      client,
      ...[['WATCH', 'k'], ['FLUSHALL'], ['SWAPDB', '0', '1'], ['MULTI'], ['GET', 'k'], ['EXEC']],
      ...[['WATCH', 'k'], ['SET', 'k', '1'], ['FLUSHDB'], ['MULTI'], ['GET', 'k'], ['EXEC']],
    );
    t.strictSame([replies[5], replies[11]], [[null], null]);
  },
);

t.test(
  'a null among the replies keeps its place beside a command about the connection',
  async (t) => {
    const { cluster, direct: client } = scene(13);
    const replies = pipeline(cluster, client, ['MULTI'], ['GET', 'k'], ['UNWATCH'], ['EXEC']);
    t.strictSame(replies[3], [null, 'OK']);
  },
);

t.test('an EXEC that is refused discards the transaction', async (t) => {
  const { cluster, direct: client } = scene(14);
  const replies = pipeline(cluster, client, ['MULTI'], ['SET', 'k', '1'], ['EXEC', 'x'], ['EXEC']);
  t.strictSame(replies, ['OK', 'QUEUED', 'EXECABORT', 'ERR']);
});

t.test('a key that expires counts as changed', async (t) => {
  const { cluster, direct: client } = scene(8);
  pipeline(cluster, client, ['SET', 'k', '1', 'PX', '50'], ['WATCH', 'k']);
  const start = cluster.simulation.now;
  cluster.until('it has expired', () => cluster.simulation.now > start + 60);
  t.strictSame(pipeline(cluster, client, ['MULTI'], ['GET', 'k'], ['EXEC'])[2], null);
});

t.test('a transaction that missed a command is discarded as a whole', async (t) => {
  const { cluster, direct: client } = scene(9);
  const replies = pipeline(
    cluster,
    client,
    ...[['MULTI'], ['SET', 'a', '1'], ['NOSUCH'], ['SET', 'a', '2'], ['EXEC']],
    ...[['MULTI'], ['SET', 'a'], ['EXEC']],
    ...[['MULTI'], ['RAFT.NODE', 'ADD', '0', 'x:1'], ['EXEC']],
    ...[['MULTI'], ['MULTI'], ['WATCH', 'a'], ['EXEC']],
    ['EXEC'],
    ['DISCARD'],
    ['GET', 'a'],
  );
  t.strictSame(replies, [
    ...['OK', 'QUEUED', 'ERR', 'QUEUED', 'EXECABORT'],
    ...['OK', 'ERR', 'EXECABORT'],
    ...['OK', 'ERR', 'EXECABORT'],
    ...['OK', 'ERR', 'ERR', []],
    ...['ERR', 'ERR', null],
  ]);
});

t.test('internal commands are unknown to clients', async (t) => {
  const { cluster, direct } = scene(10);
  t.strictSame(pipeline(cluster, direct, ['raft.exec', '0'], ['raft.version', 'a']), [
    'ERR',
    'ERR',
  ]);
});

t.test('without a proxy a transaction is sent where the leader is', async (t) => {
  const simulation = new Simulation({ seed: 11 });
  const cluster = new SimCluster(simulation, 3);
  cluster.form();
  const follower = cluster.nodes.find((node) => node !== cluster.leader());
  const client = cluster.client([follower?.address ?? cluster.node(0).address], 0, false);
  const replies = pipeline(
    cluster,
    client,
    ['WATCH', 'a'],
    ['MULTI'],
    ['SET', 'a', '1'],
    ['PING'],
    ['EXEC'],
  );
  t.strictSame(replies, ['MOVED', 'OK', 'MOVED', 'QUEUED', 'EXECABORT']);
});
