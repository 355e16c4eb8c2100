import type { Prng } from '../../src/base/prng.ts';
import { isError, NullArrayReply, type Reply } from '../../src/resp/reply.ts';
import { FAULTS, type Fault } from './faults.ts';
import { type Operation, violations } from './history.ts';
import type { Outcome, SimClient, Words } from './sim-client.ts';
import { SimCluster } from './sim-cluster.ts';
import { Simulation } from './sim-world.ts';

const CLIENTS = 5;
const CLIENT_TIMEOUT = 8000;
/** After the faults end, a leader must be there and all nodes equal within so much virtual time. */
const RECOVERY_LIMIT = 60_000;

export interface ChaosResult {
  readonly seed: number;
  readonly problems: readonly string[];
  readonly operations: number;
  readonly acknowledged: number;
  readonly events: number;
  readonly virtualMs: number;
  readonly hash: string;
  /** By the processes that ran at the end. */
  readonly images: { readonly created: number; readonly received: number };
}

/** Errors after which an operation may still happen, or may have happened. */
function isUnknown(text: string): boolean {
  return text.startsWith('TIMEOUT');
}

class Workload {
  readonly history: Operation[] = [];
  readonly #cluster: SimCluster;
  #serial = 0;
  #stopped = false;
  running = 0;

  constructor(cluster: SimCluster) {
    this.#cluster = cluster;
  }

  start(id: number): void {
    const { nodes, simulation } = this.#cluster;
    const first = simulation.random.below(nodes.length);
    const addresses = nodes.map((_, i) => this.#cluster.node((first + i) % nodes.length).address);
    const client = this.#cluster.client(addresses, CLIENT_TIMEOUT);
    this.running++;
    this.#next(id, client);
  }

  stop(): void {
    this.#stopped = true;
  }

  #next(id: number, client: SimClient): void {
    const { simulation } = this.#cluster;
    if (this.#stopped) {
      this.running--;
      client.close();
      return;
    }
    const burst = simulation.random.chance(0.2) ? 1 + simulation.random.below(8) : 1;
    let open = burst;
    for (let i = 0; i < burst; i++) {
      this.#issue(id, client, () => {
        open--;
        if (open > 0) return;
        simulation.after(simulation.random.below(60), () => this.#next(id, client));
      });
    }
  }

  /** Adds one to a counter by WATCH, GET and a transaction, again and again. */
  startTransactions(id: number): void {
    const addresses = this.#cluster.nodes.map((node) => node.address);
    const client = this.#cluster.client(addresses, CLIENT_TIMEOUT, false);
    this.running++;
    this.#nextTransaction(id, client);
  }

  #nextTransaction(id: number, client: SimClient): void {
    const { simulation } = this.#cluster;
    if (this.#stopped) {
      this.running--;
      client.close();
      return;
    }
    const key = `c${simulation.random.below(3)}`;
    const again = (ok: boolean): void => {
      if (!ok) client.disconnect();
      simulation.after(simulation.random.below(80), () => this.#nextTransaction(id, client));
    };
    client.send(['WATCH', key], (watched) => {
      const { connection } = client;
      if (!succeeded(watched)) {
        again(false);
        return;
      }
      client.send(['GET', key], (read) => {
        // On another connection nothing is watched.
        if (!succeeded(read) || connection === 0 || client.connection !== connection) again(false);
        else this.#add(id, client, { key, value: Number(replyText(read)) + 1, done: again });
      });
    });
  }

  #add(
    id: number,
    client: SimClient,
    { key, value, done }: { key: string; value: number; done: (ok: boolean) => void },
  ): void {
    const { simulation } = this.#cluster;
    const operation: Operation = {
      client: id,
      kind: 'incr',
      key,
      start: simulation.now,
      end: Number.POSITIVE_INFINITY,
      outcome: 'unknown',
      value: null,
    };
    this.history.push(operation);
    client.send(['MULTI'], () => {});
    client.send(['SET', key, String(value)], () => {});
    client.send(['EXEC'], (outcome) => {
      if (outcome.kind === 'reply' && outcome.reply instanceof NullArrayReply) {
        operation.outcome = 'failed';
      } else {
        settle(operation, outcome, simulation.now);
        operation.value = operation.outcome === 'ok' ? String(value) : null;
      }
      done(operation.outcome === 'ok' || succeeded(outcome));
    });
  }

  #issue(id: number, client: SimClient, done: () => void): void {
    const { simulation } = this.#cluster;
    const { random } = simulation;
    const draw = random.below(10);
    const kind = draw < 4 ? 'incr' : draw < 6 ? 'get-counter' : draw < 8 ? 'set' : 'get';
    const counter = kind === 'incr' || kind === 'get-counter';
    const key = `${counter ? 'c' : 'r'}${random.below(3)}`;
    this.#serial++;
    const written = kind === 'set' ? `v${this.#serial}` : null;
    const words: Words =
      kind === 'incr' ? ['INCR', key] : kind === 'set' ? ['SET', key, written ?? ''] : ['GET', key];
    const operation: Operation = {
      client: id,
      kind,
      key,
      start: simulation.now,
      end: Number.POSITIVE_INFINITY,
      outcome: 'unknown',
      value: written,
    };
    this.history.push(operation);
    client.send(words, (outcome) => {
      settle(operation, outcome, simulation.now);
      done();
    });
  }
}

function succeeded(outcome: Outcome): boolean {
  return outcome.kind === 'reply' && !isError(outcome.reply);
}

function replyText(outcome: Outcome): string {
  return outcome.kind === 'reply' ? textOf(outcome.reply) : '';
}

function settle(operation: Operation, outcome: Outcome, now: number): void {
  if (outcome.kind === 'unknown') return;
  if (outcome.kind === 'unsent' || isError(outcome.reply)) {
    const text = outcome.kind === 'unsent' ? '' : textOf(outcome.reply);
    if (!isUnknown(text)) operation.outcome = 'failed';
    return;
  }
  operation.outcome = 'ok';
  operation.end = now;
  if (operation.kind === 'get')
    operation.value = outcome.reply === null ? null : textOf(outcome.reply);
  else if (operation.kind !== 'set') operation.value = textOf(outcome.reply);
}

function textOf(reply: Reply): string {
  if (isError(reply)) return reply.text;
  return reply === null ? '0' : String(reply);
}

/** What a run has beside the usual. */
export interface ChaosVariant {
  readonly options?: (random: Prng) => readonly string[];
  readonly faults?: readonly Fault[];
}

/** One run: faults and load drawn from the seed, then recovery, then the books are checked. */
export function chaos(seed: number, faults = 12, variant: ChaosVariant = {}): ChaosResult {
  const simulation = new Simulation({ seed });
  const { random } = simulation;
  const options = [
    ...['--raft.follower-proxy', random.chance(0.4) ? 'yes' : 'no'],
    ...['--raft.append-req-max-count', String(1 + random.below(4))],
    ...['--raft.append-req-max-size', random.chance(0.3) ? '300' : '2mb'],
    ...['--raft.log-max-cache-size', random.chance(0.3) ? '2000' : '64mb'],
    ...['--raft.election-hold', random.chance(0.3) ? '0' : '3000'],
    ...(variant.options?.(random) ?? []),
  ];
  const kinds = [...FAULTS, ...(variant.faults ?? [])];
  const cluster = new SimCluster(simulation, random.chance(0.7) ? 3 : 5, options);
  const problems: string[] = [];
  const workload = new Workload(cluster);
  try {
    cluster.form();
    for (let i = 0; i < CLIENTS; i++) workload.start(i);
    for (let i = 0; i < 2; i++) workload.startTransactions(CLIENTS + i);
    for (let i = 0; i < faults; i++) {
      simulation.run(simulation.now + 100 + random.below(1500));
      const fault = kinds[random.below(kinds.length)];
      fault?.(cluster);
    }
    simulation.run(simulation.now + 5000);
    simulation.network.healAll();
    for (const node of cluster.nodes) if (!node.machine.running) node.restart();
    workload.stop();
    cluster.until('the workload ends', () => workload.running === 0, RECOVERY_LIMIT);
    const digests = cluster.converge();
    if (new Set(digests).size !== 1) problems.push(`nodes differ: ${digests.join(' ')}`);
    finalReads(cluster, workload.history);
  } catch (error) {
    problems.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
  problems.push(...violations(workload.history));
  return {
    seed,
    problems,
    operations: workload.history.length,
    acknowledged: workload.history.filter((op) => op.outcome === 'ok').length,
    events: simulation.events,
    virtualMs: simulation.now,
    hash: simulation.traceHash(),
    images: imagesOf(cluster),
  };
}

function imagesOf({ nodes }: SimCluster): ChaosResult['images'] {
  let created = 0;
  let received = 0;
  for (const { server } of nodes) {
    const images = server?.node.replica?.images;
    created += images?.checkpoints.history.created ?? 0;
    received += images?.received ?? 0;
  }
  return { created, received };
}

/** What every key holds at the end belongs to the history, too. */
function finalReads(cluster: SimCluster, history: Operation[]): void {
  const client = cluster.client();
  for (const key of [...new Set(history.map((op) => op.key))].sort()) {
    const start = cluster.simulation.now;
    const reply = cluster.ask(client, ['GET', key]);
    history.push({
      client: -1,
      kind: key.startsWith('c') ? 'get-counter' : 'get',
      key,
      start,
      end: cluster.simulation.now,
      outcome: 'ok',
      value: reply === null && key.startsWith('r') ? null : textOf(reply),
    });
  }
}
