import { asNodeId, type Term } from '../../base/ids.ts';
import type { CommandTable } from '../../commands/command-table.ts';
import type { ConfigurationAt } from '../../raft/setup.ts';
import type { ImagePoint } from '../../raft/snapshot.ts';
import type { Timer } from '../../world/world.ts';
import type { CheckpointSettings, CheckpointSetup } from './checkpoint-setup.ts';
import { Checkpoints } from './checkpoints.ts';
import type { ImageDisk } from './image-disk.ts';
import { ImageLoader } from './image-loader.ts';
import { ImageSenders, type SendersSetup } from './image-senders.ts';
import { type ImageMeta, INCOMING_KEY, type StoredMeta } from './meta.ts';
import type { ImageSource } from './outgoing.ts';
import { ImageReceiver } from './receiver.ts';
import { olderRange } from './record.ts';
import type { SenderSettings } from './sender-setup.ts';
import { RETRY_MS } from './store-keeper.ts';

export interface ImagesSetup extends Omit<CheckpointSetup, 'settings' | 'lowestSent'> {
  readonly table: CommandTable;
  readonly settings: CheckpointSettings &
    SenderSettings & { readonly raftSnapshotDisableLoad: boolean };
  /** A link to another node for images. */
  readonly links: SendersSetup['links'];
  /** Queues what the core wants to have done: the core must have no steps left. */
  readonly perform: () => void;
  /** The state is that of the image from now on, though its keys are not loaded yet. */
  readonly adopted: (meta: ImageMeta) => void;
  /** The keys are loaded. */
  readonly loaded: () => void;
  /** The image cannot be loaded: this process is of no use. */
  readonly broken: (error: Error) => void;
}

/** In ms: so often it is looked whether a checkpoint has ended that an image waits for. */
const WAIT_MS = 20;

type Done = (error: Error | null) => void;

/** What a node does with images: loads one at its start, makes new ones, takes over one of another node. */
export class Images {
  readonly disk: ImageDisk;
  readonly checkpoints: Checkpoints;
  readonly senders: ImageSenders;
  readonly receiver: ImageReceiver;
  readonly #setup: ImagesSetup;
  #loader: ImageLoader | null = null;
  #isLoading = false;
  #isInstalling = false;
  #stopped = false;
  #wait: Timer | null = null;
  /** Images of other nodes that were put in place since the process started. */
  received = 0;

  constructor(setup: ImagesSetup) {
    this.#setup = setup;
    this.disk = setup.disk;
    const { world, settings, links, log, raft, disk, touch } = setup;
    this.senders = new ImageSenders({
      ...{ world, settings, links, log },
      source: () => sourceOf(disk),
      term: () => raft.term,
      ended: (id, index) => {
        raft.imageSent(id, index);
        touch();
      },
    });
    this.receiver = new ImageReceiver({
      ...{ world, disk, log },
      target: {
        offer: (meta, term) => (term < raft.term ? 'outdated' : this.offer(meta, term)),
        install: (stored, done) => this.install(stored, done),
        failed: () => this.checkpoints.storeFailed(),
      },
    });
    this.checkpoints = new Checkpoints({
      ...setup,
      lowestSent: () => this.senders.lowestIndex(),
    });
  }

  /** The keys are not there yet: nothing can be applied or read. */
  get isLoading(): boolean {
    return this.#isLoading;
  }

  /** An image is taking the place of the log: no entries can be taken in. */
  get isInstalling(): boolean {
    return this.#isInstalling;
  }

  /** How far loading is; null while nothing is loaded. */
  get progress(): ImageLoader | null {
    return this.#loader;
  }

  /** Takes up the image on disk, if there is one. */
  start(): void {
    const { stored } = this.disk;
    if (stored === null) {
      // The store is opened in the first turn.
      this.checkpoints.isBlocked = false;
    } else {
      this.#load(stored);
    }
  }

  #load(stored: StoredMeta): void {
    const { raft, world, keyspace, log, settings } = this.#setup;
    this.checkpoints.isBlocked = true;
    this.#isLoading = true;
    raft.loading = true;
    if (settings.raftSnapshotDisableLoad) {
      log('the image is not loaded, as raft.snapshot-disable-load asks for');
      return;
    }
    this.#loader?.stop();
    this.#loader = new ImageLoader({
      world,
      disk: this.disk,
      stored,
      keyspace,
      log,
      done: (error, garbage) => {
        if (error === null) this.#loaded(stored, garbage);
        else this.#setup.broken(error);
      },
    });
  }

  #loaded(stored: StoredMeta, garbage: readonly Buffer[]): void {
    const { waiters, raft, loaded, touch } = this.#setup;
    waiters.clear();
    for (const saved of stored.meta.waiters) waiters.restore(saved, this.#setup.table);
    this.#loader = null;
    this.#isLoading = false;
    this.checkpoints.loaded(garbage);
    // Whatever an image that was replaced has left. If that fails, the next start tries again.
    this.disk.clear(olderRange(stored.generation), () => {});
    raft.loading = false;
    loaded();
    touch();
  }

  /** Whether the image of another node would help here, and can be taken now. */
  offer(meta: ImageMeta, term: Term): 'needed' | 'known' | 'stale' | 'busy' {
    const verdict = this.#setup.raft.offerImage(pointOf(meta), term);
    this.#setup.touch();
    if (verdict !== 'needed') return verdict;
    return this.#isInstalling || this.#isLoading ? 'busy' : verdict;
  }

  /** Puts an image, whose records are all in the store, in the place of state and log. */
  install(stored: StoredMeta, done: Done): void {
    const { raft, world } = this.#setup;
    const isNeeded = this.offer(stored.meta, raft.term) === 'needed';
    this.checkpoints.isBlocked = isNeeded || this.#isLoading;
    if (!isNeeded) {
      done(new Error('the image cannot be taken over now'));
      return;
    }
    // A checkpoint that is being written ends first, and none begins after it. The term in which the
    // image was offered must be on disk before the image is (SPEC, I3).
    if (this.checkpoints.isBusy || !raft.hardStateIsDurable) {
      this.#wait = world.timers.after(WAIT_MS, () => this.install(stored, done));
      return;
    }
    this.#isInstalling = true;
    raft.loading = true;
    const also = (batch: { delete(key: Buffer): void }): void => batch.delete(INCOMING_KEY);
    this.disk.commit(stored, also, (error) => {
      if (error === null) this.#take(stored, done);
      else this.#findOut(stored, done, error);
    });
  }

  /** Whether the image counts now is not known: opening the store again tells, as soon as that works. */
  #findOut(stored: StoredMeta, done: Done, error: Error): void {
    const { world, warn } = this.#setup;
    warn(`the image store gave an error while an image was put in place: ${error.message}`);
    this.disk.reopen((failed) => {
      if (this.#stopped) return;
      if (failed !== null) {
        this.#wait = world.timers.after(RETRY_MS, () => this.#findOut(stored, done, failed));
      } else if (this.disk.stored?.generation === stored.generation) {
        this.#take(stored, done);
      } else {
        this.#isInstalling = false;
        this.checkpoints.isBlocked = false;
        this.#setup.raft.loading = false;
        done(error);
      }
    });
  }

  #take(stored: StoredMeta, done: Done): void {
    if (this.#stopped) return;
    this.#swap(stored);
    done(null);
  }

  #swap(stored: StoredMeta): void {
    const { raft, store, perform, adopted, log } = this.#setup;
    const { meta } = stored;
    perform();
    const { index, term, chain } = meta;
    store.replaceLog({
      base: { index, term, chain },
      hardState: { term: raft.term, vote: raft.vote },
    });
    raft.installImage(pointOf(meta));
    adopted(meta);
    this.received++;
    this.#isInstalling = false;
    log(`the image of entry ${index} is in place of log and state`);
    this.#load(stored);
    this.#setup.touch();
  }

  stop(done: Done): void {
    this.#stopped = true;
    this.#loader?.stop();
    this.#wait?.cancel();
    this.senders.close();
    this.receiver.close();
    this.checkpoints.stop();
    this.disk.close(done);
  }
}

function sourceOf({ store, stored }: ImageDisk): ImageSource | null {
  return store === null || stored === null ? null : { store, stored };
}

export function pointOf(meta: ImageMeta): ImagePoint {
  return { index: meta.index, term: meta.term, configuration: meta.configuration };
}

export function configurationOf(meta: ImageMeta): ConfigurationAt {
  return meta.configuration;
}

export function usedIdsOf(meta: ImageMeta): ReturnType<typeof asNodeId>[] {
  return meta.usedIds.map(asNodeId);
}
