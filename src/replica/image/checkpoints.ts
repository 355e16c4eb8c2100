import { type LogIndex, NO_INDEX, type Term } from '../../base/ids.ts';
import type { ImageWriting } from '../../keyspace/image/image-writing.ts';
import type { Timer } from '../../world/world.ts';
import { type Answer, Askers, type Wish } from './askers.ts';
import { CheckpointHistory } from './checkpoint-history.ts';
import {
  type CheckpointReason,
  type CheckpointSetup,
  dueReason,
  savedWaiter,
} from './checkpoint-setup.ts';
import { CheckpointWriter } from './checkpoint-writer.ts';
import { LogCut } from './log-cut.ts';
import type { ImageMeta } from './meta.ts';
import { RETRY_MS, StoreKeeper } from './store-keeper.ts';

const FAILED_ON_PURPOSE = 'debug rdbSave() failed';

interface Running {
  readonly writing: ImageWriting;
  readonly writer: CheckpointWriter;
  readonly meta: Omit<ImageMeta, 'facts'>;
  readonly startedAt: number;
  /** Changes to the dataset before it. */
  readonly dirty: number;
  /** All its records are durable. */
  isWritten: boolean;
  isCommitting: boolean;
}

/**
 * Checkpoints of this node: an image of the state after an entry, written beside all other work, and
 * then the log up to there may go. Only what is applied and durable here becomes an image.
 */
export class Checkpoints {
  readonly #setup: CheckpointSetup;
  #running: Running | null = null;
  readonly #cut: LogCut;
  readonly #askers = new Askers();
  readonly #keeper: StoreKeeper;
  #retryAt = 0;
  #retry: Timer | null = null;
  #stopped = false;
  /** An image of another node is taking the place of everything. */
  isBlocked = true;
  /** What was applied when the writing of a checkpoint last asked. */
  #seen: LogIndex = NO_INDEX;
  readonly history: CheckpointHistory = new CheckpointHistory();

  constructor(setup: CheckpointSetup) {
    this.#setup = setup;
    this.#cut = new LogCut(setup);
    const { world, disk, warn, touch } = setup;
    this.#keeper = new StoreKeeper({
      ...{ world, disk, warn, touch },
      unusable: (why) => this.#unusable(why),
    });
  }

  get inProgress(): { readonly index: LogIndex; readonly term: Term } | null {
    return this.#running?.meta ?? null;
  }

  /** In ms of this node's monotone clock. */
  get startedAt(): number | null {
    return this.#running?.startedAt ?? null;
  }

  /** Whether a checkpoint is being written, or the log cut after one. */
  get isBusy(): boolean {
    return this.#running !== null || this.#keeper.isOpening || this.#cut.isRunning;
  }

  /** Somebody waits for a checkpoint: one that is being made, or will be. */
  get isAwaited(): boolean {
    return this.#askers.any;
  }

  /** Changes to the dataset that no image has. */
  get changes(): number {
    return this.history.since(this.#setup.keyspace.dirty);
  }

  /** Since when the newest image is known to be good, in ms of the epoch; null: there is none. */
  get savedAt(): number | null {
    return this.history.savedAt(this.#setup.disk.stored?.meta.time ?? null);
  }

  /** Entries in the log that no image has. */
  get entries(): number {
    const { raft, disk } = this.#setup;
    const base = Math.max(disk.stored?.meta.index ?? 0, raft.firstIndex - 1);
    return raft.last - base;
  }

  /** No image lacks anything that is applied. */
  get #isSaved(): boolean {
    return this.#setup.applied() <= (this.#setup.disk.stored?.meta.index ?? 0);
  }

  /**
   * Begins a checkpoint because somebody wants one now, or waits for the one that is running; `answer`
   * gets null or why it failed. `later`: the store must be opened before, or the log is being cut.
   * `nothing`: everything is in the newest image (for a cut: there would be next to nothing to cut).
   * `blocked`: the image of another node is being taken over. After the last two there is no answer.
   */
  ask(wish: Wish, answer: Answer = () => {}): 'begun' | 'later' | 'nothing' | 'blocked' {
    if (this.isBlocked || this.#stopped) return 'blocked';
    if (this.#running === null) {
      if (this.#isSaved) {
        if (wish === 'image') this.history.confirmed(this.#setup.world.clock.wall());
        return 'nothing';
      }
      if (wish === 'cut' && this.entries <= 1) return 'nothing';
      if (!this.isBusy) this.#begin('asked');
    }
    this.#askers.add(wish, answer);
    return this.#running === null ? 'later' : 'begun';
  }

  /** The image in the store has become the state; it does not need the records of `garbage`. */
  loaded(garbage: readonly Buffer[]): void {
    this.isBlocked = false;
    this.#keeper.sweep(garbage);
    this.history.loaded(this.#setup.keyspace.dirty);
  }

  /** Called in every turn, after entries were applied: begins what is due, and goes on. */
  turn(): void {
    const running = this.#running;
    if (running !== null) {
      if (running.isWritten) this.#commitIfSafe(running);
      return;
    }
    if (this.isBlocked || this.isBusy || this.#stopped) return;
    this.#keeper.mend();
    // What they wanted may have come with the image of another node.
    if (this.#askers.any && this.#isSaved) this.#askers.answer(null);
    const isWanted = this.#askers.any || this.#setup.world.clock.monotonic() >= this.#retryAt;
    if (!isWanted) return;
    const reason = this.#askers.any ? 'asked' : dueReason(this.#setup, this.entries);
    if (reason !== null) this.#begin(reason);
  }

  #begin(reason: CheckpointReason): boolean {
    const { world, disk, raft, store, keyspace, settings, clusterId } = this.#setup;
    if (!this.#keeper.isReady) return false;
    const index = this.#setup.applied();
    this.#seen = index;
    const term = raft.termAt(index);
    if (term === undefined) return false;
    const writer = new CheckpointWriter({
      world,
      disk,
      isQuiet: () => this.#isQuiet(),
      done: (error) => this.#written(error),
    });
    const { writing, state } = keyspace.beginImage(writer);
    const { at, usedIds } = this.#setup.membership();
    const meta = {
      ...{ clusterId, index, term, usedIds, configuration: at, keyspace: state },
      chain: store.chainAt(index),
      waiters: [...this.#setup.waiters.all()].map(savedWaiter),
      time: world.clock.wall(),
    };
    const startedAt = world.clock.monotonic();
    this.#running = {
      ...{ writing, writer, meta, startedAt, dirty: keyspace.dirty },
      ...{ isWritten: false, isCommitting: false },
    };
    this.#setup.log(`checkpoint at entry ${index} begins (${reason})`);
    writer.start(writing, settings.raftSnapshotDelay * 1000);
    return true;
  }

  /** Whether nothing was applied since this was last asked. */
  #isQuiet(): boolean {
    const applied = this.#setup.applied();
    const isQuiet = applied === this.#seen;
    this.#seen = applied;
    return isQuiet;
  }

  #written(error: Error | null): void {
    const running = this.#running;
    if (running === null) return;
    if (error !== null) {
      this.#failed(running, error.message, true);
    } else if (this.#setup.settings.raftSnapshotFail) {
      this.#failed(running, FAILED_ON_PURPOSE, false);
    } else {
      running.isWritten = true;
      this.#commitIfSafe(running);
    }
  }

  /** What is applied may be ahead of this node's disk; an image must not be (SPEC, I3). */
  #commitIfSafe(running: Running): void {
    const { disk, raft, keyspace } = this.#setup;
    const isSafe = raft.durable >= running.meta.index && raft.hardStateIsDurable;
    if (running.isCommitting || !isSafe) return;
    running.isCommitting = true;
    const { changes } = keyspace;
    const { image } = running.writing;
    const facts = { image, nextId: changes.nextId, totals: changes.totals };
    const meta: ImageMeta = { ...running.meta, facts };
    disk.commit(
      { generation: disk.generation, meta },
      () => {},
      (error) => {
        if (this.#running !== running) return;
        if (error === null) this.#committed(running);
        else this.#commitFailed(running, error);
      },
    );
  }

  #committed(running: Running): void {
    const { world, log } = this.#setup;
    this.#running = null;
    const superseded = running.writing.commit();
    const seconds = (world.clock.monotonic() - running.startedAt) / 1000;
    this.history.made(seconds, running.dirty);
    const { index } = running.meta;
    const { written } = running.writing;
    log(
      `checkpoint at entry ${index}: ${written} records, ${running.writer.bytes} bytes, ` +
        `${seconds.toFixed(2)} s`,
    );
    this.#keeper.discard(superseded);
    const how = this.#askers.wantCut ? 'all' : 'most';
    const answer = this.#askers.stored();
    this.#cut.start(index, how, (failure) => {
      answer(failure);
      this.#setup.touch();
    });
    this.#setup.touch();
  }

  /** Whether the image counts now is not known: opening the store again tells. */
  #commitFailed(running: Running, error: Error): void {
    this.#setup.disk.reopen((failed) => {
      if (this.#running !== running) return;
      if (failed !== null) {
        this.#retry?.cancel();
        this.#retry = this.#setup.world.timers.after(RETRY_MS, () =>
          this.#commitFailed(running, error),
        );
      } else if (this.#setup.disk.stored?.meta.facts.image === running.writing.image) {
        this.#committed(running);
      } else {
        this.#failed(running, error.message, false);
      }
    });
  }

  #failed(running: Running, why: string, isStoreBroken: boolean): void {
    const { world, warn } = this.#setup;
    running.writer.stop();
    this.#running = null;
    this.#keeper.leave(running.writing.abort());
    if (isStoreBroken) this.#keeper.failed();
    this.history.lastFailure = why;
    this.#retryAt = world.clock.monotonic() + RETRY_MS;
    warn(`checkpoint at entry ${running.meta.index} failed: ${why}`);
    this.#askers.answer(why);
    this.#retry?.cancel();
    this.#retry = world.timers.after(RETRY_MS, () => this.#setup.touch());
  }

  /** Whoever else uses the store got an error from it. */
  storeFailed(): void {
    this.#keeper.failed();
  }

  /** The store cannot be used for now: who asked is told, and nothing begins by itself for a while. */
  #unusable(why: string): void {
    this.#retryAt = this.#setup.world.clock.monotonic() + RETRY_MS;
    this.#askers.answer(`the image store cannot be used: ${why}`);
  }

  /** Nothing happens any more; who asked gets no answer. */
  stop(): void {
    this.#stopped = true;
    this.#running?.writer.stop();
    this.#running = null;
    this.#retry?.cancel();
    this.#keeper.stop();
    this.#cut.stop();
    this.#askers.drop();
  }
}
