import { unreachable } from '../base/assert.ts';
import { asNodeId, NO_NODE, type NodeId, type Term } from '../base/ids.ts';
import type { LocalCommand } from '../commands/command.ts';
import { arityError, type CommandTable } from '../commands/command-table.ts';
import type { HostPort, RaftAdmin } from '../commands/local.ts';
import { DEFERRED, Deferred } from '../commands/local.ts';
import { peerCredentials } from '../config/address.ts';
import { digest } from '../keyspace/digest.ts';
import type { Member } from '../raft/configuration.ts';
import { helloNode, type PeerHello } from '../replica/frame.ts';
import type { Replica } from '../replica/replica.ts';
import type { Args } from '../resp/args.ts';
import { ErrorReply, isError, NO_REPLY, OK, type Reply, SimpleString } from '../resp/reply.ts';
import type { Timer } from '../world/world.ts';
import type { Connection, Upgraded } from './connection.ts';
import { JOINING, LOADING, NO_CLUSTER } from './errors.ts';
import { LOG_FULL } from './gates.ts';
import { Explicit } from './internal.ts';
import { Join } from './join.ts';
import { PeerInbound, readHello } from './peer-inbound.ts';
import { redirect } from './routing.ts';
import type { Server } from './server.ts';
import type { Session } from './session.ts';

const ALREADY_MEMBER = new ErrorReply('ERR Already cluster member');
const JOIN_FAILED = new ErrorReply('ERR failed to connect to cluster for join, please check log');
const ID_USED = new ErrorReply('ERR node id has already been used in this cluster');
const NO_SUCH_NODE = new ErrorReply('ERR node id does not exist');
const NOT_COMMITTED = new ErrorReply('TIMEOUT not committed yet');
const OTHER_LEADER = new ErrorReply('ERR different node elected leader');
const NOT_EXECUTED = new ErrorReply('Bad command or failed to execute');
const TRANSFER_TIMED_OUT = new ErrorReply('ERR transfer timed out');

interface Transfer {
  readonly target: NodeId;
  /** In which it was asked for. */
  readonly term: Term;
  readonly done: (reply: Reply) => void;
  readonly timer: Timer;
}

/** RAFT.* administration on this node. */
export class Admin implements RaftAdmin {
  readonly #server: Server;
  readonly #table: CommandTable;
  /** Whose command is being run. */
  current: Session | null = null;
  #transfer: Transfer | null = null;
  readonly #inactive: Set<NodeId> = new Set();
  /** A command is being run for RAFT.DEBUG EXEC. */
  isExecuting = false;

  constructor(server: Server, table: CommandTable) {
    this.#server = server;
    this.#table = table;
  }

  stateError(): ErrorReply | null {
    const { state } = this.#server.node;
    if (state === 'uninitialized') return NO_CLUSTER;
    if (state === 'joining') return JOINING;
    return state === 'loading' ? LOADING : null;
  }

  leaderError(): ErrorReply | null {
    const { replica } = this.#server.node;
    if (replica === null) return this.stateError();
    return replica.isLeader ? null : redirect(replica);
  }

  uninitializedError(): ErrorReply | null {
    return this.#server.node.state === 'uninitialized' ? null : ALREADY_MEMBER;
  }

  init(clusterId: string | null, done: (reply: Reply) => void): void {
    const { node, settings } = this.#server;
    const id = clusterId ?? node.newClusterId();
    const nodeId = node.newNodeId(new Set(), settings.raftId);
    let replica: Replica;
    try {
      replica = node.create(id, nodeId, 'init');
    } catch (error) {
      done(new ErrorReply(`ERR cannot create the log: ${messageOf(error)}`));
      return;
    }
    replica.membership.bootstrap(this.#server.address(), replica.keyspace.count, () =>
      done(new SimpleString(`OK ${id}`)),
    );
  }

  join(addresses: readonly HostPort[], done: (reply: Reply) => void): void {
    const { node, settings, world, logger } = this.#server;
    node.joining = true;
    new Join({
      world,
      addresses,
      id: settings.raftId,
      self: this.#server.address(),
      credentials: peerCredentials(settings),
      timeoutMs: Math.min(settings.raftJoinTimeout, settings.raftConnectionTimeout * 10),
      patienceMs: settings.raftElectionHold,
      log: (text) => logger.notice(text),
      joined: (id, clusterId) => {
        try {
          node.create(clusterId, asNodeId(id), 'join');
          done(OK);
        } catch (error) {
          node.joining = false;
          done(new ErrorReply(`ERR cannot create the log: ${messageOf(error)}`));
        }
        this.#server.touch();
      },
      failed: () => {
        node.joining = false;
        done(JOIN_FAILED);
        this.#server.touch();
      },
    });
  }

  addNode(id: number, address: HostPort, done: (reply: Reply) => void): void {
    const { replica } = this.#server.node;
    if (replica === null) {
      done(NO_CLUSTER);
      return;
    }
    if (replica.space.refusesEntries) {
      done(LOG_FULL);
      return;
    }
    const used = new Set(replica.usedIds);
    for (const member of replica.raft.configuration.members) used.add(member.id);
    if (id !== 0 && used.has(asNodeId(id))) {
      done(ID_USED);
      return;
    }
    const nodeId = this.#server.node.newNodeId(used, id);
    const member: Member = { id: nodeId, host: address.host, port: address.port, voting: false };
    const refusal = replica.membership.addLearner(member, (committed) =>
      done(committed ? [nodeId, new SimpleString(replica.clusterId)] : NOT_COMMITTED),
    );
    if (refusal !== null) done(new ErrorReply(`ERR ${refusal}`));
  }

  removeNode(id: number, done: (reply: Reply) => void): void {
    const { replica } = this.#server.node;
    if (replica === null) {
      done(NO_CLUSTER);
      return;
    }
    if (!replica.raft.configuration.members.some((member) => member.id === id)) {
      done(NO_SUCH_NODE);
      return;
    }
    if (replica.space.refusesEntries) {
      done(LOG_FULL);
      return;
    }
    const refusal = replica.membership.remove(asNodeId(id), (committed) =>
      done(committed ? OK : NOT_COMMITTED),
    );
    if (refusal !== null) done(new ErrorReply(`ERR ${refusal}`));
  }

  transferLeader(id: number, done: (reply: Reply) => void): void {
    const { node, settings, world } = this.#server;
    const { replica } = node;
    if (replica === null) {
      done(this.stateError() ?? NO_CLUSTER);
      return;
    }
    const target = id === 0 ? replica.bestSuccessor : asNodeId(id);
    const refusal = replica.transfer(target);
    if (refusal !== null) {
      done(new ErrorReply(`ERR ${refusal}`));
      return;
    }
    // The core gives up after an election timeout; the new leader may show itself a little later.
    const timer = world.timers.after(settings.raftElectionTimeout * 2, () =>
      this.#finishTransfer(TRANSFER_TIMED_OUT),
    );
    this.#finishTransfer(OTHER_LEADER);
    this.#transfer = { target, term: replica.raft.term, done, timer };
  }

  #finishTransfer(reply: Reply): void {
    const transfer = this.#transfer;
    if (transfer === null) return;
    this.#transfer = null;
    transfer.timer.cancel();
    transfer.done(reply);
    this.#server.touch();
  }

  /** The core gave the transfer up. */
  transferFailed(): void {
    this.#finishTransfer(TRANSFER_TIMED_OUT);
  }

  leadershipChanged(replica: Replica): void {
    const transfer = this.#transfer;
    if (transfer === null || replica.leader === NO_NODE) return;
    if (replica.isLeader && replica.raft.term === transfer.term) return;
    this.#finishTransfer(replica.leader === transfer.target ? OK : OTHER_LEADER);
  }

  timeoutNow(): Reply {
    const { replica } = this.#server.node;
    if (replica === null) return this.stateError() ?? NO_CLUSTER;
    replica.campaign();
    return OK;
  }

  nodeShutdown(id: number): ErrorReply | null {
    const { node, settings } = this.#server;
    const own = node.replica?.self ?? settings.raftId;
    if (id !== own || id === 0) return new ErrorReply('invalid node id');
    this.#server.removed();
    return null;
  }

  acceptPeer(text: string): Reply | Deferred {
    const { node } = this.#server;
    const session = this.current;
    const hello = readHello(text, node);
    if (isError(hello)) return hello;
    const connection = session === null ? undefined : this.#server.connectionOf(session);
    if (connection === undefined) return new ErrorReply('ERR a peer needs a connection of its own');
    connection.socket.write(Buffer.from('+OK\r\n', 'latin1'));
    this.#server.forgetClient(connection);
    connection.upgrade(this.#inbound(hello, connection));
    return DEFERRED;
  }

  /** What takes over a connection that another node has opened. */
  #inbound(hello: PeerHello, connection: Connection): Upgraded {
    const { node, logger } = this.#server;
    const { socket } = connection;
    const receiver = node.replica?.images.receiver;
    switch (hello.purpose) {
      case 'proxy':
        return this.#server.proxyLinks.open(this.#server, socket, helloNode(hello));
      case 'snapshot':
        if (receiver !== undefined) return receiver.accept(hello, socket);
        break;
      case 'consensus':
        break;
      default:
        unreachable(hello.purpose);
    }
    return new PeerInbound({ hello, node, logger, close: () => connection.close() });
  }

  usedNodeIds(): readonly number[] {
    return [...(this.#server.node.replica?.usedIds ?? [])].reverse();
  }

  overrideNode(id: number, flags: { voting?: boolean; active?: boolean }): boolean {
    const { replica } = this.#server.node;
    const nodeId = asNodeId(id);
    if (replica === null || replica.member(nodeId) === undefined) return false;
    if (flags.voting !== undefined) replica.raft.overrideVoting(nodeId, flags.voting);
    if (flags.active === false) this.#inactive.add(nodeId);
    if (flags.active === true) this.#inactive.delete(nodeId);
    return true;
  }

  isInactive(id: NodeId): boolean {
    return this.#inactive.has(id);
  }

  digest(): { digest: string; applied: number } {
    const { replica } = this.#server.node;
    if (replica === null) return { digest: '0'.repeat(40), applied: 0 };
    return { digest: digest(replica.keyspace), applied: replica.applied };
  }

  executeLocally(args: Args): Reply {
    const session = this.current;
    const command = this.#table.resolveInternal(args);
    if (isError(command) || session === null) return NOT_EXECUTED;
    if (arityError(command, args) !== null) return NOT_EXECUTED;
    // What answers later, or turns the connection into something else, has no place here.
    if (command.flags.includes('module') || command.immediate === true) return NOT_EXECUTED;
    if (command.kind === 'local') return this.#runLocally(command, session, args);
    const { replica } = this.#server.node;
    const request = command.parse(args);
    if (isError(request)) return request;
    if (replica === null) return NOT_EXECUTED;
    return this.#server.reads.runStale(command, request, session.db);
  }

  /** What would go through the log is run here instead; what would answer later has failed. */
  #runLocally(command: LocalCommand, session: Session, args: Args): Reply {
    const context = this.#server.localContext(session);
    this.isExecuting = true;
    try {
      const reply = command.run(context, args);
      if (reply instanceof Explicit) return this.executeLocally(reply.args);
      if (!(reply instanceof Deferred)) return reply;
      return context.finishDeferred(NOT_EXECUTED) ? NO_REPLY : NOT_EXECUTED;
    } finally {
      this.isExecuting = false;
    }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
