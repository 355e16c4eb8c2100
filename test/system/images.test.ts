import t from 'tap';
import { eventually, RealCluster, type RealNode } from '../support/real-cluster.ts';

const MB = 1024 * 1024;
const NEVER = ['--raft.log-max-file-size', '0', '--raft.snapshot-max-dirty', '0'];
const LONG = 60_000;

t.setTimeout(240_000);

async function term(node: RealNode): Promise<string | undefined> {
  return (await node.info('raft_general'))['raft_current_term'];
}

async function snapshots(node: RealNode): Promise<Record<string, string>> {
  return node.info('raft_snapshot');
}

/** Waits until a node that was started is loaded, and all nodes have applied the same. */
async function inStep(cluster: RealCluster): Promise<string> {
  await cluster.converged(LONG);
  return cluster.digest();
}

t.test(
  'a node that lags behind the log gets the image, and nobody is elected for it',
  async (t) => {
    const cluster = await RealCluster.start(3, NEVER);
    t.teardown(() => cluster.stop());
    const leader = await cluster.leader();
    const follower = await cluster.follower();
    await follower.stop('SIGKILL');
    const client = await leader.client();
    for (let i = 0; i < 200; i++)
      await client.ok('HSET', `hash${i % 20}`, `field${i}`, 'v'.repeat(i));
    await client.ok('XADD', 'stream', '*', 'a', '1');
    await client.ok('XGROUP', 'CREATE', 'stream', 'group', '0');
    await client.ok('XREADGROUP', 'GROUP', 'group', 'me', 'STREAMS', 'stream', '>');
    await client.ok('RAFT.DEBUG', 'COMPACT');
    await client.ok('SET', 'after', 'the image');
    const before = await term(leader);
    await follower.start();
    await inStep(cluster);
    t.equal((await snapshots(follower))['raft_snapshots_received'], '1');
    t.equal(await term(leader), before);
    t.match(await follower.info('raft_stats'), { raft_snapshotreq_received: /^[1-9]/ });

    t.test('and again after a restart of all, from what each has on disk', async (t) => {
      const digest = await cluster.digest();
      for (const node of cluster.nodes) await node.stop('SIGKILL');
      for (const node of cluster.nodes) await node.start();
      t.equal(await inStep(cluster), digest);
    });

    t.test('a new node joins by the image', async (t) => {
      const present = await cluster.leader();
      await present.call('RAFT.DEBUG', 'COMPACT');
      const fourth = await cluster.newcomer(NEVER);
      await fourth.start();
      await fourth.call('RAFT.CLUSTER', 'JOIN', `127.0.0.1:${present.port}`);
      await cluster.voting(4);
      await inStep(cluster);
      t.equal((await snapshots(fourth))['raft_snapshots_received'], '1');
    });
  },
);

t.test(
  '100 MB in one value and 64 MB in one entry travel by log, image and transfer',
  async (t) => {
    const cluster = await RealCluster.start(3, [...NEVER, '--raft.election-timeout', '5000']);
    t.teardown(() => cluster.stop());
    const leader = await cluster.leader();
    const follower = await cluster.follower();
    const client = await leader.client();
    const value = Buffer.alloc(100 * MB, 'abcdefghijklmnopqrstuvwxyz0123456789');
    await client.ok('SET', 'value', value);
    await client.ok(
      'MSET',
      ...Array.from({ length: 16 }, (_, i) => [`part${i}`, value.subarray(i, i + 4 * MB)]).flat(),
    );
    await cluster.converged(LONG);
    const digest = await cluster.digest();
    t.comment('in the log of all');
    await client.ok('RAFT.DEBUG', 'COMPACT');
    t.ok(Number((await snapshots(leader))['raft_snapshot_last_idx']) > 0);

    t.test('to a node that has to be sent all of it', async (t) => {
      await follower.stop('SIGKILL');
      await client.ok('SETRANGE', 'value', String(50 * MB), 'changed');
      await client.ok('SET', 'small', 'value');
      await client.ok('RAFT.DEBUG', 'COMPACT');
      await follower.start();
      const later = await inStep(cluster);
      t.not(later, digest);
      t.equal((await snapshots(follower))['raft_snapshots_received'], '1');
    });

    t.test('back from the images on disk', async (t) => {
      const later = await cluster.digest();
      for (const node of cluster.nodes) await node.stop();
      for (const node of cluster.nodes) await node.start();
      t.equal(await inStep(cluster), later);
    });
  },
);

t.test(
  'a node without a log file keeps nothing, says so, and can join again as a new one',
  async (t) => {
    const cluster = await RealCluster.start(3, ['--raft.log-filename', '', ...NEVER]);
    t.teardown(() => cluster.stop());
    const leader = await cluster.leader();
    const follower = await cluster.follower();
    const id = await follower.id();
    await leader.call('SET', 'key', 'value');
    await leader.call('RAFT.DEBUG', 'COMPACT');
    await follower.stop('SIGKILL');
    await follower.start();
    t.match(await follower.info('raft_general'), { raft_state: 'uninitialized' });
    t.match(follower.log, /nothing is kept on disk/);
    await leader.call('RAFT.NODE', 'REMOVE', String(id));
    await follower.call('RAFT.CLUSTER', 'JOIN', `127.0.0.1:${leader.port}`);
    await cluster.voting(3);
    await inStep(cluster);
    t.not(await follower.id(), id);
    t.equal((await snapshots(follower))['raft_snapshots_received'], '1');
  },
);

t.test('while an image is loaded clients are told LOADING, and INFO how far it is', async (t) => {
  const cluster = await RealCluster.start(1, [...NEVER, '--enable-debug-command', 'yes']);
  t.teardown(() => cluster.stop());
  const node = await cluster.leader();
  const client = await node.client();
  await client.ok('DEBUG', 'POPULATE', '300000', 'key', '100');
  await client.ok('SAVE');
  await node.stop();
  node.spawn();
  const seen: Record<string, string>[] = [];
  let refused = '';
  await eventually('the keys to be there', async () => {
    const info = await node.info('persistence').catch(() => undefined);
    if (info === undefined) return undefined;
    if (info['loading'] === '0') return true;
    seen.push(info);
    await node.call('GET', 'key:1').catch((error: Error) => {
      refused = error.message;
    });
    return undefined;
  });
  t.match(refused, /^LOADING /);
  const last = seen.at(-1) ?? {};
  t.ok(Number(last['loading_total_bytes']) > 300_000 * 100);
  t.ok(Number(last['loading_loaded_bytes']) > 0);
  t.equal(await (await node.client()).ok('DBSIZE'), 300_000);
});
