import t from 'tap';
import { SimCluster } from '../sim/sim-cluster.ts';
import { Simulation } from '../sim/sim-world.ts';
import { NodeConsole } from '../support/node-console.ts';
import { formed } from '../support/sent.ts';

const NOTHING = 'ERR failed to begin compaction';
const FAILED = 'debug rdbSave() failed';
const BUSY = 'ERR Background save already in progress';
const STARTED = 'Background saving started';

/** A cluster of one node, and `clients` of it. */
function single(
  seed: number,
  clients: number,
  options: readonly string[] = [],
): { simulation: Simulation; cluster: SimCluster; consoles: NodeConsole[] } {
  const { simulation, cluster, leader } = formed(seed, 1, options);
  const consoles = Array.from({ length: clients }, () => new NodeConsole(cluster, leader));
  return { simulation, cluster, consoles };
}

function one(seed: number, options: readonly string[] = []): [NodeConsole, Simulation] {
  const { simulation, cluster } = single(seed, 0, options);
  return [new NodeConsole(cluster, cluster.node(0)), simulation];
}

t.test('RAFT.DEBUG COMPACT brings all entries into the image', async (t) => {
  const { cluster, leader } = formed(21, 1);
  const node = new NodeConsole(cluster, leader);
  node.fill();
  const index = node.info('raft_current_index');
  t.not(node.info('raft_log_entries'), '0');
  t.equal(node.ask('RAFT.DEBUG COMPACT'), 'OK');
  t.equal(node.info('raft_log_entries'), '0');
  t.equal(node.info('raft_current_index'), index);
  t.equal(node.info('raft_snapshot_last_idx'), index);
  t.equal(node.info('raft_snapshot_last_term'), '1');
  t.equal(node.info('raft_snapshots_created'), '1');
  const { replica } = leader.server?.node ?? {};
  t.equal(replica?.store.log.firstIndex, Number(index) + 1, 'the log is cut when it is answered');
});

t.test('RAFT.DEBUG COMPACT has nothing to do for one entry', async (t) => {
  const [node] = one(22);
  node.ask('SET k v');
  node.ask('RAFT.DEBUG COMPACT');
  t.equal(node.ask('RAFT.DEBUG COMPACT'), NOTHING);
  t.equal(node.ask('RAFT.DEBUG COMPACT 1'), NOTHING);
  node.ask('SET k w');
  t.equal(node.info('raft_log_entries'), '1');
  t.equal(node.ask('RAFT.DEBUG COMPACT'), NOTHING);
  node.ask('SET k x');
  t.equal(node.ask('RAFT.DEBUG COMPACT'), 'OK');
});

t.test('RAFT.DEBUG COMPACT works on a follower, for it alone', async (t) => {
  const { simulation, cluster, leader, followers } = formed(23, 3);
  const first = new NodeConsole(cluster, leader);
  first.fill();
  cluster.converge();
  const [follower] = followers;
  if (follower === undefined) throw new Error('there are followers');
  const node = new NodeConsole(cluster, follower);
  t.equal(node.ask('RAFT.DEBUG COMPACT'), 'OK');
  t.equal(node.info('raft_log_entries'), '0');
  t.equal(first.info('raft_snapshots_created'), '0');
  simulation.run(simulation.now + 1000);
  first.fill('more');
  t.equal(new Set(cluster.converge()).size, 1);
});

t.test('RAFT.DEBUG COMPACT waits for a checkpoint that is under way', async (t) => {
  const { simulation, consoles } = single(24, 2);
  const [node, other] = consoles as [NodeConsole, NodeConsole];
  node.fill();
  const index = node.info('raft_current_index');
  node.ask('CONFIG SET raft.snapshot-delay 2');
  const first = node.send('RAFT.DEBUG COMPACT');
  simulation.run(simulation.now + 1000);
  t.equal(other.info('raft_snapshot_in_progress'), 'yes');
  t.equal(other.info('raft_snapshot_in_progress_last_idx'), index);
  t.equal(other.info('raft_snapshot_in_progress_last_term'), '1');
  t.equal(other.info('rdb_bgsave_in_progress'), '1');
  t.equal(other.info('rdb_current_bgsave_time_sec'), '1');
  const second = other.send('RAFT.DEBUG COMPACT');
  simulation.run(simulation.now + 500);
  t.same([first.text, second.text], [null, null]);
  simulation.run(simulation.now + 1000);
  t.same([first.text, second.text], ['OK', 'OK']);
  t.equal(other.info('raft_snapshot_in_progress'), 'no');
  t.equal(other.info('raft_snapshot_in_progress_last_idx'), '-1');
  t.equal(other.info('raft_snapshots_created'), '1');
  t.equal(other.info('raft_snapshot_time_secs'), '2');
});

t.test('writes go on while a checkpoint is made, and are not in it', async (t) => {
  const { simulation, consoles } = single(25, 2, ['--raft.snapshot-delay', '1']);
  const [node, other] = consoles as [NodeConsole, NodeConsole];
  other.fill();
  const compaction = node.send('RAFT.DEBUG COMPACT');
  simulation.run(simulation.now + 100);
  for (let i = 0; i < 3; i++) t.equal(other.ask(`SET during ${i}`), 'OK');
  t.equal(compaction.text, null);
  simulation.run(simulation.now + 2000);
  t.equal(compaction.text, 'OK');
  t.equal(other.info('raft_log_entries'), '3');
  t.equal(other.info('rdb_changes_since_last_save'), '3');
});

t.test('a checkpoint that fails says so, and the next one works', async (t) => {
  const [node] = one(26);
  node.fill();
  const entries = node.info('raft_log_entries');
  node.ask('CONFIG SET raft.snapshot-fail yes');
  t.equal(node.ask('RAFT.DEBUG COMPACT'), FAILED);
  t.equal(node.ask('SAVE'), `ERR ${FAILED}`);
  t.equal(node.info('raft_snapshot_in_progress'), 'no');
  t.equal(node.info('raft_snapshot_in_progress_last_idx'), '-1');
  t.equal(node.info('raft_snapshots_created'), '0');
  t.equal(node.info('raft_snapshot_last_idx'), '0');
  t.equal(node.info('raft_log_entries'), entries);
  t.equal(node.info('rdb_last_bgsave_status'), 'err');
  node.ask('CONFIG SET raft.snapshot-fail no');
  t.equal(node.ask('RAFT.DEBUG COMPACT'), 'OK');
  t.equal(node.info('rdb_last_bgsave_status'), 'ok');
  t.equal(node.info('raft_log_entries'), '0');
});

t.test('a log that is too long is cut by itself, once nothing forbids it', async (t) => {
  const [node, simulation] = one(27, [
    ...['--raft.log-max-file-size', '2000', '--raft.snapshot-disable', 'yes'],
  ]);
  node.fill();
  simulation.run(simulation.now + 3000);
  t.equal(node.info('raft_snapshots_created'), '0');
  const size = Number(node.info('raft_file_size'));
  node.ask('CONFIG SET raft.snapshot-fail yes');
  node.ask('CONFIG SET raft.snapshot-disable no');
  node.ask('SET k v');
  simulation.run(simulation.now + 500);
  t.equal(node.info('rdb_last_bgsave_status'), 'err');
  node.ask('CONFIG SET raft.snapshot-fail no');
  simulation.run(simulation.now + 3000);
  t.equal(node.info('rdb_last_bgsave_status'), 'ok', 'it is tried again');
  t.equal(node.info('raft_snapshots_created'), '1');
  t.ok(Number(node.info('raft_file_size')) < size / 2);
});

t.test('what is asked for is done where checkpoints are disabled', async (t) => {
  const [node] = one(28, ['--raft.snapshot-disable', 'yes']);
  node.fill();
  t.equal(node.ask('RAFT.DEBUG COMPACT 0'), 'OK');
  t.equal(node.info('raft_snapshots_created'), '1');
  node.fill('more');
  t.equal(node.ask('SAVE'), 'OK');
  t.equal(node.info('raft_snapshots_created'), '2');
});

t.test('RAFT.DEBUG COMPACT 1 answers first, and heeds that they are disabled', async (t) => {
  const [node, simulation] = one(29, [
    ...['--raft.snapshot-disable', 'yes', '--raft.snapshot-delay', '1'],
  ]);
  node.fill();
  t.equal(node.ask('RAFT.DEBUG COMPACT 1'), 'OK');
  simulation.run(simulation.now + 3000);
  t.equal(node.info('raft_snapshots_created'), '0');
  node.ask('CONFIG SET raft.snapshot-disable no');
  t.equal(node.ask('RAFT.DEBUG COMPACT 1'), 'OK');
  simulation.run(simulation.now + 500);
  t.equal(node.info('raft_snapshot_in_progress'), 'yes');
  simulation.run(simulation.now + 3000);
  t.equal(node.info('raft_snapshots_created'), '1');
  t.equal(node.info('raft_log_entries'), '0');
});

t.test('SAVE blocks its client alone', async (t) => {
  const { simulation, consoles } = single(30, 2, ['--raft.snapshot-delay', '1']);
  const [node, other] = consoles as [NodeConsole, NodeConsole];
  other.fill();
  const saved = node.send('SAVE');
  const behind = node.send('ECHO behind');
  simulation.run(simulation.now + 500);
  t.same([saved.text, behind.text], [null, null]);
  for (const line of ['SAVE', 'BGSAVE', 'BGSAVE SCHEDULE']) t.equal(other.ask(line), BUSY);
  simulation.run(simulation.now + 1000);
  t.same([saved.text, behind.text], ['OK', 'behind']);
});

t.test('SAVE and BGSAVE make an image of one entry, and none of nothing', async (t) => {
  const [node, simulation] = one(31);
  node.ask('SET k v');
  t.equal(node.ask('SAVE'), 'OK');
  node.ask('SET k w');
  t.equal(node.info('rdb_changes_since_last_save'), '1');
  t.equal(node.ask('BGSAVE'), STARTED);
  simulation.run(simulation.now + 1000);
  t.equal(node.info('rdb_saves'), '2');
  t.equal(node.info('rdb_changes_since_last_save'), '0');
  t.equal(node.ask('SAVE'), 'OK');
  t.equal(node.ask('BGSAVE'), STARTED);
  simulation.run(simulation.now + 1000);
  t.equal(node.info('rdb_saves'), '2');
});

t.test('BGSAVE has its place in a transaction, SAVE has not', async (t) => {
  const [node, simulation] = one(32);
  node.ask('MULTI');
  node.ask('SET k v');
  t.equal(node.ask('BGSAVE'), 'QUEUED');
  t.equal(node.ask('EXEC'), `OK,${STARTED}`);
  simulation.run(simulation.now + 1000);
  t.equal(node.info('rdb_saves'), '1');
  node.ask('MULTI');
  t.equal(node.ask('SAVE'), 'ERR Command not allowed inside a transaction');
});

t.test('LASTSAVE moves with every save, also with one that finds nothing new', async (t) => {
  const [node, simulation] = one(33);
  const start = Number(node.ask('LASTSAVE'));
  simulation.run(simulation.now + 5000);
  t.equal(Number(node.ask('LASTSAVE')), start, 'of the process, until something is saved');
  node.ask('SET k v');
  node.ask('SAVE');
  const saved = Number(node.ask('LASTSAVE'));
  t.ok(saved >= start + 5);
  simulation.run(simulation.now + 5000);
  node.ask('BGSAVE');
  t.ok(Number(node.ask('LASTSAVE')) >= saved + 5);
  t.equal(node.info('rdb_last_save_time'), node.ask('LASTSAVE'));
});

t.test('a node in no cluster has nothing to save', async (t) => {
  const cluster = new SimCluster(new Simulation({ seed: 34 }), 1);
  const node = new NodeConsole(cluster, cluster.node(0));
  for (const line of ['SAVE', 'BGSAVE', 'RAFT.DEBUG COMPACT']) {
    t.equal(node.ask(line), 'NOCLUSTER No Raft Cluster', line);
  }
  t.match(node.ask('LASTSAVE'), /^\d{9,}$/);
});

t.test('where nothing is kept on disk, images are kept in memory', async (t) => {
  const [node] = one(35, ['--raft.log-filename', '']);
  node.fill();
  t.equal(node.ask('SAVE'), 'OK');
  node.fill('more');
  t.equal(node.ask('RAFT.DEBUG COMPACT'), 'OK');
  t.equal(node.info('raft_log_entries'), '0');
  t.equal(node.info('raft_snapshots_created'), '2');
});
