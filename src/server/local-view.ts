import { REDIS_VERSION, VERSION } from '../base/version.ts';
import type {
  ClientFacts,
  ClusterFacts,
  LocalNode,
  LocalSaving,
  LocalSession,
  MemoryFacts,
  ShutdownMode,
} from '../commands/local.ts';
import type { Keyspace } from '../keyspace/keyspace.ts';
import type { ErrorReply, Reply } from '../resp/reply.ts';
import type { Admin } from './admin.ts';
import { clusterFacts } from './cluster-view.ts';
import { infoText, legacyRaftInfo } from './info.ts';
import type { Server } from './server.ts';
import { NOT_STOPPED } from './shutdown.ts';
import { SLOT_ELSEWHERE } from './slot.ts';

/** This node as the local commands see it. */
export class LocalView implements LocalNode {
  readonly admin: Admin;
  readonly version: string = VERSION;
  readonly redisVersion: string = REDIS_VERSION;
  readonly #server: Server;

  constructor(server: Server, admin: Admin) {
    this.#server = server;
    this.admin = admin;
  }

  get saving(): LocalSaving {
    return this.#server.saving;
  }

  memory(): MemoryFacts {
    const { world, housekeeper, clients } = this.#server;
    const { heap, resident } = world.process.memory();
    let clientBuffers = 0;
    for (const { queryBufferBytes, socket } of clients.all()) {
      clientBuffers += queryBufferBytes + socket.buffered;
    }
    const databases = (this.keyspace?.databases() ?? [])
      .filter((db) => db.size > 0)
      .map(({ index, size, deadlines }) => ({ index, keys: size, deadlines }));
    const peak = Math.max(housekeeper.memoryPeak, heap);
    return { used: heap, peak, resident, clients: clients.count, clientBuffers, databases };
  }

  get keyspace(): Keyspace | null {
    return this.#server.node.replica?.keyspace ?? null;
  }

  setActiveExpire(on: boolean): ErrorReply | null {
    const { replica } = this.#server.node;
    if (replica === null) return this.admin.stateError();
    replica.appender.activeExpire = on;
    return null;
  }

  allowsDebug(session: LocalSession): boolean {
    const allowed = this.#server.settings.enableDebugCommand;
    // RAFT.DEBUG EXEC is a test tool itself.
    if (this.admin.isExecuting || allowed === 'yes') return true;
    if (allowed === 'no') return false;
    const host = this.#server.clients.get(session.id)?.socket.remote.host ?? '';
    return host.startsWith('127.') || host === '::1' || host.startsWith('::ffff:127.');
  }

  after(milliseconds: number, done: () => void): void {
    this.#server.world.timers.after(milliseconds, done);
  }

  wallClock(): number {
    return this.#server.world.clock.wall();
  }

  get databases(): number {
    return this.#server.node.replica?.keyspace.count ?? this.#server.settings.databases;
  }

  get passwordRequired(): boolean {
    return this.#server.settings.requirepass !== '';
  }

  checkPassword(user: string, password: string): boolean {
    const { requirepass } = this.#server.settings;
    if (user !== 'default') return false;
    return requirepass === '' || sameText(password, requirepass);
  }

  info(sections: readonly string[]): string {
    return infoText(this.#server, sections);
  }

  legacyRaftInfo(): string {
    return legacyRaftInfo(this.#server);
  }

  get role(): 'leader' | 'follower' | 'other' {
    const { replica } = this.#server.node;
    if (replica === null) return 'other';
    return replica.isLeader ? 'leader' : 'follower';
  }

  cluster(): ClusterFacts {
    return clusterFacts(this.#server.node, this.#server.housekeeper.clusterIsHealthy);
  }

  followers(): readonly (readonly [string, number, number])[] {
    const { replica } = this.#server.node;
    if (replica === null || !replica.isLeader) return [];
    const rows: [string, number, number][] = [];
    for (const progress of replica.raft.progress()) {
      const member = replica.member(progress.id);
      if (member !== undefined) rows.push([member.host, member.port, progress.match]);
    }
    return rows;
  }

  get lastApplied(): number {
    return this.#server.node.replica?.applied ?? 0;
  }

  clients(): readonly ClientFacts[] {
    return this.#server.clients.facts();
  }

  killClient(id: number, self: LocalSession): boolean {
    if (id === self.id) {
      self.closeAfterReply();
      return true;
    }
    return this.#server.clients.kill(id);
  }

  unblockClient(id: number, how: 'timeout' | 'error'): boolean {
    const { clients, node } = this.#server;
    const blocked = clients.get(id)?.session.blocked ?? null;
    if (blocked === null) return false;
    if (blocked.state === SLOT_ELSEWHERE) return this.#server.proxy.unblock(id, how);
    return node.replica?.blocked.end(blocked.index, how) === true;
  }

  configGet(patterns: readonly string[]): readonly (readonly [string, string])[] {
    return this.#server.config.get(patterns);
  }

  configSet(pairs: readonly (readonly [string, string])[]): ErrorReply | null {
    return this.#server.config.set(pairs, this.#configState());
  }

  configRewrite(): ErrorReply | null {
    return this.#server.rewriteConfig();
  }

  #configState(): { initialized: boolean } {
    return { initialized: this.#server.node.state !== 'uninitialized' };
  }

  legacyConfigGet(pattern: string): readonly (readonly [string, string])[] {
    return this.#server.config.legacyGet(pattern);
  }

  legacyConfigSet(name: string, value: string | null): ErrorReply | null {
    return this.#server.config.legacySet(name, value, this.#configState());
  }

  resetStatistics(): void {
    this.#server.statistics.reset();
  }

  shutdown(mode: ShutdownMode, done: (reply: Reply) => void): void {
    const session = this.admin.current;
    const stop = (): void =>
      this.#server.shutdown(
        mode.now ? 'now' : 'graceful',
        session === null ? null : { session, done },
      );
    const saved = (failure: string | null): void => {
      if (failure === null || mode.force) stop();
      else done(NOT_STOPPED);
    };
    const outcome = mode.save ? this.saving.save(saved) : 'nothing';
    if (outcome === 'nothing' || outcome === 'blocked') stop();
  }

  abortShutdown(): ErrorReply | null {
    return this.#server.abortShutdown();
  }
}

/** Compares in a time that depends only on the lengths. */
function sameText(a: string, b: string): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i % b.length);
  return difference === 0;
}
