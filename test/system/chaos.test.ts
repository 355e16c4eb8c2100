import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { Prng } from '../../src/base/prng.ts';
import { RealCluster, type RealNode } from '../support/real-cluster.ts';
import { audit, Writer } from '../support/writer.ts';

/** How long it goes on. */
const SECONDS = Number(process.env['SECONDS'] ?? 8);
const SEED = Number(process.env['SEED'] ?? Math.floor(Math.random() * 1e9));
const WRITERS = 6;
const LONGEST_PAUSE = 2500;
const LONGEST_ABSENCE = 800;
const LONGEST_PEACE = 500;

t.setTimeout(120_000 + SECONDS * 2000);

const prng = new Prng(0, SEED);

type Fault = (node: RealNode) => Promise<unknown>;

const FAULTS: Readonly<Record<string, Fault>> = {
  async kill(node) {
    await node.stop('SIGKILL');
    await sleep(prng.below(LONGEST_ABSENCE));
    await node.start();
  },
  async pause(node) {
    node.pause();
    await sleep(prng.below(LONGEST_PAUSE));
    node.proceed();
  },
  async restart(node) {
    const code = await node.stop('SIGTERM');
    if (code !== 0) throw new Error(`SIGTERM ended with ${code}`);
    await node.start();
  },
  transfer: (node) => node.say('RAFT.TRANSFER_LEADER'),
  timeout: (node) => node.say('RAFT.TIMEOUT_NOW'),
};

for (const proxy of ['no', 'yes']) {
  t.test(`faults of all kinds for ${SECONDS} s, follower-proxy ${proxy}`, async (t) => {
    const cluster = await RealCluster.start(3, ['--raft.follower-proxy', proxy]);
    t.teardown(() => cluster.stop());
    const writers = Array.from({ length: WRITERS }, (_, i) => {
      const first = i % cluster.ports.length;
      const ports = [...cluster.ports.slice(first), ...cluster.ports.slice(0, first)];
      return new Writer({ name: `writer${i}`, ports, pace: 2 });
    });
    for (const writer of writers) writer.start();
    const done: string[] = [];
    const end = performance.now() + SECONDS * 1000;
    while (performance.now() < end) {
      const names = Object.keys(FAULTS);
      const name = names[prng.below(names.length)] ?? '';
      const node = prng.below(2) === 0 ? await cluster.leader() : cluster.nodes[prng.below(3)];
      if (node === undefined) continue;
      done.push(`${name} ${cluster.nodes.indexOf(node) + 1}`);
      await FAULTS[name]?.(node);
      await sleep(prng.below(LONGEST_PEACE));
    }
    await cluster.leader();
    await sleep(LONGEST_PEACE);
    await Promise.all(writers.map((writer) => writer.stop()));
    await cluster.converged();
    const client = await (await cluster.leader()).client();
    for (const writer of writers) t.same(await audit(client, writer), [], writer.name);
    client.close();
    t.match(await cluster.digest(), /^[0-9a-f]{40}$/);
    const acknowledged = writers.reduce((sum, writer) => sum + writer.acknowledged, 0);
    const unknown = writers.reduce((sum, writer) => sum + writer.unknown, 0);
    t.comment(`SEED=${SEED}: ${done.join(', ')}`);
    t.comment(`${acknowledged} writes acknowledged, ${unknown} unknown`);
  });
}
