import type { World } from '../world/world.ts';
import type { Session } from './session.ts';

/** Sends the replies of a turn, once per client, at its end. */
export class Output {
  readonly #world: World;
  /** Called after the clients, for what leaves by other ways. */
  readonly #after: () => void;
  #dirty: Session[] = [];
  #scheduled = false;

  constructor(world: World, after: () => void) {
    this.#world = world;
    this.#after = after;
  }

  /** The session has something to send, or is to be closed. */
  add(session: Session): void {
    if (session.isDirty) return;
    session.isDirty = true;
    this.#dirty.push(session);
    this.schedule();
  }

  schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#world.timers.turnEnd(() => {
      this.#scheduled = false;
      this.flush();
    });
  }

  flush(): void {
    while (this.#dirty.length > 0) {
      const dirty = this.#dirty;
      this.#dirty = [];
      for (const session of dirty) {
        session.isDirty = false;
        if (!session.gone) session.transport.flush(session);
      }
    }
    this.#after();
  }
}
