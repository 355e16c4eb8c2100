import t from 'tap';
import { SimCluster } from './sim-cluster.ts';
import { Simulation } from './sim-world.ts';

function firstLife(seed: number): {
  hash: string;
  events: number;
  value: unknown;
  digests: string[];
} {
  const simulation = new Simulation({ seed });
  const cluster = new SimCluster(simulation, 3);
  cluster.form();
  const client = cluster.client();
  for (let i = 1; i <= 20; i++) cluster.ask(client, ['INCR', 'counter']);
  const leader = cluster.leader();
  leader?.crash('power');
  for (let i = 1; i <= 20; i++) {
    client.send(['SET', `key${i}`, 'x'], () => {});
  }
  cluster.until('somebody else leads', () => cluster.leader() !== undefined);
  leader?.restart();
  cluster.until('all are answered', () => client.outstanding === 0);
  const value = cluster.ask(client, ['GET', 'counter']);
  const digests = cluster.converge();
  return { hash: simulation.traceHash(), events: simulation.events, value, digests };
}

t.test('three whole servers elect, write, lose their leader and recover', async (t) => {
  const life = firstLife(1);
  t.equal(life.value, '20');
  t.equal(new Set(life.digests).size, 1, 'all nodes hold the same data');
});

t.test('the same seed gives the same trace twice', async (t) => {
  const first = firstLife(7);
  const second = firstLife(7);
  t.equal(first.hash, second.hash);
  t.equal(first.events, second.events);
  t.not(firstLife(8).hash, first.hash, 'another seed gives another trace');
});
