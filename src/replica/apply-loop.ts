import { advance, type LogIndex } from '../base/ids.ts';
import type { Timer, World } from '../world/world.ts';
import type { Applier } from './applier.ts';

/**
 * Applying holds the turn for about so long. Short, because the answer of a disk, which the others wait
 * for, waits behind it: 8 ms instead cost 5 % of the writes with pipelines of 16.
 */
const SLICE_MICROSECONDS = 300;

export interface ApplySettings {
  readonly raftLogDisableApply: boolean;
  readonly raftLogDelayApply: number;
}

/** Applies what is committed, in slices. */
export class ApplyLoop {
  readonly #world: World;
  readonly #applier: Applier;
  readonly #settings: ApplySettings;
  /** Asks for another turn. */
  readonly #again: () => void;
  #started = 0;
  #delay: Timer | null = null;
  /** A delayed entry is due now. */
  #delayIsOver = false;
  throttled = 0;

  constructor(setup: {
    readonly world: World;
    readonly applier: Applier;
    readonly settings: ApplySettings;
    readonly again: () => void;
  }) {
    this.#world = setup.world;
    this.#applier = setup.applier;
    this.#settings = setup.settings;
    this.#again = setup.again;
  }

  run(commit: LogIndex): void {
    if (this.#applier.applied >= commit || this.#settings.raftLogDisableApply) return;
    if (this.#settings.raftLogDelayApply > 0) {
      this.#runSlowly(commit);
      return;
    }
    this.#started = this.#world.clock.microseconds();
    this.#applier.apply(commit, () => this.#sliceIsOver());
    if (this.#applier.applied < commit) {
      this.throttled++;
      this.#again();
    }
  }

  #sliceIsOver(): boolean {
    return this.#world.clock.microseconds() - this.#started > SLICE_MICROSECONDS;
  }

  /** Test hook: one entry at a time, each after a delay. */
  #runSlowly(commit: LogIndex): void {
    if (this.#delayIsOver) {
      this.#delayIsOver = false;
      this.#applier.apply(advance(this.#applier.applied, 1), () => true);
      if (this.#applier.applied >= commit) return;
    }
    this.#delay ??= this.#world.timers.after(this.#settings.raftLogDelayApply / 1000, () => {
      this.#delay = null;
      this.#delayIsOver = true;
      this.#again();
    });
  }

  stop(): void {
    this.#delay?.cancel();
  }
}
