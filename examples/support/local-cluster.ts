import path from 'node:path';
import { type Reply, SimpleString } from '../../src/resp/reply.ts';
import { eventually } from '../../test/support/real-cluster.ts';
import { claimFolder } from './local-folder.ts';
import { type Exit, LocalNode, portIsTaken } from './local-node.ts';
import { type LocalOptions, UserError } from './local-options.ts';

const ANSWER_MS = 20_000;
const FORM_MS = 30_000;
const LOG_LINES = 10;

export type Info = Readonly<Record<string, string>>;

/** Nodes on this machine, and what a person does to make one cluster of them. */
export class LocalCluster {
  readonly nodes: readonly LocalNode[];
  readonly #options: LocalOptions;
  readonly #print: (line: string) => void;
  #phase: 'starting' | 'up' | 'stopping' = 'starting';
  #giveUp: (error: Error) => void = () => {};

  constructor(options: LocalOptions, print: (line: string) => void) {
    this.#options = options;
    this.#print = print;
    this.nodes = Array.from({ length: options.nodes }, (_, i) => {
      const folder = path.join(options.folder, `node${i + 1}`);
      return new LocalNode(i + 1, options.port + i, folder);
    });
  }

  /**
   * Starts all nodes and makes one cluster of them; resolves with each node's INFO raft. Rejects with
   * a {@link UserError} if it cannot, or if a node ends before all is done.
   */
  start(): Promise<readonly Info[]> {
    return new Promise((resolve, reject) => {
      this.#giveUp = reject;
      this.#start().then(resolve, reject);
    });
  }

  async #start(): Promise<readonly Info[]> {
    for (const { port } of this.nodes) {
      if (await portIsTaken(port)) {
        throw new UserError(`Port ${port} is in use: by another cluster? --port takes others`);
      }
    }
    claimFolder(this.#options);
    this.#print(`Starting the nodes; each keeps its data and its log in a folder of its own\n`);
    for (const node of this.nodes) {
      this.#print(`  ${node.commandLine}`);
      node.start();
      void node.exited.then((exit) => this.#ended(node, exit));
    }
    for (const node of this.nodes) await this.#answering(node);
    await this.#form();
    const infos = await this.#settled();
    this.#phase = 'up';
    return infos;
  }

  #answering(node: LocalNode): Promise<Reply> {
    return this.#wait(`node ${node.number} to answer`, () => node.call('PING'), ANSWER_MS);
  }

  /** INIT on the first node and JOIN on the others, as far as they are in no cluster yet. */
  async #form(): Promise<void> {
    const members: LocalNode[] = [];
    const strangers: LocalNode[] = [];
    for (const node of this.nodes) {
      const info = await node.info();
      (info['raft_state'] === 'uninitialized' ? strangers : members).push(node);
    }
    if (strangers.length === 0) {
      this.#print('\nThe nodes have their data of before; waiting until they have a leader');
      return;
    }
    this.#print('\nForming the cluster\n');
    if (members.length > 0) {
      await this.#wait('a leader', async () => {
        const infos = await Promise.all(members.map((node) => node.info()));
        return infos.find((info) => info['raft_role'] === 'leader');
      });
    }
    for (const node of strangers) {
      const [first] = members;
      if (first === undefined) await this.#type(node, 'RAFT.CLUSTER', 'INIT');
      else await this.#type(node, 'RAFT.CLUSTER', 'JOIN', first.address);
      members.push(node);
    }
  }

  /** Sends a command and shows what a person would have typed, and read. */
  async #type(node: LocalNode, ...words: string[]): Promise<void> {
    const reply = await node.call(...words);
    const typed = `redis-cli -p ${node.port} ${words.join(' ')}`;
    const read = reply instanceof SimpleString ? reply.text : String(reply);
    if (this.#phase !== 'stopping') this.#print(`  ${typed.padEnd(54)}  ${read}`);
  }

  /** Waits until all nodes vote, follow one leader, and have applied all there was. */
  async #settled(): Promise<readonly Info[]> {
    let goal = 0;
    return this.#wait('all nodes to vote and to follow one leader', async () => {
      const infos = await Promise.all(this.nodes.map((node) => node.info()));
      const leaders = new Set(infos.map((info) => info['raft_leader_id']));
      if (leaders.size !== 1 || leaders.has('-1')) return undefined;
      if (infos.some((info) => info['raft_is_voting'] !== 'yes')) return undefined;
      // Later entries do not count, so that busy clients cannot keep this waiting.
      if (goal === 0) goal = Math.max(...infos.map((info) => Number(info['raft_current_index'])));
      const behind = infos.some((info) => Number(info['raft_last_applied_index']) < goal);
      return behind ? undefined : infos;
    });
  }

  #wait<T>(what: string, probe: () => Promise<T | undefined>, timeoutMs = FORM_MS): Promise<T> {
    return eventually(
      what,
      () => (this.#phase === 'stopping' ? new Promise<undefined>(() => {}) : probe()),
      timeoutMs,
    );
  }

  /** A process has ended that nobody has stopped. */
  #ended(node: LocalNode, exit: Exit): void {
    if (this.#phase === 'stopping') return;
    const log = node.lastLines(LOG_LINES).map((line) => `  ${line}`);
    const report = [
      `Node ${node.number} (port ${node.port}) ended with ${nameOf(exit)}. Its log, ${node.log}, ends:`,
      ...log,
    ].join('\n');
    if (this.#phase === 'starting') {
      this.#giveUp(new UserError(report));
      return;
    }
    this.#print(`\n${report}`);
    this.#print(`The others go on. In another terminal, this starts it again:`);
    this.#print(`  ${node.commandLine}\n`);
  }

  /** Resolves when every node has ended. */
  async ended(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.exited));
  }

  /** Lets all nodes end in order; true if all say that they have. */
  async stop(): Promise<boolean> {
    this.#phase = 'stopping';
    const running = this.nodes.filter((node) => node.running);
    if (running.length === 0) return false;
    this.#print('\nStopping the nodes; Ctrl-C again kills them\n');
    const exits = await Promise.all(
      running.map(async (node) => {
        const { pid } = node;
        node.signal('SIGTERM');
        const exit = await node.exited;
        this.#print(`  node ${node.number} (port ${node.port}, pid ${pid}): ${nameOf(exit)}`);
        return exit;
      }),
    );
    return exits.every((exit) => exit.code === 0);
  }

  kill(): void {
    for (const node of this.nodes) node.signal('SIGKILL');
  }
}

function nameOf(exit: Exit): string {
  return exit.signal === null ? `exit code ${exit.code}` : `signal ${exit.signal}`;
}
