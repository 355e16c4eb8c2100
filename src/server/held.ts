import type { Milliseconds } from '../base/ids.ts';
import type { Args } from '../resp/args.ts';
import type { Timer, World } from '../world/world.ts';

/** Where a command came from, and where it waits. */
export interface Holder {
  /** Keeps the command that is being dispatched, and reads nothing behind it. */
  hold(args: Args): void;
  /** Tries it again; goes on reading if it need not wait any more. */
  release(): void;
}

/**
 * Clients whose command waits for a leader. Clients give up on a quick CLUSTERDOWN; held for the
 * length of an election, they notice nothing.
 */
export class Held {
  readonly #world: World;
  readonly #holdMs: () => number;
  /** In the order of their deadlines. */
  readonly #holders: Map<Holder, Milliseconds> = new Map();
  #timer: Timer | null = null;
  /** Held commands are being given up: they must not be held again. */
  #refusing = false;

  constructor(world: World, holdMs: () => number) {
    this.#world = world;
    this.#holdMs = holdMs;
  }

  get count(): number {
    return this.#holders.size;
  }

  hold(holder: Holder, args: Args): boolean {
    const wait = this.#holdMs();
    if (wait === 0 || this.#refusing) return false;
    holder.hold(args);
    const deadline = (this.#world.clock.monotonic() + wait) as Milliseconds;
    this.#holders.set(holder, deadline);
    this.#arm();
    return true;
  }

  remove(holder: Holder): void {
    this.#holders.delete(holder);
  }

  /** Something has changed: all held commands are tried again; those that must wait keep their deadline. */
  retry(): void {
    if (this.#holders.size === 0) return;
    const held = [...this.#holders];
    this.#holders.clear();
    for (const [holder, deadline] of held) {
      holder.release();
      if (this.#holders.has(holder)) this.#holders.set(holder, deadline);
    }
  }

  #arm(): void {
    if (this.#timer !== null || this.#holders.size === 0) return;
    let first = Number.POSITIVE_INFINITY;
    for (const deadline of this.#holders.values()) first = Math.min(first, deadline);
    const delay = Math.max(1, first - this.#world.clock.monotonic());
    this.#timer = this.#world.timers.after(delay, () => {
      this.#timer = null;
      this.#giveUp();
      this.#arm();
    });
  }

  #giveUp(): void {
    const now = this.#world.clock.monotonic();
    for (const [holder, deadline] of [...this.#holders]) {
      if (deadline > now) continue;
      this.#holders.delete(holder);
      this.#refusing = true;
      holder.release();
      this.#refusing = false;
    }
  }

  close(): void {
    this.#timer?.cancel();
    this.#holders.clear();
  }
}
