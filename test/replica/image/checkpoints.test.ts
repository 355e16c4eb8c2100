import t from 'tap';
import { NodeConsole, oneNode } from '../../support/node-console.ts';
import { formed } from '../../support/sent.ts';

const NOTHING = 'ERR failed to begin compaction';
const FAILED = 'debug rdbSave() failed';

t.test('RAFT.DEBUG COMPACT brings all entries into the image', async (t) => {
  const { leader, node } = oneNode(21);
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
  const { node } = oneNode(22);
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
  const { simulation, node, other } = oneNode(24);
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
  const { simulation, node, other } = oneNode(25, ['--raft.snapshot-delay', '1']);
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
  const { node } = oneNode(26);
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

t.test('a disk that fails is named, and used again when it works', async (t) => {
  for (const [call, code] of [
    ['failWrites', 'ENOSPC'],
    ['failSyncs', 'EIO'],
  ] as const) {
    const { cluster, leader, node } = oneNode(37);
    node.fill();
    node.ask('SAVE');
    node.fill('more');
    const digest = node.ask('RAFT.DEBUG DIGEST');
    leader.machine.disk[call](1, code, '.image');
    t.match(node.ask('SAVE'), new RegExp(`^ERR .*${code}`), call);
    t.equal(node.info('rdb_last_bgsave_status'), 'err');
    t.not(node.info('rdb_changes_since_last_save'), '0');
    t.equal(node.ask('RAFT.DEBUG COMPACT'), 'OK', call);
    t.equal(node.info('raft_snapshots_created'), '2');
    leader.crash('power');
    leader.restart();
    cluster.until('it leads again', () => leader.leads);
    const [dataset] = new NodeConsole(cluster, leader).ask('RAFT.DEBUG DIGEST').split(',');
    t.equal(dataset, digest.split(',')[0], call);
  }
});

t.test('who asks while the log is being cut gets another checkpoint', async (t) => {
  const { simulation, cluster, leader, node, other } = oneNode(38, ['--raft.snapshot-delay', '1']);
  node.fill();
  const first = node.send('RAFT.DEBUG COMPACT');
  // What comes after the image is copied when the log is cut, and that takes a while.
  for (let i = 0; i < 10; i++) other.ask(`SET large${i} ${'v'.repeat(100_000)}`);
  const checkpoints = leader.server?.node.replica?.images.checkpoints;
  cluster.until(
    'the log is being cut',
    () => checkpoints?.inProgress === null && checkpoints.isBusy,
  );
  t.equal(first.text, null);
  const scheduled = other.send('BGSAVE SCHEDULE');
  const second = other.send('RAFT.DEBUG COMPACT');
  cluster.until('the log is cut', () => first.text !== null);
  t.same([first.text, second.text], ['OK', null]);
  simulation.run(simulation.now + 2000);
  t.same([second.text, scheduled.text], ['OK', 'Background saving scheduled']);
  t.equal(other.info('raft_snapshots_created'), '2');
  t.equal(other.info('raft_log_entries'), '0');
});

t.test('a log that is too long is cut by itself, once nothing forbids it', async (t) => {
  const { node, simulation } = oneNode(27, [
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
