import type { Term } from '../../base/ids.ts';
import type { Member } from '../../raft/configuration.ts';
import type { World } from '../../world/world.ts';
import type { LinkEvents, PeerLink } from '../peer-link.ts';
import type { ImageSource } from './outgoing.ts';

/** In ms: without a sign from a node that owes one, the link is given up for another one. */
export const SILENCE_MS = 10_000;
/** In ms: without any progress, the transfer is given up. */
export const GIVE_UP_MS = 60_000;
/** In ms: a node that is busy is asked again. */
export const BUSY_RETRY_MS = 1000;

export interface SenderSettings {
  /** Bytes in one chunk, unless a single piece is larger. */
  readonly raftSnapshotReqMaxSize: number;
  /** Chunks on their way and not known to be durable at the other side. */
  readonly raftSnapshotReqMaxCount: number;
}

export interface SenderSetup {
  readonly world: World;
  readonly settings: SenderSettings;
  readonly links: (node: Member, events: LinkEvents) => PeerLink;
  /** The image that counts now, and the open store it is in; null: there is none. */
  readonly source: () => ImageSource | null;
  readonly term: () => Term;
  readonly log: (text: string) => void;
}

/** Since the process started. */
export interface SenderStats {
  chunks: number;
  bytes: number;
}
