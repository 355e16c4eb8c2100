import t from 'tap';
import { SimCluster } from '../sim/sim-cluster.ts';
import { Simulation } from '../sim/sim-world.ts';
import { NodeConsole, oneNode } from '../support/node-console.ts';

const BUSY = 'ERR Background save already in progress';
const STARTED = 'Background saving started';

t.test('what is asked for is done where checkpoints are disabled', async (t) => {
  const { node } = oneNode(28, ['--raft.snapshot-disable', 'yes']);
  node.fill();
  t.equal(node.ask('RAFT.DEBUG COMPACT 0'), 'OK');
  t.equal(node.info('raft_snapshots_created'), '1');
  node.fill('more');
  t.equal(node.ask('SAVE'), 'OK');
  t.equal(node.info('raft_snapshots_created'), '2');
});

t.test('RAFT.DEBUG COMPACT 1 answers first, and heeds that they are disabled', async (t) => {
  const { node, simulation } = oneNode(29, [
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
  const { simulation, node, other } = oneNode(30, ['--raft.snapshot-delay', '1']);
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
  const { node, simulation } = oneNode(31);
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

t.test('BGSAVE is under way when it is answered', async (t) => {
  const { node } = oneNode(39);
  node.ask('SET k v');
  const sent = ['BGSAVE', 'INFO persistence', 'BGSAVE'].map((line) => node.send(line));
  node.ask('PING');
  t.equal(sent[0]?.text, STARTED);
  t.match(sent[1]?.text, 'rdb_bgsave_in_progress:1');
  t.equal(sent[2]?.text, BUSY);
});

t.test('BGSAVE has its place in a transaction, SAVE has not', async (t) => {
  const { node, simulation } = oneNode(32);
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
  const { node, simulation } = oneNode(33);
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

t.test('SHUTDOWN SAVE stops when all is saved, or with FORCE', async (t) => {
  for (const [line, fails, stops] of [
    ['SHUTDOWN SAVE', 'no', true],
    ['SHUTDOWN SAVE NOW', 'no', true],
    ['SHUTDOWN SAVE', 'yes', false],
    ['SHUTDOWN SAVE FORCE', 'yes', true],
  ] as const) {
    const { simulation, cluster, leader, node } = oneNode(36, ['--raft.snapshot-delay', '1']);
    node.ask('SET k v');
    node.ask(`CONFIG SET raft.snapshot-fail ${fails}`);
    const sent = node.send(line);
    simulation.run(simulation.now + 500);
    t.equal(leader.machine.running, true, `${line}: not yet`);
    simulation.run(simulation.now + 2000);
    t.equal(leader.machine.running, !stops, line);
    if (!stops) {
      t.equal(sent.text, 'ERR Errors trying to SHUTDOWN. Check logs.');
      continue;
    }
    leader.restart();
    cluster.until('it leads again', () => leader.leads);
    const again = new NodeConsole(cluster, leader);
    t.equal(again.info('raft_snapshot_last_idx') === '0', fails === 'yes', line);
    t.equal(again.ask('GET k'), 'v');
  }
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
  const { node } = oneNode(35, ['--raft.log-filename', '']);
  node.fill();
  t.equal(node.ask('SAVE'), 'OK');
  node.fill('more');
  t.equal(node.ask('RAFT.DEBUG COMPACT'), 'OK');
  t.equal(node.info('raft_log_entries'), '0');
  t.equal(node.info('raft_snapshots_created'), '2');
});
