import { NO_NODE } from '../base/ids.ts';
import type { CommandFlag, DataCommand, LocalCommand } from '../commands/command.ts';
import { getKeys } from '../commands/key-positions.ts';
import { Deferred } from '../commands/local.ts';
import { arityError, type CommandTable } from '../commands/table.ts';
import type { Settings } from '../config/settings.ts';
import type { Replica } from '../replica/replica.ts';
import type { Args } from '../resp/args.ts';
import { ErrorReply, isError, type Reply } from '../resp/reply.ts';
import { GATES, type GateFacts } from './gates.ts';
import type { ServerContext } from './local-context.ts';
import type { Node } from './node.ts';
import type { ProxyClient } from './proxy-client.ts';
import { firstKeySlot, type Reads } from './reads.ts';
import type { Session } from './session.ts';
import { SLOT_ELSEWHERE, SLOT_READ, SLOT_WRITE, Slot } from './slot.ts';

export const NO_CLUSTER: ErrorReply = new ErrorReply('NOCLUSTER No Raft Cluster');
export const JOINING: ErrorReply = new ErrorReply('NOCLUSTER No Raft Cluster (joining now)');
export const LOADING: ErrorReply = new ErrorReply('LOADING Raft module is loading data');
export const NO_LEADER: ErrorReply = new ErrorReply('CLUSTERDOWN No raft leader');
const TRANSFERRING = new ErrorReply('ERR leader transfer is in progress');

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

/** `RAFT <cmd>` has been read: what it stands for is dispatched next. */
export class Explicit extends Deferred {
  readonly args: Args;

  constructor(args: Args) {
    super();
    this.args = args;
  }
}

/** These answer later, or leave nothing to answer: their place is not in the log. */
const NEVER_FORCED: readonly CommandFlag[] = ['admin', 'module'];

interface Parsed {
  readonly command: DataCommand | LocalCommand;
  readonly request: unknown;
  readonly args: Args;
}

interface ParsedRead extends Parsed {
  readonly command: DataCommand;
}

/** Finds out what a command needs and sends it there. */
export class Dispatcher {
  readonly #host: DispatchHost;

  constructor(host: DispatchHost) {
    this.#host = host;
  }

  dispatch(session: Session, args: Args): void {
    const command = this.#host.table.resolve(args);
    if (isError(command)) {
      this.#reply(session, command);
      return;
    }
    const refusal = this.#refuse(session, command, args);
    if (refusal !== null) {
      this.#reply(session, refusal);
      return;
    }
    session.lastCommand = command.name;
    if (command.kind === 'local') {
      this.#local(session, command, args);
    } else {
      this.#data(session, command, args);
    }
  }

  #reply(session: Session, reply: Reply): void {
    session.reply(reply);
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
    if (reply instanceof Explicit) this.#explicit(session, reply.args, args);
    else if (!(reply instanceof Deferred)) this.#reply(session, reply);
  }

  /** A command on the dataset: here if this node leads, elsewhere or later if not. */
  #data(session: Session, command: DataCommand, args: Args): void {
    const { replica } = this.#host.node;
    if (replica === null) {
      this.#reply(session, this.#host.node.state === 'joining' ? JOINING : NO_CLUSTER);
      return;
    }
    const isRead = command.kind === 'read';
    if (!replica.servesReads || !(isRead || replica.raft.acceptsProposals)) {
      this.#notServing(session, replica, command, args);
      return;
    }
    if (!isRead && this.#host.holdWrite(session, args)) return;
    const request = this.#parse(command, args);
    if (isError(request)) this.#reply(session, request);
    else if (isRead) this.#read(session, replica, { command, request, args });
    else this.#propose(session, replica, { command, request, args });
  }

  #parse(command: DataCommand, args: Args): unknown {
    try {
      return command.parse(args);
    } catch (error) {
      return this.#host.onBug(command.name, error);
    }
  }

  /** Appends the command as an entry; it is answered when it is applied. */
  #propose(session: Session, replica: Replica, { command, request, args }: Parsed): void {
    const slot = new Slot(session, SLOT_WRITE, command, request);
    session.enqueue(slot);
    session.lastWrite = replica.propose(slot, args);
  }

  #read(session: Session, replica: Replica, { command, request, args }: ParsedRead): void {
    const { reads, settings } = this.#host;
    if (!replica.raft.acceptsProposals && reads.needsTime(command, args, session.db)) {
      if (!this.#host.hold(session, args)) this.#reply(session, TRANSFERRING);
      return;
    }
    const slot = new Slot(session, SLOT_READ, command, request);
    reads.prepare(slot, command, args, settings.raftQuorumReads);
    session.enqueue(slot);
    if (session.pending === 1 && reads.isReady(slot)) session.drain();
    else reads.wait(session);
  }

  /** Explicit form `RAFT <cmd>`: reads as reads, everything else through the log. */
  #explicit(session: Session, args: Args, whole: Args): void {
    const command = this.#host.table.resolve(args);
    if (isError(command)) {
      this.#reply(session, command);
      return;
    }
    const refusal = this.#refuse(session, command, args);
    if (refusal !== null) this.#reply(session, refusal);
    else if (command.kind === 'local') this.#force(session, command, { args, whole });
    else this.#data(session, command, args);
  }

  /** Appends an entry for a command about the connection, which is run when that is applied. */
  #force(session: Session, command: LocalCommand, given: { args: Args; whole: Args }): void {
    const { replica } = this.#host.node;
    if (command.flags.some((flag) => NEVER_FORCED.includes(flag))) {
      this.#reply(session, new ErrorReply(`ERR '${command.name}' cannot be sent through the log`));
    } else if (replica === null) {
      this.#reply(session, this.#host.node.state === 'joining' ? JOINING : NO_CLUSTER);
    } else if (!replica.servesReads || !replica.raft.acceptsProposals) {
      this.#reply(session, this.redirect(replica));
    } else if (!this.#host.holdWrite(session, given.whole)) {
      const { args } = given;
      this.#propose(session, replica, { command, request: args.copy(), args });
    }
  }

  #notServing(session: Session, replica: Replica, command: DataCommand, args: Args): void {
    const { settings, proxy, reads } = this.#host;
    if (!replica.isLeader && replica.leader !== NO_NODE) {
      if (session.readOnly && command.kind === 'read' && reads.isCaughtUp) {
        const request = this.#parse(command, args);
        this.#reply(
          session,
          isError(request) ? request : reads.runStale(command, request, session.db),
        );
        return;
      }
      // Commands without keys may arrive anywhere: cluster clients do not follow redirects for them.
      const relay = settings.raftFollowerProxy || getKeys(command, args).length === 0;
      if (relay && session.transport.kind === 'socket' && !this.#host.isStopping) {
        const slot = new Slot(session, SLOT_ELSEWHERE, command, null);
        session.enqueueRelayed(slot);
        proxy.forward(slot, args);
        return;
      }
      this.#reply(session, this.redirect(replica, firstKeySlot(command, args)));
      return;
    }
    if (this.#host.hold(session, args)) return;
    const transferring = replica.isLeader && replica.raft.transferTarget !== NO_NODE;
    this.#reply(session, transferring ? TRANSFERRING : NO_LEADER);
  }

  /** MOVED to the leader, or that none is known. */
  redirect(replica: Replica, slot = 0): ErrorReply {
    const leader = replica.isLeader ? undefined : replica.member(replica.leader);
    if (leader === undefined) return NO_LEADER;
    return new ErrorReply(`MOVED ${slot} ${leader.host}:${leader.port}`);
  }
}
