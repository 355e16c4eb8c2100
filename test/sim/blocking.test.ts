import t from 'tap';
import { isError, NullArrayReply, type Reply, SimpleString } from '../../src/resp/reply.ts';
import type { Outcome, SimClient, Words } from './sim-client.ts';
import { SimCluster, type SimNode } from './sim-cluster.ts';
import { Simulation } from './sim-world.ts';

interface Scene {
  readonly cluster: SimCluster;
  readonly leader: SimNode;
  readonly direct: SimClient;
  readonly relayed: SimClient;
  /** Another client, of the leader. */
  readonly other: SimClient;
}

function scene(seed: number): Scene {
  const cluster = new SimCluster(new Simulation({ seed }), 3, ['--raft.follower-proxy', 'yes']);
  cluster.form();
  const leader = cluster.leader();
  const follower = cluster.nodes.find((node) => node !== leader);
  if (leader === undefined || follower === undefined) throw new Error('a cluster has a leader');
  const [direct, other] = [cluster.client([leader.address]), cluster.client([leader.address])];
  return { cluster, leader, direct, other, relayed: cluster.client([follower.address]) };
}

/** What becomes of a command that is on its way. */
class Pending {
  outcome: Outcome | null = null;

  constructor(client: SimClient, ...words: Words) {
    client.send(words, (outcome) => {
      this.outcome = outcome;
    });
  }

  get reply(): unknown {
    if (this.outcome === null) return 'nothing yet';
    return this.outcome.kind === 'reply' ? plain(this.outcome.reply) : this.outcome.kind;
  }
}

function plain(reply: Reply): unknown {
  if (reply instanceof SimpleString) return reply.text;
  if (reply instanceof NullArrayReply) return null;
  if (isError(reply)) return reply.text.split(' ')[0];
  return Array.isArray(reply) ? reply.map(plain) : reply;
}

function pass(cluster: SimCluster, milliseconds: number): void {
  const end = cluster.simulation.now + milliseconds;
  cluster.simulation.run(end);
}

for (const way of ['direct', 'relayed'] as const) {
  t.test(`BLPOP waits for an element, in the order of those who wait, ${way}`, async (t) => {
    const { cluster, other, [way]: client } = scene(1);
    const third = cluster.client([cluster.leader()?.address ?? cluster.node(0).address]);
    const first = new Pending(client, 'BLPOP', 'empty', 'q', '0');
    pass(cluster, 50);
    const second = new Pending(third, 'BRPOP', 'q', '0');
    pass(cluster, 50);
    t.equal(first.reply, 'nothing yet');
    t.equal(cluster.ask(other, ['RPUSH', 'q', 'a']), 1);
    pass(cluster, 50);
    t.strictSame(first.reply, ['q', 'a']);
    t.equal(second.reply, 'nothing yet');
    t.equal(cluster.ask(other, ['RPUSH', 'q', 'b', 'c']), 2);
    pass(cluster, 50);
    t.strictSame(second.reply, ['q', 'c']);
    t.strictSame(cluster.ask(other, ['LRANGE', 'q', '0', '-1']), ['b']);
    t.equal(new Set(cluster.converge()).size, 1);
  });

  t.test(`BLPOP gives up when its time is over, ${way}`, async (t) => {
    const { cluster, other, [way]: client } = scene(2);
    const waits = new Pending(client, 'BLPOP', 'q', '2.5');
    pass(cluster, 2400);
    t.equal(waits.reply, 'nothing yet');
    pass(cluster, 300);
    t.equal(waits.reply, null);
    cluster.ask(other, ['RPUSH', 'q', 'a']);
    t.equal(cluster.ask(other, ['LLEN', 'q']), 1);
  });

  t.test(`commands behind one that waits wait as well, ${way}`, async (t) => {
    const { cluster, other, [way]: client } = scene(3);
    const waits = new Pending(client, 'BLPOP', 'q', '0');
    const behind = new Pending(client, 'SET', 'k', 'v');
    const ping = new Pending(client, 'PING');
    pass(cluster, 100);
    t.equal(ping.reply, 'nothing yet');
    t.equal(cluster.ask(other, ['GET', 'k']), null, 'the command behind is not executed');
    cluster.ask(other, ['LPUSH', 'q', 'x']);
    pass(cluster, 50);
    t.strictSame([waits.reply, behind.reply, ping.reply], [['q', 'x'], 'OK', 'PONG']);
  });

  t.test(`an element is not given to a client that has gone, ${way}`, async (t) => {
    const { cluster, other, [way]: client } = scene(4);
    new Pending(client, 'BLPOP', 'q', '0');
    pass(cluster, 50);
    client.close();
    pass(cluster, 50);
    t.equal(cluster.ask(other, ['RPUSH', 'q', 'a']), 1);
    t.equal(cluster.ask(other, ['LLEN', 'q']), 1);
  });

  t.test(`who waits is told when the leader dies, and no element is lost, ${way}`, async (t) => {
    const { cluster, leader, [way]: client } = scene(5);
    const waits = new Pending(client, 'BLPOP', 'q', '0');
    pass(cluster, 50);
    leader.crash('kill');
    cluster.until('another node leads', () => cluster.leader() !== undefined);
    const other = cluster.client([cluster.leader()?.address ?? cluster.node(0).address]);
    cluster.until('the client is told', () => waits.outcome !== null);
    t.notSame(waits.reply, ['q', 'a']);
    t.equal(cluster.ask(other, ['RPUSH', 'q', 'a']), 1);
    t.equal(cluster.ask(other, ['LLEN', 'q']), 1);
    leader.restart();
    t.equal(new Set(cluster.converge()).size, 1);
  });
}

t.test('a leader that steps down answers those who wait', async (t) => {
  const { cluster, direct } = scene(6);
  const waits = new Pending(direct, 'BLPOP', 'q', '0');
  pass(cluster, 50);
  cluster.ask(cluster.client([cluster.leader()?.address ?? cluster.node(0).address]), [
    'RAFT.TRANSFER_LEADER',
  ]);
  cluster.until('the client is told', () => waits.outcome !== null);
  t.equal(waits.reply, 'TIMEOUT');
});

t.test('what is moved by one that waits wakes another', async (t) => {
  const { cluster, direct, other, relayed } = scene(7);
  const last = new Pending(direct, 'BLPOP', 'b', '0');
  pass(cluster, 20);
  const moves = new Pending(relayed, 'BLMOVE', 'a', 'b', 'LEFT', 'RIGHT', '0');
  pass(cluster, 20);
  cluster.ask(other, ['RPUSH', 'a', 'x']);
  pass(cluster, 50);
  t.strictSame([moves.reply, last.reply], ['x', ['b', 'x']]);
});

t.test('a transaction feeds who waits when it is over', async (t) => {
  const { cluster, direct, other } = scene(8);
  const waits = new Pending(direct, 'BZPOPMIN', 'z', '0');
  pass(cluster, 20);
  for (const words of [['MULTI'], ['ZADD', 'z', '1', 'a'], ['ZADD', 'z', '0', 'b'], ['EXEC']]) {
    cluster.ask(other, words);
  }
  pass(cluster, 20);
  t.equal(JSON.stringify(waits.reply).startsWith('["z","b"'), true);
});

t.test('inside a transaction nothing waits', async (t) => {
  const { cluster, direct } = scene(9);
  cluster.ask(direct, ['MULTI']);
  for (const words of [
    ['BLPOP', 'q', '0'],
    ['BLMOVE', 'q', 'p', 'LEFT', 'LEFT', '0'],
  ]) {
    cluster.ask(direct, words);
  }
  t.strictSame(plain(cluster.ask(direct, ['EXEC'])), [null, null]);
});

t.test('CLIENT UNBLOCK ends the waiting of another client', async (t) => {
  const { cluster, direct, other } = scene(10);
  const id = String(cluster.ask(direct, ['CLIENT', 'ID']));
  for (const [how, reply] of [
    ['TIMEOUT', null],
    ['ERROR', 'UNBLOCKED'],
  ] as const) {
    const waits = new Pending(direct, 'BLPOP', 'q', '0');
    pass(cluster, 20);
    t.equal(cluster.ask(other, ['CLIENT', 'UNBLOCK', id, how]), 1);
    pass(cluster, 20);
    t.equal(waits.reply, reply);
    t.equal(cluster.ask(other, ['CLIENT', 'UNBLOCK', id]), 0);
  }
});

t.test('a node that was restarted wakes those who wait as the others do', async (t) => {
  const { cluster, leader, direct, other } = scene(11);
  const waits = new Pending(direct, 'BLPOP', 'q', '0');
  pass(cluster, 50);
  const follower = cluster.nodes.find((node) => node !== leader);
  follower?.crash('power');
  pass(cluster, 500);
  follower?.restart();
  pass(cluster, 500);
  cluster.ask(other, ['RPUSH', 'q', 'a', 'b']);
  pass(cluster, 50);
  t.strictSame(waits.reply, ['q', 'a']);
  t.equal(new Set(cluster.converge()).size, 1);
});

t.test('XREAD BLOCK waits for what comes after', async (t) => {
  const { cluster, direct, other } = scene(12);
  cluster.ask(other, ['XADD', 's', '1-1', 'f', 'old']);
  const waits = new Pending(direct, 'XREAD', 'BLOCK', '0', 'STREAMS', 's', '$');
  pass(cluster, 50);
  t.equal(waits.reply, 'nothing yet');
  cluster.ask(other, ['XADD', 's', '1-2', 'f', 'new']);
  pass(cluster, 50);
  t.equal(JSON.stringify(waits.reply), '[["s",[["1-2",["f","new"]]]]]');
});

t.test('XREADGROUP BLOCK gives each entry to one of the consumers that wait', async (t) => {
  const { cluster, direct, other, relayed } = scene(13);
  cluster.ask(other, ['XGROUP', 'CREATE', 's', 'g', '$', 'MKSTREAM']);
  const read = (client: SimClient, name: string) =>
    new Pending(client, 'XREADGROUP', 'GROUP', 'g', name, 'BLOCK', '0', 'STREAMS', 's', '>');
  const first = read(direct, 'one');
  pass(cluster, 50);
  const second = read(relayed, 'two');
  pass(cluster, 50);
  cluster.ask(other, ['XADD', 's', '1-1', 'f', 'a']);
  pass(cluster, 50);
  t.equal(JSON.stringify(first.reply), '[["s",[["1-1",["f","a"]]]]]');
  t.equal(second.reply, 'nothing yet');
  cluster.ask(other, ['DEL', 's']);
  pass(cluster, 50);
  t.equal(second.reply, 'NOGROUP', 'without the group there is nothing to wait for');
  t.equal(new Set(cluster.converge()).size, 1);
});
