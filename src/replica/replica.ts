import type { Log } from '../../raftlog/index.ts';
import { assert, fail } from '../base/assert.ts';
import {
  asLogIndex,
  asNodeId,
  type LogIndex,
  type Milliseconds,
  NO_NODE,
  type NodeId,
  type Term,
} from '../base/ids.ts';
import { Prng } from '../base/prng.ts';
import type { CommandTable } from '../commands/table.ts';
import type { Keyspace } from '../keyspace/keyspace.ts';
import {
  type Configuration,
  findMember,
  type Member,
  withLearner,
  withoutMember,
  withPromotion,
} from '../raft/configuration.ts';
import { Raft } from '../raft/raft.ts';
import type { RaftOptions, Role } from '../raft/state.ts';
import type { Args } from '../resp/args.ts';
import type { Timer, World } from '../world/world.ts';
import { Applier } from './applier.ts';
import { ENTRY_CONFIGURATION, ENTRY_NOOP, ENTRY_TIME, packConfiguration } from './entry.ts';
import { FRAME_MESSAGE, FRAME_REMOVED, type Frame, type PeerHello } from './frame.ts';
import { LogStore } from './log-store.ts';
import { buildMessage, decodeHead, previousChainOf } from './message-codec.ts';
import type { Credentials, LinkSettings } from './peer-link.ts';
import { Peers } from './peers.ts';
import { type Proposal, Proposals } from './proposals.ts';

/** Applying holds the turn for at most so long, so that heartbeats keep going. */
const APPLY_SLICE_MICROSECONDS = 8000;
/** A leader that sees something due proposes a time entry at most this often. */
export const TIME_ENTRY_INTERVAL = 100;
/** Nodes that are spoken to although they are no members: a new node does not know the cluster yet. */
const MAX_ACQUAINTANCES = 16;
const EMPTY = Buffer.alloc(0);

export interface ReplicaSettings extends LinkSettings {
  readonly raftElectionTimeout: number;
  readonly raftRequestTimeout: number;
  readonly raftPeriodicInterval: number;
  readonly raftAppendReqMaxCount: number;
  readonly raftAppendReqMaxSize: number;
  readonly raftLogMaxCacheSize: number;
  readonly raftLogFsync: boolean;
  readonly raftLogDisableApply: boolean;
  /** Test hook: microseconds before each entry is applied. */
  readonly raftLogDelayApply: number;
}

/** What the server wants to know. Called inside a turn, never from within a call into the replica. */
export interface ReplicaEvents {
  /** Before this turn's messages are made: the server asks for a read barrier if it needs one. */
  collectReads(): void;
  /** Entries were applied or barriers confirmed. */
  progressed(): void;
  /** Role, leader or term changed. */
  leadershipChanged(): void;
  /** The turn's effects are done: send replies. */
  turnEnded(): void;
  transferFailed(): void;
  /** This node was removed from the cluster, and everything up to that is applied. */
  removed(): void;
  notice(text: string): void;
  verbose(text: string): void;
}

export interface ReplicaStats {
  appends: number;
  appendsWithEntries: number;
  throttled: number;
}

export interface ReplicaSetup {
  readonly world: World;
  readonly log: Log;
  readonly table: CommandTable;
  readonly keyspace: Keyspace;
  readonly settings: ReplicaSettings;
  readonly address: () => { readonly host: string; readonly port: number };
  readonly credentials: Credentials;
  readonly events: ReplicaEvents;
}

/**
 * The shell round the core: the only loop that performs its effects. It decides nothing.
 *
 * A turn begins when anything comes in and ends, once, after all sockets that are readable have been
 * read: so the writes of a turn share one append and one fsync, and its reads one barrier.
 */
export class Replica {
  readonly self: NodeId;
  readonly clusterId: string;
  readonly raft: Raft;
  readonly store: LogStore;
  readonly peers: Peers;
  readonly proposals: Proposals = new Proposals();
  readonly keyspace: Keyspace;
  readonly #world: World;
  readonly #settings: ReplicaSettings;
  readonly #events: ReplicaEvents;
  readonly #applier: Applier;
  readonly #usedIds: Set<NodeId> = new Set();
  #turnScheduled = false;
  #timer: Timer | null = null;
  #timerDue = Number.POSITIVE_INFINITY;
  #role: Role = 'follower';
  #leader: NodeId = NO_NODE;
  #term: Term;
  #lastTimeEntry = Number.NEGATIVE_INFINITY;
  #removed = false;
  #stopped = false;
  #turnStart = 0;
  #slowApply: Timer | null = null;
  /** Members of the configuration that links follow. */
  #linked: Configuration | null = null;
  #linkedCommitted: Configuration | null = null;
  /** Nodes that said hello without being members as far as this node knows. */
  readonly #acquaintances: Map<NodeId, Member> = new Map();
  readonly #waits: { index: LogIndex; done: (committed: boolean) => void }[] = [];
  readonly stats: ReplicaStats = { appends: 0, appendsWithEntries: 0, throttled: 0 };

  constructor(setup: ReplicaSetup) {
    this.#world = setup.world;
    this.#settings = setup.settings;
    this.#events = setup.events;
    this.keyspace = setup.keyspace;
    this.self = asNodeId(setup.log.nodeId);
    this.clusterId = setup.log.clusterId;
    this.store = new LogStore(setup.log);
    const restored = this.store.restore();
    this.#term = restored.hardState.term;
    this.raft = new Raft({
      self: this.self,
      options: this.#raftOptions(),
      random: new Prng(setup.world.random.uint32(), setup.world.random.uint32()),
      sizes: this.store,
      now: setup.world.clock.monotonic(),
      restored,
    });
    this.#applier = new Applier({
      store: this.store,
      table: setup.table,
      proposals: this.proposals,
      keyspace: setup.keyspace,
      applied: restored.commit,
      onConfiguration: (configuration) => this.#configurationApplied(configuration),
    });
    this.peers = new Peers({
      world: setup.world,
      settings: setup.settings,
      store: this.store,
      hello: (to, purpose) => this.hello(to, purpose, setup.address()),
      credentials: setup.credentials,
      events: {
        up: (link) => {
          this.#events.verbose(`link to node ${link.id} is up`);
          this.raft.peerReachable(link.id);
          this.touch();
        },
        down: (link) => {
          this.raft.peerUnreachable(link.id);
          this.touch();
        },
        frame: () => {},
        refusedAsRemoved: () => this.#wasRemoved(),
        log: (text) => this.#events.verbose(text),
      },
    });
    this.#followConfiguration();
    this.touch();
  }

  get role(): Role {
    return this.raft.role;
  }
  get isLeader(): boolean {
    return this.raft.role === 'leader';
  }
  get leader(): NodeId {
    return this.raft.leader;
  }
  get applied(): LogIndex {
    return this.#applier.applied;
  }
  /** Leader, and an entry of its own term is applied: what it reads is the newest there is. */
  get servesReads(): boolean {
    return this.isLeader && this.applied >= this.raft.leadershipStart;
  }
  /** Bytes of clients' entries that were proposed here and are not applied yet. */
  get unappliedBytes(): number {
    return this.proposals.bytes;
  }
  get usedIds(): ReadonlySet<NodeId> {
    return this.#usedIds;
  }
  get settings(): ReplicaSettings {
    return this.#settings;
  }

  hello(
    to: NodeId,
    purpose: PeerHello['purpose'],
    at: { readonly host: string; readonly port: number },
  ): PeerHello {
    return {
      version: 1,
      clusterId: this.clusterId,
      from: this.self,
      to,
      host: at.host,
      port: at.port,
      purpose,
    };
  }

  member(id: NodeId): Member | undefined {
    return findMember(this.raft.configuration, id) ?? this.#acquaintances.get(id);
  }

  /** This node's monotone clock, as of its last turn. */
  get now(): Milliseconds {
    return this.raft.now;
  }

  /** Begins to hand leadership over; null if it has begun. */
  transfer(target: NodeId): ReturnType<Raft['transfer']> {
    const refusal = this.raft.transfer(target);
    this.touch();
    return refusal;
  }

  /** The voter with the longest log; 0: none. */
  get bestSuccessor(): NodeId {
    return this.raft.bestSuccessor;
  }

  campaign(): void {
    this.raft.campaign();
    this.touch();
  }

  /** Whether the committed configuration leaves `id` out. */
  isCommittedNonMember(id: NodeId): boolean {
    return findMember(this.raft.committedConfiguration, id) === undefined;
  }

  /** INIT: this node is the cluster. `done` when its first two entries are applied. */
  bootstrap(address: { readonly host: string; readonly port: number }, done: () => void): void {
    this.raft.bootstrap();
    this.#noop();
    const member: Member = { id: this.self, host: address.host, port: address.port, voting: true };
    const configuration: Configuration = {
      change: { kind: 'bootstrap', id: this.self },
      members: [member],
    };
    const index = this.#appendConfiguration(configuration);
    this.whenApplied(index, done);
    this.touch();
  }

  #noop(): void {
    const index = this.raft.propose();
    this.store.append({ index, term: this.raft.term, kind: ENTRY_NOOP, time: this.#now() }, EMPTY);
  }

  /** Time for an entry: the wall clock, but never behind what was applied. */
  #now(): number {
    return Math.max(this.#world.clock.wall(), this.keyspace.clock);
  }

  /** Appends a client's command; the caller has checked {@link Raft.acceptsProposals}. */
  propose(proposal: Proposal, args: Args): LogIndex {
    const index = this.raft.propose();
    const { term } = this.raft;
    const bytes = this.store.appendCommand(index, term, this.#now(), proposal.db, args);
    this.proposals.add(proposal, { index, term }, bytes);
    this.touch();
    return index;
  }

  /** Appends a time entry now, because a read depends on it; returns its index. */
  proposeTime(): LogIndex {
    const index = this.raft.propose();
    const time = this.#now();
    this.store.append({ index, term: this.raft.term, kind: ENTRY_TIME, time }, EMPTY);
    this.#lastTimeEntry = this.#world.clock.monotonic();
    this.touch();
    return index;
  }

  /** Appends the configuration that `change` makes of the present one, or says why not. */
  changeMembers(
    next: Configuration,
    done: (committed: boolean) => void,
  ): ReturnType<Raft['refuseConfiguration']> {
    const refusal = this.raft.refuseConfiguration(next);
    if (refusal !== null) return refusal;
    const index = this.#appendConfiguration(next);
    this.#waits.push({ index, done });
    this.touch();
    return null;
  }

  addLearner(
    member: Member,
    done: (committed: boolean) => void,
  ): ReturnType<Raft['refuseConfiguration']> {
    return this.changeMembers(withLearner(this.raft.configuration, member), done);
  }

  removeMember(
    id: NodeId,
    done: (committed: boolean) => void,
  ): ReturnType<Raft['refuseConfiguration']> {
    return this.changeMembers(withoutMember(this.raft.configuration, id), done);
  }

  #appendConfiguration(configuration: Configuration): LogIndex {
    const time = this.#now();
    const payload = packConfiguration(configuration);
    const index = asLogIndex(this.raft.last + 1);
    const term = this.raft.term;
    this.store.append({ index, term, kind: ENTRY_CONFIGURATION, time }, payload);
    this.raft.proposeConfiguration(configuration);
    this.#followConfiguration();
    return index;
  }

  /** `done` once the entry `index` of this leadership is applied here. */
  whenApplied(index: LogIndex, done: () => void): void {
    this.#waits.push({ index, done: (committed) => committed && done() });
  }

  #configurationApplied(configuration: Configuration): void {
    for (const member of configuration.members) this.#usedIds.add(member.id);
    for (const id of this.#acquaintances.keys()) {
      if (this.#usedIds.has(id)) this.#acquaintances.delete(id);
    }
    if (configuration.change !== null) {
      this.#usedIds.add(configuration.change.id);
      this.#events.notice(
        `configuration: ${configuration.change.kind} node ${configuration.change.id}`,
      );
    }
    if (configuration.change?.kind === 'remove' && configuration.change.id === this.self) {
      this.#removed = true;
    }
  }

  /** Another node opened a link to this one. */
  peerSaidHello(hello: PeerHello): void {
    const id = asNodeId(hello.from);
    const stranger = findMember(this.raft.configuration, id) === undefined;
    if (stranger && this.#acquaintances.size < MAX_ACQUAINTANCES) {
      this.#acquaintances.set(id, { id, host: hello.host, port: hello.port, voting: false });
    }
    this.#linked = null;
    this.#followConfiguration();
  }

  /** A frame from another node's consensus link. */
  receive(from: NodeId, frame: Frame): void {
    if (this.#stopped) return;
    if (frame.type === FRAME_REMOVED) {
      this.#wasRemoved();
      return;
    }
    if (frame.type !== FRAME_MESSAGE) return;
    const head = decodeHead(frame.header);
    if (head === null || head.fields[0] !== from || head.fields[1] !== this.self) {
      this.#events.notice(`a message from node ${from} makes no sense and is ignored`);
      return;
    }
    this.raft.advanceTo(this.#world.clock.monotonic());
    let batch = null;
    if (head.kind === 'append') {
      this.stats.appends++;
      this.stats.appendsWithEntries++;
      const first = head.fields[6] ?? 0;
      const last = head.fields[7] ?? 0;
      batch = this.store.receive(frame.body, first, last, previousChainOf(head));
      if (batch === null) {
        this.#events.notice(`entries from node ${from} are damaged and ignored`);
        return;
      }
    } else if (head.kind === 'heartbeat') {
      this.stats.appends++;
    }
    this.raft.step(buildMessage(head, batch));
    this.touch();
  }

  #wasRemoved(): void {
    if (this.#removed) return;
    this.#removed = true;
    this.touch();
  }

  /** Something happened: the turn's end must come. */
  touch(): void {
    if (this.#turnScheduled || this.#stopped) return;
    this.#turnScheduled = true;
    this.#world.timers.turnEnd(() => {
      this.#turnScheduled = false;
      if (!this.#stopped) this.#turn();
    });
  }

  #turn(): void {
    const now = this.#world.clock.monotonic();
    this.raft.advanceTo(now);
    if (now >= this.raft.deadline) this.raft.tick();
    this.#lead(now);
    this.#events.collectReads();
    this.#perform();
    this.#observe();
    this.#apply();
    this.#observe();
    this.#events.progressed();
    this.#events.turnEnded();
    // Applying may have proposed, and reads may have asked for more: their effects go out now.
    this.#perform();
    this.peers.flush();
    this.#armTimer(now);
    if (this.#removed && !this.#stopped) this.#events.removed();
  }

  /** What a leader does of its own accord. */
  #lead(now: Milliseconds): void {
    if (!this.isLeader) return;
    if (this.raft.needsNoop) this.#noop();
    const ready = this.raft.promotable;
    if (ready !== NO_NODE) {
      this.#appendConfiguration(withPromotion(this.raft.configuration, ready));
    }
    if (
      this.raft.acceptsProposals &&
      now - this.#lastTimeEntry >= TIME_ENTRY_INTERVAL &&
      this.keyspace.hasDue(this.#world.clock.wall())
    ) {
      this.proposeTime();
    }
  }

  #perform(): void {
    const effects = this.raft.takeEffects();
    for (const step of effects.persists) {
      this.store.persist(step, (error) => this.#persisted(step.sequence, error));
    }
    for (const message of effects.messages) this.peers.send(message);
    for (const id of effects.removed) if (id !== this.self) this.peers.sendRemoved(id);
    if (effects.transferFailed) this.#events.transferFailed();
    this.#followConfiguration();
  }

  #persisted(sequence: number, error: Error | null): void {
    if (this.#stopped) return;
    // Nothing that this process wrote can be trusted any more, so it must not speak again.
    if (error !== null) fail(`the log cannot be written: ${error.message}`);
    this.raft.advanceTo(this.#world.clock.monotonic());
    this.raft.persisted(sequence);
    this.touch();
  }

  #apply(): void {
    const { commit } = this.raft;
    // Until then the store may hold an entry that the core has already replaced by another one.
    assert(
      !this.raft.hasSteps,
      'entries are applied only when the store has all steps of the core',
    );
    if (this.applied < commit && !this.#settings.raftLogDisableApply) {
      if (this.#settings.raftLogDelayApply > 0) {
        this.#applySlowly();
      } else {
        this.#turnStart = this.#world.clock.microseconds();
        this.#applier.apply(commit, () => this.#sliceIsOver());
        if (this.applied < commit) {
          this.stats.throttled++;
          this.touch();
        }
      }
      this.#finishWaits(true);
    }
    this.store.evict(this.#settings.raftLogMaxCacheSize, this.applied);
  }

  /** Test hook: one entry at a time, each after a delay. */
  #applySlowly(): void {
    if (this.#slowApply !== null) return;
    this.#slowApply = this.#world.timers.after(this.#settings.raftLogDelayApply / 1000, () => {
      this.#slowApply = null;
      if (this.#stopped) return;
      this.#applier.apply(asLogIndex(this.applied + 1), () => true);
      this.#finishWaits(true);
      this.touch();
    });
  }

  #sliceIsOver(): boolean {
    return this.#world.clock.microseconds() - this.#turnStart > APPLY_SLICE_MICROSECONDS;
  }

  #finishWaits(committed: boolean): void {
    if (this.#waits.length === 0) return;
    const due = this.#waits.filter((wait) => !committed || wait.index <= this.applied);
    if (due.length === 0) return;
    const rest = this.#waits.filter((wait) => !due.includes(wait));
    this.#waits.length = 0;
    this.#waits.push(...rest);
    for (const wait of due) wait.done(committed);
  }

  /** Tells the server of changes of leadership, and clients of a lost one that they wait in vain. */
  #observe(): void {
    const { role, leader, term } = this.raft;
    if (role === this.#role && leader === this.#leader && term === this.#term) return;
    const led = this.#role === 'leader';
    const ledTerm = this.#term;
    if (role !== this.#role) {
      this.#events.notice(`term ${term}: ${this.#role} becomes ${role}`);
    } else if (leader !== this.#leader && leader !== NO_NODE) {
      this.#events.notice(`term ${term}: following node ${leader}`);
    }
    this.#role = role;
    this.#leader = leader;
    this.#term = term;
    if (led && (role !== 'leader' || term !== ledTerm)) {
      // What is committed already has an outcome: apply it before the rest is declared unknown.
      this.#apply();
      this.proposals.abandon();
      this.#finishWaits(false);
    }
    this.#events.leadershipChanged();
    if (this.raft.needsNoop) this.#lead(this.#world.clock.monotonic());
  }

  #followConfiguration(): void {
    const { configuration, committedConfiguration } = this.raft;
    if (configuration === this.#linked && committedConfiguration === this.#linkedCommitted) return;
    this.#linked = configuration;
    this.#linkedCommitted = committedConfiguration;
    const members = [...configuration.members];
    for (const member of members) this.#acquaintances.delete(member.id);
    // A node being removed is spoken to until its removal is committed: a leader that removes itself
    // commits it by the answers of the others.
    for (const member of committedConfiguration.members) {
      if (!members.some((m) => m.id === member.id)) members.push(member);
    }
    this.peers.retain([...members, ...this.#acquaintances.values()], this.self);
  }

  #armTimer(now: Milliseconds): void {
    const { deadline } = this.raft;
    let due: number = deadline;
    if (this.isLeader && this.keyspace.nextDeadline() !== undefined) {
      due = Math.min(due, now + TIME_ENTRY_INTERVAL);
    }
    due = Math.min(due, now + this.#settings.raftPeriodicInterval);
    if (this.#timer !== null && this.#timerDue <= due && this.#timerDue > now) return;
    this.#timer?.cancel();
    this.#timerDue = due;
    this.#timer = this.#world.timers.after(Math.max(1, Math.ceil(due - now)), () => {
      this.#timer = null;
      this.touch();
    });
  }

  #raftOptions(): RaftOptions {
    const s = this.#settings;
    return {
      electionTimeout: s.raftElectionTimeout,
      heartbeatInterval: s.raftRequestTimeout,
      maxInflightAppends: s.raftAppendReqMaxCount,
      maxAppendBytes: s.raftAppendReqMaxSize,
    };
  }

  /** Settings were changed at run time. */
  reconfigure(): void {
    this.raft.configure(this.#raftOptions());
    this.store.log.setFsync(this.#settings.raftLogFsync);
    this.touch();
  }

  /** Flushes the log and closes everything; no event comes after. */
  stop(done: (error: Error | null) => void): void {
    this.#stopped = true;
    this.#timer?.cancel();
    this.#slowApply?.cancel();
    this.peers.close();
    this.store.log.close(done);
  }
}
