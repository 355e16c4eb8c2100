import {
  asLogIndex,
  asMilliseconds,
  asNodeId,
  asTerm,
  type LogIndex,
  NO_NODE,
  type NodeId,
} from '../../src/base/ids.ts';
import { Prng } from '../../src/base/prng.ts';
import {
  type Configuration,
  findMember,
  type Member,
  withLearner,
  withoutMember,
  withPromotion,
} from '../../src/raft/configuration.ts';
import type { Effects, Persist } from '../../src/raft/effects.ts';
import type { Message } from '../../src/raft/message.ts';
import { Raft } from '../../src/raft/raft.ts';
import type { LogSizes, RaftOptions, Restored } from '../../src/raft/state.ts';
import { batchOf, ChainedLog, type Entry, entriesOf } from './support/chained-log.ts';
import { Checker, type Observed } from './support/checker.ts';
import { Disk } from './support/disk.ts';
import { Network, type NetworkOptions } from './support/network.ts';
import { Scheduler } from './support/scheduler.ts';

/** Bugs to plant outside the core, to see that the checks find them. */
export interface Sabotage {
  /** The disk of a node that has just died. */
  readonly crash?: (disk: Disk) => void;
  readonly restored?: (restored: Restored) => Restored;
  /** A message as its sender hands it over; null: not at all. */
  readonly outgoing?: (message: Message, node: SimNode) => Message | null;
  /** Steps are reported durable when they are queued. */
  readonly persistedEarly?: boolean;
  /** Instead of a barrier, a read takes the leader's word at once. */
  readonly readsAtOnce?: boolean;
  /** Configurations are proposed without asking whether they may be. */
  readonly changesUnasked?: boolean;
}

export interface ClusterOptions {
  readonly seed: number;
  /** Nodes 1 to this begin as voters, with one configuration entry that all of them have. */
  readonly voters: number;
  readonly raft?: Partial<RaftOptions>;
  readonly network?: Partial<NetworkOptions>;
  readonly diskDelay?: readonly [number, number];
  /** How long a node takes from an input to its turn. */
  readonly turnDelay?: readonly [number, number];
  readonly sabotage?: Sabotage;
  /** Learners that are ready are not made voters. */
  readonly keepLearners?: boolean;
  readonly trace?: (line: string) => void;
}

export interface SimNode extends Observed {
  /** What waits for the node's next turn. */
  inbox: ((raft: Raft) => void)[];
  diskDelay: readonly [number, number];
  pausedUntil: number;
  turnAt: number;
  overdue: number;
  transfersFailed: number;
  removals: NodeId[];
}

const RAFT: RaftOptions = {
  electionTimeout: 100,
  heartbeatInterval: 25,
  maxInflightAppends: 4,
  maxAppendBytes: 3,
};
const NETWORK: NetworkOptions = {
  delay: [1, 1],
  detection: [1, 1],
  reconnect: [2, 2],
  pairs: true,
  strays: 0,
};

export function member(id: number, voting: boolean): Member {
  return { id: asNodeId(id), host: `node${id}`, port: 5000 + id, voting };
}

export function votersUpTo(count: number): Configuration {
  const members: Member[] = [];
  for (let id = 1; id <= count; id++) members.push(member(id, true));
  return { change: null, members };
}

/**
 * Several cores with simulated logs, disks, clocks and connections between them, in one thread and
 * in virtual time. After every turn of a node all invariants are checked.
 */
export class Cluster {
  readonly options: ClusterOptions;
  readonly scheduler: Scheduler = new Scheduler();
  readonly random: Prng;
  readonly nodes: Map<number, SimNode> = new Map();
  readonly network: Network;
  readonly checker: Checker;
  readonly #first: Entry | null;
  #payload = 1;
  turns = 0;

  constructor(options: ClusterOptions) {
    this.options = options;
    this.random = new Prng(options.seed, 1);
    this.checker = new Checker(this.nodes);
    this.network = new Network({
      options: { ...NETWORK, ...options.network },
      scheduler: this.scheduler,
      random: this.random,
      endpoints: {
        isAlive: (id) => this.nodes.get(id)?.raft != null,
        incarnation: (id) => this.nodes.get(id)?.incarnation ?? 0,
        receive: (to, message) => this.#receive(this.node(to), message),
        linkChanged: (owner, to, up) => this.#linkChanged(this.node(owner), asNodeId(to), up),
      },
    });
    const configuration = votersUpTo(options.voters);
    this.#first = options.voters > 0 ? { term: asTerm(1), payload: 1, configuration } : null;
    for (let id = 1; id <= options.voters; id++) this.addNode(id, this.#first);
  }

  /** A new node, with an empty disk or with one that has just `first`. */
  addNode(id: number, first: Entry | null = null): SimNode {
    const node: SimNode = {
      id,
      incarnation: 0,
      raft: null,
      disk: new Disk(),
      log: new ChainedLog(),
      reads: [],
      seen: { term: 0, vote: 0, commit: 0, ledTerm: 0, barrier: 0 },
      inbox: [],
      diskDelay: this.options.diskDelay ?? [1, 1],
      pausedUntil: 0,
      turnAt: Number.POSITIVE_INFINITY,
      overdue: 0,
      transfersFailed: 0,
      removals: [],
    };
    if (first !== null) {
      node.disk.log.append(first);
      node.disk.hardState = { term: first.term, vote: NO_NODE };
    }
    this.nodes.set(id, node);
    this.restart(id);
    return node;
  }

  node(id: number): SimNode {
    const node = this.nodes.get(id);
    if (node === undefined) throw new Error(`No node ${id}`);
    return node;
  }

  raft(id: number): Raft {
    const { raft } = this.node(id);
    if (raft === null) throw new Error(`Node ${id} is down`);
    return raft;
  }

  /** A crash: a part of the disk queue may have been written, unknown to the node. */
  crash(id: number): void {
    const node = this.node(id);
    if (node.raft === null) return;
    this.trace(`crash ${id}`);
    node.disk.write(this.random.below(node.disk.queue.length + 1));
    node.disk.queue = [];
    node.disk.writing = false;
    node.raft = null;
    node.inbox = [];
    node.reads = [];
    this.options.sabotage?.crash?.(node.disk);
    this.network.nodeDied(id);
  }

  /** Starts a node from its disk, whose log begins after `base`, up to where all is committed. */
  restart(id: number, base = 0): void {
    const node = this.node(id);
    if (node.raft !== null) return;
    const { log, hardState } = node.disk;
    node.incarnation++;
    node.log = new ChainedLog();
    for (const entry of log.slice(1, log.last)) node.log.append(entry);
    const restored: Restored = {
      hardState,
      log: log.terms(base),
      configurations: log.configurations(),
      commit: asLogIndex(base),
    };
    node.raft = new Raft({
      self: asNodeId(id),
      options: { ...RAFT, ...this.options.raft },
      random: new Prng(this.options.seed, id * 1000 + node.incarnation),
      sizes: sizesOf(node),
      now: asMilliseconds(this.scheduler.now),
      restored: this.options.sabotage?.restored?.(restored) ?? restored,
    });
    node.seen = { term: 0, vote: 0, commit: base, ledTerm: 0, barrier: 0 };
    node.turnAt = Number.POSITIVE_INFINITY;
    node.overdue = 0;
    this.trace(`start ${id} term ${hardState.term} vote ${hardState.vote} last ${log.last}`);
    for (const peer of this.nodes.keys()) if (peer !== id) this.network.connect(id, peer);
    this.wake(node);
  }

  /** Lets `time` ms pass. */
  run(time: number): void {
    this.scheduler.runTo(this.scheduler.now + time);
  }

  /** Lets time pass until `done`; false if that takes longer than `limit` ms. */
  runUntil(done: () => boolean, limit: number): boolean {
    const end = this.scheduler.now + limit;
    while (!done()) {
      if (this.scheduler.now >= end) return false;
      this.run(1);
    }
    return true;
  }

  /** The node that leads the newest term, if one does. */
  leader(): SimNode | null {
    let best: SimNode | null = null;
    for (const node of this.nodes.values()) {
      if (node.raft?.role !== 'leader') continue;
      if (best === null || node.raft.term > (best.raft?.term ?? 0)) best = node;
    }
    return best;
  }

  /** Appends a new entry at a leader; null where it does not take any. */
  propose(id: number): LogIndex | null {
    const node = this.node(id);
    const raft = this.#awake(node);
    if (raft === null || !raft.acceptsProposals) return null;
    return this.#append(node, raft, null);
  }

  #append(node: SimNode, raft: Raft, configuration: Configuration | null): LogIndex {
    const index =
      configuration === null ? raft.propose() : raft.proposeConfiguration(configuration);
    node.log.append({ term: raft.term, payload: ++this.#payload, configuration });
    this.checker.appended(node, index, node.log.entry(index) as Entry);
    this.wake(node);
    return index;
  }

  /** The node's core, told the time, unless it is down or paused. */
  #awake(node: SimNode): Raft | null {
    if (node.raft === null || this.scheduler.now < node.pausedUntil) return null;
    node.raft.advanceTo(asMilliseconds(this.scheduler.now));
    return node.raft;
  }

  bootstrap(id: number): void {
    const node = this.node(id);
    const raft = this.raft(id);
    raft.bootstrap();
    this.#append(node, raft, null);
    this.#append(node, raft, {
      change: { kind: 'bootstrap', id: asNodeId(id) },
      members: [member(id, true)],
    });
  }

  /**
   * Asks a leader for a read barrier; the checker watches over it from then on. A paused node finds
   * the question somewhere among what came in meanwhile.
   */
  read(id: number): boolean {
    const node = this.node(id);
    if (node.raft !== null && this.scheduler.now < node.pausedUntil) {
      const place = this.random.below(node.inbox.length + 1);
      node.inbox.splice(place, 0, (raft) => void this.#barrier(node, raft));
      return true;
    }
    const raft = this.#awake(node);
    return raft !== null && this.#barrier(node, raft);
  }

  #barrier(node: SimNode, raft: Raft): boolean {
    if (raft.role !== 'leader') return false;
    const number = raft.readIndex();
    this.checker.barrierAsked(node, number);
    const index = Math.max(raft.commit, raft.leadershipStart);
    const floor = this.checker.committed.length;
    const atOnce = this.options.sabotage?.readsAtOnce === true;
    node.reads.push({ number: atOnce ? 0 : number, term: raft.term, index, floor });
    this.wake(node);
    return true;
  }

  /** Proposes a configuration made of the one in force at a leader; false if refused. */
  change(id: number, next: (configuration: Configuration) => Configuration): boolean {
    const node = this.node(id);
    const raft = this.#awake(node);
    if (raft === null || raft.role !== 'leader' || raft.needsNoop) return false;
    const configuration = next(raft.configuration);
    const unasked = this.options.sabotage?.changesUnasked === true;
    if (!unasked && raft.refuseConfiguration(configuration) !== null) return false;
    this.trace(`change at ${id}: ${JSON.stringify(configuration.change)}`);
    this.#append(node, raft, configuration);
    this.checker.configurationProposed(node, raft);
    return true;
  }

  addLearner(at: number, id: number): boolean {
    return this.change(at, (configuration) => withLearner(configuration, member(id, false)));
  }

  remove(at: number, id: number): boolean {
    return this.change(at, (configuration) => withoutMember(configuration, asNodeId(id)));
  }

  /** Calls into a core outside of its turn. */
  call<T>(id: number, action: (raft: Raft) => T): T | null {
    const node = this.node(id);
    const raft = this.#awake(node);
    if (raft === null) return null;
    const result = action(raft);
    this.wake(node);
    return result;
  }

  pause(id: number, time: number): void {
    this.node(id).pausedUntil = this.scheduler.now + time;
    this.trace(`pause ${id} for ${time}`);
  }

  trace(line: string): void {
    this.options.trace?.(`${this.scheduler.now.toFixed(2)} ${line}`);
  }

  #receive(node: SimNode, message: Message): void {
    this.#input(node, (raft) => {
      this.trace(`recv ${node.id} ${JSON.stringify({ ...message, entries: undefined })}`);
      raft.step(message);
    });
  }

  #linkChanged(node: SimNode, to: NodeId, up: boolean): void {
    this.trace(`link ${node.id} to ${to} ${up ? 'up' : 'down'}`);
    this.#input(node, (raft) => (up ? raft.peerReachable(to) : raft.peerUnreachable(to)));
  }

  #input(node: SimNode, input: (raft: Raft) => void): void {
    node.inbox.push(input);
    this.wake(node);
  }

  #within([least, most]: readonly [number, number]): number {
    return least === most ? least : least + this.random.float() * (most - least);
  }

  /** The node gets a turn soon. */
  wake(node: SimNode): void {
    this.#turnAt(node, this.scheduler.now + this.#within(this.options.turnDelay ?? [0, 0]));
  }

  #turnAt(node: SimNode, time: number): void {
    const at = Math.max(time, node.pausedUntil);
    if (node.turnAt <= at) return;
    node.turnAt = at;
    const { incarnation } = node;
    this.scheduler.at(at, () => {
      if (node.incarnation !== incarnation || node.turnAt !== at || node.raft === null) return;
      node.turnAt = Number.POSITIVE_INFINITY;
      if (this.scheduler.now < node.pausedUntil) this.#turnAt(node, node.pausedUntil);
      else this.#turn(node, node.raft);
    });
  }

  /** What the shell does in a turn, in the order of SPEC.md. */
  #turn(node: SimNode, raft: Raft): void {
    this.turns++;
    const { now } = this.scheduler;
    raft.advanceTo(asMilliseconds(now));
    const inputs = node.inbox;
    node.inbox = [];
    for (const input of inputs) input(raft);
    if (now >= raft.deadline) raft.tick();
    this.checker.afterInputs(node);
    this.#lead(node, raft);
    this.#perform(node, raft.takeEffects());
    this.checker.afterTurn(node);
    node.overdue = raft.deadline <= now ? node.overdue + 1 : 0;
    this.checker.require(node.overdue < 3, 'a tick moves the deadline', () => `node ${node.id}`);
    this.#turnAt(node, raft.deadline);
  }

  #lead(node: SimNode, raft: Raft): void {
    if (raft.needsNoop) {
      this.trace(`lead ${node.id} term ${raft.term}`);
      this.#append(node, raft, null);
    }
    const ready = raft.promotable;
    if (ready === NO_NODE || this.options.keepLearners === true) return;
    this.checker.require(
      findMember(raft.configuration, ready)?.voting === false,
      'C5 only a learner is promoted',
      () => `${ready} at ${node.id}`,
    );
    this.change(node.id, (configuration) => withPromotion(configuration, ready));
  }

  #perform(node: SimNode, effects: Effects): void {
    for (const step of effects.persists) this.#persist(node, step);
    for (const message of effects.messages) this.#send(node, message);
    node.removals.push(...effects.removed);
    if (effects.transferFailed) node.transfersFailed++;
    if (this.options.sabotage?.persistedEarly === true) {
      const last = effects.persists.at(-1);
      if (last !== undefined) this.#input(node, (raft) => raft.persisted(last.sequence));
    }
    this.#write(node);
  }

  #persist(node: SimNode, step: Persist): void {
    let entries: readonly Entry[];
    if (step.truncateFrom > 0) {
      this.checker.truncated(node, step.truncateFrom);
      node.log.truncate(step.truncateFrom);
    }
    if (step.batch === null) {
      entries = step.first > step.last ? [] : node.log.slice(step.first, step.last);
    } else {
      entries = entriesOf(step.batch).slice(step.first - step.batch.first);
      for (const entry of entries) {
        node.log.append(entry);
        this.checker.appended(node, node.log.last, entry);
      }
    }
    const { sequence, hardState, truncateFrom, first } = step;
    node.disk.queue.push({ sequence, hardState, truncateFrom, first, entries });
  }

  /** The shell's part of a message: the entries of an append. */
  #send(node: SimNode, message: Message): void {
    const whole: Message | null = this.options.sabotage?.outgoing
      ? this.options.sabotage.outgoing(message, node)
      : message;
    if (whole === null) return;
    this.checker.spoken(node, message);
    if (whole.kind !== 'append') {
      this.network.send(whole);
      return;
    }
    const entries = node.log.slice(whole.first, whole.last);
    this.checker.require(
      entries.length === whole.last - whole.first + 1 && entries.every((e) => e.term <= whole.term),
      'L7 an append carries what its sender led with',
      () => `node ${node.id}: ${whole.first}..${whole.last} of ${node.log.last}`,
    );
    this.network.send({ ...whole, entries: batchOf(whole.first, entries) });
  }

  /** One write at a time; what queues up meanwhile goes together. */
  #write(node: SimNode): void {
    const { disk, incarnation } = node;
    if (disk.writing || disk.queue.length === 0) return;
    disk.writing = true;
    const count = disk.queue.length;
    this.scheduler.after(this.#within(node.diskDelay), () => {
      if (node.incarnation !== incarnation || node.raft === null) return;
      const sequence = disk.write(count);
      disk.writing = false;
      if (this.options.sabotage?.persistedEarly !== true) {
        this.#input(node, (raft) => raft.persisted(sequence));
      }
      this.#write(node);
    });
  }
}

/** Every entry counts as one byte. */
function sizesOf(node: SimNode): LogSizes {
  return {
    reach: (first, maxBytes) => {
      const last = Math.max(first, Math.min(first + maxBytes - 1, node.log.last));
      return { last: asLogIndex(last), bytes: last - first + 1 };
    },
  };
}
