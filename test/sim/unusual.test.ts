import t from 'tap';
import { isError, NullArrayReply, type Reply, SimpleString } from '../../src/resp/reply.ts';
import type { SimClient, Words } from './sim-client.ts';
import { SimCluster, type SimNode } from './sim-cluster.ts';
import { Simulation } from './sim-world.ts';

/** Things that clients hardly ever do, each of which once ended a node, or a promise. */

interface Scene {
  readonly cluster: SimCluster;
  readonly leader: SimNode;
  readonly follower: SimNode;
}

function scene(seed: number, options: (node: number) => string[] = () => []): Scene {
  const cluster = new SimCluster(new Simulation({ seed }), 3, (node) => [
    ...['--raft.follower-proxy', 'yes', '--enable-debug-command', 'yes'],
    ...options(node),
  ]);
  cluster.form();
  const leader = cluster.leader();
  const follower = cluster.nodes.find((node) => node !== leader);
  if (leader === undefined || follower === undefined) throw new Error('a cluster has a leader');
  return { cluster, leader, follower };
}

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

function allRun(cluster: SimCluster): boolean {
  return cluster.nodes.every((node) => node.machine.running && node.exitCode === null);
}

t.test(
  'a database that the cluster does not have is refused, wherever it was chosen',
  async (t) => {
    const cluster = new SimCluster(new Simulation({ seed: 1 }), 3, (node) => [
      ...['--raft.follower-proxy', 'yes', '--databases', node === 2 ? '64' : '16'],
    ]);
    const early = cluster.client([cluster.node(2).address]);
    t.strictSame(pipeline(cluster, early, ['SELECT', '40']), ['OK']);
    cluster.form();
    const replies = pipeline(
      cluster,
      early,
      ...[
        ['SET', 'k', 'v'],
        ['GET', 'k'],
        ['WATCH', 'k'],
        ['BLPOP', 'k', '0'],
      ],
      ...[['READONLY'], ['GET', 'k'], ['MULTI'], ['SET', 'k', 'v'], ['EXEC']],
    );
    t.strictSame(replies, ['ERR', 'ERR', 'ERR', 'ERR', 'OK', 'ERR', 'OK', 'QUEUED', 'EXECABORT']);
    const queued = pipeline(cluster, early, ...[['MULTI'], ['SET', 'k', 'v'], ['EXEC']]);
    t.strictSame(queued, ['OK', 'QUEUED', 'ERR']);
    t.ok(allRun(cluster));
  },
);

t.test('commands of transactions cannot be sent through the log by themselves', async (t) => {
  const { cluster, leader } = scene(2);
  const client = cluster.client([leader.address]);
  const replies = pipeline(
    cluster,
    client,
    ...[['RAFT', 'EXEC'], ['WATCH', 'k'], ['MULTI'], ['EXEC'], ['RAFT', 'MULTI']],
    ['PING'],
  );
  t.strictSame(replies, ['ERR', 'OK', 'OK', [], 'ERR', 'PONG']);
  t.ok(allRun(cluster));
});

t.test('what would block is answered at once where nobody would wake it', async (t) => {
  const { cluster, leader, follower } = scene(3);
  const direct = cluster.client([leader.address]);
  const replies = pipeline(
    cluster,
    direct,
    ['RAFT.DEBUG', 'EXEC', 'BLPOP', 'q', '0'],
    ['RAFT.DEBUG', 'EXEC', 'XREAD', 'BLOCK', '0', 'STREAMS', 's', '$'],
  );
  t.strictSame(replies, [null, null]);
  const stale = cluster.client([follower.address]);
  pipeline(cluster, stale, ['READONLY']);
  let answered = false;
  stale.send(['XREAD', 'BLOCK', '0', 'STREAMS', 's', '$'], () => {
    answered = true;
  });
  cluster.simulation.run(cluster.simulation.now + 100);
  t.notOk(answered, 'after READONLY it waits at the leader');
  pipeline(cluster, direct, ['XADD', 's', '1-1', 'f', 'v']);
  cluster.until('it is woken', () => answered);
  t.ok(allRun(cluster));
});

t.test(
  'what answers later has no place in a transaction, and no reply outside of it',
  async (t) => {
    const { cluster, leader } = scene(4);
    const client = cluster.client([leader.address]);
    const inside: Words[] = [['MULTI'], ['DEBUG', 'SLEEP', '0.01'], ['EXEC']];
    t.strictSame(pipeline(cluster, client, ...inside)[2], ['ERR']);
    cluster.simulation.run(cluster.simulation.now + 100);
    t.strictSame(pipeline(cluster, client, ['ECHO', 'in step']), ['in step']);
  },
);

t.test('EXEC is refused if its WATCH has failed', async (t) => {
  const { cluster, leader, follower } = scene(5);
  const client = cluster.client([follower.address]);
  pipeline(cluster, client, ['PING']);
  const replies: unknown[] = [];
  for (const words of [['WATCH', 'k'], ['MULTI'], ['SET', 'k', '1'], ['PING'], ['EXEC']]) {
    client.send(words, (outcome) => {
      replies.push(outcome.kind === 'reply' ? plain(outcome.reply) : outcome.kind);
    });
  }
  cluster.simulation.run(cluster.simulation.now + 0.3);
  leader.crash('kill');
  cluster.until('all are answered', () => replies.length === 5);
  if (replies[0] === 'OK') t.comment('the WATCH came through');
  else t.equal(replies[4], 'EXECABORT');
});

t.test('WATCH sees what was done under another number before SWAPDB', async (t) => {
  const { cluster, leader } = scene(6);
  const client = cluster.client([leader.address]);
  const other = cluster.client([leader.address]);
  pipeline(cluster, client, ['WATCH', 'k']);
  pipeline(cluster, other, ['SET', 'k', '1'], ['FLUSHDB'], ['SWAPDB', '0', '1']);
  const replies = pipeline(cluster, client, ['MULTI'], ['SET', 'k', 'mine'], ['EXEC']);
  t.equal(replies[2], null);
});

t.test('an element is not given to a client whose node has died without a word', async (t) => {
  const { cluster, leader, follower } = scene(7);
  cluster.client([follower.address]).send(['BLPOP', 'q', '0'], () => {});
  cluster.simulation.run(cluster.simulation.now + 50);
  cluster.simulation.network.isolate(follower.machine.name);
  follower.crash('power');
  cluster.simulation.run(cluster.simulation.now + 10_000);
  const client = cluster.client([leader.address]);
  t.strictSame(pipeline(cluster, client, ['RPUSH', 'q', 'x'], ['LLEN', 'q']), [1, 1]);
});

t.test('who waits in a group is told when the key becomes something else', async (t) => {
  const { cluster, leader } = scene(8);
  const client = cluster.client([leader.address]);
  const other = cluster.client([leader.address]);
  pipeline(cluster, other, ['XGROUP', 'CREATE', 's', 'g', '$', 'MKSTREAM']);
  let reply: unknown = 'nothing yet';
  client.send(['XREADGROUP', 'GROUP', 'g', 'c', 'BLOCK', '0', 'STREAMS', 's', '>'], (outcome) => {
    reply = outcome.kind === 'reply' ? plain(outcome.reply) : outcome.kind;
  });
  cluster.simulation.run(cluster.simulation.now + 50);
  t.equal(reply, 'nothing yet');
  pipeline(cluster, other, ['SET', 's', 'a string']);
  cluster.simulation.run(cluster.simulation.now + 50);
  t.equal(reply, 'WRONGTYPE');
});

t.test('CLIENT UNBLOCK reaches a client whose command was passed on', async (t) => {
  const { cluster, follower } = scene(9);
  const client = cluster.client([follower.address]);
  const other = cluster.client([follower.address]);
  const [id] = pipeline(cluster, client, ['CLIENT', 'ID']);
  let reply: unknown = 'nothing yet';
  client.send(['BLPOP', 'q', '0'], (outcome) => {
    reply = outcome.kind === 'reply' ? plain(outcome.reply) : outcome.kind;
  });
  cluster.simulation.run(cluster.simulation.now + 50);
  t.strictSame(pipeline(cluster, other, ['CLIENT', 'UNBLOCK', String(id), 'ERROR']), [1]);
  cluster.simulation.run(cluster.simulation.now + 50);
  t.equal(reply, 'UNBLOCKED');
});
