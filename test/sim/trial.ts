import { isError, NullArrayReply } from '../../src/resp/reply.ts';
import { told } from './disk-fixture.ts';
import { DurabilityWatch } from './durability-watch.ts';
import type { Outcome, SimClient, Words } from './sim-client.ts';
import { SimCluster, type SimNode } from './sim-cluster.ts';
import { Simulation } from './sim-world.ts';

/** Counts the steps of a trial; written in the same transaction as each. */
const STEP = 'step';
/** Before a command is given up at one node and sent to the next one. */
const PATIENCE_MS = 3000;
/** A process that has died is started again after so long. */
const DOWN_MS = 30;
const AGAIN_MS = 20;
/** After INIT or JOIN, also if an earlier try has got through. */
const MEMBER = /^OK|^ERR Already/;
/** What a node says that will say something else by itself. */
const NOT_NOW = /^(LOADING|CLUSTERDOWN|TIMEOUT|NOTLEADER)/;

export interface TrialOptions {
  readonly seed: number;
  readonly nodes: number;
  readonly options?: readonly string[];
  /** The node whose disk operations are counted, and which may die. Default: the first. */
  readonly subject?: number;
  /** Called before any process runs. */
  readonly plant?: (node: SimNode) => void;
}

/**
 * A scripted run in which one node may die at any moment: it is started again, and what was asked is
 * asked again until it is answered. Each step happens once. Meanwhile it is watched that nothing of
 * what a node has on disk is forgotten.
 */
export class Trial {
  readonly simulation: Simulation;
  readonly cluster: SimCluster;
  readonly subject: SimNode;
  readonly lines: string[] = [];
  readonly watch: DurabilityWatch;
  /** Deaths of the subject that no script asked for. */
  crashes = 0;
  /** Called when the subject runs again after such a death. */
  revived: () => void = () => {};
  #steps = 0;
  #clients = 0;
  #client: SimClient | null = null;
  #isReviving = false;
  #isDownOnPurpose = false;
  /** Whether the step before has happened, although it had no outcome. */
  #mustLook = false;

  constructor({ seed, nodes, options = [], subject = 0, plant }: TrialOptions) {
    this.simulation = new Simulation({
      seed,
      traceLines: 40,
      log: (machine, line) => this.lines.push(`${machine} ${line}`),
    });
    this.cluster = new SimCluster(this.simulation, nodes, options);
    this.subject = this.cluster.node(subject);
    plant?.(this.subject);
    this.watch = new DurabilityWatch(this.cluster);
  }

  /** Runs until something holds; the subject is revived meanwhile. */
  until(what: string, predicate: () => boolean, maxTime = 60_000): void {
    this.cluster.until(
      what,
      () => {
        this.#mind();
        return predicate();
      },
      maxTime,
    );
  }

  /** Lets so many milliseconds pass. */
  pass(milliseconds: number): void {
    const end = this.simulation.now + milliseconds;
    let over = false;
    this.simulation.at(end, () => {
      over = true;
    });
    this.until('time passes', () => over, milliseconds + 1);
  }

  #mind(): void {
    const { subject } = this;
    if (subject.machine.running) {
      this.watch.look();
      return;
    }
    if (this.#isReviving || this.#isDownOnPurpose || subject.exitCode !== null) return;
    this.#isReviving = true;
    this.crashes++;
    subject.server = null;
    this.simulation.after(DOWN_MS, () => {
      this.#isReviving = false;
      subject.restart();
      this.revived();
    });
  }

  /** The subject is in another cluster from now on, in which no step was taken. */
  beginAnew(): void {
    this.#steps = 0;
    this.#client?.close();
    this.#client = null;
  }

  /** Ends the process of a node as a script wants it, unless it is dead already. */
  stop(node: SimNode, kind: 'kill' | 'power' = 'kill'): void {
    if (node === this.subject) this.until('it runs', () => node.machine.running);
    node.crash(kind);
    if (node === this.subject) this.#isDownOnPurpose = true;
  }

  /** Starts the subject again, whose process has thrown an error and is of no use any more. */
  revive(): void {
    this.subject.crash('kill');
    this.subject.restart();
    this.#mustLook = true;
  }

  start(node: SimNode): void {
    if (node === this.subject) this.#isDownOnPurpose = false;
    node.restart();
  }

  /** INIT and JOIN, asked again where the subject died before it was answered. */
  form(): void {
    const [first, ...others] = this.cluster.nodes;
    if (first === undefined) return;
    this.init(first);
    for (const node of others) this.join(node);
    this.until('all nodes vote', () => this.voters === this.cluster.nodes.length);
  }

  get voters(): number {
    const replica = this.cluster.leader()?.server?.node.replica;
    return replica?.raft.committedConfiguration.members.filter((m) => m.voting).length ?? 0;
  }

  init(node: SimNode, clusterId: string = 'c'.repeat(32)): void {
    this.#become(node, ['RAFT.CLUSTER', 'INIT', clusterId]);
  }

  join(node: SimNode): void {
    const [first] = this.cluster.nodes;
    if (first === undefined) return;
    const { host, port } = first.address;
    this.#become(node, ['RAFT.CLUSTER', 'JOIN', `${host}:${port}`]);
  }

  #become(node: SimNode, words: Words): void {
    for (;;) {
      this.askUntil(node, words, MEMBER);
      // It says so too before it has looked what is on its disk.
      const member = (): boolean => (node.server?.node.replica ?? null) !== null;
      const stranger = (): boolean => node.server?.node.state === 'uninitialized';
      this.until('it has looked', () => member() || stranger());
      if (member()) return;
      this.pass(AGAIN_MS);
    }
  }

  /** Asks one node until it gives an answer that is wanted; returns it. */
  askUntil(node: SimNode, words: Words, wanted: RegExp): string {
    for (let tries = 0; ; tries++) {
      const answer = this.ask(node, words);
      if (wanted.test(answer)) return answer;
      if (tries > 100) throw new Error(`${words.join(' ')}: ${answer}`);
      this.pass(AGAIN_MS);
    }
  }

  /** Asks one node until it answers for good; returns the reply as text. */
  ask(node: SimNode, words: Words): string {
    for (;;) {
      const outcome = this.#send(node, words);
      if (outcome.kind === 'reply') {
        const text = told(outcome);
        if (!NOT_NOW.test(text)) return text;
      }
      this.pass(AGAIN_MS);
    }
  }

  #send(node: SimNode, words: Words): Outcome {
    const client = this.cluster.client([node.address], PATIENCE_MS, false);
    const found: Outcome[] = [];
    client.send(words, (outcome) => found.push(outcome));
    this.until(words.slice(0, 3).join(' '), () => found.length > 0);
    client.close();
    return found[0] ?? { kind: 'unsent', reason: '' };
  }

  /** Commands that happen together, once, whoever dies meanwhile. */
  step(...commands: readonly Words[]): void {
    const number = this.#steps + 1;
    let isFirst = !this.#mustLook;
    this.#mustLook = false;
    while (!this.#attempt(number, commands, isFirst)) {
      isFirst = false;
      this.pass(AGAIN_MS);
    }
    this.#steps = number;
  }

  /**
   * True if the step has happened. Whoever tries again must find out before whether it has, and be sure
   * that no earlier try gets through later: so it watches the number of steps.
   */
  #attempt(number: number, commands: readonly Words[], isFirst: boolean): boolean {
    const client = this.#client ?? this.#connect();
    this.#client = client;
    if (!isFirst) {
      const [watched, read] = this.#all(client, [
        ['WATCH', STEP],
        ['GET', STEP],
      ]);
      if (!isGood(watched) || !isGood(read)) return this.#giveUp(client);
      const found = Number(told(read));
      const done = Number.isNaN(found) ? 0 : found;
      if (done === number) return true;
      if (done !== number - 1) throw new Error(`${number - 1} steps were taken, ${done} are there`);
    }
    const words = [['MULTI'], ...commands, ['SET', STEP, String(number)], ['EXEC']];
    const outcomes = this.#all(client, words);
    const last = outcomes.at(-1);
    if (last === undefined || !isGood(last) || !outcomes.every(isGood)) return this.#giveUp(client);
    if (last.kind === 'reply' && last.reply instanceof NullArrayReply) return false;
    const failed = last.kind === 'reply' && Array.isArray(last.reply) && last.reply.find(isError);
    if (failed !== undefined && failed !== false) throw new Error(`step ${number}: ${told(last)}`);
    return true;
  }

  /** Outcomes of commands sent together. */
  #all(client: SimClient, commands: readonly Words[]): Outcome[] {
    const outcomes: Outcome[] = [];
    for (const words of commands) client.send(words, (outcome) => outcomes.push(outcome));
    this.until('the step is answered', () => outcomes.length === commands.length);
    return outcomes;
  }

  #connect(): SimClient {
    const addresses = this.cluster.nodes.map((node) => node.address);
    const first = this.#clients % addresses.length;
    this.#clients++;
    return this.cluster.client([...addresses.slice(first), ...addresses], PATIENCE_MS);
  }

  /** What was queued in a transaction goes with its connection; the next one is to another node. */
  #giveUp(client: SimClient): false {
    client.close();
    this.#client = null;
    return false;
  }

  /** Runs until all nodes have applied the same; returns the digest, which must be one. */
  converge(): string {
    this.until('all nodes have applied the same', () => this.cluster.isConverged);
    const digests = this.cluster.digests;
    if (new Set(digests).size !== 1) throw new Error(`nodes differ: ${digests.join(' ')}`);
    return digests[0] ?? '';
  }

  /** Everything that clients can read. */
  contents(): string {
    const leader = this.cluster.leader();
    if (leader === undefined) return 'no leader';
    const keys = this.#replies(leader, ['KEYS', '*']).sort();
    const texts = keys.flatMap((key) => [
      key,
      ...this.#replies(leader, ['DUMP', key]),
      ...this.#replies(leader, ['PEXPIRETIME', key]),
    ]);
    return texts.join('\n');
  }

  #replies(node: SimNode, words: Words): string[] {
    const outcome = this.#send(node, words);
    if (outcome.kind !== 'reply') return [outcome.kind];
    return Array.isArray(outcome.reply) ? outcome.reply.map(String) : [told(outcome)];
  }
}

function isGood(outcome: Outcome | undefined): outcome is Outcome & { kind: 'reply' } {
  return outcome?.kind === 'reply' && !isError(outcome.reply);
}
