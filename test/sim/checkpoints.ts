import type { Prng } from '../../src/base/prng.ts';
import type { ChaosVariant } from './chaos.ts';
import type { Fault } from './faults.ts';
import type { SimCluster } from './sim-cluster.ts';

/** A checkpoint every few entries, images cut in small chunks, and some that take their time. */
export function checkpointOptions(random: Prng): string[] {
  const size = random.below(3);
  return [
    ...['--raft.log-max-file-size', size === 0 ? '300' : size === 1 ? '1500' : '6000'],
    ...['--raft.snapshot-delay', random.chance(0.3) ? '1' : '0'],
    ...['--raft.snapshot-req-max-size', random.chance(0.5) ? '100' : '65536'],
    ...['--raft.snapshot-req-max-count', String(1 + random.below(4))],
  ];
}

/** Asks a node for a checkpoint, after which its log is empty. */
function compact(cluster: SimCluster): void {
  const node = cluster.node(cluster.simulation.random.below(cluster.nodes.length));
  if (!node.machine.running) return;
  const client = cluster.client([node.address], 5000, false);
  client.send(['RAFT.DEBUG', 'COMPACT'], () => client.close());
}

/** A node is away long enough for the others' logs to go on without it. */
function longAbsence(cluster: SimCluster): void {
  const { simulation } = cluster;
  const node = cluster.node(simulation.random.below(cluster.nodes.length));
  const down = cluster.nodes.filter((n) => !n.machine.running).length;
  if (!node.machine.running || down >= Math.floor(cluster.nodes.length / 2)) return;
  node.crash(simulation.random.chance(0.5) ? 'power' : 'kill');
  simulation.after(4000 + simulation.random.below(3000), () => {
    if (!node.machine.running) node.restart();
  });
}

const faults: readonly Fault[] = [compact, compact, longAbsence];

export const CHECKPOINTS: ChaosVariant = { options: checkpointOptions, faults };
