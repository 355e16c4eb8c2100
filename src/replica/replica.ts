import { assert, fail } from '../base/assert.ts';
import {
  asNodeId,
  type LogIndex,
  type Milliseconds,
  NO_NODE,
  type NodeId,
  type Term,
} from '../base/ids.ts';
import { Prng } from '../base/prng.ts';
import type { Keyspace } from '../keyspace/keyspace.ts';
import type { Configuration, Member } from '../raft/configuration.ts';
import { Raft } from '../raft/raft.ts';
import type { RaftOptions } from '../raft/setup.ts';
import type { Role } from '../raft/state.ts';
import type { Args } from '../resp/args.ts';
import type { World } from '../world/world.ts';
import { Appender, TIME_ENTRY_INTERVAL } from './appender.ts';
import { Applier } from './applier.ts';
import { ApplyLoop } from './apply-loop.ts';
import { Blocked } from './blocked.ts';
import { FRAME_MESSAGE, FRAME_REMOVED, type Frame, type PeerHello } from './frame.ts';
import { Images, pointOf, usedIdsOf } from './image/images.ts';
import type { ImageMeta } from './image/meta.ts';
import { readMessage } from './inbox.ts';
import { Liveness } from './liveness.ts';
import { LogSpace } from './log-space.ts';
import { LogStore } from './log-store.ts';
import { Membership } from './membership.ts';
import type { LinkEvents } from './peer-link.ts';
import { Peers } from './peers.ts';
import { type Proposal, Proposals } from './proposals.ts';
import type {
  ReplicaEvents,
  ReplicaSettings,
  ReplicaSetup,
  ReplicaStats,
} from './replica-setup.ts';
import { Roster } from './roster.ts';
import { TurnTimer } from './turn-timer.ts';
import { Waiters } from './waiters.ts';
import { Waits } from './waits.ts';

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
  readonly appender: Appender;
  readonly roster: Roster;
  readonly blocked: Blocked;
  readonly images: Images;
  /** Blocked commands, on all nodes the same. */
  readonly waiters: Waiters;
  readonly membership: Membership;
  readonly space: LogSpace;
  readonly #waits = new Waits();
  #turnScheduled = false;
  readonly #timer: TurnTimer;
  readonly #applyLoop: ApplyLoop;
  #role: Role = 'follower';
  #leader: NodeId = NO_NODE;
  #term: Term;
  #removed = false;
  #stopped = false;
  readonly #liveness: Liveness;
  readonly #received = { appends: 0, appendsWithEntries: 0 };

  constructor(setup: ReplicaSetup) {
    this.#world = setup.world;
    this.#settings = setup.settings;
    this.#events = setup.events;
    this.keyspace = setup.keyspace;
    this.self = asNodeId(setup.log.nodeId);
    this.clusterId = setup.log.clusterId;
    this.store = new LogStore(setup.log, setup.replaceLog);
    const image = setup.disk.stored?.meta ?? null;
    const restored = this.store.restore(image === null ? null : pointOf(image));
    this.#term = restored.hardState.term;
    this.raft = new Raft({
      self: this.self,
      options: this.#raftOptions(),
      random: new Prng(setup.world.random.uint32(), setup.world.random.uint32()),
      sizes: this.store,
      now: setup.world.clock.monotonic(),
      restored,
    });
    this.waiters = new Waiters(setup.keyspace.interests);
    const { raft, store, proposals, waiters, keyspace } = this;
    const parts = { raft, store, proposals, waiters, keyspace, world: setup.world };
    const appended = (): void => this.touch();
    this.#applier = new Applier({
      ...parts,
      table: setup.table,
      applied: restored.commit,
      onConfiguration: (configuration, index) => this.#configurationApplied(configuration, index),
    });
    this.peers = new Peers({
      world: setup.world,
      settings: setup.settings,
      store: this.store,
      hello: (to, purpose) => this.hello(to, purpose, setup.address()),
      credentials: setup.credentials,
      events: this.#linkEvents(),
    });
    this.#liveness = new Liveness({ raft, peers: this.peers, clock: setup.world.clock });
    this.#timer = new TurnTimer(setup.world.timers, () => this.touch());
    this.#applyLoop = new ApplyLoop({
      world: setup.world,
      applier: this.#applier,
      settings: setup.settings,
      again: () => this.touch(),
    });
    this.appender = new Appender(parts);
    this.space = new LogSpace({ raft, store, ...setup });
    this.blocked = new Blocked({ ...parts, appender: this.appender, appended });
    this.roster = new Roster(this.raft, this.peers);
    if (image !== null) this.roster.restore(image.configuration, usedIdsOf(image));
    this.images = this.#makeImages(setup);
    const { appender, roster } = this;
    this.membership = new Membership({ raft, appender, roster, waits: this.#waits, appended });
    this.roster.follow();
    this.images.start();
    this.touch();
  }

  #makeImages(setup: ReplicaSetup): Images {
    const { raft, store, keyspace, waiters, clusterId } = this;
    const { world, settings, disk, table } = setup;
    return new Images({
      ...{ raft, store, keyspace, waiters, clusterId, world, settings, disk, table },
      applied: () => this.applied,
      membership: () => ({ at: this.roster.appliedAt, usedIds: [...this.roster.usedIds] }),
      links: (member, events) => this.peers.open(member, 'snapshot', events),
      log: (text) => this.#events.notice(text),
      warn: (text) => this.#events.warning(text),
      touch: () => this.touch(),
      perform: () => this.#perform(),
      adopted: (meta) => this.#adopted(meta),
      loaded: () => this.#events.loaded(),
      broken: (error) => fail(error.message),
    });
  }

  /** The state is that of an image which another node has sent. */
  #adopted(meta: ImageMeta): void {
    this.#applier.applied = meta.index;
    this.roster.restore(meta.configuration, usedIdsOf(meta));
    this.#events.loading();
  }

  #linkEvents(): LinkEvents {
    return {
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
      refused: (text) => this.#events.notice(text),
    };
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
    // Entries may be committed by the others while this node's own disk stands still.
    return Math.max(this.proposals.bytes, this.store.log.waitingBytes);
  }
  get usedIds(): ReadonlySet<NodeId> {
    return this.roster.usedIds;
  }
  get stats(): ReplicaStats {
    return { ...this.#received, throttled: this.#applyLoop.throttled };
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
    return this.roster.member(id);
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

  /** Appends a client's command; the caller has checked {@link Raft.acceptsProposals}. */
  propose(proposal: Proposal, args: Args): LogIndex {
    const index = this.appender.command(proposal, args);
    this.touch();
    return index;
  }

  /** Appends a time entry now, because a read depends on it; returns its index. */
  proposeTime(): LogIndex {
    const index = this.appender.time();
    this.touch();
    return index;
  }

  #configurationApplied(configuration: Configuration, index: LogIndex): void {
    this.roster.applied(configuration, index);
    this.images.senders.retain(configuration.members);
    if (configuration.databases !== undefined) this.keyspace.resize(configuration.databases);
    const { change } = configuration;
    if (change !== null) this.#events.notice(`configuration: ${change.kind} node ${change.id}`);
    if (change?.kind === 'remove' && change.id === this.self) this.#removed = true;
  }

  /**
   * A frame from another node's consensus link. False if it makes no sense: then the link must be
   * closed, since the core relies on getting all that is sent on a link that stands.
   */
  receive(from: NodeId, frame: Frame): boolean {
    if (this.#stopped) return true;
    if (frame.type === FRAME_REMOVED) {
      this.#wasRemoved();
      return true;
    }
    if (frame.type !== FRAME_MESSAGE || this.images.isInstalling) return false;
    const received = readMessage(this.store, frame, {
      from,
      self: this.self,
      term: this.raft.term,
    });
    if (received.kind === 'nonsense') {
      this.#events.notice(`${received.why}: the link is closed`);
      return false;
    }
    const { message } = received;
    if (message.kind === 'append') this.#received.appendsWithEntries++;
    if (message.kind === 'append' || message.kind === 'heartbeat') this.#received.appends++;
    this.raft.advanceTo(this.#world.clock.monotonic());
    const { readConfirmed } = this.raft;
    // Without space a node cannot even store its own vote.
    if (message.kind !== 'timeout-now' || !this.space.isFull) this.raft.step(message);
    // Of the answers to a heartbeat most come after a majority has answered, and change nothing.
    const idle = message.kind === 'heartbeat-response' && readConfirmed === this.raft.readConfirmed;
    if (!idle || this.raft.hasOutput) this.touch();
    return true;
  }

  /** A part of a frame from another node's consensus link has arrived. */
  receivingFrom(from: NodeId): void {
    if (!this.#stopped) this.#liveness.partFrom(from);
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
    this.space.look(now);
    this.#lead(now);
    this.#events.collectReads();
    this.#perform();
    this.#observe();
    this.#apply();
    this.#observe();
    this.images.checkpoints.turn();
    this.#events.progressed();
    this.#events.turnEnded();
    // Applying may have proposed, and reads may have asked for more: their effects go out now. A
    // read that comes after this must not share a barrier that has gone out.
    this.#events.collectReads();
    this.#perform();
    this.#timer.arm(this.#nextDeadline(now), now);
    if (this.#removed && !this.#stopped) this.#events.removed();
  }

  /** What a leader does of its own accord. */
  #lead(now: Milliseconds): void {
    if (!this.isLeader) return;
    if (this.raft.needsNoop) this.appender.noop();
    this.#liveness.dropSilentLinks(now, this.#settings.raftElectionTimeout);
    if (!this.space.isFull) this.membership.promoteReady();
    if (this.raft.acceptsProposals && this.appender.timeIsDue(now)) this.appender.time();
  }

  #perform(): void {
    const effects = this.raft.takeEffects();
    // The others can work while this node writes.
    for (const message of effects.messages) this.peers.send(message);
    for (const id of effects.snapshots) {
      const member = this.roster.member(id);
      if (member !== undefined) this.images.senders.send(member);
    }
    for (const id of effects.removed) if (id !== this.self) this.peers.sendRemoved(id);
    this.peers.flush();
    for (const step of effects.persists) {
      this.store.persist(step, (error) => this.#persisted(step.sequence, error));
    }
    if (effects.transferFailed) this.#events.transferFailed();
    this.roster.follow();
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
    if (this.images.isLoading) return;
    this.#applyLoop.run(commit);
    this.#waits.applied(this.applied, (index) => this.raft.termAt(index));
    const others = this.isLeader ? this.raft.progress() : [];
    this.store.evict(this.#settings.raftLogMaxCacheSize, this.applied, others);
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
      this.images.senders.abandon();
      this.proposals.abandon();
      this.#waits.abandon();
    }
    this.#events.leadershipChanged();
    if (this.raft.needsNoop) this.#lead(this.#world.clock.monotonic());
  }

  /** When a turn must come at the latest. */
  #nextDeadline(now: Milliseconds): number {
    const { raftPeriodicInterval } = this.#settings;
    let due = Math.min(this.raft.deadline, now + raftPeriodicInterval, this.space.deadline);
    if (this.isLeader && (this.waiters.count > 0 || this.keyspace.nextDeadline() !== undefined)) {
      due = Math.min(due, now + TIME_ENTRY_INTERVAL);
    }
    return due;
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
    this.#timer.cancel();
    this.#applyLoop.stop();
    this.peers.close();
    this.images.stop((failed) => this.store.log.close((error) => done(error ?? failed)));
  }
}
