import { assert, unreachable } from '../base/assert.ts';
import {
  advance,
  after,
  asNodeId,
  type LogIndex,
  type Milliseconds,
  NO_NODE,
  type NodeId,
  type Term,
} from '../base/ids.ts';
import type { Prng } from '../base/prng.ts';
import { type Configuration, findMember, isVoter } from './configuration.ts';
import type { Effects } from './effects.ts';
import {
  becomeFollower,
  becomeLeader,
  bestSuccessor,
  campaign,
  candidacyIsDurable,
  checkQuorum,
  leaderIsUnreachable,
  onTimeoutNow,
  onVoteRequest,
  onVoteResponse,
  startTransfer,
} from './election.ts';
import {
  appendConfiguration,
  promotable,
  type Refusal,
  refuseConfiguration,
} from './membership.ts';
import type { Message } from './message.ts';
import type { Progress } from './progress.ts';
import {
  acknowledge,
  advanceCommit,
  broadcastHeartbeat,
  COMMIT_NOTICE_DELAY,
  hasUntoldCommit,
  onAppend,
  onAppendResponse,
  onHeartbeat,
  onHeartbeatResponse,
  replicateToAll,
} from './replication.ts';
import { type LogSizes, type RaftOptions, RaftState, type Restored, type Role } from './state.ts';

/**
 * One node of a Raft group: pure, synchronous, driven by calls and read by {@link takeEffects}.
 *
 * The shell's duties, in this order each turn: tell the time ({@link advanceTo}); deliver messages,
 * proposals and reads; take the effects; queue every persist in order; send every message; apply
 * entries up to {@link commit}; and, when disks answer, call {@link persisted}. Everything in the
 * effects may be done at once: what must wait for a disk is held back inside.
 */
export class Raft {
  readonly #raft: RaftState;
  #commitNoticeDeadline: Milliseconds | null = null;

  constructor(setup: {
    readonly self: NodeId;
    readonly options: RaftOptions;
    readonly random: Prng;
    readonly sizes: LogSizes;
    readonly now: Milliseconds;
    readonly restored: Restored;
  }) {
    this.#raft = new RaftState(setup);
    // Nobody else could be elected: there is nothing to wait for.
    if (this.#raft.isOnlyVoter) this.#raft.electionDeadline = setup.now;
  }

  get now(): Milliseconds {
    return this.#raft.now;
  }
  get self(): NodeId {
    return this.#raft.self;
  }
  get role(): Role {
    return this.#raft.role;
  }
  get term(): Term {
    return this.#raft.term;
  }
  get vote(): NodeId {
    return this.#raft.vote;
  }
  /** Who leads `term`; 0 if not known. */
  get leader(): NodeId {
    return this.#raft.leader;
  }
  get commit(): LogIndex {
    return this.#raft.commit;
  }
  get last(): LogIndex {
    return this.#raft.log.last;
  }
  get durable(): LogIndex {
    return this.#raft.durable;
  }
  /** The newest configuration in the log, which is in force. */
  get configuration(): Configuration {
    return this.#raft.configuration;
  }
  get committedConfiguration(): Configuration {
    return this.#raft.committedConfiguration;
  }
  /** First entry of the present leadership; reads wait until it is applied. */
  get leadershipStart(): LogIndex {
    return this.#raft.leadershipStart;
  }
  get transferTarget(): NodeId {
    return this.#raft.transferTarget;
  }
  /** Every read barrier up to this one is confirmed. */
  get readConfirmed(): number {
    return this.#raft.readConfirmed;
  }

  termAt(index: LogIndex): Term | undefined {
    return this.#raft.log.term(index);
  }

  /** The leader's view of the others. */
  progress(): IterableIterator<Progress> {
    return this.#raft.progress.values();
  }

  advanceTo(now: Milliseconds): void {
    if (now > this.#raft.now) this.#raft.now = now;
  }

  /** When {@link tick} must be called next, at the latest. */
  get deadline(): Milliseconds {
    const raft = this.#raft;
    if (raft.role !== 'leader') return raft.electionDeadline;
    let deadline = raft.heartbeatDeadline;
    if (raft.quorumDeadline < deadline) deadline = raft.quorumDeadline;
    if (raft.transferTarget !== NO_NODE && raft.transferDeadline < deadline) {
      deadline = raft.transferDeadline;
    }
    if (this.#commitNoticeDeadline !== null && this.#commitNoticeDeadline < deadline) {
      deadline = this.#commitNoticeDeadline;
    }
    return deadline;
  }

  tick(): void {
    const raft = this.#raft;
    if (raft.role !== 'leader') {
      if (raft.now >= raft.electionDeadline) {
        if (raft.mayCampaign) campaign(raft, 'pre-vote', false);
        else raft.resetElectionTimer();
      }
      return;
    }
    if (raft.transferTarget !== NO_NODE && raft.now >= raft.transferDeadline) {
      raft.transferTarget = NO_NODE;
      raft.transferFailed = true;
    }
    const notice = this.#commitNoticeDeadline;
    if (notice !== null && raft.now >= notice) {
      this.#commitNoticeDeadline = null;
      if (hasUntoldCommit(raft)) broadcastHeartbeat(raft);
    }
    if (raft.now >= raft.heartbeatDeadline) broadcastHeartbeat(raft);
    if (raft.now >= raft.quorumDeadline) checkQuorum(raft);
  }

  step(message: Message): void {
    const raft = this.#raft;
    assert(message.to === raft.self, 'a message reaches the node it was sent to');
    switch (message.kind) {
      case 'vote-request':
        onVoteRequest(raft, message);
        break;
      case 'vote-response':
        onVoteResponse(raft, message);
        break;
      case 'append':
        onAppend(raft, message);
        break;
      case 'append-response':
        onAppendResponse(raft, message);
        break;
      case 'heartbeat':
        onHeartbeat(raft, message);
        break;
      case 'heartbeat-response':
        onHeartbeatResponse(raft, message);
        break;
      case 'timeout-now':
        onTimeoutNow(raft, message);
        break;
      default:
        unreachable(message);
    }
  }

  /** Whether this node may append a client's entry now. */
  get acceptsProposals(): boolean {
    const raft = this.#raft;
    return (
      raft.role === 'leader' &&
      raft.transferTarget === NO_NODE &&
      raft.log.last >= raft.leadershipStart
    );
  }

  /** A new leader must begin its term with a no-op ({@link propose}). */
  get needsNoop(): boolean {
    return this.#raft.role === 'leader' && this.#raft.log.last < this.#raft.leadershipStart;
  }

  /** Appends one entry in the present term and returns its index. Leader only. */
  propose(): LogIndex {
    const index = advance(this.#raft.log.last, 1);
    this.#raft.appendOwn(index);
    return index;
  }

  /** Why this configuration cannot be proposed; null if it can. */
  refuseConfiguration(next: Configuration): Refusal | null {
    return refuseConfiguration(this.#raft, next);
  }

  /** Appends a configuration that {@link refuseConfiguration} allows and returns its index. */
  proposeConfiguration(next: Configuration): LogIndex {
    appendConfiguration(this.#raft, next);
    return this.#raft.log.last;
  }

  /** A learner that has caught up and should now be proposed as a voter; 0: none. */
  get promotable(): NodeId {
    return promotable(this.#raft);
  }

  /**
   * The first node of a new cluster leads term 1 at once. The shell proposes a no-op and the
   * configuration that holds only this node.
   */
  bootstrap(): void {
    const raft = this.#raft;
    assert(raft.term === 0 && raft.log.last === 0, 'only a node without a log begins a cluster');
    raft.term = advanceTerm(raft.term);
    raft.vote = raft.self;
    raft.persistHardState();
    becomeLeader(raft);
  }

  /** Asks for a read barrier; confirmed when {@link readConfirmed} reaches the number returned. */
  readIndex(): number {
    assert(this.#raft.role === 'leader', 'only a leader gives read barriers');
    this.#raft.readSequence++;
    return this.#raft.readSequence;
  }

  /** Steps of the disk queue up to `sequence` are durable. */
  persisted(sequence: number): void {
    const raft = this.#raft;
    const durable = raft.durable;
    raft.markPersisted(sequence);
    if (raft.hardStateIsDurable) candidacyIsDurable(raft);
    if (raft.role === 'leader') advanceCommit(raft);
    else if (raft.durable > durable) acknowledge(raft);
  }

  peerReachable(id: NodeId): void {
    this.#raft.unreachable.delete(id);
    const progress = this.#raft.progress.get(id);
    if (progress === undefined) return;
    progress.connected = true;
    progress.reset();
    replicateToAll(this.#raft);
  }

  peerUnreachable(id: NodeId): void {
    const raft = this.#raft;
    raft.unreachable.add(id);
    const progress = raft.progress.get(id);
    if (progress !== undefined) {
      progress.connected = false;
      progress.reset();
    }
    if (raft.role === 'follower' && raft.leader === id) leaderIsUnreachable(raft);
  }

  /** Begins an election without asking first (RAFT.TIMEOUT_NOW). */
  campaign(): void {
    campaign(this.#raft, 'at-once', true);
  }

  /** Why leadership cannot go to `target`; null if the transfer has begun. */
  transfer(
    target: NodeId,
  ): 'not leader' | 'leader transfer is in progress' | 'invalid node id' | null {
    const raft = this.#raft;
    if (raft.role !== 'leader') return 'not leader';
    if (raft.transferTarget !== NO_NODE) return 'leader transfer is in progress';
    if (target === raft.self || !isVoter(raft.configuration, target)) return 'invalid node id';
    startTransfer(raft, target);
    return null;
  }

  /** The connected voter with the longest log, this node aside; 0: none. */
  get bestSuccessor(): NodeId {
    return bestSuccessor(this.#raft);
  }

  /** Steps down without a new term (the process is about to stop). */
  resign(): void {
    const raft = this.#raft;
    if (raft.role === 'leader') becomeFollower(raft, raft.term, NO_NODE);
  }

  /** Test hook: changes only this node's view of whether another votes. */
  overrideVoting(id: NodeId, voting: boolean): boolean {
    const newest = this.#raft.configurations.at(-1);
    if (newest === undefined || findMember(newest.configuration, id) === undefined) return false;
    const members = newest.configuration.members.map((m) => (m.id === id ? { ...m, voting } : m));
    this.#raft.configurations.pop();
    this.#raft.configurations.push({
      index: newest.index,
      configuration: { change: newest.configuration.change, members },
    });
    return true;
  }

  /** Takes over changed timeouts and windows. */
  configure(options: RaftOptions): void {
    Object.assign(this.#raft.options, options);
  }

  /** Whether {@link takeEffects} has steps for the disk queue that the shell does not know yet. */
  get hasSteps(): boolean {
    return this.#raft.persists.length > 0;
  }

  /** What has to be done now; what the last call returned is gone. Call at the end of each turn. */
  takeEffects(): Effects {
    const raft = this.#raft;
    if (raft.role === 'leader') {
      replicateToAll(raft);
      if (raft.readSequence > raft.readAnnounced) broadcastHeartbeat(raft);
      if (this.#commitNoticeDeadline === null && hasUntoldCommit(raft)) {
        this.#commitNoticeDeadline = after(raft.now, COMMIT_NOTICE_DELAY);
      }
    }
    raft.flush();
    const effects: Effects = {
      persists: raft.persists,
      messages: raft.messages,
      removed: raft.removed,
      transferFailed: raft.transferFailed,
    };
    raft.persists = [];
    raft.messages = [];
    raft.removed = [];
    raft.transferFailed = false;
    return effects;
  }
}

function advanceTerm(term: Term): Term {
  return (term + 1) as Term;
}

export function nodeIdFromRandom(bits: number): NodeId {
  return asNodeId(bits & 0x7fffffff || 1);
}
