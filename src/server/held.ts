import type { Milliseconds } from '../base/ids.ts';
import type { Args } from '../resp/args.ts';
import type { Timer, World } from '../world/world.ts';
import type { Connection } from './connection.ts';

/**
 * Connections whose command waits for a leader. Clients give up on a quick CLUSTERDOWN; held for the
 * length of an election, they notice nothing.
 */
export class Held {
  readonly #world: World;
  readonly #holdMs: () => number;
  /** In the order of their deadlines. */
  readonly #connections: Map<Connection, Milliseconds> = new Map();
  #timer: Timer | null = null;
  /** Held commands are being given up: they must not be held again. */
  #refusing = false;

  constructor(world: World, holdMs: () => number) {
    this.#world = world;
    this.#holdMs = holdMs;
  }

  get count(): number {
    return this.#connections.size;
  }

  hold(connection: Connection, args: Args): boolean {
    const wait = this.#holdMs();
    if (wait === 0 || this.#refusing) return false;
    connection.hold(args);
    const deadline = (this.#world.clock.monotonic() + wait) as Milliseconds;
    this.#connections.set(connection, deadline);
    this.#arm();
    return true;
  }

  remove(connection: Connection): void {
    this.#connections.delete(connection);
  }

  /** Something has changed: all held commands are tried again; those that must wait keep their deadline. */
  retry(): void {
    if (this.#connections.size === 0) return;
    const held = [...this.#connections];
    this.#connections.clear();
    for (const [connection, deadline] of held) {
      connection.release();
      if (this.#connections.has(connection)) this.#connections.set(connection, deadline);
    }
  }

  #arm(): void {
    if (this.#timer !== null || this.#connections.size === 0) return;
    let first = Number.POSITIVE_INFINITY;
    for (const deadline of this.#connections.values()) first = Math.min(first, deadline);
    const delay = Math.max(1, first - this.#world.clock.monotonic());
    this.#timer = this.#world.timers.after(delay, () => {
      this.#timer = null;
      this.#giveUp();
      this.#arm();
    });
  }

  #giveUp(): void {
    const now = this.#world.clock.monotonic();
    for (const [connection, deadline] of [...this.#connections]) {
      if (deadline > now) continue;
      this.#connections.delete(connection);
      this.#refusing = true;
      connection.release();
      this.#refusing = false;
    }
  }

  close(): void {
    this.#timer?.cancel();
    this.#connections.clear();
  }
}
