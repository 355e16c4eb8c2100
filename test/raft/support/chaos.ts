import { asNodeId } from '../../../src/base/ids.ts';
import { Prng } from '../../../src/base/prng.ts';
import { findMember, voterIds } from '../../../src/raft/configuration.ts';
import type { RaftOptions } from '../../../src/raft/state.ts';
import { Cluster, type ClusterOptions, type Sabotage, type SimNode } from '../harness.ts';
import { Violation } from './checker.ts';
import type { NetworkOptions } from './network.ts';

/** What a seed makes of a run: a choice of faults and sizes, never all at once. */
interface Plan {
  readonly cluster: ClusterOptions & {
    readonly raft: RaftOptions;
    readonly network: NetworkOptions;
    readonly diskDelay: readonly [number, number];
    readonly turnDelay: readonly [number, number];
  };
  readonly actions: readonly [weight: number, action: (chaos: Chaos) => void][];
  /** Nodes restart with shortened logs; not where new nodes join, which need the whole log. */
  readonly compacts: boolean;
  readonly duration: number;
  /** Mean ms between two actions. */
  readonly pace: number;
}

export interface Outcome {
  readonly turns: number;
  readonly committed: number;
  readonly reads: number;
  readonly elections: number;
  /** Equal for two runs of a seed. */
  readonly fingerprint: string;
}

/** Election timeouts that a healed cluster may take for each step of the second phase. */
const PATIENCE = 30;
const FIRST_NEWCOMER = 10;
const MAX_NEWCOMERS = 4;

/** A seeded random life of a cluster: first faults of all kinds, then none, and it must work. */
export class Chaos {
  readonly #random: Prng;
  readonly #plan: Plan;
  readonly #cluster: Cluster;
  readonly #timeout: number;
  #newcomers = 0;

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
    this.#livenessPhase();
    const { checker, turns } = this.#cluster;
    return {
      turns,
      committed: checker.committed.length,
      reads: checker.confirmedReads,
      elections: checker.elections,
      fingerprint: `${turns} ${checker.elections} ${checker.committed.map((c) => c.chain).join(' ')}`,
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
        action(this);
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

  /** Sometimes with a log whose beginning is gone, as far as every node has it. */
  #restart(id: number): void {
    const node = this.#cluster.node(id);
    if (node.raft !== null) return;
    let base = node.disk.log.last;
    for (const other of this.#cluster.nodes.values()) {
      const { log } = other.disk;
      let common = Math.min(base, log.last, this.#cluster.checker.committed.length);
      while (
        common > 0 &&
        log.chain(common) !== this.#cluster.checker.committed[common - 1]?.chain
      ) {
        common--;
      }
      base = common;
    }
    this.#cluster.restart(id, this.#plan.compacts ? this.#random.below(base + 1) : 0);
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

  resign(): void {
    const node = this.#pick(this.#leaders());
    if (node !== undefined) this.#cluster.call(node.id, (raft) => raft.resign());
  }

  /** No faults any more: there must be a leader, progress, and one log everywhere. */
  #livenessPhase(): void {
    const cluster = this.#cluster;
    cluster.trace('liveness');
    cluster.network.healAll();
    for (const node of cluster.nodes.values()) {
      node.pausedUntil = 0;
      node.diskDelay = this.#plan.cluster.diskDelay;
      cluster.restart(node.id);
    }
    const writes = cluster.checker.committed.length + 10;
    const reads = cluster.checker.confirmedReads + 10;
    this.#must('elects a leader', () => this.#settledLeader() !== null);
    // Without any traffic that would hide a message nobody sends again.
    const idle = 'brings all members to one log, learners promoted';
    this.#must(idle, () => this.#converged());
    this.#must('commits 10 entries', () => {
      const leader = this.#settledLeader();
      if (leader !== null && (leader.raft?.last ?? 0) < writes) cluster.propose(leader.id);
      return cluster.checker.committed.length >= writes;
    });
    this.#must('confirms 10 reads', () => {
      const leader = this.#settledLeader();
      if (leader !== null && leader.reads.length === 0) cluster.read(leader.id);
      return cluster.checker.confirmedReads >= reads;
    });
    this.#must(idle, () => this.#converged());
    this.#checkNothingLost();
  }

  #must(what: string, done: () => boolean): void {
    // A node that is far behind gets the rest in small pieces.
    const { network, diskDelay, turnDelay } = this.#plan.cluster;
    const roundTrip = 2 * network.delay[1] + diskDelay[1] + 2 * turnDelay[1];
    let longest = 0;
    for (const { log } of this.#cluster.nodes.values()) longest = Math.max(longest, log.last);
    const patience = PATIENCE * this.#timeout + longest * roundTrip;
    if (this.#cluster.runUntil(done, patience)) return;
    throw new Violation(`V1 a healed cluster ${what}: ${this.#describe()}`);
  }

  #describe(): string {
    const states: string[] = [];
    for (const { id, raft } of this.#cluster.nodes.values()) {
      states.push(
        `${id} ${raft?.role} t${raft?.term} ${raft?.commit}/${raft?.durable}/${raft?.last}`,
      );
    }
    return states.join(', ');
  }

  #settledLeader(): SimNode | null {
    const leader = this.#cluster.leader();
    if (leader?.raft == null) return null;
    return leader.raft.commit >= leader.raft.leadershipStart ? leader : null;
  }

  #converged(): boolean {
    const leader = this.#settledLeader();
    const raft = leader?.raft;
    if (leader === null || raft == null || raft.transferTarget !== 0) return false;
    if (raft.commit !== raft.last || findMember(raft.configuration, raft.self) === undefined)
      return false;
    return raft.configuration.members.every(({ id, voting }) => {
      const node = this.#cluster.node(id);
      return voting && node.raft?.commit === raft.commit && node.raft.durable === raft.last;
    });
  }

  #checkNothingLost(): void {
    const leader = this.#settledLeader();
    this.#cluster.checker.committed.forEach((committed, i) => {
      this.#cluster.checker.require(
        leader?.log.chain(i + 1) === committed.chain,
        'S10 what was committed is still there',
        () => `entry ${i + 1} at node ${leader?.id}`,
      );
    });
  }
}

function makePlan(seed: number, random: Prng): Plan {
  const electionTimeout = 50 + random.below(100);
  const far = random.chance(0.3);
  const voters = random.chance(0.1) ? 1 + random.below(2) : 3 + random.below(3);
  const joins = random.chance(0.6);
  const actions: [number, (chaos: Chaos) => void][] = [
    [10, (chaos) => chaos.propose()],
    [4, (chaos) => chaos.read()],
  ];
  const faults: [number, (chaos: Chaos) => void][] = [
    [1.5, (chaos) => chaos.crash()],
    [0.2, (chaos) => chaos.crashAll()],
    [0.8, (chaos) => chaos.partition()],
    [1, (chaos) => chaos.cutOneWay()],
    [2, (chaos) => chaos.break()],
    [0.7, (chaos) => chaos.slowDisk()],
    [0.7, (chaos) => chaos.pause()],
    [joins ? 0.5 : 0, (chaos) => chaos.addLearner()],
    [0.7, (chaos) => chaos.remove()],
    [0.5, (chaos) => chaos.transfer()],
    [0.3, (chaos) => chaos.campaign()],
    [0.2, (chaos) => chaos.resign()],
  ];
  for (const [weight, action] of faults) {
    if (random.chance(0.6)) actions.push([weight * (0.5 + random.float()), action]);
  }
  return {
    cluster: {
      seed,
      voters,
      raft: {
        electionTimeout,
        heartbeatInterval: Math.floor(electionTimeout / (3 + random.below(3))),
        maxInflightAppends: 1 + random.below(5),
        maxAppendBytes: 1 + random.below(4),
      },
      network: {
        delay: far ? [1, electionTimeout / 6] : [0.1, 2],
        detection: [0, electionTimeout * (random.chance(0.5) ? 0.1 : 1)],
        reconnect: [1, electionTimeout / 2],
        pairs: random.chance(0.4),
        strays: random.chance(0.3) ? 0.3 : 0,
      },
      diskDelay: random.chance(0.3) ? [0.5, electionTimeout / 4] : [0.1, 3],
      turnDelay: random.chance(0.5) ? [0, 0.5] : [0, 5],
    },
    actions,
    compacts: !joins && random.chance(0.5),
    duration: electionTimeout * (20 + random.below(40)),
    pace: 2 + random.float() * 8,
  };
}
