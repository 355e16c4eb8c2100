import type { Compaction } from '../../../raftlog/index.ts';
import { asLogIndex, type LogIndex } from '../../base/ids.ts';
import type { Timer } from '../../world/world.ts';
import type { Answer } from './askers.ts';
import type { CheckpointSetup } from './checkpoint-setup.ts';

/** Of a log that was cut of its own accord, this part of its greatest size stays for nodes that lag. */
const KEPT_FRACTION = 8;
/** For a node that is connected and lags, or is being sent an image, so much of the greatest size stays. */
const KEPT_FOR_OTHERS = 2;
/** Copied in one slice; then others have their turn. */
const STEP_BYTES: number = 256 * 1024;
const PAUSE_MS = 2;

/** Drops from the log what the newest image has. */
export class LogCut {
  readonly #setup: Omit<CheckpointSetup, 'keyspace' | 'waiters' | 'applied' | 'membership'>;
  #compaction: Compaction | null = null;
  #timer: Timer | null = null;
  #done: Answer = () => {};

  constructor(setup: CheckpointSetup) {
    this.#setup = setup;
  }

  get isRunning(): boolean {
    return this.#compaction !== null;
  }

  /**
   * `all`: everything that nobody needs; `most`: a part of it stays for those who come back soon. `done`
   * gets null or why it failed, unless {@link stop} comes first.
   */
  start(index: LogIndex, how: 'all' | 'most', done: Answer): void {
    const { log } = this.#setup.store;
    const base = this.#base(index, how);
    if (base < log.firstIndex || this.#compaction !== null || log.failure !== null) {
      done(log.failure?.message ?? null);
      return;
    }
    this.#done = done;
    try {
      this.#compaction = log.compact(base);
    } catch (error) {
      this.#failed(messageOf(error));
      return;
    }
    this.#step(this.#compaction);
  }

  #failed(why: string): void {
    const failure = `the log cannot be cut: ${why}`;
    this.#compaction = null;
    this.#setup.warn(failure);
    this.#done(failure);
  }

  #base(index: LogIndex, how: 'all' | 'most'): LogIndex {
    const { store, raft, settings, lowestSent } = this.#setup;
    const { log } = store;
    let base: number = Math.min(index, log.durableIndex);
    if (how === 'most') base = this.#keep(base, settings.raftLogMaxFileSize / KEPT_FRACTION);
    let needed: number = Math.min(base, lowestSent() ?? base);
    for (const { connected, state, match } of raft.progress()) {
      if (connected && state !== 'snapshot') needed = Math.min(needed, match);
    }
    const most = settings.raftLogMaxFileSize / KEPT_FOR_OTHERS;
    return asLogIndex(Math.max(needed, most > 0 ? this.#keep(base, most) : needed));
  }

  /** The entry behind which the log has about `bytes` up to `index`. */
  #keep(index: number, bytes: number): number {
    const { log } = this.#setup.store;
    let base = index;
    for (let left = bytes; base >= log.firstIndex; base--) {
      left -= log.entryBytes(base);
      if (left < 0) break;
    }
    return base;
  }

  #step(compaction: Compaction): void {
    const { world } = this.#setup;
    let isCopied: boolean;
    try {
      isCopied = compaction.step(STEP_BYTES);
    } catch (error) {
      this.#failed(messageOf(error));
      return;
    }
    if (isCopied) this.#finish(compaction);
    else this.#timer = world.timers.after(PAUSE_MS, () => this.#step(compaction));
  }

  #finish(compaction: Compaction): void {
    const { store, log, raft } = this.#setup;
    compaction.finish((error) => {
      if (this.#compaction !== compaction) return;
      if (error !== null) {
        this.#failed(error.message);
        return;
      }
      this.#compaction = null;
      const base = asLogIndex(compaction.base.index);
      raft.compacted(base);
      store.forget(base);
      log(`the log begins behind entry ${base} now`);
      this.#done(null);
    });
  }

  /** A running cut is given up; the log stays as it is. */
  stop(): void {
    this.#timer?.cancel();
    const compaction = this.#compaction;
    this.#compaction = null;
    compaction?.abort();
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
