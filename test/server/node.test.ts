import t from 'tap';
import { SimCluster } from '../sim/sim-cluster.ts';
import { Simulation } from '../sim/sim-world.ts';

t.test(
  'a crash in the middle of INIT leaves a node that can begin again, or one that has begun',
  async (t) => {
    let crashes = 0;
    for (let operation = 1; operation <= 25; operation++) {
      const simulation = new Simulation({ seed: operation });
      const cluster = new SimCluster(simulation, 1);
      const node = cluster.node(0);
      simulation.run(100);
      node.machine.disk.crashInOperation(operation);
      const asked = cluster.client([node.address]);
      asked.send(['RAFT.CLUSTER', 'INIT', 'a'.repeat(32)], () => {});
      try {
        simulation.run(simulation.now + 3000);
      } catch (error) {
        // The log reports what the dying process could not write; nobody is left to hear it.
        if (!String(error).includes('this process has ended')) throw error;
      }
      asked.close();
      if (!node.machine.running) {
        crashes++;
        node.restart();
      }
      node.machine.disk.clearFaults();
      simulation.run(simulation.now + 5000);
      const client = cluster.client([node.address]);
      if (node.server?.node.state === 'uninitialized') {
        cluster.ask(client, ['RAFT.CLUSTER', 'INIT', 'b'.repeat(32)]);
      }
      cluster.ask(client, ['SET', 'key', 'value']);
      t.equal(cluster.ask(client, ['GET', 'key']), 'value', `operation ${operation}`);
    }
    t.ok(crashes > 5, `${crashes} crashes`);
  },
);

t.test('the number of databases of the first node holds for all', async (t) => {
  const simulation = new Simulation({ seed: 1 });
  const cluster = new SimCluster(simulation, 2, (i) => ['--databases', i === 0 ? '20' : '4']);
  cluster.form();
  const client = cluster.client([cluster.node(0).address]);
  cluster.ask(client, ['SELECT', '19']);
  cluster.ask(client, ['SET', 'key', 'value']);
  const digests = cluster.converge();
  t.equal(digests[0], digests[1]);
  t.equal(cluster.node(1).server?.node.replica?.keyspace.count, 20);
});
