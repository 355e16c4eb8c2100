import { Cluster, Redis } from 'ioredis';
import { createClient } from 'redis';
import t, { type Test } from 'tap';
import { RealCluster } from '../support/real-cluster.ts';

t.setTimeout(120_000);

let cluster: RealCluster;

t.before(async () => {
  cluster = await RealCluster.start(3);
});
t.teardown(() => cluster.stop());

async function ioredis(t: Test, port?: number): Promise<Redis> {
  const client = new Redis({ host: '127.0.0.1', port: port ?? (await cluster.leader()).port });
  t.teardown(() => client.disconnect());
  return client;
}

async function followerPort(): Promise<number> {
  const leader = await cluster.leader();
  return cluster.ports.find((port) => port !== leader.port) ?? leader.port;
}

t.test('ioredis uses collections as in Redis', async (t) => {
  const client = await ioredis(t);
  await client.hset('h', { name: 'ada', born: 1815 });
  t.same(await client.hgetall('h'), { name: 'ada', born: '1815' });
  await client.rpush('l', 'a', 'b', 'c');
  t.same(await client.lrange('l', 0, -1), ['a', 'b', 'c']);
  await client.sadd('s', 'x', 'y');
  t.same((await client.smembers('s')).sort(), ['x', 'y']);
  await client.zadd('z', 2, 'two', 1, 'one');
  t.same(await client.zrange('z', '0', '-1', 'WITHSCORES'), ['one', '1', 'two', '2']);
  t.equal(await client.geoadd('g', '13.361389', '38.115556', 'Palermo'), 1);
  t.equal(await client.pfadd('p', 'a', 'b'), 1);
  t.equal(await client.pfcount('p'), 2);
  t.equal(await client.setbit('b', 7, 1), 0);
  const payload = (await client.callBuffer('DUMP', 'z')) as Buffer;
  t.ok(payload instanceof Buffer);
  t.equal(await client.call('RESTORE', 'z2', 0, payload), 'OK');
  t.equal(await client.zscore('z2', 'two'), '2');
});

t.test('ioredis runs transactions with WATCH, through a follower too', async (t) => {
  const other = await ioredis(t);
  await other.set('w', '1');
  for (const port of [undefined, await followerPort()]) {
    const client = await ioredis(t, port);
    if (port !== undefined) await client.call('CONFIG', 'SET', 'raft.follower-proxy', 'yes');
    await client.watch('w');
    await other.incr('w');
    t.equal(await client.multi().set('w', 'lost').exec(), null);
    await client.watch('w');
    const before = Number(await client.get('w'));
    const results = await client.multi().incr('w').get('w').ping().exec();
    t.same(
      results?.map(([error, value]) => error ?? value),
      [before + 1, String(before + 1), 'PONG'],
    );
    if (port !== undefined) await client.call('CONFIG', 'SET', 'raft.follower-proxy', 'no');
  }
});

t.test('ioredis Cluster runs transactions', async (t) => {
  const client = new Cluster(cluster.ports.map((port) => ({ host: '127.0.0.1', port })));
  t.teardown(() => client.disconnect());
  const results = await client.multi().set('{t}a', '1').rpush('{t}b', 'x').exec();
  t.same(
    results?.map(([error, value]) => error ?? value),
    ['OK', 1],
  );
});

t.test('ioredis waits for elements and entries', async (t) => {
  const client = await ioredis(t);
  const other = await ioredis(t);
  const popped = client.blpop('queue', 10);
  await other.rpush('queue', 'job');
  t.same(await popped, ['queue', 'job']);
  t.equal(await client.blpop('queue', 0.2), null);
  await client.xgroup('CREATE', 'stream', 'group', '$', 'MKSTREAM');
  const read = client.xreadgroup(
    ...(['GROUP', 'group', 'me', 'COUNT', 10, 'BLOCK', 10_000, 'STREAMS', 'stream', '>'] as const),
  );
  const id = await other.xadd('stream', '*', 'field', 'value');
  t.same(await read, [['stream', [[id, ['field', 'value']]]]]);
  t.equal(await client.xack('stream', 'group', id ?? ''), 1);
});

t.test('node-redis in RESP3 sees the types of replies', async (t) => {
  const { port } = await cluster.leader();
  const client = createClient({ url: `redis://127.0.0.1:${port}`, RESP: 3 });
  client.on('error', () => {});
  await client.connect();
  t.teardown(() => client.destroy());
  await client.hSet('h3', { a: '1', b: '2' });
  t.same({ ...(await client.hGetAll('h3')) }, { a: '1', b: '2' });
  await client.zAdd('z3', [
    { score: 1.5, value: 'x' },
    { score: Number.POSITIVE_INFINITY, value: 'y' },
  ]);
  t.same(await client.zRangeWithScores('z3', 0, -1), [
    { score: 1.5, value: 'x' },
    { score: Number.POSITIVE_INFINITY, value: 'y' },
  ]);
  t.same(await client.multi().incr('n3').lPush('l3', ['a', 'b']).exec(), [1, 2]);
  await client.xAdd('s3', '1-1', { f: 'v' });
  t.match(await client.xRead({ key: 's3', id: '0' }), [
    { name: 's3', messages: [{ id: '1-1', message: { f: 'v' } }] },
  ]);
});
