import { NO_NODE } from '../base/ids.ts';
import type { Replica } from '../replica/replica.ts';
import { ErrorReply } from '../resp/reply.ts';
import type { Timer } from '../world/world.ts';
import type { Server } from './server.ts';

const NOT_STOPPING = new ErrorReply('ERR No shutdown in progress.');
/** After the handover the last replies may still be on their way through the log. */
const DRAIN_INTERVAL = 10;

/**
 * Stopping in order: leadership goes to the most advanced follower, clients get the replies of what
 * is committed, the log is flushed. Whatever takes longer than `shutdown-timeout` is cut short.
 */
export class Shutdown {
  readonly #server: Server;
  #state: 'running' | 'handing-over' | 'stopped' = 'running';
  #deadline: Timer | null = null;

  constructor(server: Server) {
    this.#server = server;
  }

  begin(how: 'graceful' | 'now'): void {
    if (this.#state === 'stopped') return;
    const { logger, node, world, settings } = this.#server;
    const { replica } = node;
    if (how === 'now' || this.#state === 'handing-over' || replica === null) {
      this.finish(false);
      return;
    }
    logger.warning('User requested shutdown...');
    this.#state = 'handing-over';
    this.#deadline = world.timers.after(settings.shutdownTimeout * 1000, () => this.finish(false));
    if (!replica.isLeader) {
      this.#drain();
      return;
    }
    const target = replica.bestSuccessor;
    const refusal = target === NO_NODE ? 'nobody to hand over to' : replica.transfer(target);
    if (refusal === null) {
      logger.notice(`handing leadership over to node ${target}`);
    } else {
      logger.notice(`leadership is not handed over: ${refusal}`);
      this.#drain();
    }
  }

  leadershipChanged(replica: Replica): void {
    if (this.#state === 'handing-over' && !replica.isLeader) this.#drain();
  }

  transferFailed(): void {
    if (this.#state === 'handing-over') this.#drain();
  }

  /** Waits until no client of this node waits for a reply that may still come. */
  #drain(): void {
    if (this.#state !== 'handing-over') return;
    const { clients, world } = this.#server;
    let pending = 0;
    for (const connection of clients.all()) pending += connection.session.pending;
    if (pending === 0) {
      this.finish(false);
      return;
    }
    world.timers.after(DRAIN_INTERVAL, () => this.#drain());
  }

  finish(archive: boolean): void {
    if (this.#state === 'stopped') return;
    this.#state = 'stopped';
    this.#deadline?.cancel();
    this.#server.close(archive);
  }

  abort(): ErrorReply | null {
    if (this.#state !== 'handing-over') return NOT_STOPPING;
    this.#state = 'running';
    this.#deadline?.cancel();
    return null;
  }
}
