import t from 'tap';
import { fill, isFull, LOG_NAME, MISCONF } from '../sim/disk-fixture.ts';
import type { SimNode } from '../sim/sim-cluster.ts';
import { formed, send } from '../support/sent.ts';

/** More than the zeros that a log writes ahead. */
const LARGE = 'x'.repeat(300_000);

function space(node: SimNode): { refusesEntries: boolean; isFull: boolean; deadline: number } {
  const found = node.server?.node.replica?.space;
  if (found === undefined) throw new Error('no replica');
  return found;
}

t.test('with space nothing is refused, and nothing has to be looked at', async (t) => {
  const { leader } = formed(1, 1);
  t.match(space(leader), { isFull: false, refusesEntries: false });
  t.equal(space(leader).deadline, Number.POSITIVE_INFINITY);
});

t.test('it is tried ten times a second whether there is space', async (t) => {
  const { simulation, cluster, leader } = formed(2, 1);
  const { disk } = leader.machine;
  fill(leader);
  send(cluster.client(), 'SET', 'a', LARGE);
  cluster.until('it is full', () => isFull(leader));
  const before = disk.operations;
  simulation.run(simulation.now + 10_000);
  const tries = disk.operations - before;
  t.ok(tries >= 180 && tries <= 220, `${tries}: each is a write, and what it left is cut off`);
});

t.test('one voter of two that has no space hands over to nobody', async (t) => {
  const { simulation, cluster, leader } = formed(3, 2);
  fill(leader);
  const waiting = send(cluster.client([leader.address]), 'SET', 'a', LARGE);
  cluster.until('it is full', () => isFull(leader));
  simulation.run(simulation.now + 30_000);
  t.equal(leader.leads, true);
  t.equal(waiting.text, null);
  const refused = send(cluster.client([leader.address]), 'SET', 'b', '1');
  simulation.run(simulation.now + 100);
  t.equal(refused.text, MISCONF);
});

t.test('a handover that fails is tried again only after some election timeouts', async (t) => {
  const { simulation, cluster, leader, followers } = formed(4, 3);
  fill(leader);
  const waiting = send(cluster.client([leader.address]), 'SET', 'a', LARGE);
  cluster.until('the others have it', () => waiting.text === 'OK');
  for (const { machine } of followers) machine.disk.failWrites(1e9, 'ENOSPC', LOG_NAME);
  let transfers = 0;
  let was = 0;
  const end = simulation.now + 30_000;
  simulation.run(() => {
    const target = leader.server?.node.replica?.raft.transferTarget ?? 0;
    if (target !== 0 && was === 0) transfers++;
    was = target;
    return simulation.now >= end;
  });
  t.equal(leader.leads, true, 'nobody else could take over');
  t.ok(transfers >= 1 && transfers <= 8, `${transfers} transfers in 30 s`);
});

t.test('writes that were held back while too much was on its way are refused', async (t) => {
  const { simulation, cluster, leader } = formed(5, 1, ['--raft.max-uncommitted-size', '100000']);
  fill(leader);
  const sent = ['a', 'b', 'c', 'd'].map((key) =>
    send(cluster.client([leader.address]), 'SET', key, LARGE),
  );
  cluster.until('it is full', () => isFull(leader));
  simulation.run(simulation.now + 500);
  t.same(new Set(sent.map(({ text }) => text)), new Set([null, MISCONF]));
  leader.machine.disk.limitSpace(null);
  cluster.until('the others are written', () => sent.every(({ text }) => text !== null));
  t.same(new Set(sent.map(({ text }) => text)), new Set(['OK', MISCONF]));
});
