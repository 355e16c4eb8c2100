import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import t, { type Test } from 'tap';
import { eventually, freePort, RealCluster, RealNode, ROOT } from '../support/real-cluster.ts';
import { type Outcome, run } from '../support/redis-tools.ts';
import type { RespClient } from '../support/resp-client.ts';

t.setTimeout(120_000);

const ADMIN = path.join(ROOT, 'bin/balsa-admin');

function admin(...args: readonly string[]): Promise<Outcome> {
  return run(ADMIN, args);
}

/** Something of every type, in several databases. */
async function fill(client: RespClient): Promise<void> {
  for (let i = 0; i < 2000; i += 100) {
    const words = Array.from({ length: 100 }, (_, k) => ['SET', `key:${i + k}`, 'v'.repeat(k)]);
    await client.pipeline(words);
  }
  await client.ok('SET', 'brief', 'v', 'EX', '3600');
  await client.ok('SET', 'briefest', 'v', 'PX', '1');
  await client.ok('SET', 'large', 'x'.repeat(500_000));
  const pairs = Array.from({ length: 20_000 }, (_, i) => [`field ${i}`, `value ${i}`]).flat();
  await client.ok('HSET', 'hash', ...pairs);
  await client.ok('HPEXPIRE', 'hash', '3600000', 'FIELDS', '1', 'field 1');
  await client.ok('RPUSH', 'list', ...Array.from({ length: 3000 }, (_, i) => `item ${i}`));
  await client.ok('SADD', 'numbers', '1', '2', '3');
  await client.ok('SADD', 'set', ...Array.from({ length: 3000 }, (_, i) => `member ${i}`));
  const scored = Array.from({ length: 3000 }, (_, i) => [`${i / 7}`, `member ${i}`]).flat();
  await client.ok('ZADD', 'zset', ...scored);
  for (let i = 1; i <= 200; i++) await client.ok('XADD', 'stream', `${i}-0`, 'f', `${i}`);
  await client.ok('XGROUP', 'CREATE', 'stream', 'group', '0');
  await client.ok('XREADGROUP', 'GROUP', 'group', 'me', 'COUNT', '5', 'STREAMS', 'stream', '>');
  await client.ok('PFADD', 'hyper', 'a', 'b', 'c');
  await client.ok('SETBIT', 'bits', '100000', '1');
  await client.ok('GEOADD', 'places', '13.4', '52.5', 'Berlin');
  await client.ok('SELECT', '7');
  await client.ok('SET', 'elsewhere', 'v');
  await client.ok('SELECT', '0');
}

/** Writes until it is told to stop; resolves to how often it wrote. */
function load(node: RealNode): () => Promise<number> {
  let running = true;
  const done = (async () => {
    const client = await node.client();
    let count = 0;
    for (; running; count++) {
      await client.ok('HSET', 'hash', `field ${count % 20_000}`, `changed ${count}`);
      await client.ok('RPUSH', 'list', 'more');
      await client.ok('LPOP', 'list');
    }
    client.close();
    return count;
  })();
  return () => {
    running = false;
    return done;
  };
}

async function digestOf(node: RealNode): Promise<string> {
  const reply = await node.call('RAFT.DEBUG', 'DIGEST');
  return Array.isArray(reply) ? String(reply[0]) : '';
}

/** A node on the files of a folder, started. */
async function startOn(t: Test, dir: string, port: number): Promise<RealNode> {
  const node = new RealNode(port, dir);
  t.teardown(() => node.stop('SIGKILL'));
  await node.start();
  await eventually('it leads', async () => {
    const info = await node.info('raft_general');
    return info['raft_role'] === 'leader' ? true : undefined;
  });
  return node;
}

t.test('what was backed up comes back, and goes on', async (t) => {
  const cluster = await RealCluster.start(1);
  t.teardown(() => cluster.stop());
  const [node] = cluster.nodes as [RealNode];
  const client = await node.client();
  await fill(client);
  const from = `127.0.0.1:${node.port}`;
  const busy = path.join(cluster.folder, 'busy.backup');
  const stop = load(node);
  await client.ok('SAVE');
  const first = await admin('backup', '--from', from, busy);
  t.match(first, { code: 0, error: '' });
  t.match(first.out, /busy\.backup: entry \d+, 20\d\d keys, [\d.]+ MB, \d+\.\d\d s\n$/);
  t.ok((await stop()) > 0, 'writes went on');
  t.match(await admin('verify', busy), { code: 0, out: /\nsound\n$/ });

  const digest = await digestOf(node);
  const file = path.join(cluster.folder, 'quiet.backup');
  t.match(await admin('backup', '--from', from, file), { code: 0 });
  t.match((await admin('verify', file)).out, `digest ${digest}`);

  const dir = path.join(cluster.folder, 'restored');
  const port = await freePort();
  const restored = await admin('restore', '--dir', dir, '--addr', `127.0.0.1:${port}`, file);
  t.match(restored, { code: 0, error: '' });
  t.match(restored.out, `digest ${digest}`);
  const other = await startOn(t, dir, port);
  t.equal(await digestOf(other), digest);
  const again = await other.client();
  t.equal(await again.ok('LLEN', 'list'), 3000);
  const left = await again.ok('TTL', 'brief');
  t.ok(typeof left === 'number' && left > 3000 && left <= 3600);
  t.equal(await again.ok('GET', 'briefest'), null);
  t.match(await again.ok('XPENDING', 'stream', 'group'), [5, '1-0', '5-0']);
  await again.ok('SELECT', '7');
  t.equal(await again.ok('GET', 'elsewhere'), 'v');
  await again.ok('SET', 'new', 'v');
  const info = await other.info('raft_general');
  t.not(info['raft_dbid'], (await node.info('raft_general'))['raft_dbid']);

  const after = await digestOf(other);
  await other.stop();
  t.match(await admin('verify', '--dir', dir), { code: 0, out: /\nsound\n$/ });
  await other.start();
  await eventually('the same data', async () =>
    (await digestOf(other)) === after ? true : undefined,
  );
});

t.test('nodes join a restored cluster', async (t) => {
  const cluster = await RealCluster.start(1);
  t.teardown(() => cluster.stop());
  const [node] = cluster.nodes as [RealNode];
  await fill(await node.client());
  const file = path.join(cluster.folder, 'backup');
  await admin('backup', '--from', `127.0.0.1:${node.port}`, file);
  const dir = path.join(cluster.folder, 'restored');
  const port = await freePort();
  await admin('restore', '--dir', dir, '--addr', `127.0.0.1:${port}`, file);
  const first = await startOn(t, dir, port);
  const second = await cluster.newcomer();
  await second.start();
  await second.call('RAFT.CLUSTER', 'JOIN', `127.0.0.1:${port}`);
  const digest = await digestOf(first);
  await eventually('it has the same data', async () =>
    (await digestOf(second)) === digest ? true : undefined,
  );
  await eventually('it votes', async () => {
    const info = await second.info('raft_general');
    return info['raft_is_voting'] === 'yes' ? true : undefined;
  });
  await first.call('SET', 'new', 'v');
  const replica = await second.client();
  await replica.ok('READONLY');
  await eventually('it follows', async () =>
    (await replica.ok('GET', 'new')) === 'v' ? true : undefined,
  );
  t.equal(await replica.ok('HLEN', 'hash'), 20_000);
});

t.test('leader and followers can be backed up', async (t) => {
  const cluster = await RealCluster.start(3);
  t.teardown(() => cluster.stop());
  const leader = await cluster.leader();
  await fill(await leader.client());
  await cluster.converged();
  const digest = await cluster.digest();
  for (const node of cluster.nodes) {
    const file = path.join(cluster.folder, `${node.port}`);
    const { code, error } = await admin('backup', '--from', `127.0.0.1:${node.port}`, file);
    t.equal(code, 0);
    if (node === leader) t.equal(error, '');
    else t.match(error, 'was asked as a follower');
    t.match((await admin('verify', file)).out, `digest ${digest}`);
  }
});

t.test('a node with a password, or without a cluster, is no riddle', async (t) => {
  const cluster = await RealCluster.start(1, ['--requirepass', 'secret'], 'secret');
  t.teardown(() => cluster.stop());
  const [node] = cluster.nodes as [RealNode];
  const file = path.join(cluster.folder, 'backup');
  const args = ['backup', '--from', `127.0.0.1:${node.port}`, file];
  t.match(await admin(...args), { code: 1, out: '', error: 'wants a password' });
  t.match(await admin(...args, '--password', 'wrong'), { code: 1, error: 'WRONGPASS' });
  await node.call('SET', 'k', 'v');
  t.match(await admin(...args, '--password', 'secret'), { code: 0, error: '' });
  const alone = await RealCluster.unformed(1);
  t.teardown(() => alone.stop());
  const [stranger] = alone.nodes as [RealNode];
  const from = `127.0.0.1:${stranger.port}`;
  const refused = await admin('backup', '--from', from, `${file}2`);
  t.match(refused, { code: 1, error: 'belongs to no cluster, so there is nothing to back up' });
});

t.test('folders of nodes are checked', async (t) => {
  const cluster = await RealCluster.start(1);
  t.teardown(() => cluster.stop());
  const [node] = cluster.nodes as [RealNode];
  await fill(await node.client());
  await node.call('SAVE');
  await node.call('SET', 'behind the', 'image');
  const digest = await digestOf(node);
  const running = await admin('verify', '--dir', node.dir);
  t.match(running, { code: 2, out: '', error: 'is in use: a server is running' });
  await node.stop('SIGKILL');
  const sound = await admin('verify', '--dir', node.dir);
  t.match(sound, { code: 0, error: '' });
  t.match(sound.out, /start: loads the image of entry \d+, applies entries \d+ to \d+ \(S9\)/);
  const log = path.join(node.dir, 'redisraft.db');
  copyFileSync(log, `${log}.kept`);
  const bytes = readFileSync(log);
  const at = bytes.indexOf('briefest');
  bytes[at] = 0;
  writeFileSync(log, bytes);
  const damaged = await admin('verify', '--dir', node.dir);
  t.match(damaged, { code: 1, error: '' });
  t.match(damaged.out, /^DAMAGED .*redisraft\.db: .*\(R16\).* at offset \d+, index \d+/m);
  copyFileSync(`${log}.kept`, log);
  rmSync(`${log}.kept`);
  await node.start();
  await eventually('the same data: it was looked at and nothing more', async () =>
    (await digestOf(node)) === digest ? true : undefined,
  );
});
