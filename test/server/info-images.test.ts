import t from 'tap';
import { SimCluster } from '../sim/sim-cluster.ts';
import { Simulation } from '../sim/sim-world.ts';
import { NodeConsole, oneNode } from '../support/node-console.ts';
import { formed } from '../support/sent.ts';

const LINE = '\r\n';

/** Names in a section, without their values. */
function namesIn(text: string): string[] {
  const [, ...lines] = text.trimEnd().split(LINE);
  return lines.map((line) => line.slice(0, line.indexOf(':')));
}

/** As Redis 7 has them, and in its order. */
const PERSISTENCE: readonly string[] = [
  'loading',
  'async_loading',
  'rdb_changes_since_last_save',
  'rdb_bgsave_in_progress',
  'rdb_last_save_time',
  'rdb_last_bgsave_status',
  'rdb_last_bgsave_time_sec',
  'rdb_current_bgsave_time_sec',
  'rdb_saves',
  'aof_enabled',
  'aof_last_write_status',
];
const LOADING: readonly string[] = [
  'loading_start_time',
  'loading_total_bytes',
  'loading_rdb_used_mem',
  'loading_loaded_bytes',
  'loading_loaded_perc',
  'loading_eta_seconds',
];

t.test('INFO raft_snapshot of a node in no cluster knows no image', async (t) => {
  const cluster = new SimCluster(new Simulation({ seed: 51 }), 1);
  const node = new NodeConsole(cluster, cluster.node(0));
  t.equal(
    node.ask('INFO raft_snapshot'),
    [
      '# raft_snapshot',
      'raft_snapshot_filename:dump.rdb',
      'raft_snapshot_last_idx:0',
      'raft_snapshot_last_term:0',
      'raft_snapshot_size:0',
      'raft_snapshot_time_secs:-1',
      'raft_snapshots_created:0',
      'raft_snapshots_received:0',
      'raft_snapshot_in_progress:no',
      'raft_snapshot_in_progress_last_idx:-1',
      'raft_snapshot_in_progress_last_term:-1',
      '',
    ].join(LINE),
  );
  t.same(namesIn(node.ask('INFO persistence')), PERSISTENCE);
});

t.test('INFO raft_snapshot tells about the newest image', async (t) => {
  const { node } = oneNode(52, ['--dbfilename', 'some.rdb']);
  t.equal(node.info('raft_snapshot_size'), '0', 'there is none');
  for (const round of ['1', '2']) {
    node.fill(round);
    const index = node.info('raft_last_applied_index');
    node.ask('RAFT.DEBUG COMPACT');
    t.equal(node.info('raft_snapshot_last_idx'), index);
    t.equal(node.info('raft_snapshots_created'), round);
  }
  t.equal(node.info('raft_snapshot_filename'), 'some.rdb');
  t.equal(node.info('raft_snapshot_time_secs'), '0');
  t.ok(Number(node.info('raft_snapshot_size')) > 2000);
  t.match(node.ask('RAFT.INFO'), /# Snapshot\r\nsnapshot_filename:some.rdb\r\n/);
});

t.test('INFO tells of an image that came from the leader', async (t) => {
  const { simulation, cluster, leader, followers } = formed(55, 3);
  const [first] = followers;
  if (first === undefined) throw new Error('there are followers');
  const node = new NodeConsole(cluster, leader);
  first.crash('kill');
  simulation.run(simulation.now + 3000);
  node.fill();
  node.ask('RAFT.DEBUG COMPACT');
  const index = node.info('raft_snapshot_last_idx');
  first.restart();
  cluster.converge();
  const follower = new NodeConsole(cluster, first);
  t.equal(follower.info('raft_snapshot_last_idx'), index);
  t.equal(follower.info('raft_snapshots_received'), '1');
  t.equal(follower.info('raft_snapshots_created'), '0');
  t.equal(follower.info('raft_snapshot_time_secs'), '-1');
  t.not(follower.info('raft_snapshotreq_received'), '0');
  t.equal(follower.info('rdb_changes_since_last_save'), '0');
  t.match(follower.ask('RAFT.INFO'), /\r\nsnapshots_loaded:1\r\n/);
});

t.test('INFO persistence counts what no image has', async (t) => {
  const { node } = oneNode(53);
  const values = (): string[] =>
    ['rdb_changes_since_last_save', 'rdb_saves', 'rdb_last_bgsave_time_sec'].map((name) =>
      node.info(name),
    );
  t.same(values(), ['0', '0', '-1']);
  node.ask('MSET a 1 b 2');
  node.ask('GET a');
  t.same(values(), ['2', '0', '-1']);
  node.ask('SAVE');
  t.same(values(), ['0', '1', '0']);
  node.ask('DEL a b');
  t.same(values(), ['2', '1', '0']);
});

t.test('a node that does not load its image as a test wants it stays loading', async (t) => {
  const {
    simulation,
    cluster,
    leader,
    node: before,
  } = oneNode(54, ['--raft.snapshot-disable-load', 'yes']);
  before.ask('SET k v');
  before.ask('SAVE');
  before.close();
  leader.crash('kill');
  leader.restart();
  const node = new NodeConsole(cluster, leader);
  simulation.run(simulation.now + 10_000);
  t.equal(node.info('raft_state'), 'loading');
  t.equal(node.info('raft_role'), 'follower');
  t.equal(node.info('loading_loaded_perc'), '0.00');
  t.same(namesIn(node.ask('INFO persistence')), [...PERSISTENCE, ...LOADING]);
  t.equal(node.ask('GET k'), 'LOADING Raft module is loading data');
});
