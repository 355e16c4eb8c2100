import { assert } from '../base/assert.ts';
import {
  advance,
  asNodeId,
  type LogIndex,
  type Milliseconds,
  NO_NODE,
  type NodeId,
  type Term,
} from '../base/ids.ts';
import type { Prng } from '../base/prng.ts';
import type { Configuration } from './configuration.ts';
import { dispatch } from './dispatch.ts';
import type { Effects } from './effects.ts';
import {
  bestSuccessor,
  bootstrap,
  campaign,
  startTransfer,
  type TransferRefusal,
} from './election.ts';
import { installImage, offerImage, setLoading } from './install.ts';
import { linkIsBusy, linkIsDown, linkIsUp } from './links.ts';
import {
  appendConfiguration,
  promotable,
  type Refusal,
  refuseConfiguration,
} from './membership.ts';
import type { Message } from './message.ts';
import type { Progress } from './progress.ts';
import { onPersisted } from './replication.ts';
import type { LogSizes, RaftOptions, Restored } from './setup.ts';
import { compact, type ImagePoint, type ImageVerdict, imageSent } from './snapshot.ts';
import { RaftState, type Role } from './state.ts';
import { endTurn, nextDeadline, tick } from './timers.ts';

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
  /** First entry that the log still has; `last + 1` if it has none. */
  get firstIndex(): LogIndex {
    return this.#raft.log.first;
  }
  get durable(): LogIndex {
    return this.#raft.durable;
  }
  /** Term and vote are on the disk. An image may be made durable only then. */
  get hardStateIsDurable(): boolean {
    return this.#raft.hardStateIsDurable;
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
    return nextDeadline(this.#raft);
  }

  tick(): void {
    tick(this.#raft);
  }

  step(message: Message): void {
    dispatch(this.#raft, message);
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
    bootstrap(this.#raft);
  }

  /** Asks for a read barrier; confirmed when {@link readConfirmed} reaches the number returned. */
  readIndex(): number {
    assert(this.#raft.role === 'leader', 'only a leader gives read barriers');
    this.#raft.readSequence++;
    return this.#raft.readSequence;
  }

  /** Steps of the disk queue up to `sequence` are durable. */
  persisted(sequence: number): void {
    onPersisted(this.#raft, sequence);
  }

  /** There is a link to `id` again: what is sent from now on arrives, in order, while it lasts. */
  peerReachable(id: NodeId): void {
    linkIsUp(this.#raft, id);
  }

  /** A part of a long message from `id` has arrived. */
  peerIsSending(id: NodeId): void {
    linkIsBusy(this.#raft, id);
  }

  /** The link to `id` broke: some of what was sent may not have arrived. */
  peerUnreachable(id: NodeId): void {
    linkIsDown(this.#raft, id);
  }

  /** Begins an election without asking first (RAFT.TIMEOUT_NOW). */
  campaign(): void {
    campaign(this.#raft, 'at-once', true);
  }

  /** Why leadership cannot go to `target`; null if the transfer has begun. */
  transfer(target: NodeId): TransferRefusal | null {
    return startTransfer(this.#raft, target);
  }

  /** The connected voter with the longest log, this node aside; 0: none. */
  get bestSuccessor(): NodeId {
    return bestSuccessor(this.#raft);
  }

  /** Test hook: changes only this node's view of whether another votes. */
  overrideVoting(id: NodeId, voting: boolean): boolean {
    return this.#raft.configurations.overrideVoting(id, voting);
  }

  /** Entries up to `base` are in a durable image here, and gone from the log. */
  compacted(base: LogIndex): void {
    compact(this.#raft, base);
  }

  /** What an image is to this node. `term`: in which the node that offers it says that it leads. */
  offerImage(image: ImagePoint, term: Term): ImageVerdict {
    return offerImage(this.#raft, image, term);
  }

  /** The image is in place of the log and the state: both begin behind it. */
  installImage(image: ImagePoint): void {
    installImage(this.#raft, image);
  }

  /** The shell has ended the sending of an image to `id`, which now has everything up to `index`, or 0. */
  imageSent(id: NodeId, index: LogIndex): void {
    imageSent(this.#raft, id, index);
  }

  /** Whether the state is being loaded, during which this node does not campaign. */
  set loading(on: boolean) {
    setLoading(this.#raft, on);
  }

  /** Takes over changed timeouts and windows. */
  configure(options: RaftOptions): void {
    Object.assign(this.#raft.options, options);
  }

  /** Whether {@link takeEffects} has steps for the disk queue that the shell does not know yet. */
  get hasSteps(): boolean {
    return this.#raft.disk.steps.length > 0;
  }

  /** Whether there is anything that {@link takeEffects} or a new {@link deadline} would tell. */
  get hasOutput(): boolean {
    const raft = this.#raft;
    if (this.hasSteps || raft.messages.length > 0 || raft.snapshots.length > 0) return true;
    return raft.wakeDeadline !== null;
  }

  /** What has to be done now; what the last call returned is gone. Call at the end of each turn. */
  takeEffects(): Effects {
    endTurn(this.#raft);
    return this.#raft.takeEffects();
  }
}

export function nodeIdFromRandom(bits: number): NodeId {
  return asNodeId(bits & 0x7fffffff || 1);
}
