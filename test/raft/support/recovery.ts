import { findMember } from '../../../src/raft/configuration.ts';
import type { Cluster } from '../harness.ts';
import { require, Violation } from './observed.ts';
import type { Plan } from './plan.ts';
import type { SimNode } from './sim-node.ts';

/** Election timeouts that a healed cluster may take for each step. */
const PATIENCE = 30;

/** The second half of a random run: everything is repaired, and the cluster must work. */
export class Recovery {
  readonly #cluster: Cluster;
  readonly #plan: Plan;
  readonly #timeout: number;

  constructor(cluster: Cluster, plan: Plan) {
    this.#cluster = cluster;
    this.#plan = plan;
    this.#timeout = plan.cluster.raft.electionTimeout;
  }

  /** No faults any more: there must be a leader, progress, and one log everywhere. */
  run(): void {
    const cluster = this.#cluster;
    cluster.trace('liveness');
    cluster.network.healAll();
    cluster.options.images = this.#plan.calmImages;
    for (const node of cluster.nodes.values()) {
      node.pausedUntil = 0;
      node.diskDelay = this.#plan.cluster.diskDelay;
      cluster.restart(node.id);
    }
    cluster.checker.images.repaired();
    const writes = cluster.checker.history.last + 10;
    const reads = cluster.checker.confirmedReads + 10;
    this.#must('elects a leader', () => this.#settledLeader() !== null);
    // Without any traffic that would hide a message nobody sends again.
    const idle = 'brings all members to one log, learners promoted';
    this.#must(idle, () => this.#converged());
    this.#must('commits 10 entries', () => {
      const leader = this.#settledLeader();
      if (leader !== null && (leader.raft?.last ?? 0) < writes) cluster.propose(leader.id);
      return cluster.checker.history.last >= writes;
    });
    this.#must('confirms 10 reads', () => {
      const leader = this.#settledLeader();
      if (leader !== null && leader.reads.length === 0) cluster.read(leader.id);
      return cluster.checker.confirmedReads >= reads;
    });
    this.#must(idle, () => this.#converged());
    this.#leaveBehind(() => this.#must(idle, () => this.#converged()));
    this.#checkNothingLost();
  }

  /** A node is away while the whole log of its leader goes into an image; and once more. */
  #leaveBehind(converge: () => void): void {
    const cluster = this.#cluster;
    const leader = this.#settledLeader();
    const others = leader?.raft?.configuration.members.filter(({ id }) => id !== leader.id) ?? [];
    const victim = others[cluster.random.below(others.length)];
    // Of one or two voters none may be missing.
    if (leader === null || victim === undefined || others.length < 2) return;
    cluster.checker.images.repaired();
    cluster.crash(victim.id);
    const writes = cluster.checker.history.last + 3;
    this.#must('commits 3 entries without a node', () => {
      const now = this.#settledLeader();
      if (now !== null && (now.raft?.last ?? 0) < writes) cluster.propose(now.id);
      return cluster.checker.history.last >= writes && now?.raft?.commit === now?.raft?.last;
    });
    this.#must('cuts a log down to nothing', () => {
      const now = this.#settledLeader();
      if (now !== null) cluster.images.cutAll(now);
      return now?.log.base.index === now?.log.last;
    });
    const { swaps } = cluster.images;
    cluster.restart(victim.id);
    this.#must('brings an image to a node', () => cluster.images.swaps > swaps);
    if (cluster.random.chance(0.5)) {
      // Its leader may never hear that the image is there.
      cluster.crash(victim.id);
      cluster.restart(victim.id);
    }
    converge();
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
    // It must also know, or it would go on keeping its log for a node that has all of it.
    for (const { match } of raft.progress()) if (match < raft.last) return false;
    return raft.configuration.members.every(({ id, voting }) => {
      const node = this.#cluster.node(id);
      return voting && node.raft?.commit === raft.commit && node.raft.durable === raft.last;
    });
  }

  #checkNothingLost(): void {
    const leader = this.#settledLeader();
    const { history } = this.#cluster.checker;
    for (let index = 1; index <= history.last; index++) {
      require(leader !== null &&
        history.chainOf(leader.log, index) ===
          history.chain(index), 'S10 what was committed is still there', () =>
        `entry ${index} at node ${leader?.id}`);
    }
  }
}
