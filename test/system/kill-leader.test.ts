import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { eventually, RealCluster } from '../support/real-cluster.ts';
import { audit, Writer } from '../support/writer.ts';

const KILLS = Number(process.env['KILLS'] ?? 5);
const WRITERS = 6;
const ELECTION_TIMEOUT = 1000;
/** Between the return of a killed node and the next kill. */
const LOAD = 300;

t.setTimeout(60_000 + KILLS * 15_000);

/** How long nobody's write was acknowledged after `since`. */
function resumedAfter(writers: readonly Writer[], since: number): number | undefined {
  let first = Number.POSITIVE_INFINITY;
  for (const { times } of writers) {
    for (let at = times.length - 1; at >= 0 && (times[at] ?? 0) > since; at--) {
      first = Math.min(first, times[at] ?? first);
    }
  }
  return Number.isFinite(first) ? first - since : undefined;
}

function allAcknowledgedAfter(writers: readonly Writer[], since: number): true | undefined {
  return writers.every(({ times }) => (times.at(-1) ?? 0) > since) ? true : undefined;
}

t.test(`${KILLS} leaders killed under load, one after the other`, async (t) => {
  const cluster = await RealCluster.start(3);
  t.teardown(() => cluster.stop());
  const writers = Array.from(
    { length: WRITERS },
    (_, i) => new Writer({ name: `writer${i}`, ports: cluster.ports, pace: 2 }),
  );
  for (const writer of writers) writer.start();
  const outages: number[] = [];
  for (let kill = 0; kill < KILLS; kill++) {
    await sleep(LOAD);
    const leader = await cluster.leader();
    // What the dying leader still answered does not count as resumed.
    await leader.stop('SIGKILL');
    const killed = performance.now();
    await eventually('writes to go on', () => resumedAfter(writers, killed), 20_000);
    outages.push(resumedAfter(writers, killed) ?? Number.NaN);
    await leader.start();
    const back = performance.now();
    await eventually('every writer to go on', () => allAcknowledgedAfter(writers, back), 20_000);
  }
  await Promise.all(writers.map((writer) => writer.stop()));
  const last = await cluster.converged();
  const acknowledged = writers.reduce((sum, writer) => sum + writer.acknowledged, 0);
  const unknown = writers.reduce((sum, writer) => sum + writer.unknown, 0);
  const sorted = outages.map(Math.round).sort((a, b) => a - b);
  t.comment(`writes resumed after ${outages.map(Math.round).join(', ')} ms`);
  t.comment(`median ${sorted[sorted.length >> 1]} ms, longest ${sorted.at(-1)} ms`);
  t.comment(`${acknowledged} writes acknowledged, ${unknown} unknown, ${last} log entries`);

  t.test('writes resume within three election timeouts', async (t) => {
    for (const outage of outages) t.ok(outage <= 3 * ELECTION_TIMEOUT, `${Math.round(outage)} ms`);
  });

  t.test('every acknowledged write is there, and none twice', async (t) => {
    const client = await (await cluster.leader()).client();
    for (const writer of writers) t.same(await audit(client, writer), [], writer.name);
    client.close();
  });

  t.test('all three nodes hold the same', async (t) => {
    t.equal(cluster.running.length, 3);
    t.match(await cluster.digest(), /^[0-9a-f]{40}$/);
  });
});
