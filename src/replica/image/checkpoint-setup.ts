import type { LogIndex } from '../../base/ids.ts';
import type { Keyspace } from '../../keyspace/keyspace.ts';
import type { Raft } from '../../raft/raft.ts';
import type { ConfigurationAt } from '../../raft/setup.ts';
import type { World } from '../../world/world.ts';
import type { LogStore } from '../log-store.ts';
import type { Waiters } from '../waiters.ts';
import type { ImageDisk } from './image-disk.ts';
import type { SavedWaiter } from './meta.ts';

export interface CheckpointSettings {
  readonly raftLogMaxFileSize: number;
  readonly raftSnapshotMaxDirty: number;
  readonly raftSnapshotDisable: boolean;
  /** Test hooks: seconds before a checkpoint begins to write; it fails when it has. */
  readonly raftSnapshotDelay: number;
  readonly raftSnapshotFail: boolean;
}

export interface CheckpointSetup {
  readonly world: World;
  readonly disk: ImageDisk;
  readonly raft: Raft;
  readonly store: LogStore;
  readonly keyspace: Keyspace;
  readonly waiters: Waiters;
  readonly settings: CheckpointSettings;
  readonly clusterId: string;
  readonly applied: () => LogIndex;
  /** The configuration of the newest such entry that is applied, and all node ids up to there. */
  readonly membership: () => { readonly at: ConfigurationAt; readonly usedIds: readonly number[] };
  /** The log is needed from behind this entry on, for an image that is being sent; null: it is not. */
  readonly lowestSent: () => LogIndex | null;
  readonly log: (text: string) => void;
  readonly warn: (text: string) => void;
  /** A turn must come. */
  readonly touch: () => void;
}

export type CheckpointReason = 'asked' | 'log size' | 'changes';

/** About what a part of the dataset takes, for guessing how much there is to write. */
const USUAL_PART_BYTES = 1024;

/** Why a checkpoint is due by itself, with so many entries that no image has; null: it is not. */
export function dueReason(
  { settings, store, keyspace }: CheckpointSetup,
  entries: number,
): CheckpointReason | null {
  if (settings.raftSnapshotDisable || entries <= 1) return null;
  const size = settings.raftLogMaxFileSize;
  if (size > 0 && store.log.bytes > size) return 'log size';
  const dirty = keyspace.changes.dirtyParts * USUAL_PART_BYTES;
  const most = settings.raftSnapshotMaxDirty;
  return most > 0 && dirty > most ? 'changes' : null;
}

/** A command that waits, as an image has it. */
export function savedWaiter(waiter: {
  readonly id: LogIndex;
  readonly db: number;
  readonly command: { readonly name: string };
  readonly request: unknown;
  readonly deadline: number;
}): SavedWaiter {
  const { id, db, command, request, deadline } = waiter;
  return { id, db, command: command.name, request, deadline };
}
