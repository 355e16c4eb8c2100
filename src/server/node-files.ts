import { type CreateOptions, createLog, type Log, openLog } from '../../raftlog/index.ts';
import type { Logger } from '../base/logger.ts';
import type { Settings } from '../config/settings.ts';
import { ImageDisk } from '../replica/image/image-disk.ts';
import { decideStart, type LogFound } from '../replica/image/start-table.ts';
import type { LogStart, ReplaceLog } from '../replica/log-store.ts';
import type { ImageStores } from '../world/image-store.ts';
import { MemoryFiles } from '../world/memory-files.ts';
import { MemoryImageStores } from '../world/memory-image-store.ts';
import type { Files, World } from '../world/world.ts';

/** What a member of a cluster has on disk. */
export interface MemberFiles {
  readonly log: Log;
  readonly disk: ImageDisk;
  readonly replaceLog: ReplaceLog;
}

/** In ms: so often it is looked whether a full disk has space again. */
const SPACE_RETRY_MS = 1000;

type Identity = Pick<CreateOptions, 'clusterId' | 'nodeId'>;

/** Log and image of this node: found at its start, made when it becomes a member, put aside at its end. */
export class NodeFiles {
  readonly #world: World;
  readonly #settings: Settings;
  readonly #logger: Logger;
  #memory: { readonly files: Files; readonly images: ImageStores } | null = null;

  constructor(setup: {
    readonly world: World;
    readonly settings: Settings;
    readonly logger: Logger;
  }) {
    this.#world = setup.world;
    this.#settings = setup.settings;
    this.#logger = setup.logger;
  }

  /** `raft.log-filename ""`: nothing is kept on disk. */
  get isInMemory(): boolean {
    return this.#settings.raftLogFilename === '';
  }

  get path(): string {
    const { dir, raftLogFilename } = this.#settings;
    if (this.isInMemory) return 'memory';
    return raftLogFilename.startsWith('/') || dir === '' || dir === '.'
      ? raftLogFilename
      : `${dir}/${raftLogFilename}`;
  }

  /** In which log and image are. */
  get #folder(): string {
    const slash = this.path.lastIndexOf('/');
    return slash < 0 ? '.' : this.path.slice(0, slash) || '/';
  }

  get #imagePath(): string {
    return `${this.path}.image`;
  }

  get #doors(): { readonly files: Files; readonly images: ImageStores } {
    if (!this.isInMemory) return this.#world;
    const later = (callback: () => void): void => {
      this.#world.timers.after(0, callback);
    };
    this.#memory ??= { files: new MemoryFiles(later), images: new MemoryImageStores(later) };
    return this.#memory;
  }

  get #logOptions(): Pick<CreateOptions, 'files' | 'path' | 'fsync' | 'microseconds'> {
    return {
      files: this.#doors.files,
      path: this.path,
      fsync: this.#settings.raftLogFsync && !this.isInMemory,
      microseconds: () => this.#world.clock.microseconds(),
    };
  }

  /** Takes up what an earlier process left; null: nothing of a member. */
  look(done: (error: Error | null, found: MemberFiles | null) => void): void {
    if (this.isInMemory) {
      this.#logger.warning(
        'raft.log-filename is empty: nothing is kept on disk. After a restart this node must join as a ' +
          'new one, and its old id be removed from the cluster',
      );
      done(null, null);
      return;
    }
    const disk = new ImageDisk(this.#world.images, this.#imagePath);
    const take = (): void => {
      let found: MemberFiles | null;
      try {
        found = this.#take(disk);
      } catch (cause) {
        done(cause instanceof Error ? cause : new Error(String(cause)), null);
        return;
      }
      if (found !== null) done(null, found);
      else disk.close((error) => done(error, null));
    };
    if (!disk.exists) {
      take();
      return;
    }
    this.#openDisk(disk, (error) => {
      if (error === null) take();
      else done(new Error(`the image in ${disk.path} cannot be used: ${error.message}`), null);
    });
  }

  /** Opening a store needs some space; on a full disk it waits for that. */
  #openDisk(disk: ImageDisk, done: (error: Error | null) => void): void {
    disk.open((error) => {
      if (error === null || !isForLackOfSpace(error)) {
        done(error);
        return;
      }
      this.#logger.warning(`the image in ${disk.path} cannot be opened yet: ${error.message}`);
      this.#world.timers.after(SPACE_RETRY_MS, () => this.#openDisk(disk, done));
    });
  }

  #take(disk: ImageDisk): MemberFiles | null {
    const log = this.#openLog();
    const found: LogFound | null =
      log === null
        ? null
        : {
            clusterId: log.clusterId,
            nodeId: log.nodeId,
            base: log.base.index,
            last: log.lastIndex,
            term: (index) => log.term(index),
          };
    const image = disk.stored?.meta ?? null;
    const verdict = decideStart(found, image);
    switch (verdict.kind) {
      case 'new':
        return null;
      case 'orphan':
        this.#logger.warning(
          `${disk.path} holds an image of entry ${image?.index} of cluster ${image?.clusterId}, but there ` +
            'is no log beside it. This node belongs to no cluster; the image is put aside when it joins one',
        );
        return null;
      case 'fatal':
        log?.abandon();
        throw new Error(verdict.text);
      case 'run':
        return log === null ? null : this.#member(log, disk);
      case 'reset-log': {
        if (log === null || image === null) return null;
        const { index, term, chain } = image;
        this.#logger.warning(
          `the image reaches to entry ${index}, the log only to ${log.lastIndex}: it begins anew behind it`,
        );
        const { clusterId, nodeId, hardState } = log;
        log.abandon();
        const start = { base: { index, term, chain }, hardState };
        return this.#member(this.#replace({ clusterId, nodeId }, start), disk);
      }
    }
  }

  #openLog(): Log | null {
    const { files } = this.#doors;
    if (!files.exists(this.path)) return null;
    const log = openLog(this.#logOptions);
    for (const note of log.recovered.notes) this.#logger.warning(note);
    if (log.lastIndex === 0 && log.hardState.term === 1 && log.hardState.vote === log.nodeId) {
      this.#logger.warning(
        'RAFT.CLUSTER INIT was interrupted before it was answered: it has not happened',
      );
      log.abandon();
      files.remove(this.path);
      return null;
    }
    const { raftId } = this.#settings;
    if (raftId !== 0 && raftId !== log.nodeId) {
      log.abandon();
      throw new Error(
        `Configured node id [${raftId}] does not match Raft log node id [${log.nodeId}]`,
      );
    }
    return log;
  }

  #member(log: Log, disk: ImageDisk): MemberFiles {
    const { clusterId, nodeId } = log;
    const replaceLog = (start: LogStart): Log => this.#replace({ clusterId, nodeId }, start);
    return { log, disk, replaceLog };
  }

  #replace(identity: Identity, start: LogStart): Log {
    return createLog({ ...this.#logOptions, ...identity, ...start, replace: true });
  }

  /** Makes the files of a new member. What an earlier one left without its log is put aside. */
  create(identity: Identity, hardState: LogStart['hardState']): MemberFiles {
    const { files, images } = this.#doors;
    const disk = new ImageDisk(images, this.#imagePath);
    if (!this.isInMemory && disk.exists) {
      const aside = `${disk.path}.${this.#world.clock.wall()}.bak`;
      files.rename(disk.path, aside);
      // Not after the log is there: it would be taken for the image of that log.
      files.syncDirectory(this.#folder);
      this.#logger.warning(`an image without a log was put aside as ${aside}`);
    }
    const log = createLog({ ...this.#logOptions, ...identity, hardState });
    return this.#member(log, disk);
  }

  /** Puts the files of a removed node aside, so that the next start begins afresh. */
  archive(nodeId: number): void {
    if (this.isInMemory) return;
    const { files } = this.#world;
    const { path } = this;
    if (files.exists(path)) files.rename(path, `${path}.${nodeId}.bak`);
    if (files.exists(`${path}.idx`)) files.remove(`${path}.idx`);
    // An image without its log is put aside by whoever comes next; a log without its image is refused.
    files.syncDirectory(this.#folder);
    const image = this.#imagePath;
    if (files.exists(image)) files.rename(image, `${image}.${nodeId}.bak`);
    files.syncDirectory(this.#folder);
    this.#logger.notice(`Raft log archived as ${path}.${nodeId}.bak`);
  }
}

function isForLackOfSpace(error: Error): boolean {
  const code = 'code' in error ? error.code : undefined;
  return code === 'ENOSPC' || code === 'EDQUOT';
}
