import t from 'tap';
import { digest } from '../../src/keyspace/digest.ts';
import { Keyspace } from '../../src/keyspace/keyspace.ts';
import { ImageDisk } from '../../src/replica/image/image-disk.ts';
import { ImageLoader } from '../../src/replica/image/image-loader.ts';
import { type StoredMeta, unpackMeta } from '../../src/replica/image/meta.ts';
import { splitEntries } from '../../src/replica/image/transfer-frames.ts';
import { IDLE_MS } from '../../src/server/backup-run.ts';
import { MAX_BACKUPS } from '../../src/server/backups.ts';
import type { ImageEntry } from '../../src/world/image-store.ts';
import { MemoryImageStores } from '../../src/world/memory-image-store.ts';
import { SimCluster, type SimNode } from '../sim/sim-cluster.ts';
import { Simulation } from '../sim/sim-world.ts';
import { wait } from '../support/image-transfer.ts';
import { NodeConsole, oneNode } from '../support/node-console.ts';
import { formed } from '../support/sent.ts';

const NONE = 'ERR no backup is under way on this connection';

/** The value of a fact in the reply to BEGIN; the packed head is the last one, and may have commas. */
function fact(reply: string, name: string): string {
  return new RegExp(`(?:^|,)${name},([^,]*)`).exec(reply)?.[1] ?? `no ${name}`;
}

function headOf(reply: string): StoredMeta {
  return unpackMeta(Buffer.from(reply.slice(reply.indexOf(',meta,') + 6), 'latin1'));
}

function portion(reply: string): readonly ImageEntry[] {
  const entries = splitEntries(Buffer.from(reply, 'latin1'));
  if (entries === null) throw new Error(`no portion: ${reply}`);
  return entries;
}

function rest(node: NodeConsole, maxBytes = 500): ImageEntry[] {
  const entries: ImageEntry[] = [];
  for (;;) {
    const reply = node.ask(`RAFT.BACKUP NEXT ${maxBytes}`);
    if (reply === 'null') return entries;
    entries.push(...portion(reply));
  }
}

/** The digest of what an image holds. */
function load(
  simulation: Simulation,
  node: SimNode,
  image: { readonly head: StoredMeta; readonly entries: readonly ImageEntry[] },
): string {
  const { world } = node.machine;
  const stores = new MemoryImageStores((callback) => world.timers.after(0, callback));
  const disk = new ImageDisk(stores, 'copy');
  const check = (error: Error | null): void => {
    if (error !== null) throw error;
  };
  check(wait(simulation, (done) => disk.open(done)));
  const batch = disk.store?.batch();
  for (const { key, value } of image.entries) batch?.put(key, value);
  check(wait(simulation, (done) => batch?.write(done)));
  const keyspace = new Keyspace();
  const { head: stored } = image;
  check(
    wait<Error | null>(
      simulation,
      (done) => new ImageLoader({ world, disk, stored, keyspace, log: () => {}, done }),
    ),
  );
  return digest(keyspace);
}

t.test('a backup has the data as it was when it began, whatever happens then', async (t) => {
  const { simulation, leader, node, other } = oneNode(61);
  node.fill();
  const [digest, index] = node.ask('RAFT.DEBUG DIGEST').split(',');
  const reply = node.ask('RAFT.BACKUP BEGIN');
  t.equal(fact(reply, 'index'), index);
  t.equal(fact(reply, 'complete'), 'yes');
  t.equal(fact(reply, 'role'), 'leader');
  t.equal(fact(reply, 'node_id'), node.info('raft_node_id'));
  const head = headOf(reply);
  t.equal(head.meta.clusterId, fact(reply, 'cluster_id'));
  t.equal(String(head.meta.facts.totals.records), fact(reply, 'records'));
  t.equal(String(head.meta.facts.totals.bytes), fact(reply, 'bytes'));
  const entries = [...portion(node.ask('RAFT.BACKUP NEXT 300'))];
  other.fill('other');
  other.ask('FLUSHALL');
  t.equal(other.ask('SAVE'), 'OK');
  t.equal(other.ask('RAFT.DEBUG COMPACT'), 'ERR failed to begin compaction');
  entries.push(...rest(node));
  t.equal(load(simulation, leader, { head, entries }), digest);
  t.equal(node.ask('RAFT.BACKUP NEXT'), 'null', 'it stays at its end');
  t.equal(node.ask('RAFT.BACKUP END'), 'OK');
  t.equal(node.ask('RAFT.BACKUP NEXT'), NONE);
  t.equal(node.ask('RAFT.BACKUP END'), NONE);
});

t.test('portions hold what was asked for, at least one record', async (t) => {
  const { node } = oneNode(62);
  node.fill();
  node.ask(`SET large ${'x'.repeat(300_000)}`);
  node.ask('RAFT.BACKUP BEGIN');
  const sizes: number[] = [];
  for (const maxBytes of ['1', '2000', '9007199254740991', '']) {
    sizes.push(node.ask(`RAFT.BACKUP NEXT ${maxBytes}`.trim()).length);
  }
  t.ok((sizes[0] ?? 0) > 100 && (sizes[1] ?? 0) > 1000 && (sizes[1] ?? 0) <= 2000, `${sizes}`);
  t.ok((sizes[2] ?? 0) > 130_000);
  t.match(node.ask('RAFT.BACKUP NEXT 0'), 'ERR max-bytes must be');
  t.match(node.ask('RAFT.BACKUP NEXT x'), 'ERR max-bytes must be');
  const asked = Array.from({ length: 6 }, () => node.send('RAFT.BACKUP NEXT 1'));
  node.ask('PING');
  t.ok(asked.every(({ text }) => text !== null && text !== ''));
});

t.test('a backup that waits for a checkpoint gets one with all that was applied', async (t) => {
  const { node, other, simulation } = oneNode(63, ['--raft.snapshot-delay', '1']);
  other.fill();
  other.ask('BGSAVE');
  simulation.run(simulation.now + 500);
  other.ask('SET late v');
  const [, index] = other.ask('RAFT.DEBUG DIGEST').split(',');
  t.equal(fact(node.ask('RAFT.BACKUP BEGIN'), 'index'), index);
  t.equal(node.info('raft_snapshots_created'), '2');
});

t.test('a follower hands over what it knows to be committed', async (t) => {
  const { simulation, cluster, leader, followers } = formed(64, 3);
  const writer = new NodeConsole(cluster, leader);
  writer.fill();
  simulation.run(simulation.now + 1000);
  const [follower] = followers as [SimNode];
  const node = new NodeConsole(cluster, follower);
  const [digest] = writer.ask('RAFT.DEBUG DIGEST').split(',');
  const reply = node.ask('RAFT.BACKUP BEGIN');
  t.equal(fact(reply, 'role'), 'follower');
  t.equal(fact(reply, 'complete'), 'no');
  const entries = rest(node);
  t.equal(load(simulation, follower, { head: headOf(reply), entries }), digest);
});

t.test('a leader without a majority hands over what it has, and says so', async (t) => {
  const { cluster, leader, followers } = formed(65, 3);
  const node = new NodeConsole(cluster, leader);
  node.fill();
  for (const follower of followers) follower.crash('kill');
  const reply = node.ask('RAFT.BACKUP BEGIN');
  t.equal(fact(reply, 'complete'), 'no');
  t.ok(rest(node).length > 2);
});

t.test('a backup ends with its connection, or when nobody goes on with it', async (t) => {
  const { cluster, simulation, leader, node } = oneNode(66);
  node.fill();
  const consoles = Array.from({ length: MAX_BACKUPS + 1 }, () => new NodeConsole(cluster, leader));
  const [first, second, ...others] = consoles as [NodeConsole, NodeConsole, ...NodeConsole[]];
  for (const each of [first, second, ...others.slice(1)]) {
    t.match(each.ask('RAFT.BACKUP BEGIN'), 'cluster_id');
  }
  t.equal(first.ask('RAFT.BACKUP BEGIN'), 'ERR a backup is under way on this connection');
  t.equal(
    others[0]?.ask('RAFT.BACKUP BEGIN'),
    'ERR 4 backups of this node are under way, which is the most',
  );
  second.close();
  simulation.run(simulation.now + 100);
  t.match(others[0]?.ask('RAFT.BACKUP BEGIN'), 'cluster_id');
  simulation.run(simulation.now + IDLE_MS / 2);
  t.not(first.ask('RAFT.BACKUP NEXT'), NONE);
  simulation.run(simulation.now + IDLE_MS / 2 + 1000);
  t.equal(others[0]?.ask('RAFT.BACKUP NEXT'), NONE);
  t.not(first.ask('RAFT.BACKUP NEXT'), NONE, 'it was used meanwhile');
});

t.test('a client that leaves while the image is made holds nothing', async (t) => {
  const { cluster, simulation, leader, node } = oneNode(67, ['--raft.snapshot-delay', '1']);
  node.ask('SET k v');
  const gone = new NodeConsole(cluster, leader);
  gone.send('RAFT.BACKUP BEGIN');
  simulation.run(simulation.now + 200);
  gone.close();
  simulation.run(simulation.now + 5000);
  t.equal(node.info('raft_snapshots_created'), '1');
  t.match(node.ask('RAFT.BACKUP BEGIN'), 'cluster_id');
  const ended = node.send('RAFT.BACKUP END');
  node.ask('SET k w');
  const begun = node.send('RAFT.BACKUP BEGIN');
  const end = node.send('RAFT.BACKUP END');
  simulation.run(simulation.now + 3000);
  t.same(
    [ended.text, begun.text, end.text],
    ['OK', 'ERR the backup was ended', 'OK'],
    'END ends what has not begun yet',
  );
});

t.test('BEGIN says why there is no image', async (t) => {
  const { node } = oneNode(68, ['--raft.snapshot-fail', 'yes']);
  node.ask('SET k v');
  t.equal(node.ask('RAFT.BACKUP BEGIN'), 'ERR the image cannot be made: debug rdbSave() failed');
  const next = node.send('RAFT.BACKUP NEXT');
  node.ask('PING');
  t.equal(next.text, NONE);
  const cluster = new SimCluster(new Simulation({ seed: 69 }), 1);
  const alone = new NodeConsole(cluster, cluster.node(0));
  t.equal(alone.ask('RAFT.BACKUP BEGIN'), 'NOCLUSTER No Raft Cluster');
});

t.test('a store that is opened anew ends a backup', async (t) => {
  const { simulation, leader, node } = oneNode(70);
  node.fill();
  node.ask('RAFT.BACKUP BEGIN');
  const disk = leader.server?.node.replica?.images.disk;
  leader.machine.call(() => disk?.reopen(() => {}));
  t.match(node.ask('RAFT.BACKUP NEXT'), /^ERR the image store had to be opened anew/);
  simulation.run(simulation.now + 1000);
  t.equal(node.ask('RAFT.BACKUP NEXT'), NONE);
  t.match(node.ask('RAFT.BACKUP BEGIN'), 'cluster_id');
});

t.test('a node that stops while a backup is taken closes its store in peace', async (t) => {
  const { simulation, leader, node, other } = oneNode(71);
  node.fill();
  node.ask('RAFT.BACKUP BEGIN');
  node.ask('RAFT.BACKUP NEXT 10');
  other.send('SHUTDOWN');
  simulation.run(simulation.now + 3000);
  t.equal(leader.exitCode, 0);
});
