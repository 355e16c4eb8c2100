import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { eventually, RealCluster, type RealNode } from '../support/real-cluster.ts';

t.setTimeout(60_000);

/** A key may outlive its deadline by the time that a time entry takes to be committed. */
const LATE = 250;

let cluster: RealCluster;

t.before(async () => {
  cluster = await RealCluster.start(3);
});
t.teardown(() => cluster.stop());

/** Reads what a follower has, whoever leads. */
async function stale(node: RealNode, ...words: string[]): Promise<unknown> {
  const client = await node.client();
  await client.ok('READONLY');
  const reply = await client.ok(...words);
  client.close();
  return reply;
}

/** Asks again and again until the key is gone, and returns when that was. */
async function goneAt(node: RealNode, key: string): Promise<number> {
  const client = await node.client();
  await client.ok('READONLY');
  for (;;) {
    const value = await client.ok('GET', key);
    const now = Date.now();
    if (value === null) {
      client.close();
      return now;
    }
    await sleep(2);
  }
}

t.test('a key vanishes at its deadline, on the leader and on followers', async (t) => {
  const leader = await cluster.leader();
  const followers = await cluster.followers();
  const deadline = Date.now() + 500;
  await leader.call('SET', 'short', 'lived', 'PXAT', `${deadline}`);
  await cluster.converged();
  const times = await Promise.all([leader, ...followers].map((node) => goneAt(node, 'short')));
  for (const [i, time] of times.entries()) {
    const late = time - deadline;
    t.ok(late >= 0 && late < LATE, `${i === 0 ? 'leader' : 'follower'}: ${late} ms late`);
  }
  await sleep(LATE);
  for (const node of cluster.nodes) t.equal(await stale(node, 'DBSIZE'), 0);
});

t.test('a key vanishes at its deadline after a change of leader', async (t) => {
  const leader = await cluster.leader();
  const deadline = Date.now() + 1500;
  await leader.call('SET', 'handed', 'on', 'PXAT', `${deadline}`);
  await leader.call('RAFT.TRANSFER_LEADER');
  const next = await cluster.leader();
  t.not(next, leader);
  t.equal(await next.call('PEXPIRETIME', 'handed'), deadline);
  const late = (await goneAt(next, 'handed')) - deadline;
  t.ok(late >= 0 && late < LATE, `${late} ms late`);
});

t.test('a key vanishes while there is no leader, and stays gone', async (t) => {
  const leader = await cluster.leader();
  await leader.call('SET', 'orphan', '1', 'PX', '100');
  await leader.stop('SIGKILL');
  const next = await cluster.leader();
  t.equal(await next.call('GET', 'orphan'), null);
  t.equal(await next.call('EXISTS', 'orphan'), 0);
  await leader.start();
  await cluster.followers();
  await cluster.converged();
  for (const node of cluster.nodes) t.equal(await stale(node, 'GET', 'orphan'), null);
});

t.test('deadlines are the same to the millisecond on all nodes and after a restart', async (t) => {
  const leader = await cluster.leader();
  const client = await leader.client();
  const deadlines: unknown[] = [];
  for (let i = 0; i < 20; i++) {
    await client.ok('SET', `ttl:${i}`, 'x', 'PX', `${60_000 + i * 7}`);
    deadlines.push(await client.ok('PEXPIRETIME', `ttl:${i}`));
  }
  await client.ok('SET', 'short', 'x', 'PX', '300');
  client.close();
  await cluster.converged();
  const asked = (node: RealNode): Promise<unknown[]> =>
    Promise.all(deadlines.map((_, i) => stale(node, 'PEXPIRETIME', `ttl:${i}`)));
  for (const node of cluster.nodes) t.same(await asked(node), deadlines);
  await Promise.all(cluster.nodes.map((node) => node.stop('SIGKILL')));
  await sleep(300);
  await Promise.all(cluster.nodes.map((node) => node.start()));
  const next = await cluster.leader();
  t.equal(await next.call('GET', 'short'), null, 'what was due meanwhile is gone');
  await cluster.converged();
  for (const node of cluster.nodes) t.same(await asked(node), deadlines);
  const ttl = Number(await next.call('PTTL', 'ttl:0'));
  t.ok(Math.abs(ttl - (Number(deadlines[0]) - Date.now())) < 50, `${ttl} ms are left`);
});

t.test('many keys with the same deadline vanish together', async (t) => {
  const leader = await cluster.leader();
  const client = await leader.client();
  const deadline = Date.now() + 2500;
  await client.pipeline(
    Array.from({ length: 5000 }, (_, i) => ['SET', `herd:${i}`, 'x', 'PXAT', `${deadline}`]),
  );
  t.equal(await client.ok('EXISTS', 'herd:0', 'herd:4999'), 2);
  await sleep(deadline - Date.now() + LATE);
  t.equal(await client.ok('EXISTS', 'herd:0', 'herd:4999'), 0);
  client.close();
  await cluster.converged();
  // They are cleared away a thousand at a time.
  for (const node of cluster.nodes) {
    await eventually(`${node.port} to be rid of them`, async () =>
      (await stale(node, 'DBSIZE')) === 20 ? true : undefined,
    );
  }
  t.match(await cluster.digest(), /^[0-9a-f]{40}$/);
});
