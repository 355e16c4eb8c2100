import { Cluster, Redis } from 'ioredis';
import { createClient, createCluster } from 'redis';
import t, { type Test } from 'tap';
import { Load } from '../support/load.ts';
import { eventually, RealCluster } from '../support/real-cluster.ts';
import { cli, run, skipWithout } from '../support/redis-tools.ts';

t.setTimeout(300_000);

const LOOPS = 5;
/** How often the leader is killed under ioredis Cluster. */
const KILLS = Number(process.env['KILLS'] ?? 2);

let cluster: RealCluster;

t.before(async () => {
  cluster = await RealCluster.start(3);
});
t.teardown(() => cluster.stop());

function ioredisCluster(t: Test): Cluster {
  const client = new Cluster(cluster.ports.map((port) => ({ host: '127.0.0.1', port })));
  client.on('error', () => {});
  t.teardown(() => client.disconnect());
  return client;
}

/** INCR and GET in several loops each, on different keys. */
function counting(
  prefix: string,
  client: { incr(key: string): Promise<unknown>; get(key: string): Promise<unknown> },
): { load: Load; counts: number[] } {
  const load = new Load();
  const counts: number[] = [];
  for (let i = 0; i < LOOPS; i++) {
    const key = `${prefix}:${i}`;
    counts.push(0);
    load.add(async () => {
      await client.incr(key);
      counts[i] = (counts[i] ?? 0) + 1;
    });
    load.add(() => client.get(key));
  }
  return { load, counts };
}

async function goesOn(load: Load, since: number): Promise<void> {
  await eventually('tasks to go on', () =>
    load.times.filter((time) => time > since).length > 4 * LOOPS ? true : undefined,
  );
}

t.test('ioredis writes and reads on the leader', async (t) => {
  const client = new Redis({ host: '127.0.0.1', port: (await cluster.leader()).port });
  t.teardown(() => client.disconnect());
  t.equal(await client.set('io:a', 'ä\r\n'), 'OK');
  t.equal(await client.get('io:a'), 'ä\r\n');
  t.equal(await client.get('io:nothing'), null);
  t.equal(await client.incrby('io:n', 5), 5);
  t.same(await client.mget('io:a', 'io:none'), ['ä\r\n', null]);
  t.equal(await client.pexpire('io:a', 60_000), 1);
  const results = await client.pipeline().set('io:p', '1').incr('io:p').get('io:p').exec();
  t.same(
    results?.map(([error, value]) => error ?? value),
    ['OK', 2, '2'],
  );
  await t.rejects(client.incr('io:a'), /not an integer/);
});

t.test('ioredis Cluster reads from followers too', async (t) => {
  const client = new Cluster([{ host: '127.0.0.1', port: cluster.nodes[2]?.port ?? 0 }], {
    scaleReads: 'slave',
  });
  t.teardown(() => client.disconnect());
  t.equal(await client.set('ios:a', '1'), 'OK');
  await cluster.converged();
  for (let i = 0; i < 20; i++) t.equal(await client.get('ios:a'), '1');
});

t.test('ioredis Cluster does not notice a change of leader', async (t) => {
  const client = ioredisCluster(t);
  const { load, counts } = counting('transfer', client);
  await goesOn(load, performance.now());
  const leader = await cluster.leader();
  const begin = performance.now();
  await leader.call('RAFT.TRANSFER_LEADER');
  await goesOn(load, performance.now());
  await load.stop();
  t.same(load.errors, []);
  t.comment(`longest pause ${load.longestPause(begin)} ms, ${load.times.length} commands`);
  for (const [i, count] of counts.entries()) {
    t.equal(Number(await client.get(`transfer:${i}`)), count, 'no increment ran twice');
  }
});

t.test('ioredis Cluster does not notice that the leader is killed', async (t) => {
  const client = ioredisCluster(t);
  const { load, counts } = counting('kill', client);
  const pauses: number[] = [];
  for (let kill = 0; kill < KILLS; kill++) {
    await goesOn(load, performance.now());
    const leader = await cluster.leader();
    const begin = performance.now();
    await leader.stop('SIGKILL');
    await goesOn(load, performance.now());
    pauses.push(load.longestPause(begin));
    await leader.start();
  }
  await goesOn(load, performance.now());
  await load.stop();
  t.same(load.errors, []);
  t.comment(`longest pauses ${pauses.join(', ')} ms, ${load.times.length} commands`);
  for (const [i, count] of counts.entries()) {
    // The client sends again what it got no reply to.
    const value = Number(await client.get(`kill:${i}`));
    t.ok(value >= count && value <= count + KILLS, `${value} after ${count} replies`);
  }
});

t.test('ioredis Cluster does not notice a follower that is killed', async (t) => {
  const client = ioredisCluster(t);
  const { load } = counting('follower', client);
  await goesOn(load, performance.now());
  const follower = await cluster.follower();
  await follower.stop('SIGKILL');
  await goesOn(load, performance.now() + 300);
  await follower.start();
  await goesOn(load, performance.now());
  await load.stop();
  t.same(load.errors, []);
});

for (const RESP of [2, 3] as const) {
  t.test(`node-redis writes and reads on the leader in RESP${RESP}`, async (t) => {
    const port = (await cluster.leader()).port;
    const client = createClient({ url: `redis://127.0.0.1:${port}`, RESP });
    client.on('error', () => {});
    await client.connect();
    t.teardown(() => client.destroy());
    t.equal(await client.set('node:a', 'b'), 'OK');
    t.equal(await client.get('node:a'), 'b');
    t.equal(await client.get('node:none'), null);
    t.equal(await client.incrBy(`node:n${RESP}`, 7), 7);
    t.same(await client.mGet(['node:a', 'node:none']), ['b', null]);
    t.match(
      await client.sendCommand(['CONFIG', 'GET', 'maxmemory-policy']),
      RESP === 2 ? ['maxmemory-policy', 'noeviction'] : { 'maxmemory-policy': 'noeviction' },
    );
  });
}

t.test('node-redis Cluster does not notice a change of leader', async (t) => {
  const client = await nodeRedisCluster(t);
  const { load } = counting('node-transfer', client);
  await goesOn(load, performance.now());
  const begin = performance.now();
  await (await cluster.leader()).call('RAFT.TRANSFER_LEADER');
  await goesOn(load, performance.now());
  await load.stop();
  t.same(load.errors, []);
  t.comment(`longest pause ${load.longestPause(begin)} ms, ${load.times.length} commands`);
});

t.test('node-redis Cluster recovers when the leader is killed', async (t) => {
  const client = await nodeRedisCluster(t);
  const { load } = counting('node-kill', client);
  await goesOn(load, performance.now());
  const leader = await cluster.leader();
  const begin = performance.now();
  await leader.stop('SIGKILL');
  await cluster.leader();
  await leader.start();
  await goesOn(load, performance.now());
  await load.stop();
  t.comment(`longest pause ${load.longestPause(begin)} ms, ${load.errors.length} errors`);
  // This client tells its user of every command that was on its way, and of no other.
  t.ok(load.errors.length <= 2 * LOOPS, [...new Set(load.errors)].join('; '));
});

async function nodeRedisCluster(t: Test): Promise<{
  incr(key: string): Promise<number>;
  get(key: string): Promise<string | null>;
}> {
  const client = createCluster({
    rootNodes: cluster.ports.map((port) => ({ url: `redis://127.0.0.1:${port}` })),
  });
  client.on('error', () => {});
  await client.connect();
  t.teardown(() => client.destroy());
  return client;
}

t.test('redis-cli follows redirects with -c', { skip: skipWithout('redis-cli') }, async (t) => {
  const follower = await cluster.follower();
  const port = follower.port;
  t.equal(await cli(port, '-c', 'SET', 'cli:a', '1'), 'OK');
  t.equal(await cli(port, '-c', 'GET', 'cli:a'), '1');
  t.match(await cli(port, 'GET', 'cli:a'), /^MOVED \d+ 127\.0\.0\.1:\d+$/);
  t.equal(await cli((await cluster.leader()).port, '-3', 'GET', 'cli:a'), '1');
});

t.test('redis-cli --pipe loads a file', { skip: skipWithout('redis-cli') }, async (t) => {
  const { port } = await cluster.leader();
  let commands = '';
  for (let i = 0; i < 10_000; i++) commands += `SET pipe:${i} ${i}\r\n`;
  const { out, error } = await run('redis-cli', ['-p', `${port}`, '--pipe'], commands);
  t.match(out + error, /errors: 0, replies: 10000/);
  t.equal(await cli(port, 'GET', 'pipe:9999'), '9999');
});

t.test('redis-benchmark runs through', { skip: skipWithout('redis-benchmark') }, async (t) => {
  const { port } = await cluster.leader();
  const args = ['-p', `${port}`, '-t', 'ping,set,get,incr,mset', '-n', '5000', '-P', '8', '-q'];
  const { code, out, error } = await run('redis-benchmark', args);
  t.equal(code, 0);
  t.notMatch(out + error, /error/i);
  for (const name of ['PING_INLINE', 'SET', 'GET', 'INCR', 'MSET']) t.match(out, name);
});

t.test('all nodes hold the same in the end', async (t) => {
  await cluster.converged();
  t.match(await cluster.digest(), /^[0-9a-f]{40}$/);
});
