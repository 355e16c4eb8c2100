import type { Prng } from '../../src/base/prng.ts';
import { CommandTable } from '../../src/commands/command-table.ts';
import { dataCommands } from '../../src/commands/data-commands.ts';
import { localCommands } from '../../src/commands/local-commands.ts';
import { randomSequence } from '../conformance/sequence.ts';
import type { SimClient } from './sim-client.ts';
import { SimCluster } from './sim-cluster.ts';
import { Simulation } from './sim-world.ts';

const CLIENTS = 3;
const CLIENT_TIMEOUT = 8000;
/** Commands a client has on their way at most. */
const WINDOW = 20;

const table = new CommandTable([...dataCommands, ...localCommands]);

export interface FamiliesResult {
  readonly problems: readonly string[];
  /** Commands that were answered, with whatever. */
  readonly answered: number;
  readonly expired: number;
  readonly expiredFields: number;
}

interface Life {
  answered: number;
  running: number;
}

/** A random sequence, with times to live so short that they are over while it goes on. */
function sequence(random: Prng, steps: number): string[][] {
  const commands = randomSequence(random, { steps, has: (name) => table.get(name) !== undefined });
  return commands.flatMap((words) => {
    const [name = '', key = '', field = ''] = words;
    const milliseconds = String(1 + random.below(300));
    if (/^h(set|incrby|mset)/i.test(name) && random.chance(0.4)) {
      return [words, ['HPEXPIRE', key, milliseconds, 'FIELDS', '1', field]];
    }
    return random.chance(0.05) ? [words, ['PEXPIRE', key, milliseconds]] : [words];
  });
}

/** Sends a long random sequence of commands of all families, some at a time. */
function work(cluster: SimCluster, client: SimClient, life: Life, steps: number): void {
  const words = sequence(cluster.simulation.random, steps);
  let next = 0;
  let open = 0;
  life.running++;
  const go = (): void => {
    while (open < WINDOW && next < words.length) {
      open++;
      client.send(words[next++] ?? ['PING'], (outcome) => {
        if (outcome.kind === 'reply') life.answered++;
        open--;
        if (open === 0 && next >= words.length) {
          life.running--;
          client.close();
        } else if (open < WINDOW / 2) {
          cluster.simulation.after(cluster.simulation.random.below(20), go);
        }
      });
    }
  };
  go();
}

/** What must be the same on every node that has applied the same entries. */
function states(cluster: SimCluster): string[] {
  return cluster.nodes.map(({ server }) => {
    const keyspace = server?.node.replica?.keyspace;
    const { digest, applied } = server?.admin.digest() ?? { digest: '', applied: 0 };
    return `${digest} at ${applied}, expired ${keyspace?.expired} and ${keyspace?.expiredFields}`;
  });
}

export interface FamiliesVariant {
  readonly steps?: number;
  readonly options?: (random: Prng) => readonly string[];
  /** In ms: a node that crashes is away for less than this. */
  readonly absence?: number;
}

/**
 * One run: random commands of all families on three nodes, with crashes, changes of leader and a
 * restart of all between; then all nodes must hold the same.
 */
export function families(seed: number, variant: FamiliesVariant = {}): FamiliesResult {
  const steps = variant.steps ?? 250;
  const simulation = new Simulation({ seed });
  const { random } = simulation;
  const cluster = new SimCluster(simulation, 3, [
    ...['--raft.follower-proxy', 'yes'],
    ...(variant.options?.(random) ?? []),
  ]);
  const problems: string[] = [];
  const life: Life = { answered: 0, running: 0 };
  const compare = (when: string): void => {
    cluster.converge();
    const found = new Set(states(cluster));
    if (found.size !== 1) problems.push(`${when}, nodes differ: ${[...found].join('; ')}`);
  };
  cluster.form();
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < CLIENTS; i++) {
      const first = cluster.node(random.below(3)).address;
      const addresses = [first, ...cluster.nodes.map((node) => node.address)];
      work(cluster, cluster.client(addresses, CLIENT_TIMEOUT), life, steps);
    }
    simulation.run(simulation.now + 20 + random.below(200));
    const victim = random.chance(0.5) ? cluster.leader() : cluster.node(random.below(3));
    if (random.chance(0.3)) {
      const client = cluster.client([(cluster.leader() ?? cluster.node(0)).address], 2000);
      client.send(['RAFT.TRANSFER_LEADER'], () => client.close());
    } else {
      victim?.crash(random.chance(0.5) ? 'power' : 'kill');
      simulation.run(simulation.now + random.below(variant.absence ?? 1500));
      victim?.restart();
    }
    cluster.until('the commands are answered', () => life.running === 0, 300_000);
    compare(`round ${round}`);
    if (random.chance(0.5)) continue;
    for (const node of cluster.nodes) node.crash('power');
    for (const node of cluster.nodes) node.restart();
    cluster.until('there is a leader again', () => cluster.leader() !== undefined);
    compare(`round ${round}, after all were restarted`);
  }
  const keyspace = cluster.node(0).server?.node.replica?.keyspace;
  return {
    problems,
    answered: life.answered,
    expired: keyspace?.expired ?? 0,
    expiredFields: keyspace?.expiredFields ?? 0,
  };
}
