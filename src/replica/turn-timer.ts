import type { Timer, Timers } from '../world/world.ts';

/** Wakes the replica at its next deadline; set anew only when that comes closer. */
export class TurnTimer {
  readonly #timers: Timers;
  readonly #wake: () => void;
  #timer: Timer | null = null;
  #due = Number.POSITIVE_INFINITY;

  constructor(timers: Timers, wake: () => void) {
    this.#timers = timers;
    this.#wake = wake;
  }

  arm(due: number, now: number): void {
    if (this.#timer !== null && this.#due <= due && this.#due > now) return;
    this.#timer?.cancel();
    this.#due = due;
    this.#timer = this.#timers.after(Math.max(1, Math.ceil(due - now)), () => {
      this.#timer = null;
      this.#wake();
    });
  }

  cancel(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }
}
