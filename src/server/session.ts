import { assert } from '../base/assert.ts';
import { type LogIndex, NO_INDEX } from '../base/ids.ts';
import type { LocalSession, ReplyMode } from '../commands/local.ts';
import { ReplyWriter } from '../resp/encoder.ts';
import { isError, NO_REPLY, type Reply } from '../resp/reply.ts';
import { ReadQueue } from './read-queue.ts';
import type { SessionHost, Transport } from './session-host.ts';
import { SLOT_DONE, SLOT_READ, Slot } from './slot.ts';
import type { Transaction } from './transactions.ts';
import type { Watches } from './watches.ts';

const COMPACT_AT = 1024;
/** A client that has so many commands unanswered is not read further until some are answered. */
const MAX_PENDING_COMMANDS = 65_536;
/** The same when they are relayed: another node sends the replies, whether or not they are read here. */
const MAX_RELAYED_COMMANDS = 256;
/** A client that leaves so many bytes of replies unread gets no further ones until it takes them. */
export const MAX_UNREAD_REPLY_BYTES: number = 16 * 1024 * 1024;

/**
 * One client's conversation: its settings, and the queue of commands that are not answered yet.
 *
 * Replies leave in the order of the commands. The queue holds what waits; a reply that comes while
 * the queue is empty is written at once.
 */
export class Session implements LocalSession {
  readonly id: number;
  readonly host: SessionHost;
  readonly transport: Transport;
  name = '';
  libraryName = '';
  libraryVersion = '';
  db = 0;
  protocol: 2 | 3 = 2;
  readonly user = 'default';
  authenticated: boolean;
  readOnly = false;
  replyMode: ReplyMode = 'on';
  noEvict = false;
  noTouch = false;
  /** Came when there were clients enough: it may administrate, or turn out to be a node. */
  isSurplus = false;
  /** Sends no more commands: the connection closes when everything is answered. */
  closing = false;
  /** The transport is gone; replies have nowhere to go. */
  gone = false;
  /** Already told the host that there is something to send. */
  isDirty = false;
  /** Already in the host's list of sessions whose reads wait. */
  awaitsReads = false;
  /** The transport has more than enough to send: replies wait in the queue. */
  isBlocked = false;
  lastWrite: LogIndex = NO_INDEX;
  lastCommand = 'NULL';
  commands = 0;
  /** Between MULTI and EXEC. */
  transaction: Transaction | null = null;
  watches: Watches | null = null;
  /** The blocking command that it waits in. */
  blocked: Slot | null = null;
  /** An EXEC with commands that are run here is on its way: commands behind it wait. */
  isExecuting = false;
  /** What a command of this session waited for has come: {@link Transport.flush} takes it up. */
  resumes = false;
  readonly out: ReplyWriter = new ReplyWriter();
  readonly #startAuthenticated: boolean;
  #queue: Slot[] = [];
  readonly #reads = new ReadQueue();
  #nextOrder = 1;
  #head = 0;
  /** Commands that may be pending before no more are read. */
  #window = MAX_PENDING_COMMANDS;
  /** Where each reply in `out` ends, for a transport that sends them one by one. */
  #replyEnds: number[] | null = null;

  constructor(setup: {
    readonly id: number;
    readonly host: SessionHost;
    readonly transport: Transport;
    readonly authenticated: boolean;
  }) {
    this.id = setup.id;
    this.host = setup.host;
    this.transport = setup.transport;
    this.authenticated = setup.authenticated;
    this.#startAuthenticated = setup.authenticated;
  }

  keepReplyEnds(): void {
    this.#replyEnds = [];
  }

  takeReplyEnds(): readonly number[] {
    const ends = this.#replyEnds ?? [];
    this.#replyEnds = [];
    return ends;
  }

  /** Commands that wait for their reply. */
  get pending(): number {
    return this.#queue.length - this.#head;
  }

  /** Commands that are worth waiting for: a blocked one may never be answered. */
  get unanswered(): number {
    return this.pending - (this.blocked === null ? 0 : 1);
  }

  /** No more commands are read until some are answered, and their replies taken. */
  get isFull(): boolean {
    return this.pending >= this.#window || this.#hasEnough;
  }

  get #hasEnough(): boolean {
    return this.isBlocked || this.out.length > MAX_UNREAD_REPLY_BYTES;
  }

  /** Whether the reply to the command being read must not be sent. */
  takeSilence(): boolean {
    if (this.replyMode === 'on') return false;
    if (this.replyMode === 'skip-next') this.replyMode = 'on';
    return true;
  }

  get hasWaitingRead(): boolean {
    return this.#reads.first() !== undefined;
  }

  waitingReads(): Slot[] {
    return this.#reads.waiting();
  }

  enqueue(slot: Slot): void {
    slot.order = this.#nextOrder++;
    this.#queue.push(slot);
    if (slot.state === SLOT_READ) this.#reads.push(slot);
  }

  /** For a command that another node answers. */
  enqueueRelayed(slot: Slot): void {
    this.#window = MAX_RELAYED_COMMANDS;
    this.enqueue(slot);
  }

  /** Answers the command being read, in its place. */
  reply(reply: Reply): void {
    // CLIENT REPLY SKIP answers nothing itself, and silences the command after it.
    if (reply === NO_REPLY) {
      this.host.dirty(this);
      return;
    }
    if (this.pending === 0) {
      if (!this.takeSilence()) this.#write(reply, this.protocol);
      else this.host.dirty(this);
      return;
    }
    const slot = new Slot(this, SLOT_DONE);
    slot.reply = reply;
    this.enqueue(slot);
  }

  #write(reply: Reply, protocol: 2 | 3): void {
    if (this.gone) return;
    if (typeof reply === 'object' && isError(reply)) this.host.countError(reply);
    const { length } = this.out;
    try {
      this.out.write(reply, protocol);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.#unsendable(length, error);
      return;
    }
    this.#replyEnds?.push(this.out.length);
    if (!this.isDirty) this.host.dirty(this);
  }

  /** A reply is larger than a buffer can be. Without it those behind it mean nothing either. */
  #unsendable(length: number, error: RangeError): void {
    this.out.length = length;
    this.gone = true;
    this.closing = true;
    this.host.notice(
      `client ${this.id} closed: the reply to ${this.lastCommand} is too large: ${error.message}`,
    );
    this.transport.close();
  }

  /** The reply of a slot has come. */
  finish(slot: Slot, raw: Reply): void {
    const reply = slot.received(raw);
    if (this.#queue[this.#head] !== slot || this.#hasEnough) {
      slot.reply = reply;
      slot.state = SLOT_DONE;
      return;
    }
    this.#answer(slot, reply);
    if (this.#head < this.#queue.length) this.drain();
    else if (this.closing) this.host.dirty(this);
  }

  #answer(slot: Slot, reply: Reply): void {
    this.#advance();
    if (!slot.silent) this.#write(reply, slot.protocol);
    // Nothing to send, but there is room to read on.
    else if (!this.isDirty) this.host.dirty(this);
  }

  /** Answers as many commands, in order, as can be answered now. */
  drain(): void {
    for (;;) {
      const slot = this.#queue[this.#head];
      if (slot === undefined) break;
      if (this.#hasEnough) return;
      if (slot.state === SLOT_DONE) this.#answer(slot, slot.reply);
      else if (slot.state === SLOT_READ && this.host.readIsReady(slot)) {
        slot.state = SLOT_DONE;
        this.#reads.first();
        this.#answer(slot, slot.received(this.host.runRead(slot)));
      } else return;
    }
    if (this.closing) this.host.dirty(this);
  }

  /**
   * A write is about to be applied: reads that stand before it in the queue must not see it. They may
   * run although their barrier is not confirmed: the write was appended after they came, and a
   * majority has it, so this node led when they came.
   */
  runReadsBefore(slot: Slot): void {
    for (;;) {
      const earlier = this.#reads.first();
      if (earlier === undefined || earlier.order > slot.order) break;
      earlier.reply = earlier.received(this.host.runRead(earlier));
      earlier.state = SLOT_DONE;
    }
    if (this.#queue[this.#head]?.state === SLOT_DONE) this.drain();
  }

  /** Ends all waiting reads (leadership is lost). */
  failReads(reply: (slot: Slot) => Reply): void {
    for (const slot of this.#reads.waiting()) {
      slot.reply = slot.received(reply(slot));
      slot.state = SLOT_DONE;
    }
    this.drain();
  }

  /** The command waits in the dataset; if its client is gone meanwhile, it must not wait on. */
  parked(slot: Slot): void {
    this.blocked = slot;
    if (this.gone) this.host.unblock(slot.index, 'timeout');
  }

  runForced(slot: Slot): Reply {
    return this.host.runForced(slot);
  }

  #advance(): void {
    this.#head++;
    if (this.#head === this.#queue.length) {
      this.#queue.length = 0;
      this.#head = 0;
      this.#window = MAX_PENDING_COMMANDS;
    } else if (this.#head >= COMPACT_AT && this.#head * 2 > this.#queue.length) {
      this.#queue = this.#queue.slice(this.#head);
      this.#head = 0;
    }
    assert(this.#head <= this.#queue.length, 'the queue has a head');
  }

  forgetTransaction(): void {
    this.transaction = null;
    this.watches?.clear();
  }

  closeAfterReply(): void {
    this.closing = true;
    this.host.dirty(this);
  }

  reset(): void {
    this.forgetTransaction();
    this.name = '';
    this.db = 0;
    this.protocol = 2;
    this.readOnly = false;
    this.replyMode = 'on';
    this.noEvict = false;
    this.noTouch = false;
    this.authenticated = this.#startAuthenticated;
  }
}
