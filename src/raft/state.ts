import { assert } from '../base/assert.ts';
import {
  after,
  type LogIndex,
  type Milliseconds,
  NO_INDEX,
  NO_NODE,
  type NodeId,
  previousIndex,
  type Term,
} from '../base/ids.ts';
import type { Prng } from '../base/prng.ts';
import { type Configuration, voterIds } from './configuration.ts';
import { Configurations } from './configurations.ts';
import { DiskQueue } from './disk-queue.ts';
import type { Effects } from './effects.ts';
import type { EntryBatch, Message } from './message.ts';
import { Progress } from './progress.ts';
import type { LogSizes, RaftOptions, Restored } from './setup.ts';
import type { TermIndex } from './term-index.ts';

export type Role = 'follower' | 'pre-candidate' | 'candidate' | 'leader';

/**
 * All state of the core, with the few moves that every part needs. The rules live in election.ts,
 * replication.ts, membership.ts and reads.ts; raft.ts is the door.
 */
export class RaftState {
  readonly self: NodeId;
  readonly options: RaftOptions;
  readonly random: Prng;
  readonly sizes: LogSizes;
  now: Milliseconds;

  role: Role = 'follower';
  /** Never falls (SPEC, S1). */
  term: Term;
  /** Whom this node voted for in `term`; cleared only with a new term (SPEC, S2). */
  vote: NodeId;
  leader: NodeId = NO_NODE;
  readonly log: TermIndex;
  /** Invariant: commit ≤ log.last; never falls (SPEC, S3). */
  commit: LogIndex;
  /** Everything up to here is on this node's disk. Invariant: durable ≤ log.last. */
  durable: LogIndex;
  /**
   * Everything up to here is known to equal the log of this term's leader; 0 until it has sent
   * something that fits. Kept through a campaign that fails: a term has only one leader.
   */
  matched: LogIndex = NO_INDEX;
  readonly configurations: Configurations;

  electionDeadline: Milliseconds;
  /** When the leader was last heard: votes are refused while that is fresh. */
  leaderHeard: Milliseconds;
  /** The leader's link broke: it is not waited for any more. */
  leaderLost = false;
  votes: Map<NodeId, boolean> = new Map();
  /** The election under way was asked for by the leader. */
  transferElection = false;

  progress: Map<NodeId, Progress> = new Map();
  /** Nodes that the shell has no link to at the moment. */
  readonly unreachable: Set<NodeId> = new Set();
  heartbeatDeadline: Milliseconds;
  /** Apart from the heartbeats, which a stream of reads moves ahead for ever. */
  quorumDeadline: Milliseconds;
  /** Index of the first entry of this leadership. */
  leadershipStart: LogIndex = NO_INDEX;
  transferTarget: NodeId = NO_NODE;
  transferDeadline: Milliseconds;
  /** When a commit is told that no other message has told; null: none is waiting. */
  commitNoticeDeadline: Milliseconds | null = null;
  timeoutNowSent = false;

  /** Read barriers: the newest one asked for, announced to the others, and confirmed. */
  readSequence = 0;
  readAnnounced = 0;
  readConfirmed = 0;
  readAnnouncedAt: Milliseconds;
  /** Leader: something was put off until then; null: nothing. */
  wakeDeadline: Milliseconds | null = null;

  readonly disk: DiskQueue = new DiskQueue();
  messages: Message[] = [];
  removed: NodeId[] = [];
  /** Nodes that were found to need an image since the shell last asked. */
  snapshots: NodeId[] = [];
  /** The state up to `commit` is not there yet, so this node must not lead. */
  isLoading = false;
  transferFailed = false;
  /** Own entries appended since the last persist was made: none if first > last. */
  #ownFirst: LogIndex;

  constructor(setup: {
    readonly self: NodeId;
    readonly options: RaftOptions;
    readonly random: Prng;
    readonly sizes: LogSizes;
    readonly now: Milliseconds;
    readonly restored: Restored;
  }) {
    this.self = setup.self;
    this.options = setup.options;
    this.random = setup.random;
    this.sizes = setup.sizes;
    this.now = setup.now;
    this.term = setup.restored.hardState.term;
    this.vote = setup.restored.hardState.vote;
    this.log = setup.restored.log;
    this.commit = setup.restored.commit;
    this.durable = this.log.last;
    this.configurations = new Configurations(setup.restored.configurations);
    this.#ownFirst = (this.log.last + 1) as LogIndex;
    this.heartbeatDeadline = this.now;
    this.quorumDeadline = this.now;
    this.transferDeadline = this.now;
    this.readAnnouncedAt = this.now;
    this.leaderHeard = (this.now - setup.options.electionTimeout) as Milliseconds;
    this.electionDeadline = this.now;
    this.resetElectionTimer();
  }

  /** The one in force: the newest in the log (effective on append). */
  get configuration(): Configuration {
    return this.configurations.newest;
  }

  /** The newest configuration that is committed. */
  get committedConfiguration(): Configuration {
    return this.configurations.at(this.commit);
  }

  /**
   * A node whose removal is not known to be committed must go on campaigning: it may be the only one
   * with the entries that the old majority needs, itself included (§4.2.2; SPEC, C6).
   */
  get mayCampaign(): boolean {
    if (this.isLoading || voterIds(this.configuration).length === 0) return false;
    return this.configurations.isVoterSince(this.commit, this.self);
  }

  get isOnlyVoter(): boolean {
    const voters = voterIds(this.configuration);
    return voters.length === 1 && voters[0] === this.self;
  }

  resetElectionTimer(): void {
    const timeout = this.options.electionTimeout;
    this.electionDeadline = after(this.now, timeout + this.random.below(timeout));
  }

  /** The leader has something to do at `time`, if nothing happens before. */
  wakeAt(time: Milliseconds): void {
    if (this.wakeDeadline === null || time < this.wakeDeadline) this.wakeDeadline = time;
  }

  /** Leader: begins to follow the progress of another node. */
  track(id: NodeId): void {
    const progress = new Progress(id, this.log.last, this.now);
    progress.connected = !this.unreachable.has(id);
    this.progress.set(id, progress);
  }

  send(message: Message): void {
    this.messages.push(message);
  }

  /** Sends a message that attests the present term or vote: not before they are durable. */
  sendWhenHardStateDurable(message: Message): void {
    if (this.hardStateIsDurable) this.messages.push(message);
    else this.disk.hold(message);
  }

  get hardStateIsDurable(): boolean {
    return this.disk.hardStateIsDurable;
  }

  /** Term and vote have changed and must reach the disk. */
  persistHardState(): void {
    this.flush();
    this.#persist({ truncateFrom: NO_INDEX, batch: null, first: 1, last: 0 });
    this.disk.hardStateChanged();
  }

  /** Appends own entries up to `last` in the present term, for the disk with the turn's others. */
  appendOwn(last: LogIndex): void {
    assert(this.role === 'leader', 'only a leader appends of its own accord');
    this.log.append(last, this.term);
  }

  /** Appends entries that came from the leader, from `first` of the batch on. */
  appendForeign(batch: EntryBatch, first: LogIndex): void {
    this.flush();
    const truncateFrom = first <= this.log.last ? first : NO_INDEX;
    if (truncateFrom !== NO_INDEX) this.#truncate(first);
    for (let i = 0; i < batch.runs.length; i++) {
      const run = batch.runs[i];
      const next = batch.runs[i + 1];
      const last = next === undefined ? batch.last : previousIndex(next.first);
      if (run !== undefined && last > this.log.last) this.log.append(last, run.term);
    }
    for (const entry of batch.configurations) {
      if (entry.index >= first) this.configurations.append(entry);
    }
    this.#ownFirst = (this.log.last + 1) as LogIndex;
    this.#persist({ truncateFrom, batch, first, last: batch.last });
  }

  /** The log begins anew behind an entry of an image; all that was on its way to the disk is done. */
  beginAfter(index: LogIndex, term: Term): void {
    assert(index > this.commit, 'a state never goes back');
    assert(this.disk.steps.length === 0, 'the shell knows all steps that concern the old log');
    this.log.reset(index, term);
    this.dropAppends(Number.POSITIVE_INFINITY);
    this.commit = index;
    this.durable = index;
    this.#ownFirst = (index + 1) as LogIndex;
    this.disk.truncated(index);
    // The new log was begun with the present term and vote, and has all there is.
    this.markPersisted(this.disk.newest);
    // What is committed is in the log of every later leader (SPEC, S6).
    this.matched = index;
  }

  /** Appends that begin up to `last` do not leave, nor what follows them; returns whom they were to. */
  dropAppends(last: number): ReadonlySet<NodeId> {
    const to = new Set<NodeId>();
    this.messages = this.messages.filter((message) => {
      if (message.kind !== 'append') return true;
      if (message.first <= last) to.add(message.to);
      return !to.has(message.to);
    });
    return to;
  }

  #truncate(from: LogIndex): void {
    assert(from > this.commit, 'committed entries are never truncated');
    this.log.truncate(from);
    // Appends made earlier in this turn, as a leader, speak of entries that are gone now (SPEC, L7).
    this.dropAppends(Number.POSITIVE_INFINITY);
    const last = previousIndex(from);
    if (this.durable > last) this.durable = last;
    this.disk.truncated(last);
    this.configurations.truncate(from);
  }

  /** Own entries appended since the last call become one step of the disk queue. */
  flush(): void {
    if (this.#ownFirst > this.log.last) return;
    const first = this.#ownFirst;
    this.#ownFirst = (this.log.last + 1) as LogIndex;
    this.#persist({ truncateFrom: NO_INDEX, batch: null, first, last: this.log.last });
  }

  #persist(step: {
    readonly truncateFrom: LogIndex;
    readonly batch: EntryBatch | null;
    readonly first: number;
    readonly last: number;
  }): void {
    this.disk.push(
      {
        hardState: { term: this.term, vote: this.vote },
        truncateFrom: step.truncateFrom,
        batch: step.batch,
        first: step.first as LogIndex,
        last: step.last as LogIndex,
      },
      this.log.last,
    );
  }

  /** All steps up to `sequence` are durable. */
  markPersisted(sequence: number): void {
    const durable = this.disk.complete(sequence);
    if (durable > this.durable) this.durable = durable;
    assert(this.durable <= this.log.last, 'what is durable is in the log');
    // What speaks of an older term does not matter any more.
    for (const message of this.disk.released()) {
      if (message.term >= this.term) this.messages.push(message);
    }
  }

  /** All that has come together since the last call. */
  takeEffects(): Effects {
    this.flush();
    const { messages, snapshots, removed, transferFailed } = this;
    const effects = { persists: this.disk.steps, messages, snapshots, removed, transferFailed };
    this.disk.steps = [];
    this.messages = [];
    this.snapshots = [];
    this.removed = [];
    this.transferFailed = false;
    return effects;
  }
}
