import { isError, type Reply } from '../../src/resp/reply.ts';
import { FAULTS } from './faults.ts';
import type { Outcome, SimClient } from './sim-client.ts';
import { SimCluster } from './sim-cluster.ts';
import { Simulation } from './sim-world.ts';

const PRODUCERS = 2;
const CONSUMERS = 4;
/** Longer than a consumer waits, so that only faults make outcomes unknown. */
const CLIENT_TIMEOUT = 8000;
const RECOVERY_LIMIT = 60_000;

export interface QueueResult {
  readonly problems: readonly string[];
  readonly pushed: number;
  readonly delivered: number;
  /** Consumers that do not know whether they were given an item. */
  readonly unknown: number;
}

/** Producers push numbered items, consumers wait for them: each item must go to one consumer. */
class Queue {
  readonly pushed: Set<string> = new Set();
  readonly tried: Set<string> = new Set();
  readonly delivered: string[] = [];
  unknown = 0;
  running = 0;
  isStopped = false;
  readonly #cluster: SimCluster;
  readonly #clients: SimClient[] = [];
  #serial = 0;

  constructor(cluster: SimCluster) {
    this.#cluster = cluster;
  }

  #client(): SimClient {
    const { nodes, simulation } = this.#cluster;
    const first = simulation.random.below(nodes.length);
    const addresses = nodes.map((_, i) => this.#cluster.node((first + i) % nodes.length).address);
    this.running++;
    const client = this.#cluster.client(addresses, CLIENT_TIMEOUT);
    this.#clients.push(client);
    return client;
  }

  /** All clients hang up, those that wait included. */
  stop(): void {
    this.isStopped = true;
    for (const client of this.#clients) client.close();
  }

  produce(client: SimClient = this.#client()): void {
    if (this.#ended(client, this.isStopped)) return;
    const item = `item${++this.#serial}`;
    this.tried.add(item);
    client.send(['RPUSH', 'queue', item], (outcome) => {
      if (textOf(outcome) !== null) this.pushed.add(item);
      const { random } = this.#cluster.simulation;
      this.#cluster.simulation.after(random.below(120), () => this.produce(client));
    });
  }

  consume(client: SimClient = this.#client()): void {
    if (this.#ended(client, this.isStopped)) return;
    const { random } = this.#cluster.simulation;
    client.send(
      ['BLPOP', 'queue', random.chance(0.4) ? '0' : String(0.05 + random.below(3))],
      (outcome) => {
        const { simulation } = this.#cluster;
        if (outcome.kind === 'reply' && Array.isArray(outcome.reply)) {
          this.delivered.push(String(outcome.reply[1]));
        } else if (isOpen(outcome)) {
          this.unknown++;
        }
        // Now and then a consumer hangs up while it waits.
        if (simulation.random.chance(0.05)) client.disconnect();
        simulation.after(simulation.random.below(20), () => this.consume(client));
      },
    );
  }

  #ended(client: SimClient, stopped: boolean): boolean {
    if (!stopped) return false;
    this.running--;
    client.close();
    return true;
  }

  problems(left: readonly string[]): string[] {
    const problems: string[] = [];
    const seen = new Set<string>();
    for (const item of [...this.delivered, ...left]) {
      if (seen.has(item)) problems.push(`${item} is there twice`);
      if (!this.tried.has(item)) problems.push(`${item} was never pushed`);
      seen.add(item);
    }
    const lost = [...this.pushed].filter((item) => !seen.has(item));
    if (lost.length > this.unknown) {
      problems.push(`${lost.length} items are lost, ${this.unknown} consumers may have had one`);
    }
    return problems;
  }
}

function isOpen(outcome: Outcome): boolean {
  if (outcome.kind !== 'reply') return outcome.kind === 'unknown';
  return isError(outcome.reply) && outcome.reply.text.startsWith('TIMEOUT');
}

/** Null: it may not have happened. */
function textOf(outcome: Outcome): string | null {
  return outcome.kind === 'reply' && !isError(outcome.reply) ? String(outcome.reply) : null;
}

/** One run: producers and consumers through faults drawn from the seed, then the books are checked. */
export function queue(seed: number, faults = 8): QueueResult {
  const simulation = new Simulation({ seed });
  const { random } = simulation;
  const cluster = new SimCluster(simulation, 3, [
    ...['--raft.follower-proxy', random.chance(0.5) ? 'yes' : 'no'],
    ...['--raft.election-hold', random.chance(0.3) ? '0' : '3000'],
  ]);
  const work = new Queue(cluster);
  cluster.form();
  for (let i = 0; i < PRODUCERS; i++) work.produce();
  for (let i = 0; i < CONSUMERS; i++) work.consume();
  for (let i = 0; i < faults; i++) {
    simulation.run(simulation.now + 100 + random.below(1500));
    FAULTS[random.below(FAULTS.length)]?.(cluster);
  }
  simulation.run(simulation.now + 5000);
  simulation.network.healAll();
  for (const node of cluster.nodes) if (!node.machine.running) node.restart();
  simulation.run(simulation.now + 5000);
  work.stop();
  cluster.until('the clients end', () => work.running === 0, RECOVERY_LIMIT);
  // Until the leader has noticed.
  simulation.run(simulation.now + 1000);
  const digests = new Set(cluster.converge());
  const left: Reply = cluster.ask(cluster.client(), ['LRANGE', 'queue', '0', '-1']);
  const problems = work.problems(Array.isArray(left) ? left.map(String) : []);
  if (digests.size !== 1) problems.push(`nodes differ: ${[...digests].join(' ')}`);
  for (const { server } of cluster.nodes) {
    const waiting = server?.node.replica?.waiters.count ?? 0;
    if (waiting > 0) problems.push(`${waiting} commands wait although their clients are gone`);
  }
  return {
    problems,
    pushed: work.pushed.size,
    delivered: work.delivered.length,
    unknown: work.unknown,
  };
}
