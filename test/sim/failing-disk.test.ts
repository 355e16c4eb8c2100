/** Disks that fail to write or to sync: the process ends, says why, and nothing acknowledged is lost. */
import t from 'tap';
import { Prng } from '../../src/base/prng.ts';
import {
  askNode,
  type DiskCluster,
  diskCluster,
  LOG_NAME,
  leaderOf,
  told,
  untilItEnds,
} from './disk-fixture.ts';
import type { SimNode } from './sim-cluster.ts';

const WRITING = `the log cannot be written: ${LOG_NAME}`;

/** What can fail, and what the process says before it ends. */
const FAILURES: readonly {
  readonly title: string;
  readonly fail: (node: SimNode) => void;
  readonly says: RegExp;
}[] = [
  {
    title: 'a sync',
    fail: (node) => node.machine.disk.failSyncs(1, 'EIO', LOG_NAME),
    says: new RegExp(`^${WRITING}: syncing failed: EIO`),
  },
  {
    title: 'a sync without space',
    fail: (node) => node.machine.disk.failSyncs(1, 'ENOSPC', LOG_NAME),
    says: new RegExp(`^${WRITING}: syncing failed: ENOSPC`),
  },
  {
    title: 'a write',
    fail: (node) => node.machine.disk.failWrites(1, 'EIO', LOG_NAME),
    says: new RegExp(`^${WRITING}: writing \\d+ bytes at \\d+ failed: EIO`),
  },
];

function follower({ cluster }: DiskCluster, leader: SimNode): SimNode {
  const found = cluster.nodes.find((node) => node !== leader);
  if (found === undefined) throw new Error('no follower');
  return found;
}

for (const { title, fail, says } of FAILURES) {
  for (const role of ['leader', 'follower'] as const) {
    t.test(`${title} that fails on a ${role} ends its process, and loses nothing`, async (t) => {
      const made = diskCluster(11, 3);
      const { cluster, simulation } = made;
      const leader = leaderOf(cluster);
      const node = role === 'leader' ? leader : follower(made, leader);
      const client = cluster.client();
      for (let i = 0; i < 5; i++) cluster.ask(client, ['INCR', 'n']);
      fail(node);
      let outcome = '';
      client.send(['INCR', 'n'], (result) => {
        outcome = told(result);
      });
      t.match(untilItEnds(cluster, node), says);
      cluster.until('the command has an outcome', () => outcome !== '');
      simulation.run(simulation.now + 3000);
      const counted = Number(askNode(cluster, leaderOf(cluster), ['GET', 'n']));
      t.ok(outcome === '6' ? counted === 6 : counted >= 5, `${outcome}, ${counted}`);
      node.restart();
      cluster.ask(cluster.client(), ['INCR', 'n']);
      t.equal(new Set(cluster.converge()).size, 1);
      t.equal(askNode(cluster, leaderOf(cluster), ['GET', 'n']), String(counted + 1));
    });
  }
}

t.test(
  'what a failed sync left in memory is stored before the next life relies on it',
  async (t) => {
    for (let seed = 1; seed <= 10; seed++) {
      const { cluster } = diskCluster(seed, 1);
      const node = cluster.node(0);
      const client = cluster.client();
      cluster.ask(client, ['SET', 'a', '1']);
      node.machine.disk.failSyncs(1, 'EIO', LOG_NAME);
      client.send(['SET', 'b', '2'], () => {});
      untilItEnds(cluster, node);
      node.restart();
      leaderOf(cluster);
      const found = askNode(cluster, node, ['GET', 'b']);
      askNode(cluster, node, ['SET', 'c', '3']);
      node.crash('power');
      node.restart();
      leaderOf(cluster);
      t.strictSame(
        [askNode(cluster, node, ['GET', 'b']), askNode(cluster, node, ['GET', 'c'])],
        [found, '3'],
        `seed ${seed}`,
      );
    }
  },
);

t.test('syncs that fail now and then on all nodes lose nothing acknowledged', async (t) => {
  let ends = 0;
  for (let seed = 1; seed <= 8; seed++) {
    const { cluster, simulation } = diskCluster(seed, 3);
    const random = new Prng(seed, 1);
    const client = cluster.client(undefined, 8000);
    let sent = 0;
    let acknowledged = 0;
    for (let round = 0; round < 12; round++) {
      const node = cluster.node(random.below(3));
      if (node.machine.running) node.machine.disk.failSyncs(1, 'EIO', LOG_NAME);
      for (let i = 0; i < 4; i++) {
        sent++;
        client.send(['INCR', 'n'], (outcome) => {
          if (/^\d+$/.test(told(outcome))) acknowledged++;
        });
      }
      const end = simulation.now + 200 + random.below(1500);
      while (simulation.now < end) {
        try {
          simulation.run(end);
        } catch {
          ends++;
          // A failure may strike in a later round.
          const ended =
            cluster.nodes.find((n) => n.server?.node.replica?.store.log.failure) ?? node;
          ended.crash(random.chance(0.5) ? 'kill' : 'power');
          simulation.after(100 + random.below(500), () => ended.restart());
        }
      }
    }
    for (const node of cluster.nodes) node.machine.disk.clearFaults();
    simulation.run(simulation.now + 3000);
    cluster.until('all are answered', () => client.outstanding === 0);
    t.equal(new Set(cluster.converge()).size, 1);
    const counted = Number(askNode(cluster, leaderOf(cluster), ['GET', 'n']));
    t.ok(counted >= acknowledged && counted <= sent, `${acknowledged}, ${counted}, ${sent}`);
    t.ok(acknowledged > 10, `${acknowledged} were acknowledged`);
  }
  t.ok(ends > 40, `${ends} processes ended`);
});
