import { AssertionError } from '../base/assert.ts';
import { type LogIndex, type Milliseconds, NO_NODE } from '../base/ids.ts';
import type { Logger } from '../base/logger.ts';
import type { CommandTable } from '../commands/command-table.ts';
import type { HostPort } from '../commands/local.ts';
import { wholeTable } from '../commands/whole-table.ts';
import type { Config } from '../config/config.ts';
import type { Settings } from '../config/settings.ts';
import type { UnblockHow } from '../replica/entry.ts';
import type { ReplicaEvents } from '../replica/replica-setup.ts';
import type { Args } from '../resp/args.ts';
import { ErrorReply, type Reply } from '../resp/reply.ts';
import type { World } from '../world/world.ts';
import { Admin } from './admin.ts';
import { Clients } from './clients.ts';
import type { Connection, ConnectionHost } from './connection.ts';
import { Dispatcher, type DispatchHost } from './dispatch.ts';
import { Flow } from './flow.ts';
import type { GateFacts } from './gates.ts';
import { Held } from './held.ts';
import { Housekeeper } from './housekeeper.ts';
import { Listeners } from './listeners.ts';
import { ServerContext } from './local-context.ts';
import { LocalView } from './local-view.ts';
import { Node } from './node.ts';
import { Output } from './output.ts';
import { ProxyClient } from './proxy-client.ts';
import { ProxyLinks } from './proxy-links.ts';
import type { ProxyServerHost } from './proxy-server.ts';
import { Reads } from './reads.ts';
import { rewriteFile } from './rewrite-file.ts';
import { redirect } from './routing.ts';
import { Saving } from './saving.ts';
import { Session } from './session.ts';
import type { SessionHost, Transport } from './session-host.ts';
import { type Asker, Shutdown } from './shutdown.ts';
import { SLOT_WRITE, type Slot } from './slot.ts';
import { Statistics } from './statistics.ts';

const RAFT_LEVELS: readonly string[] = ['debug', 'verbose', 'notice', 'warning'];

export interface ServerSetup {
  readonly world: World;
  readonly config: Config;
  readonly logger: Logger;
  /** The server has stopped; the process may exit with this code. */
  readonly exited: (code: number) => void;
}

/** One balsa node: the rooms of the house wired together. */
export class Server
  implements SessionHost, ConnectionHost, DispatchHost, ProxyServerHost, ReplicaEvents
{
  readonly world: World;
  readonly config: Config;
  readonly settings: Settings;
  readonly logger: Logger;
  readonly table: CommandTable;
  readonly node: Node;
  readonly reads: Reads;
  readonly proxy: ProxyClient;
  readonly held: Held;
  readonly clients: Clients;
  readonly statistics: Statistics;
  readonly dispatcher: Dispatcher;
  readonly admin: Admin;
  readonly saving: Saving;
  readonly runId: string;
  readonly startedAt: Milliseconds;
  readonly housekeeper: Housekeeper;
  readonly proxyLinks: ProxyLinks = new ProxyLinks();
  readonly #context: ServerContext;
  readonly #listeners: Listeners;
  readonly #shutdown: Shutdown;
  readonly #flow: Flow;
  readonly #exited: (code: number) => void;
  #nextSessionId = 1;
  /** Sessions of other nodes' clients. */
  readonly #relayed: Set<Session> = new Set();
  readonly #output: Output;

  constructor(setup: ServerSetup) {
    this.world = setup.world;
    this.config = setup.config;
    this.settings = setup.config.settings;
    this.logger = setup.logger;
    this.#exited = setup.exited;
    const { world, settings, logger } = this;
    this.startedAt = world.clock.monotonic();
    this.runId = Array.from({ length: 5 }, () =>
      world.random.uint32().toString(16).padStart(8, '0'),
    ).join('');
    this.table = wholeTable();
    this.statistics = new Statistics(world);
    this.clients = new Clients(world);
    this.held = new Held(world, () => settings.raftElectionHold);
    this.reads = new Reads(world, (name, error) => this.onBug(name, error));
    this.#flow = new Flow(this);
    this.housekeeper = new Housekeeper(this);
    this.#output = new Output(world, () => this.proxy.flush());
    this.proxy = new ProxyClient({
      world,
      settings,
      address: () => this.address(),
      log: (text) => logger.verbose(text),
    });
    this.node = new Node({
      world,
      settings,
      logger,
      table: this.table,
      address: () => this.address(),
      events: this,
      started: (replica) => this.reads.attach(replica),
    });
    this.admin = new Admin(this, this.table);
    this.saving = new Saving(this);
    this.#context = new ServerContext(this, this.table, new LocalView(this, this.admin));
    this.dispatcher = new Dispatcher(this);
    this.#listeners = new Listeners(this);
    this.#shutdown = new Shutdown(this);
    this.config.onChange((name) => this.#configured(name));
  }

  /** Listens first, then takes up what is on disk. `ready` gets why it cannot run, or null. */
  start(ready: (error: Error | null) => void): void {
    this.#listeners.open((error) => {
      if (error !== null) {
        ready(error);
        return;
      }
      const { host, port } = this.address();
      this.config.supply('raft.addr', `${host}:${port}`);
      this.node.open((failed) => {
        if (failed !== null) {
          ready(failed);
          return;
        }
        this.housekeeper.start();
        this.logger.notice(`Ready to accept connections on port ${this.settings.port}`);
        ready(null);
      });
    });
  }

  loading(): void {
    this.logger.notice('loading the dataset from the image');
  }

  loaded(): void {
    const keys = this.node.replica?.keyspace.size ?? 0;
    this.logger.notice(`the dataset is loaded: ${keys} keys`);
    this.touch();
  }

  warning(text: string): void {
    this.logger.warning(text);
  }

  /** Where this node says it can be reached. */
  address(): HostPort {
    return this.#listeners.advertised();
  }

  now(): Milliseconds {
    return this.world.clock.monotonic();
  }

  newSession(transport: Transport): Session {
    const session = new Session({
      id: this.#nextSessionId++,
      host: this,
      transport,
      authenticated: this.settings.requirepass === '',
    });
    if (transport.kind === 'proxy') this.#relayed.add(session);
    return session;
  }

  accepted(connection: Connection): void {
    this.statistics.connections++;
    this.clients.add(connection);
    if (!this.isReading) connection.pauseReading();
  }

  connectionOf(session: Session): Connection | undefined {
    return this.clients.get(session.id);
  }

  /** The connection is a peer's from now on. */
  forgetClient(connection: Connection): void {
    this.clients.remove(connection);
  }

  closed(connection: Connection): void {
    this.clients.remove(connection);
    this.sessionClosed(connection.session);
  }

  sessionClosed(session: Session): void {
    this.held.remove(session.transport);
    this.#flow.remove(session.transport);
    this.#relayed.delete(session);
    this.saving.backups.closed(session);
    if (session.blocked?.state === SLOT_WRITE) this.unblock(session.blocked.index, 'timeout');
    if (session.transport.kind === 'socket') this.proxy.sessionClosed(session.id);
  }

  dispatch(session: Session, args: Args): void {
    this.statistics.commands++;
    this.dispatcher.dispatch(session, args);
  }

  localContext(session: Session): ServerContext {
    return this.#context.for(session);
  }

  hold(session: Session, args: Args): boolean {
    return this.held.hold(session.transport, args);
  }

  holdWrite(session: Session, args: Args): boolean {
    return this.#flow.hold(session.transport, args);
  }

  get facts(): GateFacts {
    return this.housekeeper;
  }

  get isReading(): boolean {
    return !this.#shutdown.isDraining;
  }

  notice(text: string): void {
    if (RAFT_LEVELS.indexOf(this.settings.raftLoglevel) <= 2) this.logger.notice(text);
  }

  verbose(text: string): void {
    if (RAFT_LEVELS.indexOf(this.settings.raftLoglevel) <= 1) this.logger.verbose(text);
  }

  countError(reply: Reply): void {
    this.statistics.countError(reply);
  }

  onBug(name: string, error: unknown): ErrorReply {
    if (error instanceof AssertionError) throw error;
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.logger.warning(`A bug in the command ${name}: ${what}`);
    return new ErrorReply('ERR internal error, see the log of this node');
  }

  runRead(slot: Slot): Reply {
    return this.reads.run(slot);
  }

  readIsReady(slot: Slot): boolean {
    return this.reads.isReady(slot);
  }

  runForced({ command, request, session }: Slot): Reply {
    return this.#context.run(session, { command, args: request as Args });
  }

  unblock(id: LogIndex, how: UnblockHow): void {
    this.node.replica?.blocked.end(id, how);
  }

  dirty(session: Session): void {
    this.#output.add(session);
  }

  /** Replies that were written are sent at the end of this turn. */
  touch(): void {
    this.#output.schedule();
  }

  collectReads(): void {
    this.reads.endTurn();
  }

  progressed(): void {
    this.reads.progressed();
    this.#flow.relax();
  }

  turnEnded(): void {
    const { replica } = this.node;
    if (replica?.servesReads) {
      this.reads.resumeParked();
      if (replica.raft.acceptsProposals) this.held.retry();
    }
    this.#output.flush();
  }

  leadershipChanged(): void {
    const { replica } = this.node;
    if (replica === null) return;
    this.housekeeper.noteLeader();
    if (!replica.isLeader) this.reads.park(this.settings.raftElectionHold);
    this.proxy.follow(replica);
    this.admin.leadershipChanged(replica);
    this.#shutdown.leadershipChanged(replica);
    if (!replica.isLeader && replica.leader !== NO_NODE) {
      this.reads.redirectParked((slot) => redirect(replica, slot.keySlot));
      this.held.retry();
    }
  }

  transferFailed(): void {
    this.admin.transferFailed();
    this.#shutdown.transferFailed();
    this.held.retry();
  }

  #configured(name: string): void {
    if (name === 'loglevel') this.logger.level = this.settings.loglevel;
    this.node.replica?.reconfigure();
  }

  /** CONFIG REWRITE: the file this node was started with gets the values chosen since. */
  rewriteConfig(): ErrorReply | null {
    const { file } = this.config;
    if (file === null) return new ErrorReply('ERR The server is running without a config file');
    try {
      rewriteFile(this.world.files, file, (old) => this.config.rewrite(old));
    } catch (error) {
      return new ErrorReply(`ERR Rewriting config file: ${String(error)}`);
    }
    return null;
  }

  /** Stops: hands over and flushes, or at once. */
  shutdown(how: 'graceful' | 'now', asker: Asker | null = null): void {
    this.#shutdown.begin(how, asker);
  }

  abortShutdown(): ErrorReply | null {
    return this.#shutdown.abort();
  }

  /** This node is no member any more: answers what is answered, archives its files, stops. */
  removed(): void {
    this.logger.warning('This node was removed from the cluster: stopping');
    this.#shutdown.finish(true);
  }

  /** Commands of clients, here and on other nodes, that have no reply yet and may still get one. */
  get unanswered(): number {
    let count = this.held.count + this.#flow.count;
    for (const { session } of this.clients.all()) {
      if (!this.#shutdown.isAskedBy(session)) count += session.unanswered;
    }
    for (const session of this.#relayed) count += session.unanswered;
    return count;
  }

  /** The server is about to stop: nothing is relayed any more. */
  get isStopping(): boolean {
    return this.#shutdown.isUnderWay;
  }

  /** Called by the shutdown when everything that had to be done before is done. */
  close(archive: boolean): void {
    this.#output.flush();
    this.#listeners.close();
    this.housekeeper.stop();
    this.held.close();
    this.saving.backups.stop();
    this.proxy.close();
    // Clients whose commands were on their way through the proxy have just been answered.
    this.#output.flush();
    for (const connection of [...this.clients.all()]) connection.socket.end();
    this.node.stop((error) => {
      if (error !== null) this.logger.warning(`closing the log failed: ${error.message}`);
      if (archive) this.node.archive();
      this.logger.warning('balsa is now ready to exit, bye bye...');
      this.#exited(error === null ? 0 : 1);
    });
  }
}
