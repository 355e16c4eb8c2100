import { NO_NODE } from '../base/ids.ts';
import type { DataCommand, LocalCommand } from '../commands/command.ts';
import { getKeys } from '../commands/key-positions.ts';
import { keySlot } from '../commands/key-slot.ts';
import { Deferred, type LocalContext } from '../commands/local.ts';
import { arityError, type CommandTable } from '../commands/table.ts';
import type { Settings } from '../config/settings.ts';
import type { Replica } from '../replica/replica.ts';
import type { Args } from '../resp/args.ts';
import { ErrorReply, isError, type Reply } from '../resp/reply.ts';
import { GATES, type GateFacts } from './gates.ts';
import type { Node } from './node.ts';
import type { ProxyClient } from './proxy-client.ts';
import type { Reads } from './reads.ts';
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
  localContext(session: Session): LocalContext;
  /** Holds the command until a leader is known; false if it must be refused now. */
  hold(session: Session, args: Args): boolean;
  countError(reply: Reply): void;
  /** Logs a bug in a command and returns what to answer; throws on if an invariant is broken. */
  onBug(command: string, error: unknown): ErrorReply;
  /** A proposal was appended: bounds on what is not committed yet are checked. */
  proposed(): void;
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
    const arity = arityError(command, args);
    if (arity !== null) {
      this.#reply(session, arity);
      return;
    }
    for (const gate of GATES) {
      const refusal = gate(command, session, this.#host.facts);
      if (refusal !== null) {
        this.#reply(session, refusal);
        return;
      }
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

  #local(session: Session, command: LocalCommand, args: Args): void {
    const context = this.#host.localContext(session);
    let reply: Reply | Deferred;
    try {
      reply = command.run(context, args);
    } catch (error) {
      reply = this.#host.onBug(command.name, error);
    }
    if (!(reply instanceof Deferred)) this.#reply(session, reply);
  }

  /** A command on the dataset: here if this node leads, elsewhere or later if not. */
  #data(session: Session, command: DataCommand, args: Args): void {
    const { replica } = this.#host.node;
    if (replica === null) {
      this.#reply(session, this.#host.node.state === 'joining' ? JOINING : NO_CLUSTER);
      return;
    }
    if (!replica.servesReads || !replica.raft.acceptsProposals) {
      this.#notServing(session, replica, command, args);
      return;
    }
    const request = command.parse(args);
    if (isError(request)) {
      this.#reply(session, request);
      return;
    }
    if (command.kind === 'read') this.#read(session, command, request, args);
    else this.propose(session, replica, command, request, args);
  }

  /** Appends the command as an entry; it is answered when it is applied. */
  propose(
    session: Session,
    replica: Replica,
    command: DataCommand | LocalCommand,
    request: unknown,
    args: Args,
  ): void {
    const slot = new Slot(session, SLOT_WRITE, command, request);
    session.enqueue(slot);
    session.lastWrite = replica.propose(slot, args);
    this.#host.proposed();
  }

  #read(session: Session, command: DataCommand, request: unknown, args: Args): void {
    const { reads, settings } = this.#host;
    const slot = new Slot(session, SLOT_READ, command, request);
    reads.prepare(slot, command, args, settings.raftQuorumReads);
    session.enqueue(slot);
    if (session.pending === 1 && reads.isReady(slot)) session.drain();
    else reads.wait(session);
  }

  /** Explicit form `RAFT <cmd>`: reads as reads, everything else through the log. */
  explicit(session: Session, args: Args): Reply | Deferred {
    const command = this.#host.table.resolve(args);
    if (isError(command)) return command;
    const arity = arityError(command, args);
    if (arity !== null) return arity;
    if (command.kind === 'write' || command.kind === 'read') {
      this.#data(session, command, args);
      return new Deferred();
    }
    const { replica } = this.#host.node;
    if (replica === null) return this.#host.node.state === 'joining' ? JOINING : NO_CLUSTER;
    if (!replica.servesReads || !replica.raft.acceptsProposals) {
      return this.#redirect(replica, 0) ?? NO_LEADER;
    }
    this.propose(session, replica, command, args.copy(), args);
    return new Deferred();
  }

  #notServing(session: Session, replica: Replica, command: DataCommand, args: Args): void {
    const { settings, proxy, reads } = this.#host;
    const keys = getKeys(command, args);
    if (!replica.isLeader && replica.leader !== NO_NODE) {
      if (session.readOnly && command.kind === 'read') {
        const request = command.parse(args);
        this.#reply(
          session,
          isError(request) ? request : reads.runStale(command, request, session.db),
        );
        return;
      }
      // Commands without keys may arrive anywhere: cluster clients do not follow redirects for them.
      const relay = settings.raftFollowerProxy || keys.length === 0;
      if (relay && session.transport.kind === 'socket' && !this.#host.isStopping) {
        const slot = new Slot(session, SLOT_ELSEWHERE, command, null);
        session.enqueueRelayed(slot);
        proxy.forward(slot, args);
        return;
      }
      const first = keys[0];
      const at = first === undefined ? 0 : keySlot(args.buffer, args.start(first), args.end(first));
      this.#reply(session, this.#redirect(replica, at) ?? NO_LEADER);
      return;
    }
    if (this.#host.hold(session, args)) return;
    const transferring = replica.isLeader && replica.raft.transferTarget !== NO_NODE;
    this.#reply(session, transferring ? TRANSFERRING : NO_LEADER);
  }

  /** MOVED to the leader; null while none is known. */
  #redirect(replica: Replica, slot: number): ErrorReply | null {
    if (replica.isLeader) return null;
    const leader = replica.member(replica.leader);
    return leader === undefined
      ? null
      : new ErrorReply(`MOVED ${slot} ${leader.host}:${leader.port}`);
  }

  redirect(replica: Replica): ErrorReply {
    return this.#redirect(replica, 0) ?? NO_LEADER;
  }
}
