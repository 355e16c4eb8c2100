import { Logger } from '../../src/base/logger.ts';
import { launch } from '../../src/config/launch.ts';
import { isError, type Reply } from '../../src/resp/reply.ts';
import { Server } from '../../src/server/server.ts';
import type { World } from '../../src/world/world.ts';
import { type Outcome, SimClient, type Words } from './sim-client.ts';
import type { SimMachine } from './sim-machine.ts';
import type { Simulation } from './sim-world.ts';

const PORT = 6379;

/** One whole balsa server on a simulated machine. */
export class SimNode {
  readonly machine: SimMachine;
  readonly options: readonly string[];
  server: Server | null = null;
  exitCode: number | null = null;
  /** What processes that begin from now on see of the world, for a test that plants a bug. */
  view: (world: World) => World = (world) => world;

  constructor(machine: SimMachine, options: readonly string[]) {
    this.machine = machine;
    this.options = options;
  }

  get address(): { readonly host: string; readonly port: number } {
    return { host: this.machine.address, port: PORT };
  }

  boot(): void {
    this.exitCode = null;
    this.machine.call((world) => {
      this.server = this.#serve(this.view(world));
    });
  }

  #serve(world: World): Server {
    const { host } = this.address;
    const asked = launch(
      ['--port', String(PORT), '--bind', host, '--raft.addr', `${host}:${PORT}`, ...this.options],
      () => '',
    );
    if (asked.kind !== 'run') throw new Error(JSON.stringify(asked));
    const server = new Server({
      world,
      config: asked.config,
      logger: new Logger({
        pid: world.process.pid,
        wall: () => world.clock.wall(),
        write: (line) => world.process.log(line),
        level: 'verbose',
        role: () => 'X',
      }),
      exited: (code) => {
        this.exitCode = code;
        this.server = null;
        this.machine.exit();
      },
    });
    server.start((error) => {
      if (error !== null) throw error;
    });
    return server;
  }

  crash(kind: 'kill' | 'power'): void {
    this.server = null;
    this.machine.crash({ kind });
  }

  restart(): void {
    this.machine.restart();
    this.boot();
  }

  get leads(): boolean {
    return this.machine.running && this.server?.node.replica?.isLeader === true;
  }
}

/** Several whole servers in one simulation, and clients to drive them. */
export class SimCluster {
  readonly simulation: Simulation;
  readonly nodes: readonly SimNode[];
  #clients = 0;

  /** `options` of the command line: for all nodes, or by their number. */
  constructor(
    simulation: Simulation,
    size: number,
    options: readonly string[] | ((node: number) => readonly string[]) = [],
  ) {
    this.simulation = simulation;
    this.nodes = Array.from(
      { length: size },
      (_, i) =>
        new SimNode(
          simulation.machine(`node${i + 1}`),
          typeof options === 'function' ? options(i) : options,
        ),
    );
    for (const node of this.nodes) node.boot();
  }

  node(i: number): SimNode {
    const node = this.nodes[i];
    if (node === undefined) throw new Error(`No node ${i}`);
    return node;
  }

  /** A client on a machine of its own. */
  client(
    addresses: readonly { host: string; port: number }[] = this.nodes.map((n) => n.address),
    timeout = 0,
    followMoved = true,
  ): SimClient {
    this.#clients++;
    const machine = this.simulation.machine(`client${this.#clients}`);
    return new SimClient({ world: machine.world, addresses, timeout, followMoved });
  }

  /** Sends a command, again while a node is loading, and runs the simulation until it has its outcome. */
  ask(client: SimClient, words: Words, maxTime = 60_000): Reply {
    const end = this.simulation.now + maxTime;
    for (;;) {
      const result = this.#outcome(client, words, end);
      if (result === null) throw new Error(`${words.join(' ')}: no outcome in ${maxTime} ms`);
      if (result.kind !== 'reply') throw new Error(`${words.join(' ')}: ${result.reason}`);
      const { reply } = result;
      if (!isError(reply)) return reply;
      const isLoading = reply.text.startsWith('LOADING ');
      if (!isLoading || this.simulation.now > end)
        throw new Error(`${words.join(' ')}: ${reply.text}`);
      this.simulation.run(this.simulation.now + 10);
    }
  }

  #outcome(client: SimClient, words: Words, maxTime: number): Outcome | null {
    let outcome: Outcome | null = null;
    client.send(words, (result) => {
      outcome = result;
    });
    this.simulation.run(() => outcome !== null, { maxTime });
    return outcome;
  }

  /** INIT on the first node, JOIN on the others, until all vote. */
  form(): void {
    const [first, ...others] = this.nodes;
    if (first === undefined) return;
    const ask = (node: SimNode, words: Words): void => {
      const client = this.client([node.address]);
      this.ask(client, words);
      client.close();
    };
    ask(first, ['RAFT.CLUSTER', 'INIT', 'c'.repeat(32)]);
    for (const node of others) {
      ask(node, ['RAFT.CLUSTER', 'JOIN', `${first.address.host}:${first.address.port}`]);
    }
    this.until('all nodes vote', () => {
      const members = first.server?.node.replica?.raft.committedConfiguration.members ?? [];
      return members.length === this.nodes.length && members.every((m) => m.voting);
    });
  }

  until(what: string, predicate: () => boolean, maxTime = 60_000): void {
    const end = this.simulation.run(predicate, { maxTime: this.simulation.now + maxTime });
    if (end === 'reached') return;
    const tail = this.simulation.lastEvents(40).join('\n');
    throw new Error(
      `Seed ${this.simulation.seed}: ${what}: ${end} at ${this.simulation.now} ms\n${tail}`,
    );
  }

  leader(): SimNode | undefined {
    return this.nodes.find((node) => node.leads);
  }

  /** Runs until every node runs and has applied the same entries; returns their digests. */
  converge(): string[] {
    this.until('all nodes have applied the same', () => this.isConverged);
    return this.digests;
  }

  get isConverged(): boolean {
    const last = this.leader()?.server?.node.replica?.raft.last;
    return this.nodes.every(({ server }) => {
      const r = server?.node.replica ?? null;
      return r !== null && !r.images.isLoading && r.applied === last && r.raft.last === last;
    });
  }

  get digests(): string[] {
    return this.nodes.map((node) => node.server?.admin.digest().digest ?? '');
  }
}
