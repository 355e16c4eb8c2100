import { asNodeId } from '../../../src/base/ids.ts';
import { Prng } from '../../../src/base/prng.ts';
import { voterIds } from '../../../src/raft/configuration.ts';
import { Cluster } from '../harness.ts';
import { makePlan, type Plan } from './plan.ts';
import { Recovery } from './recovery.ts';
import type { Sabotage, SimNode } from './sim-node.ts';

export interface Outcome {
  readonly turns: number;
  readonly committed: number;
  readonly reads: number;
  readonly elections: number;
  /** That took the place of a log. */
  readonly images: number;
  /** Equal for two runs of a seed. */
  readonly fingerprint: string;
}

const FIRST_NEWCOMER = 10;
const MAX_NEWCOMERS = 4;

/** A seeded random life of a cluster: first faults of all kinds, then none, and it must work. */
export class Chaos {
  readonly #random: Prng;
  readonly #plan: Plan;
  readonly #cluster: Cluster;
  readonly #timeout: number;
  #newcomers = 0;
  #repaired = false;

  constructor(
    seed: number,
    options: { readonly sabotage?: Sabotage; readonly trace?: (line: string) => void } = {},
  ) {
    this.#random = new Prng(seed, 7);
    const plan = makePlan(seed, this.#random);
    this.#plan = plan;
    this.#timeout = plan.cluster.raft.electionTimeout;
    this.#cluster = new Cluster({ ...plan.cluster, ...options });
  }

  run(): Outcome {
    this.#faultPhase();
    this.#repaired = true;
    new Recovery(this.#cluster, this.#plan).run();
    const { checker, turns } = this.#cluster;
    const chains = checker.history.committed.map(({ chain }) => chain);
    return {
      turns,
      committed: checker.history.last,
      reads: checker.confirmedReads,
      elections: checker.elections,
      images: checker.images.installed,
      fingerprint: `${turns} ${checker.elections} ${chains.join(' ')}`,
    };
  }

  #faultPhase(): void {
    const { actions, duration, pace } = this.#plan;
    let total = 0;
    for (const [weight] of actions) total += weight;
    while (this.#cluster.scheduler.now < duration) {
      this.#cluster.run(this.#random.float() * 2 * pace);
      let choice = this.#random.float() * total;
      for (const [weight, action] of actions) {
        choice -= weight;
        if (choice >= 0) continue;
        this[action]();
        break;
      }
    }
  }

  #pick<T>(items: readonly T[]): T | undefined {
    return items[this.#random.below(items.length)];
  }

  #alive(): SimNode[] {
    return [...this.#cluster.nodes.values()].filter((node) => node.raft !== null);
  }

  #leaders(): SimNode[] {
    return this.#alive().filter((node) => node.raft?.role === 'leader');
  }

  propose(): void {
    const node = this.#pick(this.#leaders());
    if (node === undefined) return;
    const count = 1 + this.#random.below(4);
    for (let i = 0; i < count; i++) this.#cluster.propose(node.id);
  }

  read(): void {
    const node = this.#pick(this.#leaders());
    if (node !== undefined) this.#cluster.read(node.id);
  }

  crash(): void {
    const node = this.#pick(this.#alive());
    if (node === undefined) return;
    this.#cluster.crash(node.id);
    const delay = this.#random.float() * 3 * this.#timeout;
    this.#cluster.scheduler.after(delay, () => this.#restart(node.id));
  }

  crashAll(): void {
    for (const node of this.#alive()) {
      this.#cluster.crash(node.id);
      const delay = this.#random.float() * this.#timeout;
      this.#cluster.scheduler.after(delay, () => this.#restart(node.id));
    }
  }

  /** What comes after this phase starts nodes when it likes. */
  #restart(id: number): void {
    if (!this.#repaired) this.#cluster.restart(id);
  }

  checkpoint(): void {
    const node = this.#pick(this.#alive());
    if (node !== undefined) this.#cluster.images.checkpoint(node);
  }

  partition(): void {
    const group = [...this.#cluster.nodes.keys()].filter(() => this.#random.chance(0.5));
    for (const from of this.#cluster.nodes.keys()) {
      for (const to of this.#cluster.nodes.keys()) {
        if (group.includes(from) === group.includes(to)) continue;
        this.#cluster.network.cut(from, to);
        if (this.#random.chance(0.3)) this.#cluster.network.break(from, to);
      }
    }
    this.#cluster.trace(`partition ${group}`);
    this.#healLater();
  }

  #healLater(): void {
    const delay = this.#random.float() * 6 * this.#timeout;
    this.#cluster.scheduler.after(delay, () => {
      this.#cluster.trace('heal');
      // What is on its way may be from before the split: it must not confirm these.
      for (const leader of this.#leaders()) this.#cluster.read(leader.id);
      this.#cluster.network.healAll();
    });
  }

  #pair(): [number, number] {
    const ids = [...this.#cluster.nodes.keys()];
    const from = this.#pick(ids) ?? 1;
    const to = this.#pick(ids.filter((id) => id !== from)) ?? from;
    return [from, to];
  }

  cutOneWay(): void {
    const [from, to] = this.#pair();
    this.#cluster.network.cut(from, to);
    this.#cluster.trace(`cut ${from} to ${to}`);
    this.#healLater();
  }

  break(): void {
    const [from, to] = this.#pair();
    this.#cluster.network.break(from, to);
    this.#cluster.trace(`break ${from} to ${to}`);
  }

  slowDisk(): void {
    const node = this.#pick([...this.#cluster.nodes.values()]);
    if (node === undefined) return;
    node.diskDelay = [this.#timeout * 0.1, this.#timeout * 1.5];
    this.#cluster.scheduler.after(4 * this.#timeout, () => {
      node.diskDelay = this.#plan.cluster.diskDelay;
    });
  }

  pause(): void {
    const node = this.#pick(this.#alive());
    if (node === undefined) return;
    const time = this.#random.float() * 4 * this.#timeout;
    this.#cluster.pause(node.id, time);
    this.#cluster.scheduler.after(time * 0.99, () => this.#cluster.read(node.id));
  }

  addLearner(): void {
    const leader = this.#pick(this.#leaders());
    if (leader === undefined || this.#newcomers >= MAX_NEWCOMERS) return;
    const id = FIRST_NEWCOMER + this.#newcomers;
    if (!this.#cluster.addLearner(leader.id, id)) return;
    this.#newcomers++;
    this.#cluster.addNode(id);
  }

  /** At least one voter stays, so that the second phase has a cluster to look at. */
  remove(): void {
    const leader = this.#pick(this.#leaders());
    const configuration = leader?.raft?.configuration;
    if (leader === undefined || configuration === undefined) return;
    const victim = this.#pick(configuration.members);
    if (victim === undefined) return;
    if (victim.voting && voterIds(configuration).length < 2) return;
    this.#cluster.remove(leader.id, victim.id);
  }

  transfer(): void {
    const leader = this.#pick(this.#leaders());
    const target = this.#pick([...this.#cluster.nodes.keys()]);
    if (leader === undefined || target === undefined) return;
    const refused = this.#cluster.call(leader.id, (raft) => raft.transfer(asNodeId(target)));
    this.#cluster.trace(`transfer from ${leader.id} to ${target}: ${refused ?? 'begun'}`);
  }

  campaign(): void {
    const node = this.#pick(this.#alive());
    if (node === undefined) return;
    this.#cluster.trace(`campaign ${node.id}`);
    this.#cluster.call(node.id, (raft) => raft.campaign());
  }
}
