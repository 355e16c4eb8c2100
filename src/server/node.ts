import { createLog, type Log, openLog, RaftLogError } from '../../raftlog/index.ts';
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
  /** Until {@link open} has looked what is on disk. */
  #state: NodeState = 'loading';
  #replica: Replica | null = null;
  #log: Log | null = null;

  constructor(setup: NodeSetup) {
    this.#setup = setup;
  }

  get state(): NodeState {
    return this.#state;
  }

  get replica(): Replica | null {
    return this.#replica;
  }

  set joining(on: boolean) {
    if (this.#replica === null) this.#state = on ? 'joining' : 'uninitialized';
  }

  get #path(): string {
    const { dir, raftLogFilename } = this.#setup.settings;
    return raftLogFilename.startsWith('/') || dir === '' || dir === '.'
      ? raftLogFilename
      : `${dir}/${raftLogFilename}`;
  }

  /** Takes up the log that an earlier process left. Throws {@link RaftLogError} if it is damaged. */
  open(): void {
    const { world, settings, logger } = this.#setup;
    if (!world.files.exists(this.#path)) {
      this.#state = 'uninitialized';
      return;
    }
    const log = openLog({
      files: world.files,
      path: this.#path,
      fsync: settings.raftLogFsync,
      microseconds: () => world.clock.microseconds(),
    });
    for (const note of log.recovered.notes) logger.warning(note);
    if (log.lastIndex === 0 && log.hardState.term === 1 && log.hardState.vote === log.nodeId) {
      logger.warning(
        'RAFT.CLUSTER INIT was interrupted before it was answered: it has not happened',
      );
      log.abandon();
      world.files.remove(this.#path);
      this.#state = 'uninitialized';
      return;
    }
    if (settings.raftId !== 0 && settings.raftId !== log.nodeId) {
      throw new Error(
        `Configured node id [${settings.raftId}] does not match Raft log node id [${log.nodeId}]`,
      );
    }
    logger.notice(
      `Raft log ${this.#path}: node ${log.nodeId} of cluster ${log.clusterId}, ` +
        `entries ${log.firstIndex} to ${log.lastIndex}, term ${log.hardState.term}`,
    );
    this.#start(log);
  }

  /** Creates the log of a new member. */
  create(clusterId: string, id: NodeId, how: 'init' | 'join'): Replica {
    const { world, settings } = this.#setup;
    const log = createLog({
      files: world.files,
      path: this.#path,
      fsync: settings.raftLogFsync,
      microseconds: () => world.clock.microseconds(),
      clusterId,
      nodeId: id,
      // Tells a log whose first entries were never written from that of a node which has joined and
      // heard nothing yet.
      hardState: how === 'init' ? { term: 1, vote: id } : { term: 0, vote: 0 },
    });
    return this.#start(log);
  }

  #start(log: Log): Replica {
    const { world, settings, table, address, events } = this.#setup;
    this.#log = log;
    const keyspace = new Keyspace(settings.databases, {
      high: Number.parseInt(log.clusterId.slice(0, 8), 16) || 1,
      low: Number.parseInt(log.clusterId.slice(8, 16), 16) || 1,
    });
    const replica = new Replica({
      ...{ world, log, table, keyspace, settings, address, events },
      credentials: () => peerCredentials(settings),
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
    const { files } = this.#setup.world;
    const id = this.#log?.nodeId ?? 0;
    const path = this.#path;
    if (files.exists(path)) files.rename(path, `${path}.${id}.bak`);
    if (files.exists(`${path}.idx`)) files.remove(`${path}.idx`);
    const slash = path.lastIndexOf('/');
    files.syncDirectory(slash < 0 ? '.' : path.slice(0, slash) || '/');
    this.#setup.logger.notice(`Raft log archived as ${path}.${id}.bak`);
  }
}
