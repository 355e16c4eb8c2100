import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { eventually, RealCluster, type RealNode } from '../support/real-cluster.ts';
import { cli, skipWithout } from '../support/redis-tools.ts';

t.setTimeout(60_000);

const skip = skipWithout('redis-cli');
const NOWHERE = '127.0.0.1:1';

function address(node: RealNode): string {
  return `127.0.0.1:${node.port}`;
}

async function field(node: RealNode, name: string): Promise<string | undefined> {
  const lines = (await cli(node.port, 'INFO', 'raft')).split('\n');
  return lines.find((line) => line.startsWith(`${name}:`))?.slice(name.length + 1);
}

/** How many entries the log of `node` grew by while `task` ran. */
async function entries(node: RealNode, task: () => Promise<unknown>): Promise<number> {
  const before = await node.lastIndex();
  await task();
  return (await node.lastIndex()) - before;
}

function archive(node: RealNode, id: number): string {
  return path.join(node.dir, `redisraft.db.${id}.bak`);
}

t.test('the walk through the deployment guide', { skip }, async (t) => {
  const cluster = await RealCluster.unformed(3);
  t.teardown(() => cluster.stop());
  const [one, two, three] = cluster.nodes as [RealNode, RealNode, RealNode];

  await t.test('a node without a cluster says so', async (t) => {
    t.equal(await field(one, 'raft_state'), 'uninitialized');
    t.equal(await field(one, 'raft_role'), '(none)');
    t.equal(await field(one, 'raft_node_id'), '0');
    t.equal(await field(one, 'raft_is_voting'), '-');
    t.equal(await field(one, 'raft_leader_id'), '-1');
    t.equal(await field(one, 'raft_num_nodes'), '0');
    t.equal(await cli(one.port, 'SET', 'a', '1'), 'NOCLUSTER No Raft Cluster');
    t.equal(await cli(one.port, 'RAFT.NODE', 'REMOVE', '1'), 'NOCLUSTER No Raft Cluster');
    t.equal(await cli(one.port, 'PING'), 'PONG');
  });

  await t.test('INIT makes a cluster of one, with two entries', async (t) => {
    t.equal(
      await cli(one.port, 'RAFT.CLUSTER', 'INIT', 'short'),
      'ERR cluster id must be 32 characters',
    );
    const reply = await cli(one.port, 'RAFT.CLUSTER', 'INIT');
    t.match(reply, /^OK [0-9a-f]{32}$/);
    t.equal(await field(one, 'raft_dbid'), reply.slice(3));
    t.equal(await one.lastIndex(), 2);
    t.equal(await field(one, 'raft_commit_index'), '2');
    t.equal(await field(one, 'raft_last_applied_index'), '2');
    t.equal(await field(one, 'raft_current_term'), '1');
    t.equal(await field(one, 'raft_role'), 'leader');
    t.equal(await cli(one.port, 'RAFT.CLUSTER', 'INIT'), 'ERR Already cluster member');
    t.equal(await cli(one.port, 'RAFT.CLUSTER', 'JOIN', NOWHERE), 'ERR Already cluster member');
  });

  await t.test('JOIN adds a node with two entries', async (t) => {
    const grown = await entries(one, async () => {
      t.equal(await cli(two.port, 'RAFT.CLUSTER', 'JOIN', address(one)), 'OK');
      await cluster.voting(2);
    });
    t.equal(grown, 2);
    t.equal(await field(two, 'raft_state'), 'up');
    t.equal(await field(two, 'raft_role'), 'follower');
    t.match(
      await cli(one.port, '--raw', 'RAFT.INFO'),
      /\nnode\d+:id=\d+,state=connected,voting=yes,addr=127.0.0.1,port=\d+,last_conn_secs=\d+,conn_errors=\d+,conn_oks=1\n/,
    );
  });

  await t.test('JOIN that reaches nobody leaves the node as it was', async (t) => {
    t.equal(
      await cli(three.port, 'RAFT.CLUSTER', 'JOIN', NOWHERE),
      'ERR failed to connect to cluster for join, please check log',
    );
    t.equal(await cli(three.port, 'RAFT.CLUSTER', 'JOIN', 'no-port'), 'ERR invalid node address');
    t.equal(await field(three, 'raft_state'), 'uninitialized');
    t.match(three.log, /join: 127\.0\.0\.1:1: .*ECONNREFUSED/);
  });

  await t.test('JOIN tries one address after the other and follows a redirect', async (t) => {
    await cluster.followers();
    const grown = await entries(one, async () => {
      t.equal(await cli(three.port, 'RAFT.CLUSTER', 'JOIN', NOWHERE, address(two)), 'OK');
      await cluster.voting(3);
    });
    t.equal(grown, 2);
    t.match(three.log, /join: .*: MOVED 0 127\.0\.0\.1/);
    t.equal(await one.lastIndex(), 6);
  });

  await t.test('a write is one entry and a read none', async (t) => {
    t.equal(await entries(one, async () => t.equal(await cli(one.port, 'SET', 'a', '1'), 'OK')), 1);
    t.equal(await entries(one, async () => t.equal(await cli(one.port, 'GET', 'a'), '1')), 0);
    t.equal(await entries(one, async () => t.equal(await cli(one.port, 'INCR', 'b'), '1')), 1);
    t.equal(
      await entries(one, async () => t.match(await cli(one.port, 'INCR', 'b', 'c'), /^ERR wrong/)),
      0,
    );
    t.equal(await entries(one, () => cli(one.port, 'PING')), 0);
  });

  await t.test('the RAFT prefix sends any command through the log', async (t) => {
    t.equal(
      await entries(one, async () => t.equal(await cli(one.port, 'RAFT', 'SET', 'a', 'b'), 'OK')),
      1,
    );
    t.equal(
      await entries(one, async () => t.equal(await cli(one.port, 'RAFT', 'GET', 'a'), 'b')),
      0,
    );
    t.equal(
      await entries(one, async () => t.equal(await cli(one.port, 'RAFT', 'PING'), 'PONG')),
      1,
    );
  });

  await t.test('a follower redirects to the leader', async (t) => {
    t.equal(await cli(two.port, 'GET', 'a'), `MOVED 15495 ${address(one)}`);
    t.equal(await cli(two.port, 'RAFT.NODE', 'REMOVE', '1'), `MOVED 0 ${address(one)}`);
    t.equal(await cli(two.port, '-c', 'GET', 'a'), 'b');
  });

  await t.test('all nodes hold the same', async (t) => {
    await cluster.converged();
    t.match(await cluster.digest(), /^[0-9a-f]{40}$/);
  });
});

t.test('leadership by command', { skip }, async (t) => {
  const cluster = await RealCluster.start(3);
  t.teardown(() => cluster.stop());

  await t.test('TRANSFER_LEADER moves it to the node that is named', async (t) => {
    const leader = await cluster.leader();
    const target = await cluster.follower();
    const before = await leader.lastIndex();
    t.equal(await cli(leader.port, 'RAFT.TRANSFER_LEADER', `${await target.id()}`), 'OK');
    t.equal(await cluster.leader(), target);
    t.equal(await target.lastIndex(), before + 1, 'an election is one entry');
    t.equal(await field(leader, 'raft_role'), 'follower');
  });

  await t.test('TRANSFER_LEADER refuses ids it cannot go to', async (t) => {
    const leader = await cluster.leader();
    const follower = await cluster.follower();
    const transfer = (id: string): Promise<string> => cli(leader.port, 'RAFT.TRANSFER_LEADER', id);
    t.equal(await transfer('12345'), 'ERR invalid node id');
    t.equal(await transfer(`${await leader.id()}`), 'ERR invalid node id');
    t.equal(await transfer('me'), 'ERR invalid target node id');
    t.equal(await cli(follower.port, 'RAFT.TRANSFER_LEADER'), 'ERR not leader');
    t.equal(await cluster.leader(), leader);
  });

  await t.test('TRANSFER_LEADER without an id moves it to any other', async (t) => {
    const leader = await cluster.leader();
    t.equal(await cli(leader.port, 'RAFT.TRANSFER_LEADER'), 'OK');
    t.not(await cluster.leader(), leader);
  });

  await t.test('TIMEOUT_NOW makes a follower the leader at once', async (t) => {
    const leader = await cluster.leader();
    const follower = await cluster.follower();
    const before = await leader.lastIndex();
    t.equal(await cli(leader.port, 'RAFT.TIMEOUT_NOW'), 'OK', 'nothing happens on a leader');
    t.equal(await cluster.leader(), leader);
    t.equal(await cli(follower.port, 'RAFT.TIMEOUT_NOW'), 'OK');
    await eventually('the follower to lead', async () =>
      (await cluster.leader()) === follower ? true : undefined,
    );
    t.equal(await follower.lastIndex(), before + 1);
  });
});

t.test('members that leave', { skip }, async (t) => {
  const cluster = await RealCluster.start(4);
  t.teardown(() => cluster.stop());

  await t.test('a removed follower stops by itself and puts its files aside', async (t) => {
    const leader = await cluster.leader();
    const gone = await cluster.follower();
    const id = await gone.id();
    const grown = await entries(leader, async () => {
      t.equal(await cli(leader.port, 'RAFT.NODE', 'REMOVE', `${id}`), 'OK');
    });
    t.equal(grown, 1);
    t.equal(await gone.exited(), 0);
    t.ok(existsSync(archive(gone, id)), 'the log is archived');
    t.notOk(existsSync(path.join(gone.dir, 'redisraft.db')));
    t.equal(await field(leader, 'raft_num_nodes'), '3');
    t.equal(await cli(leader.port, 'RAFT.NODE', 'REMOVE', `${id}`), 'ERR node id does not exist');
    t.equal(
      await cli(leader.port, 'RAFT.NODE', 'ADD', `${id}`, NOWHERE),
      'ERR node id has already been used in this cluster',
    );
    await gone.start();
    t.equal(await field(gone, 'raft_state'), 'uninitialized');
    t.equal(await cli(gone.port, 'RAFT.CLUSTER', 'JOIN', address(leader)), 'OK');
    await cluster.voting(4);
    t.not(await gone.id(), id);
  });

  await t.test('a removed leader answers first, and the others elect', async (t) => {
    const leader = await cluster.leader();
    const id = await leader.id();
    t.equal(await cli(leader.port, 'SET', 'kept', 'yes'), 'OK');
    t.equal(await cli(leader.port, 'RAFT.NODE', 'REMOVE', `${id}`), 'OK');
    const asked = performance.now();
    t.equal(await leader.exited(), 0);
    t.ok(existsSync(archive(leader, id)));
    const next = await cluster.leader();
    t.comment(`the next leader was found after ${Math.round(performance.now() - asked)} ms`);
    t.equal(await cli(next.port, 'GET', 'kept'), 'yes');
    t.equal(await cli(next.port, 'SET', 'more', 'yes'), 'OK');
    t.equal(await field(next, 'raft_num_voting_nodes'), '3');
    await cluster.converged();
    await cluster.digest();
  });

  await t.test('a node that was down while it was removed stops when it returns', async (t) => {
    const leader = await cluster.leader();
    const gone = await cluster.follower();
    const id = await gone.id();
    await gone.stop('SIGKILL');
    t.equal(await cli(leader.port, 'RAFT.NODE', 'REMOVE', `${id}`), 'OK');
    gone.spawn();
    t.equal(await gone.exited(), 0);
    t.ok(existsSync(archive(gone, id)));
  });
});

t.test('RAFT.NODESHUTDOWN stops the node whose id it names, and no other', { skip }, async (t) => {
  const cluster = await RealCluster.unformed(1);
  t.teardown(() => cluster.stop());
  const [node] = cluster.nodes as [RealNode];
  await node.call('RAFT.CLUSTER', 'INIT');
  const id = await node.id();
  t.equal(await cli(node.port, 'RAFT.NODESHUTDOWN', `${id + 1}`), 'invalid node id');
  t.equal(await cli(node.port, 'RAFT.NODESHUTDOWN', 'x'), 'invalid node id');
  t.match(await cli(node.port, 'RAFT.NODESHUTDOWN', `${id}`), /^(Error: .*)?$/);
  t.equal(await node.exited(), 0);
  t.strictSame(
    readdirSync(node.dir).filter((name) => name.startsWith('redisraft')),
    [`redisraft.db.${id}.bak`, `redisraft.db.image.${id}.bak`],
  );
});

t.test('configuration and looking inside', { skip }, async (t) => {
  const cluster = await RealCluster.start(1);
  t.teardown(() => cluster.stop());
  const [node] = cluster.nodes as [RealNode];
  const ask = (...words: string[]): Promise<string> => cli(node.port, ...words);

  await t.test('CONFIG reads and changes raft.*', async (t) => {
    t.equal(await ask('CONFIG', 'GET', 'raft.election-timeout'), 'raft.election-timeout\n1000');
    t.equal(await ask('CONFIG', 'SET', 'raft.election-timeout', '1500'), 'OK');
    t.equal(await ask('CONFIG', 'GET', 'raft.election-timeout'), 'raft.election-timeout\n1500');
    t.match(
      await ask('CONFIG', 'SET', 'raft.id', '5'),
      /Configuration change is not allowed after init\/join for this parameter$/,
    );
    t.match(await ask('CONFIG', 'SET', 'raft.foo', '5'), /^ERR Unknown option/);
  });

  await t.test('RAFT.CONFIG reads and changes them by their older names', async (t) => {
    t.equal(await ask('RAFT.CONFIG', 'GET', 'raft-interval'), 'raft-interval\n100');
    t.equal(await ask('RAFT.CONFIG', 'SET', 'raft-interval', '50'), 'OK');
    t.equal(await ask('CONFIG', 'GET', 'raft.periodic-interval'), 'raft.periodic-interval\n50');
    t.equal(await ask('RAFT.CONFIG', 'SET', 'nothing', '1'), "ERR invalid parameter 'nothing'");
  });

  await t.test('RAFT.DEBUG looks into the node', async (t) => {
    const id = await node.id();
    t.equal(await ask('RAFT.DEBUG', 'USED_NODE_IDS'), `${id}`);
    t.equal(await ask('RAFT.DEBUG', 'COMMANDSPEC', 'set'), '4');
    t.equal(await ask('RAFT.DEBUG', 'COMMANDSPEC', 'get'), '2');
    t.equal(await ask('RAFT.DEBUG', 'NODECFG', '77', '-voting'), 'ERR node does not exist');
    t.equal(await ask('RAFT.DEBUG', 'what'), 'ERR invalid debug subcommand');
    t.match(await ask('RAFT.DEBUG', 'DIGEST'), /^[0-9a-f]{40}\n\d+$/);
    await ask('SET', 'seen', 'here');
    t.equal(await ask('RAFT.DEBUG', 'EXEC', 'GET', 'seen'), 'here');
  });
});
