import type { LogLevel } from '../base/logger.ts';

/** The parts of the Raft machinery whose steps `raft.trace` writes to the log. */
export type TraceFlag = 'node' | 'conn' | 'raftlib' | 'raftlog' | 'generic' | 'migration';

/** When to give up on a client that does not read its replies. 0 is no limit. */
export interface BufferLimit {
  /** Bytes waiting at which the client is closed at once. */
  readonly hard: number;
  /** Bytes waiting at which it is closed after `seconds` without getting below them. */
  readonly soft: number;
  readonly seconds: number;
}

export interface BufferLimits {
  readonly normal: BufferLimit;
  readonly replica: BufferLimit;
  readonly pubsub: BufferLimit;
}

/**
 * Every parameter that changes what balsa does, as the code reads it. A field is its parameter's
 * name in camel case (`raft.log-fsync` is `raftLogFsync`); what each means stands in the table of
 * parameters. Sizes are bytes, times are in the unit the table gives. Limits beyond 2^53 are
 * rounded. Strings hold one byte per char, as on the wire, but for names of files, which are text.
 */
export interface Settings {
  readonly raftId: number;
  /** Empty until the server fills it in. {@link parseAddress} splits it. */
  readonly raftAddr: string;
  readonly raftLogFilename: string;
  /** See {@link parseSlotConfig}. */
  readonly raftSlotConfig: string;
  readonly raftExternalSharding: boolean;
  readonly raftPeriodicInterval: number;
  readonly raftRequestTimeout: number;
  readonly raftElectionTimeout: number;
  readonly raftElectionHold: number;
  readonly raftConnectionTimeout: number;
  readonly raftJoinTimeout: number;
  readonly raftResponseTimeout: number;
  readonly raftProxyResponseTimeout: number;
  readonly raftReconnectInterval: number;
  readonly raftShardgroupUpdateInterval: number;
  readonly raftAppendReqMaxCount: number;
  readonly raftAppendReqMaxSize: number;
  readonly raftSnapshotReqMaxCount: number;
  readonly raftSnapshotReqMaxSize: number;
  readonly raftLogMaxCacheSize: number;
  readonly raftLogMaxFileSize: number;
  readonly raftSnapshotMaxDirty: number;
  readonly raftMaxUncommittedSize: number;
  readonly raftScanSize: number;
  readonly raftLogFsync: boolean;
  readonly raftFollowerProxy: boolean;
  readonly raftQuorumReads: boolean;
  readonly raftSharding: boolean;
  readonly raftTlsEnabled: boolean;
  /** Lower case. */
  readonly raftIgnoredCommands: readonly string[];
  readonly raftClusterUser: string;
  readonly raftClusterPassword: string;
  readonly raftLoglevel: 'debug' | 'verbose' | 'notice' | 'warning';
  readonly raftTrace: readonly TraceFlag[];
  readonly raftLogDelayApply: number;
  readonly raftLogDisableApply: boolean;
  readonly raftSnapshotDelay: number;
  readonly raftSnapshotFail: boolean;
  readonly raftSnapshotDisable: boolean;
  readonly raftSnapshotDisableLoad: boolean;
  readonly raftMigrationDebug: 'none' | 'fail-connect' | 'fail-import' | 'fail-unlock';

  readonly port: number;
  /** As in Redis: `*` and `::*` are all interfaces, a `-` before an address makes it optional. */
  readonly bind: readonly string[];
  readonly tcpBacklog: number;
  readonly tcpKeepalive: number;
  readonly timeout: number;
  readonly maxclients: number;
  readonly protectedMode: boolean;
  readonly requirepass: string;
  readonly masteruser: string;
  readonly masterauth: string;
  readonly clusterAnnounceIp: string;
  readonly clusterAnnounceHostname: string;
  readonly clusterAnnouncePort: number;
  readonly protoMaxBulkLen: number;
  readonly clientQueryBufferLimit: number;
  readonly clientOutputBufferLimit: BufferLimits;
  readonly databases: number;
  readonly maxmemory: number;
  readonly maxmemoryPolicy: 'noeviction';
  readonly dir: string;
  readonly dbfilename: string;
  readonly logfile: string;
  readonly loglevel: LogLevel;
  readonly pidfile: string;
  readonly shutdownTimeout: number;
  readonly enableDebugCommand: 'no' | 'yes' | 'local';
  readonly slowlogLogSlowerThan: number;
  readonly slowlogMaxLen: number;
}

/** What a field of {@link Settings} can hold. */
export type SettingValue = Settings[keyof Settings];
