import t from 'tap';
import { fieldOf, NodeConsole, oneNode } from '../support/node-console.ts';

const LOADING = 'LOADING Raft module is loading data';

t.test('a restart after COMPACT loads the image, and has the same data', async (t) => {
  for (const crash of ['kill', 'power'] as const) {
    const { cluster, leader, node: before } = oneNode(41);
    before.fill();
    t.equal(before.ask('RAFT.DEBUG COMPACT'), 'OK');
    const digest = before.ask('RAFT.DEBUG DIGEST');
    before.close();
    leader.crash(crash);
    leader.restart();
    const after = new NodeConsole(cluster, leader);
    cluster.until('it leads again', () => leader.leads);
    t.equal(after.ask('RAFT.DEBUG DIGEST').split(',')[0], digest.split(',')[0], crash);
    t.equal(after.ask('GET k9'), 'v'.repeat(91));
    t.equal(after.ask('LRANGE k:list 0 -1'), 'x,y,z');
    t.equal(after.ask('HGET k:hash b'), '2');
    t.equal(after.ask('ZRANGE k:zset 0 -1'), 'x,y');
    t.equal(after.ask('XLEN k:stream'), '1');
    t.ok(Number(after.ask('PTTL k:brief')) > 3_500_000);
    t.equal(after.info('raft_snapshot_time_secs'), '-1', 'none was made since the start');
    t.equal(after.info('raft_snapshots_created'), '0');
    t.not(after.info('raft_snapshot_last_idx'), '0');
    t.not(after.info('raft_snapshot_size'), '0');
  }
});

t.test('a restart applies what came after the image', async (t) => {
  const { cluster, leader, node: before } = oneNode(42);
  before.fill();
  before.ask('SAVE');
  before.ask('SET k1 changed');
  before.ask('DEL k2 k:list');
  before.ask('HSET k:hash c 3');
  const digest = before.ask('RAFT.DEBUG DIGEST');
  before.close();
  leader.crash('kill');
  leader.restart();
  const after = new NodeConsole(cluster, leader);
  cluster.until('it leads again', () => leader.leads);
  t.equal(after.ask('GET k1'), 'changed');
  t.equal(after.ask('EXISTS k2 k:list'), '0');
  t.equal(after.ask('RAFT.DEBUG DIGEST').split(',')[0], digest.split(',')[0]);
  t.equal(after.info('rdb_changes_since_last_save'), '4');
});

t.test('a node that loads says so and serves what needs no data', async (t) => {
  const { cluster, leader, node: before } = oneNode(43, ['--enable-debug-command', 'yes']);
  before.ask('DEBUG POPULATE 20000 key 100');
  before.ask('RAFT.DEBUG COMPACT');
  const saved = before.ask('LASTSAVE');
  before.close();
  leader.crash('kill');
  leader.restart();
  const after = new NodeConsole(cluster, leader);
  cluster.until(
    'it has begun',
    () => (leader.server?.node.replica?.images.progress ?? null) !== null,
  );
  // All at once: loading does not take long.
  const ping = after.send('PING');
  const refused = ['GET key:1', 'SAVE', 'BGSAVE', 'RAFT.DEBUG COMPACT'].map((line) =>
    after.send(line),
  );
  const lastSave = after.send('LASTSAVE');
  const info = after.send('INFO everything');
  cluster.until('all are answered', () => info.text !== null);
  t.equal(leader.server?.node.state, 'loading', 'it is not over yet');
  t.equal(ping.text, 'PONG');
  t.same(
    refused.map(({ text }) => text),
    refused.map(() => LOADING),
  );
  t.equal(lastSave.text, saved);
  const field = (name: string): string => fieldOf(info.text ?? '', name);
  t.equal(field('raft_state'), 'loading');
  t.equal(field('loading'), '1');
  t.match(field('loading_start_time'), /^\d{9,10}$/);
  const [loaded, total] = ['loaded', 'total'].map((of) => Number(field(`loading_${of}_bytes`)));
  t.ok(total !== undefined && loaded !== undefined && total > 2_000_000 && loaded < total);
  t.match(field('loading_loaded_perc'), /^\d{1,2}\.\d\d$/);
  t.equal(field('loading_eta_seconds'), '1', 'in the first second');
  cluster.until('it has loaded', () => leader.leads);
  t.equal(after.info('raft_state'), 'up');
  t.equal(after.info('loading'), '0');
  t.equal(after.info('loading_total_bytes'), 'no loading_total_bytes');
  t.equal(after.ask('DBSIZE'), '20000');
});
