import type { Log } from '../../raftlog/index.ts';
import type { CommandTable } from '../commands/command-table.ts';
import type { Keyspace } from '../keyspace/keyspace.ts';
import type { World } from '../world/world.ts';
import type { CheckpointSettings } from './image/checkpoint-setup.ts';
import type { ImageDisk } from './image/image-disk.ts';
import type { SenderSettings } from './image/sender-setup.ts';
import type { ReplaceLog } from './log-store.ts';
import type { Credentials, LinkSettings } from './peer-link.ts';

export interface ReplicaSettings extends LinkSettings, CheckpointSettings, SenderSettings {
  readonly raftElectionTimeout: number;
  readonly raftRequestTimeout: number;
  readonly raftPeriodicInterval: number;
  readonly raftAppendReqMaxCount: number;
  readonly raftAppendReqMaxSize: number;
  readonly raftLogMaxCacheSize: number;
  readonly raftLogFsync: boolean;
  readonly raftLogDisableApply: boolean;
  /** Test hook: microseconds before each entry is applied. */
  readonly raftLogDelayApply: number;
  readonly raftSnapshotDisableLoad: boolean;
}

/** What the server wants to know. Called inside a turn, never from within a call into the replica. */
export interface ReplicaEvents {
  /** The turn's messages are about to be made: reads that come later need a new barrier. */
  collectReads(): void;
  /** Entries were applied or barriers confirmed. */
  progressed(): void;
  /** Role, leader or term changed. */
  leadershipChanged(): void;
  /** The turn's effects are done: send replies. */
  turnEnded(): void;
  /** The state is being loaded from an image, and nothing can be read until it is. */
  loading(): void;
  loaded(): void;
  transferFailed(): void;
  /** This node was removed from the cluster, and everything up to that is applied. */
  removed(): void;
  warning(text: string): void;
  notice(text: string): void;
  verbose(text: string): void;
}

/** Since the process started. */
export interface ReplicaStats {
  /** Appends and heartbeats received. */
  appends: number;
  appendsWithEntries: number;
  /** Times that applying stopped to let other things happen. */
  throttled: number;
}

export interface ReplicaSetup {
  readonly world: World;
  readonly log: Log;
  /** Puts a new, empty log in the place of the one in use. */
  readonly replaceLog: ReplaceLog;
  /** Open, and its image belongs to the log. */
  readonly disk: ImageDisk;
  readonly table: CommandTable;
  readonly keyspace: Keyspace;
  readonly settings: ReplicaSettings;
  readonly address: () => { readonly host: string; readonly port: number };
  readonly credentials: Credentials;
  readonly events: ReplicaEvents;
  /** For the operator. */
  readonly warning: (text: string) => void;
}
