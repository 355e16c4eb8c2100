import { NO_NODE } from '../base/ids.ts';
import type { CommandFlag, DataCommand, LocalCommand } from '../commands/command.ts';
import { arityError, type CommandTable } from '../commands/command-table.ts';
import { DATABASE_OUT_OF_RANGE } from '../commands/errors.ts';
import { Deferred } from '../commands/local.ts';
import type { Settings } from '../config/settings.ts';
import type { Replica } from '../replica/replica.ts';
import type { Args } from '../resp/args.ts';
import { ErrorReply, isError, QUEUED, type Reply } from '../resp/reply.ts';
import { LOADING, NO_LEADER, TRANSFERRING } from './errors.ts';
import { GATES, type GateFacts, LOG_FULL } from './gates.ts';
import { BlockReceiver, Explicit, Internal } from './internal.ts';
import type { ServerContext } from './local-context.ts';
import type { Node } from './node.ts';
import type { ProxyClient } from './proxy-client.ts';
import { firstKeySlot, type Reads } from './reads.ts';
import { Routing, redirect } from './routing.ts';
import type { Session } from './session.ts';
import { SLOT_ELSEWHERE, SLOT_READ, SLOT_WRITE, Slot } from './slot.ts';
import { NOT_IN_TRANSACTION } from './transactions.ts';

export interface DispatchHost {
  readonly table: CommandTable;
  readonly settings: Settings;
  readonly node: Node;
  readonly reads: Reads;
  readonly proxy: ProxyClient;
  readonly facts: GateFacts;
  /** The server is about to stop: nothing is relayed any more. */
  readonly isStopping: boolean;
  localContext(session: Session): ServerContext;
  /** Holds the command until a leader is known; false if it must be refused now. */
  hold(session: Session, args: Args): boolean;
  countError(reply: Reply): void;
  /** Logs a bug in a command and returns what to answer; throws on if an invariant is broken. */
  onBug(command: string, error: unknown): ErrorReply;
  /** Holds the write while too much is proposed and not applied. */
  holdWrite(session: Session, args: Args): boolean;
}

/** These answer later, or leave nothing to answer: their place is not in the log. */
const NEVER_FORCED: readonly CommandFlag[] = ['admin', 'module'];

/** A command on the dataset on its way. */
interface Task {
  readonly command: DataCommand | LocalCommand;
  readonly args: Args;
  /** What the client sent: kept, and tried again, if the command has to wait. */
  readonly sent: Args;
  /** Set if a transaction's command stands for what was sent. */
  readonly internal: Internal | null;
}

interface DataTask extends Task {
  readonly command: DataCommand;
}

/** Finds out what a command needs and sends it there. */
export class Dispatcher {
  readonly #host: DispatchHost;
  readonly #routing: Routing;

  constructor(host: DispatchHost) {
    this.#host = host;
    this.#routing = new Routing(host);
  }

  dispatch(session: Session, args: Args): void {
    if (session.isExecuting) {
      session.transport.hold(args);
      return;
    }
    const { table } = this.#host;
    const isPeer = session.transport.kind === 'proxy';
    const command = isPeer ? table.resolveInternal(args) : table.resolve(args);
    if (isError(command)) {
      this.#refused(session, command);
      return;
    }
    const refusal = this.#refuse(session, command, args);
    if (refusal !== null) {
      this.#refused(session, command.refused?.(refusal) ?? refusal);
      if (command.refused !== undefined) session.forgetTransaction();
      return;
    }
    session.lastCommand = command.name;
    if (session.transaction !== null && command.immediate !== true) {
      this.#queue(session, command, args);
    } else if (command.kind === 'local') {
      this.#local(session, command, args);
    } else {
      this.#data(session, { command, args, sent: args, internal: null });
    }
  }

  /** Before it was queued or run: a transaction that misses a command is none. */
  #refused(session: Session, error: ErrorReply): void {
    session.transaction?.abort();
    session.reply(error);
  }

  /** Keeps a command for EXEC, if it could run here or be relayed from here. */
  #queue(session: Session, command: DataCommand | LocalCommand, args: Args): void {
    const refusal =
      this.#routing.cannotRun(session, command, args) ?? session.transaction?.queue(command, args);
    if (refusal === null) session.reply(QUEUED);
    else if (refusal !== undefined) this.#refused(session, refusal);
  }

  /** Number of arguments and gates. */
  #refuse(session: Session, command: DataCommand | LocalCommand, args: Args): ErrorReply | null {
    const arity = arityError(command, args);
    if (arity !== null) return arity;
    for (const gate of GATES) {
      const refusal = gate(command, session, this.#host.facts);
      if (refusal !== null) return refusal;
    }
    return null;
  }

  #local(session: Session, command: LocalCommand, args: Args): void {
    const context = this.#host.localContext(session);
    let reply: Reply | Deferred;
    try {
      reply = command.run(context, args);
    } catch (error) {
      reply = this.#host.onBug(command.name, error);
      if (context.finishDeferred(reply)) return;
    }
    // Not inside `run`: a proposal that fails half way must stop the process.
    if (reply instanceof Explicit) this.#explicit(session, reply, args);
    else if (reply instanceof Internal) this.#internal(session, reply, args);
    else if (!(reply instanceof Deferred)) session.reply(reply);
  }

  /** What a transaction's command stands for. */
  #internal(session: Session, internal: Internal, sent: Args): void {
    const { command, args } = internal;
    this.#data(session, { command, args, sent, internal });
  }

  /** A command on the dataset: here if this node leads, elsewhere or later if not. */
  #data(session: Session, task: DataTask): void {
    const { replica } = this.#host.node;
    if (replica === null) {
      this.#answer(session, task, this.#routing.noCluster);
      return;
    }
    if (replica.images.isLoading && (replica.leader === NO_NODE || session.readOnly)) {
      this.#answer(session, task, LOADING);
      return;
    }
    const waits = task.command.blocking !== undefined && this.#waits(task);
    // What waits must be parked on every node, so it is an entry though it may only read.
    const isRead = task.command.kind === 'read' && !waits;
    if (!replica.servesReads || !(isRead || replica.raft.acceptsProposals)) {
      this.#notServing(session, replica, task);
      return;
    }
    // A node that has not heard the cluster's number of databases may have let it choose any.
    if (session.db >= replica.keyspace.count) {
      this.#answer(session, task, DATABASE_OUT_OF_RANGE);
      return;
    }
    if (!isRead && this.#host.facts.logIsFull) {
      this.#answer(session, task, LOG_FULL);
      return;
    }
    if (!isRead && this.#host.holdWrite(session, task.sent)) return;
    const request = task.internal?.request ?? this.#parse(task.command, task.args);
    if (isError(request)) this.#answer(session, task, request);
    else if (isRead) this.#read(session, replica, task, request);
    else this.#propose(session, replica, task, request);
  }

  /** Whether a blocking command would wait if it found nothing. */
  #waits({ command, args, internal }: DataTask): boolean {
    if (internal !== null) return false;
    const request = this.#parse(command, args);
    return !isError(request) && command.blocking?.waits(request) === true;
  }

  /** Answers a command at once. */
  #answer(session: Session, { internal }: Task, reply: Reply): void {
    internal?.sent();
    session.reply(internal?.receiver?.().receive(reply) ?? reply);
  }

  /** The place of a command's reply, which comes later. */
  #slot(session: Session, task: Task, kind: number, request: unknown): Slot {
    const slot = new Slot(session, kind, task.command, request);
    if (task.internal !== null) {
      task.internal.sent();
      slot.receiver = task.internal.receiver?.() ?? null;
    } else if (task.command.kind !== 'local' && task.command.blocking !== undefined) {
      slot.isPatient = kind !== SLOT_READ && this.#waits({ ...task, command: task.command });
      if (slot.isPatient) slot.receiver = new BlockReceiver(session);
    }
    return slot;
  }

  #parse(command: DataCommand, args: Args): unknown {
    try {
      return command.parse(args);
    } catch (error) {
      return this.#host.onBug(command.name, error);
    }
  }

  /** Appends the command as an entry; it is answered when it is applied. */
  #propose(session: Session, replica: Replica, task: Task, request: unknown): void {
    const slot = this.#slot(session, task, SLOT_WRITE, request);
    session.enqueue(slot);
    session.lastWrite = replica.propose(slot, task.args);
  }

  #read(session: Session, replica: Replica, task: DataTask, request: unknown): void {
    const { reads, settings } = this.#host;
    const { command, args } = task;
    const mayWait = !replica.raft.acceptsProposals && !replica.space.isFull;
    if (mayWait && reads.needsTime(command, args, session.db)) {
      if (!this.#host.hold(session, task.sent)) this.#answer(session, task, TRANSFERRING);
      return;
    }
    const slot = this.#slot(session, task, SLOT_READ, request);
    reads.prepare(slot, command, args, settings.raftQuorumReads);
    session.enqueue(slot);
    if (session.pending === 1 && reads.isReady(slot)) session.drain();
    else reads.wait(session);
  }

  /** Explicit form `RAFT <cmd>`: reads as reads, everything else through the log. */
  #explicit(session: Session, { args, isInternal }: Explicit, whole: Args): void {
    const { table } = this.#host;
    const command = isInternal ? table.resolveInternal(args) : table.resolve(args);
    if (isError(command)) {
      session.reply(command);
      return;
    }
    const refusal = this.#refuse(session, command, args);
    if (refusal !== null) session.reply(refusal);
    else if (session.transaction !== null) this.#refused(session, NOT_IN_TRANSACTION);
    else if (command.immediate === true) session.reply(cannotBeForced(command));
    else if (command.kind === 'local') this.#force(session, command, { args, whole });
    else this.#data(session, { command, args, sent: whole, internal: null });
  }

  /** Appends an entry for a command about the connection, which is run when that is applied. */
  #force(session: Session, command: LocalCommand, given: { args: Args; whole: Args }): void {
    const { replica } = this.#host.node;
    if (command.flags.some((flag) => NEVER_FORCED.includes(flag))) {
      session.reply(cannotBeForced(command));
    } else if (replica === null) {
      session.reply(this.#routing.noCluster);
    } else if (!replica.servesReads || !replica.raft.acceptsProposals) {
      session.reply(redirect(replica));
    } else if (this.#host.facts.logIsFull) {
      session.reply(LOG_FULL);
    } else if (!this.#host.holdWrite(session, given.whole)) {
      const { args } = given;
      const task: Task = { command, args, sent: given.whole, internal: null };
      this.#propose(session, replica, task, args.copy());
    }
  }

  #notServing(session: Session, replica: Replica, task: DataTask): void {
    const { proxy, reads } = this.#host;
    const { command, args, internal } = task;
    if (!replica.isLeader && replica.leader !== NO_NODE) {
      const maybeStale = session.readOnly && command.kind === 'read' && internal === null;
      const isStale = maybeStale && !(command.blocking !== undefined && this.#waits(task));
      if (isStale && reads.isCaughtUp) {
        const request = this.#parse(command, args);
        const { db } = session;
        session.reply(isError(request) ? request : reads.runStale(command, request, db));
        return;
      }
      const relay = this.#routing.mayRelay(command, args);
      if (relay && session.transport.kind === 'socket' && !this.#host.isStopping) {
        const slot = this.#slot(session, task, SLOT_ELSEWHERE, null);
        session.enqueueRelayed(slot);
        if (slot.isPatient) session.blocked = slot;
        proxy.forward(slot, args);
        return;
      }
      this.#answer(session, task, redirect(replica, firstKeySlot(command, args)));
      return;
    }
    if (this.#host.hold(session, task.sent)) return;
    const transferring = replica.isLeader && replica.raft.transferTarget !== NO_NODE;
    this.#answer(session, task, transferring ? TRANSFERRING : NO_LEADER);
  }
}

function cannotBeForced({ name }: DataCommand | LocalCommand): ErrorReply {
  return new ErrorReply(`ERR '${name}' cannot be sent through the log`);
}
