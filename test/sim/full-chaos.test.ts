import t from 'tap';
import { chaos } from './chaos.ts';
import { sendLarge } from './disk-fixture.ts';
import type { Fault } from './faults.ts';
import type { SimCluster, SimNode } from './sim-cluster.ts';

/** SEED= first seed, ROUNDS= how many. A failing seed is printed and repeats exactly. */
const FIRST = Number(process.env['SEED'] ?? 1);
const ROUNDS = Number(process.env['ROUNDS'] ?? 10);

/** These nodes have no space for a while, but for some more bytes. */
function fillFor(cluster: SimCluster, nodes: readonly SimNode[], more = 0): void {
  const { simulation } = cluster;
  for (const { machine } of nodes) machine.disk.limitSpace(machine.disk.names.used() + more);
  const leader = cluster.leader();
  if (leader !== undefined) {
    const client = cluster.client([leader.address], 5000);
    sendLarge(client, 'filler', () => client.close());
  }
  simulation.after(300 + simulation.random.below(6000), () => {
    for (const { machine } of nodes) machine.disk.limitSpace(null);
  });
}

function some(cluster: SimCluster): SimNode[] {
  return cluster.nodes.filter(() => cluster.simulation.random.chance(0.5));
}

const FULL: readonly Fault[] = [
  (cluster) =>
    fillFor(
      cluster,
      cluster.nodes.filter((node) => node.leads),
    ),
  (cluster) => fillFor(cluster, cluster.nodes.filter((node) => !node.leads).slice(0, 1)),
  (cluster) => fillFor(cluster, some(cluster)),
  (cluster) => fillFor(cluster, cluster.nodes),
  (cluster) => fillFor(cluster, some(cluster), cluster.simulation.random.below(400_000)),
];

t.test(
  `seeds ${FIRST} to ${FIRST + ROUNDS - 1}: linearizable through full disks, crashes and partitions`,
  async (t) => {
    let acknowledged = 0;
    for (let seed = FIRST; seed < FIRST + ROUNDS; seed++) {
      const result = chaos(seed, 12, { faults: [...FULL, ...FULL] });
      acknowledged += result.acknowledged;
      if (result.problems.length > 0) {
        t.fail(`seed ${seed}: ${result.problems.slice(0, 3).join('\n')}`);
      }
    }
    t.ok(acknowledged > ROUNDS * 60, `${acknowledged} operations were acknowledged`);
  },
);
