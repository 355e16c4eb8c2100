import { asNodeId, NO_NODE, type NodeId } from '../base/ids.ts';
import type { Logger } from '../base/logger.ts';
import type { CommandTable } from '../commands/command-table.ts';
import type { HostPort } from '../commands/local.ts';
import { peerCredentials } from '../config/address.ts';
import type { Settings } from '../config/settings.ts';
import { Keyspace } from '../keyspace/keyspace.ts';
import { nodeIdFromRandom } from '../raft/raft.ts';
import { Replica } from '../replica/replica.ts';
import type { ReplicaEvents } from '../replica/replica-setup.ts';
import type { World } from '../world/world.ts';
import { type MemberFiles, NodeFiles } from './node-files.ts';

export type NodeState = 'uninitialized' | 'joining' | 'loading' | 'up';

export interface NodeSetup {
  readonly world: World;
  readonly settings: Settings;
  readonly table: CommandTable;
  readonly logger: Logger;
  readonly address: () => HostPort;
  readonly events: ReplicaEvents;
  /** A replica exists from now on. */
  readonly started: (replica: Replica) => void;
}

const HEX_WORDS = 4;

/** This node as a member of a cluster: from nothing, or from the files it left, to a replica. */
export class Node {
  readonly #setup: NodeSetup;
  readonly #files: NodeFiles;
  /** Until {@link open} has looked what is on disk. */
  #state: NodeState = 'loading';
  #replica: Replica | null = null;

  constructor(setup: NodeSetup) {
    this.#setup = setup;
    this.#files = new NodeFiles(setup);
  }

  get state(): NodeState {
    return this.#replica?.images.isLoading === true ? 'loading' : this.#state;
  }

  get replica(): Replica | null {
    return this.#replica;
  }

  set joining(on: boolean) {
    if (this.#replica === null) this.#state = on ? 'joining' : 'uninitialized';
  }

  /** Takes up what an earlier process left. `done` gets why it cannot be used, or null. */
  open(done: (error: Error | null) => void): void {
    const { logger } = this.#setup;
    this.#files.look((error, found) => {
      if (error === null && found !== null) {
        const { log, disk } = found;
        const image = disk.stored === null ? '' : `, image of entry ${disk.stored.meta.index}`;
        logger.notice(
          `Raft log ${this.#files.path}: node ${log.nodeId} of cluster ${log.clusterId}, ` +
            `entries ${log.firstIndex} to ${log.lastIndex}, term ${log.hardState.term}${image}`,
        );
        this.#start(found);
      } else if (error === null) {
        this.#state = 'uninitialized';
      }
      done(error);
    });
  }

  /** Creates the log of a new member. */
  create(clusterId: string, id: NodeId, how: 'init' | 'join'): Replica {
    // Tells a log whose first entries were never written from that of a node which has joined and
    // heard nothing yet.
    const hardState = how === 'init' ? { term: 1, vote: id } : { term: 0, vote: 0 };
    return this.#start(this.#files.create({ clusterId, nodeId: id }, hardState));
  }

  #start(files: MemberFiles): Replica {
    const { world, settings, table, address, events, logger } = this.#setup;
    const { clusterId } = files.log;
    const keyspace = new Keyspace(settings.databases, {
      high: Number.parseInt(clusterId.slice(0, 8), 16) || 1,
      low: Number.parseInt(clusterId.slice(8, 16), 16) || 1,
    });
    const replica = new Replica({
      ...files,
      ...{ world, table, keyspace, settings, address, events },
      credentials: () => peerCredentials(settings),
      warning: (text) => logger.warning(text),
    });
    this.#replica = replica;
    this.#state = 'up';
    this.#setup.started(replica);
    return replica;
  }

  /** 32 random hex digits. */
  newClusterId(): string {
    let id = '';
    for (let i = 0; i < HEX_WORDS; i++) {
      id += this.#setup.world.random.uint32().toString(16).padStart(8, '0');
    }
    return id;
  }

  /** The configured id, or a random one that is not in `used`. */
  newNodeId(used: ReadonlySet<NodeId>, configured: number): NodeId {
    if (configured !== 0) return asNodeId(configured);
    let id: NodeId = NO_NODE;
    do id = nodeIdFromRandom(this.#setup.world.random.uint32());
    while (used.has(id));
    return id;
  }

  /** Closes the log; `done` when everything is on disk. */
  stop(done: (error: Error | null) => void): void {
    if (this.#replica === null) done(null);
    else this.#replica.stop(done);
  }

  /** Puts the files of a removed node aside, so that the next start begins afresh. */
  archive(): void {
    this.#files.archive(this.#replica?.self ?? 0);
  }
}
