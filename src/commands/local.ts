import type { NodeId } from '../base/ids.ts';
import type { Keyspace } from '../keyspace/keyspace.ts';
import type { Args } from '../resp/args.ts';
import type { ErrorReply, Reply } from '../resp/reply.ts';
import type { CommandTable } from './command-table.ts';

/** Returned by a local command whose reply comes later, through {@link LocalContext.defer}. */
export class Deferred {
  readonly kind = 'deferred';
}

export const DEFERRED: Deferred = new Deferred();

/** What a local command sees: its connection, its node. Implemented by the server. */
export interface LocalContext {
  readonly table: CommandTable;
  readonly session: LocalSession;
  readonly node: LocalNode;
  /** The reply comes later, by calling what this returns, once. Its place in the order is kept. */
  defer(): (reply: Reply) => void;
  /** Dispatches `args` through the log even if the command would be answered here (`RAFT <cmd>`). */
  explicit(args: Args): Reply | Deferred;
  /** Dispatches a command that no client knows in the place of this one. */
  internal(args: Args): Reply | Deferred;
  readonly transactions: LocalTransactions;
}

/** The transaction of the connection that sent the command. */
export interface LocalTransactions {
  begin(): Reply;
  exec(args: Args): Reply | Deferred;
  discard(): Reply;
  watch(args: Args): Reply | Deferred;
  unwatch(): Reply;
}

export type ReplyMode = 'on' | 'off' | 'skip-next';

/** The connection that sent the command. */
export interface LocalSession {
  readonly id: number;
  name: string;
  libraryName: string;
  libraryVersion: string;
  db: number;
  protocol: 2 | 3;
  /** Name of the user it is logged in as; only `default` exists. */
  readonly user: string;
  authenticated: boolean;
  /** READONLY was sent: this connection accepts what a follower has. */
  readOnly: boolean;
  replyMode: ReplyMode;
  noEvict: boolean;
  noTouch: boolean;
  /** Closes the connection once everything answered so far, this reply included, is sent. */
  closeAfterReply(): void;
  /** Forgets name, database, protocol, flags (RESET); authentication as for a new connection. */
  reset(): void;
}

/** One connection as CLIENT LIST shows it. */
export interface ClientFacts {
  readonly id: number;
  readonly address: string;
  readonly localAddress: string;
  readonly name: string;
  readonly user: string;
  readonly libraryName: string;
  readonly libraryVersion: string;
  readonly db: number;
  readonly protocol: 2 | 3;
  readonly ageSeconds: number;
  readonly idleSeconds: number;
  readonly flags: string;
  readonly lastCommand: string;
  readonly queryBuffer: number;
  readonly outputBuffer: number;
  readonly totalCommands: number;
  readonly type: 'normal' | 'replica' | 'pubsub';
  /** Commands queued since MULTI; -1 outside of one. */
  readonly queued: number;
  /** Keys watched. */
  readonly watched: number;
}

export type ShutdownMode = {
  readonly save: boolean;
  readonly now: boolean;
  readonly force: boolean;
};

/** A node of the cluster as the CLUSTER commands and MOVED spell it, everywhere the same. */
export interface ClusterNode {
  readonly id: NodeId;
  /** 40 hex digits: cluster id and node id. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly myself: boolean;
  readonly leader: boolean;
  readonly connected: boolean;
}

export interface ClusterFacts {
  /** What a command that needs a cluster answers before there is one (NOCLUSTER …); null: there is. */
  readonly unavailable: ErrorReply | null;
  /** Leader first; while none is known, this node first. */
  readonly nodes: readonly ClusterNode[];
  readonly leaderKnown: boolean;
  /** false: no leader for longer than a command is held. */
  readonly healthy: boolean;
  readonly term: number;
  /** `cluster_raft_*` lines for CLUSTER INFO: name and value. */
  readonly raftFields: readonly (readonly [string, number | string])[];
}

/** RAFT.* administration. `done` is called once with the reply. */
export interface RaftAdmin {
  /** Why the command cannot be served in this state (NOCLUSTER, LOADING); null if it can. */
  stateError(): ErrorReply | null;
  /** MOVED or CLUSTERDOWN unless this node leads. */
  leaderError(): ErrorReply | null;
  /** For RAFT.CLUSTER: `ERR Already cluster member` unless uninitialized. */
  uninitializedError(): ErrorReply | null;
  init(clusterId: string | null, done: (reply: Reply) => void): void;
  join(addresses: readonly HostPort[], done: (reply: Reply) => void): void;
  /** `id` 0: the leader chooses one. */
  addNode(id: number, address: HostPort, done: (reply: Reply) => void): void;
  removeNode(id: number, done: (reply: Reply) => void): void;
  /** `id` 0: any. */
  transferLeader(id: number, done: (reply: Reply) => void): void;
  timeoutNow(): Reply;
  /** Stops this process as removed if `id` is its own; otherwise the error. */
  nodeShutdown(id: number): ErrorReply | null;
  /** This connection turns into a link from a peer if `hello` (JSON) is right. */
  acceptPeer(hello: string): Reply | Deferred;
  usedNodeIds(): readonly number[];
  /** Test hook: local view of a node's flags; false if there is no such node. */
  overrideNode(
    id: number,
    flags: { readonly voting?: boolean; readonly active?: boolean },
  ): boolean;
  /** Digest of the dataset and the index up to which entries are applied. */
  digest(): { readonly digest: string; readonly applied: number };
  /** Runs a command on this node alone, outside the log. */
  executeLocally(args: Args): Reply;
}

/**
 * `begun`, or `later` if something must be finished before: `done` will be called, after this call, with
 * null or why it failed. Else it is not called. `nothing`: there is nothing to be done. `blocked`: the
 * dataset is just being replaced by another node's.
 */
export type SaveOutcome = 'begun' | 'later' | 'nothing' | 'blocked';

/** Checkpoints: the dataset of this node on disk, so that the log need not go back beyond it. */
export interface LocalSaving {
  /** One is being made, or will be as soon as it can. */
  readonly isRunning: boolean;
  /** When the newest was made, in whole seconds of the Unix epoch; without one, the start of the process. */
  readonly lastSave: number;
  save(done: (failure: string | null) => void): SaveOutcome;
  /** Makes a checkpoint and then cuts the log; one that is running already will do. */
  compact(done: (failure: string | null) => void): SaveOutcome;
  /** The same for somebody who does not wait for it: left undone if checkpoints are disabled for a test. */
  compactLater(): SaveOutcome;
  readonly backups: LocalBackups;
}

/** Backups that clients of this node are taking: at most one by each connection, and few at a time. */
export interface LocalBackups {
  /** Makes an image of what is applied here and keeps it as it is. `done` gets its facts, or an error. */
  begin(session: LocalSession, done: (reply: Reply) => void): void;
  /** `done` gets records of at most about so many bytes, or null behind the last one. */
  next(session: LocalSession, maxBytes: number, done: (reply: Reply) => void): void;
  end(session: LocalSession): Reply;
}

export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** What this node's process and dataset take, in bytes. */
export interface MemoryFacts {
  /** Of the heap, now and at most since the start. */
  readonly used: number;
  readonly peak: number;
  readonly resident: number;
  readonly clients: number;
  /** What clients have sent and not got yet. */
  readonly clientBuffers: number;
  /** Those that are not empty: number, keys, keys with a deadline. */
  readonly databases: readonly {
    readonly index: number;
    readonly keys: number;
    readonly deadlines: number;
  }[];
}

/** What a local command may ask of its node. */
export interface LocalNode {
  readonly admin: RaftAdmin;
  readonly saving: LocalSaving;
  memory(): MemoryFacts;
  /** What is applied here; null while there is no dataset. To be looked at only. */
  readonly keyspace: Keyspace | null;
  /** Whether `enable-debug-command` lets this connection use DEBUG. */
  /** For tests; null, or why it cannot be done. */
  setActiveExpire(on: boolean): ErrorReply | null;
  allowsDebug(session: LocalSession): boolean;
  /** Calls `done` after so many milliseconds. */
  after(milliseconds: number, done: () => void): void;
  /** Milliseconds of the Unix epoch, with fractions. */
  wallClock(): number;
  readonly databases: number;
  /** Whether a password is needed at all. */
  readonly passwordRequired: boolean;
  checkPassword(user: string, password: string): boolean;
  /** Text of INFO for these section names (lower case); none: the default ones. */
  info(sections: readonly string[]): string;
  readonly role: 'leader' | 'follower' | 'other';
  cluster(): ClusterFacts;
  /** Followers as ROLE shows them on a leader: host, port, log index reached. */
  followers(): readonly (readonly [string, number, number])[];
  readonly lastApplied: number;
  clients(): readonly ClientFacts[];
  /** Closes a connection; false if there is none with this id. The own one closes after its reply. */
  killClient(id: number, self: LocalSession): boolean;
  /** Ends the waiting of a client's blocking command; false if it waits in none here. */
  unblockClient(id: number, how: 'timeout' | 'error'): boolean;
  /** A client's type filter, pauses and tracking do not exist yet: nothing here for them. */
  configGet(patterns: readonly string[]): readonly (readonly [string, string])[];
  configSet(pairs: readonly (readonly [string, string])[]): ErrorReply | null;
  configRewrite(): ErrorReply | null;
  resetStatistics(): void;
  legacyConfigGet(pattern: string): readonly (readonly [string, string])[];
  legacyConfigSet(name: string, value: string | null): ErrorReply | null;
  /** RAFT.INFO's text: section 3.4 of the older generations. */
  legacyRaftInfo(): string;
  /** Hands leadership over, flushes and stops. `done` is called only if that is given up. */
  shutdown(mode: ShutdownMode, done: (reply: Reply) => void): void;
  abortShutdown(): ErrorReply | null;
  readonly version: string;
  readonly redisVersion: string;
}
