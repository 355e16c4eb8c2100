import type { SimCluster, SimNode } from './sim-cluster.ts';

export type Fault = (cluster: SimCluster) => void;

function anyNode(cluster: SimCluster): SimNode {
  const leader = cluster.leader();
  const { random } = cluster.simulation;
  if (leader !== undefined && random.chance(0.5)) return leader;
  return cluster.node(random.below(cluster.nodes.length));
}

function crash(cluster: SimCluster): void {
  const { simulation } = cluster;
  const node = anyNode(cluster);
  const down = cluster.nodes.filter((n) => !n.machine.running).length;
  if (!node.machine.running || down >= Math.floor(cluster.nodes.length / 2)) return;
  node.crash(simulation.random.chance(0.6) ? 'power' : 'kill');
  simulation.after(50 + simulation.random.below(3000), () => node.restart());
}

/** What can go wrong; each ends by itself. */
export const FAULTS: readonly Fault[] = [
  crash,
  crash,
  (cluster) => {
    const node = anyNode(cluster);
    if (node.machine.running) node.machine.pause(100 + cluster.simulation.random.below(4000));
  },
  (cluster) => {
    const { simulation } = cluster;
    simulation.network.isolate(anyNode(cluster).machine.name);
    simulation.after(500 + simulation.random.below(4000), () => simulation.network.healAll());
  },
  (cluster) => {
    const { simulation, nodes } = cluster;
    const names = nodes.map((n) => n.machine.name);
    const at = 1 + simulation.random.below(names.length - 1);
    simulation.network.partition([names.slice(0, at), names.slice(at)]);
    simulation.after(500 + simulation.random.below(4000), () => simulation.network.healAll());
  },
  (cluster) => {
    const { simulation } = cluster;
    const [a, b] = [anyNode(cluster).machine.name, anyNode(cluster).machine.name];
    if (a === b) return;
    simulation.network.cut(a, b);
    simulation.after(500 + simulation.random.below(3000), () => simulation.network.healAll());
  },
  (cluster) => {
    const [a, b] = [anyNode(cluster).machine.name, anyNode(cluster).machine.name];
    if (a !== b) cluster.simulation.network.breakConnections(a, b, 'both');
  },
  (cluster) => {
    const node = anyNode(cluster);
    if (node.machine.running) node.machine.disk.slowSyncs(5 + cluster.simulation.random.below(300));
    cluster.simulation.after(2000, () => node.machine.disk.slowSyncs(0));
  },
  (cluster) => {
    const node = cluster.leader();
    if (node === undefined) return;
    const client = cluster.client([node.address], 2000);
    client.send(['RAFT.TRANSFER_LEADER'], () => client.close());
  },
];
