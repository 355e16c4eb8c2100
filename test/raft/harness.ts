import {
  asMilliseconds,
  asNodeId,
  asTerm,
  type LogIndex,
  NO_NODE,
  type NodeId,
} from '../../src/base/ids.ts';
import { Prng } from '../../src/base/prng.ts';
import { type Configuration, withLearner, withoutMember } from '../../src/raft/configuration.ts';
import type { Message } from '../../src/raft/message.ts';
import { Raft } from '../../src/raft/raft.ts';
import { ChainedLog, type Entry } from './support/chained-log.ts';
import { Checker } from './support/checker.ts';
import { Disk } from './support/disk.ts';
import type { Images } from './support/images.ts';
import { Network } from './support/network.ts';
import { Scheduler } from './support/scheduler.ts';
import { Shell } from './support/shell.ts';
import {
  type ClusterOptions,
  IMAGES,
  member,
  NETWORK,
  RAFT,
  type SimNode,
  sizesOf,
  votersUpTo,
} from './support/sim-node.ts';

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
  readonly #shell: Shell;

  constructor(options: Partial<ClusterOptions> & Pick<ClusterOptions, 'seed' | 'voters'>) {
    this.options = { images: IMAGES, ...options };
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
    const { scheduler, random, network, checker, nodes } = this;
    this.#shell = new Shell({
      ...{ scheduler, random, network, checker, nodes },
      options: this.options,
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
      loading: false,
      installing: false,
      sending: new Set(),
    };
    if (first !== null) {
      node.disk.log.append(first);
      node.disk.hardState = { term: first.term, vote: NO_NODE };
    }
    this.nodes.set(id, node);
    this.restart(id);
    return node;
  }

  get images(): Images {
    return this.#shell.images;
  }

  /** Turns that all nodes have taken. */
  get turns(): number {
    return this.#shell.turns;
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
    node.disk.abandonQueue();
    node.raft = null;
    node.inbox = [];
    node.reads = [];
    node.loading = false;
    node.installing = false;
    node.sending.clear();
    this.options.sabotage?.crash?.(node.disk);
    this.checker.images.contiguous(node);
    this.network.nodeDied(id);
  }

  /** Starts a node from its disk. */
  restart(id: number): void {
    const node = this.node(id);
    if (node.raft !== null) return;
    const restored = node.disk.restore();
    const { log, hardState } = node.disk;
    node.incarnation++;
    node.log = log.copy();
    node.raft = new Raft({
      self: asNodeId(id),
      options: { ...RAFT, ...this.options.raft },
      random: new Prng(this.options.seed, id * 1000 + node.incarnation),
      sizes: sizesOf(node),
      now: asMilliseconds(this.scheduler.now),
      restored: this.options.sabotage?.restored?.(restored) ?? restored,
    });
    node.seen = { term: 0, vote: 0, commit: restored.commit, ledTerm: 0, barrier: 0 };
    node.turnAt = Number.POSITIVE_INFINITY;
    node.overdue = 0;
    this.trace(`start ${id} term ${hardState.term} vote ${hardState.vote} last ${log.last}`);
    this.images.started(node, node.raft);
    for (const peer of this.nodes.keys()) if (peer !== id) this.network.connect(id, peer);
    this.#shell.wake(node);
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
    return this.#shell.append(node, raft, null);
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
    this.#shell.append(node, raft, null);
    this.#shell.append(node, raft, {
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
    const floor = this.checker.history.last;
    const atOnce = this.options.sabotage?.readsAtOnce === true;
    node.reads.push({ number: atOnce ? 0 : number, term: raft.term, index, floor });
    this.#shell.wake(node);
    return true;
  }

  /** Proposes a configuration made of the one in force at a leader; false if refused. */
  change(id: number, next: (configuration: Configuration) => Configuration): boolean {
    const node = this.node(id);
    const raft = this.#awake(node);
    if (raft === null || raft.role !== 'leader' || raft.needsNoop) return false;
    return this.#shell.change(node, raft, next(raft.configuration));
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
    this.#shell.wake(node);
    return result;
  }

  pause(id: number, time: number): void {
    this.node(id).pausedUntil = this.scheduler.now + time;
    this.trace(`pause ${id} for ${time}`);
  }

  trace(line: string): void {
    this.#shell.trace(line);
  }

  /** The node gets a turn soon. */
  wake(node: SimNode): void {
    this.#shell.wake(node);
  }

  #receive(node: SimNode, message: Message): void {
    this.#shell.input(node, (raft) => {
      // While an image takes the place of the log nothing comes in, and a link that has lost something
      // must break.
      if (node.installing && this.options.sabotage?.takesWhileInstalling !== true) {
        this.network.break(message.from, node.id);
        return;
      }
      this.trace(`recv ${node.id} ${JSON.stringify({ ...message, entries: undefined })}`);
      raft.step(message);
    });
  }

  #linkChanged(node: SimNode, to: NodeId, up: boolean): void {
    this.trace(`link ${node.id} to ${to} ${up ? 'up' : 'down'}`);
    this.#shell.input(node, (raft) => (up ? raft.peerReachable(to) : raft.peerUnreachable(to)));
  }
}
