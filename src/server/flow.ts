import type { Args } from '../resp/args.ts';
import type { Holder } from './held.ts';
import type { Server } from './server.ts';

/**
 * Back-pressure: while more than `raft.max-uncommitted-size` bytes are proposed and not applied,
 * clients' writes wait, and with each what its client sent behind it. Nothing is dropped, the clients'
 * sockets fill up; whoever does not write notices nothing.
 */
export class Flow {
  readonly #server: Server;
  /** In the order in which their writes came. */
  readonly #holders: Set<Holder> = new Set();
  #isFull = false;

  constructor(server: Server) {
    this.#server = server;
  }

  /** Writes that wait. */
  get count(): number {
    return this.#holders.size;
  }

  /** A write is about to be proposed: true if it has to wait, and is kept. */
  hold(holder: Holder, args: Args): boolean {
    if (!this.#isFull) {
      if (this.#unapplied <= this.#server.settings.raftMaxUncommittedSize) return false;
      this.#isFull = true;
    }
    holder.hold(args);
    this.#holders.add(holder);
    return true;
  }

  remove(holder: Holder): void {
    this.#holders.delete(holder);
  }

  /** Something was applied, or given up: with room enough, writes go on in their order. */
  relax(): void {
    if (!this.#isFull) return;
    const { settings, facts } = this.#server;
    // Without space they would wait for long; tried again, they are refused.
    if (!facts.logIsFull && this.#unapplied > settings.raftMaxUncommittedSize / 2) return;
    this.#isFull = false;
    // One that is held again stands behind the others, but then it is full and this ends.
    for (const holder of this.#holders) {
      this.#holders.delete(holder);
      holder.release();
      if (this.#isFull) return;
    }
  }

  get #unapplied(): number {
    return this.#server.node.replica?.unappliedBytes ?? 0;
  }
}
