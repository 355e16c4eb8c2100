import { setTimeout as sleep } from 'node:timers/promises';
import { Cluster } from 'ioredis';
import t from 'tap';
import { Load } from '../support/load.ts';
import { eventually, RealCluster, type RealNode } from '../support/real-cluster.ts';
import type { RespClient } from '../support/resp-client.ts';
import { audit, Writer } from '../support/writer.ts';

t.setTimeout(120_000);

const SHUTDOWN_LIMIT = 3000;

async function acknowledgedMore(writers: readonly Writer[]): Promise<void> {
  const before = writers.map(({ acknowledged }) => acknowledged);
  await eventually('every writer to go on', () =>
    writers.every(({ acknowledged }, i) => acknowledged > (before[i] ?? 0) + 20) ? true : undefined,
  );
}

/** Sends SHUTDOWN, which has no reply if it works; resolves when the connection has ended. */
async function shutdown(node: RealNode, ...words: string[]): Promise<void> {
  const client: RespClient = await node.client();
  client.call('SHUTDOWN', ...words).catch(() => {});
  await client.ended();
}

t.test('a leader that is asked to stop', async (t) => {
  const cluster = await RealCluster.start(3);
  t.teardown(() => cluster.stop());
  const writers = Array.from(
    { length: 6 },
    (_, i) => new Writer({ name: `writer${i}`, ports: cluster.ports, pace: 1 }),
  );
  for (const writer of writers) writer.start();
  const ways: readonly (readonly [string, (leader: RealNode) => Promise<unknown>])[] = [
    ['SIGTERM', (leader) => leader.stop('SIGTERM')],
    ['SHUTDOWN', (leader) => shutdown(leader)],
    ['SHUTDOWN NOSAVE', (leader) => shutdown(leader, 'NOSAVE')],
  ];
  for (const [way, stop] of ways) {
    await t.test(`${way} hands leadership over and answers what is on its way`, async (t) => {
      await acknowledgedMore(writers);
      const leader = await cluster.leader();
      const doubts = writers.flatMap((writer) => writer.doubts).length;
      const { raft_current_term: term } = await leader.info('raft_general');
      const begin = performance.now();
      await stop(leader);
      t.equal(await leader.exited(), 0);
      const took = Math.round(performance.now() - begin);
      t.ok(took < SHUTDOWN_LIMIT, `it stopped after ${took} ms`);
      const next = await cluster.leader();
      await acknowledgedMore(writers);
      const { raft_current_term: nextTerm } = await next.info('raft_general');
      t.equal(Number(nextTerm), Number(term) + 1, 'one election');
      const more = writers.flatMap((writer) => writer.doubts).slice(doubts);
      t.same(more, [], 'nobody was left without a reply');
      await leader.start();
    });
  }
  await Promise.all(writers.map((writer) => writer.stop()));
  await t.test('every acknowledged write is there, and none twice', async (t) => {
    await cluster.converged();
    const client = await (await cluster.leader()).client();
    for (const writer of writers) t.same(await audit(client, writer), [], writer.name);
    client.close();
    await cluster.digest();
  });

  await t.test('a follower stops at once', async (t) => {
    const follower = await cluster.follower();
    const begin = performance.now();
    t.equal(await follower.stop('SIGTERM'), 0);
    t.ok(performance.now() - begin < 1000);
    await follower.start();
  });

  await t.test('a second SIGTERM ends a shutdown that waits', async (t) => {
    const leader = await cluster.leader();
    const followers = await cluster.followers();
    for (const follower of followers) follower.pause();
    leader.process?.kill('SIGTERM');
    t.equal(await leader.exited(300), null, 'it waits for a successor');
    const begin = performance.now();
    t.equal(await leader.stop('SIGTERM'), 0);
    t.ok(performance.now() - begin < 500);
    for (const follower of followers) follower.proceed();
    await leader.start();
    await cluster.followers();
  });

  await t.test('without a successor it stops all the same', async (t) => {
    const leader = await cluster.leader();
    const followers = await cluster.followers();
    for (const follower of followers) follower.pause();
    const begin = performance.now();
    t.equal(await leader.stop('SIGTERM'), 0);
    t.comment(`it stopped after ${Math.round(performance.now() - begin)} ms`);
    for (const follower of followers) follower.proceed();
    await leader.start();
    await cluster.followers();
  });

  await t.test('SHUTDOWN ABORT has nothing to abort', async (t) => {
    const node = await cluster.leader();
    t.equal(await node.say('SHUTDOWN', 'ABORT'), 'ERR No shutdown in progress.');
  });

  await t.test('SHUTDOWN NOW stops a leader that does not hand over', async (t) => {
    const leader = await cluster.leader();
    await shutdown(leader, 'NOW');
    t.equal(await leader.exited(), 0);
    t.not(await cluster.leader(), leader);
    await leader.start();
  });

  await t.test('all three stopped and started again have their data', async (t) => {
    const before = await cluster.digest();
    await Promise.all(cluster.nodes.map((node) => node.stop('SIGTERM')));
    await Promise.all(cluster.nodes.map((node) => node.start()));
    await cluster.leader();
    await cluster.converged();
    t.equal(await cluster.digest(), before);
    await Promise.all(cluster.nodes.map((node) => node.stop('SIGKILL')));
    await Promise.all(cluster.nodes.map((node) => node.start()));
    await cluster.leader();
    await cluster.converged();
    t.equal(await cluster.digest(), before);
  });
});

t.test('a rolling restart goes unnoticed by ioredis Cluster', async (t) => {
  const cluster = await RealCluster.start(3);
  t.teardown(() => cluster.stop());
  const client = new Cluster(cluster.ports.map((port) => ({ host: '127.0.0.1', port })));
  client.on('error', () => {});
  t.teardown(() => client.disconnect());
  const load = new Load();
  const counts: number[] = [];
  for (let i = 0; i < 5; i++) {
    counts.push(0);
    load.add(async () => {
      await client.incr(`rolling:${i}`);
      counts[i] = (counts[i] ?? 0) + 1;
    });
    load.add(() => client.get(`rolling:${i}`));
  }
  await sleep(300);
  const begin = performance.now();
  for (const node of cluster.nodes) {
    t.equal(await node.stop('SIGTERM'), 0);
    await node.start();
    await cluster.followers();
    await sleep(200);
  }
  await load.stop();
  t.same(load.errors, []);
  t.comment(`longest pause ${load.longestPause(begin)} ms, ${load.times.length} commands`);
  for (const [i, count] of counts.entries()) {
    t.equal(Number(await client.get(`rolling:${i}`)), count, 'no increment ran twice');
  }
});
