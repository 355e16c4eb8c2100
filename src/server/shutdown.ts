import { NO_NODE } from '../base/ids.ts';
import type { Replica } from '../replica/replica.ts';
import { ErrorReply, type Reply } from '../resp/reply.ts';
import type { Timer } from '../world/world.ts';
import type { Server } from './server.ts';
import type { Session } from './session.ts';

const NOT_STOPPING = new ErrorReply('ERR No shutdown in progress.');
export const NOT_STOPPED: ErrorReply = new ErrorReply('ERR Errors trying to SHUTDOWN. Check logs.');
/** After the handover the last replies may still be on their way through the log. */
const DRAIN_INTERVAL = 10;
/** Clients that are at work find out within this time that the leader is another one. */
const FAREWELL = 100;

/** A client that sent SHUTDOWN: it gets a reply only if nothing comes of it. */
export interface Asker {
  readonly session: Session;
  readonly done: (reply: Reply) => void;
}

/**
 * Stopping in order: leadership goes to the most advanced follower, clients get the replies of what
 * is committed, the log is flushed. Whatever takes longer than `shutdown-timeout` is cut short.
 */
export class Shutdown {
  readonly #server: Server;
  #state: 'running' | 'handing-over' | 'stopped' = 'running';
  #deadline: Timer | null = null;
  #drainTimer: Timer | null = null;
  /** Not before: clients that have a command on its way are still to be redirected. */
  #farewell = 0;
  #askers: Asker[] = [];

  constructor(server: Server) {
    this.#server = server;
  }

  get isUnderWay(): boolean {
    return this.#state !== 'running';
  }

  /** Only what has been read already is answered. */
  get isDraining(): boolean {
    return this.#drainTimer !== null && this.#server.node.replica?.isLeader === true;
  }

  /** The session waits for this shutdown, and nothing behind that is answered. */
  isAskedBy(session: Session): boolean {
    return this.#askers.some((asker) => asker.session === session);
  }

  begin(how: 'graceful' | 'now', asker: Asker | null): void {
    if (this.#state === 'stopped') return;
    if (asker !== null) this.#askers.push(asker);
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
    if (this.#state !== 'handing-over' || replica.isLeader) return;
    if (this.#farewell === 0) this.#farewell = this.#server.now() + FAREWELL;
    this.#drain();
  }

  transferFailed(): void {
    if (this.#state === 'handing-over') this.#drain();
  }

  /**
   * Waits until no client waits for a reply that may still come: what was held is redirected to the
   * new leader. A leader that could not hand over reads no more, for there would be no end to it.
   */
  #drain(): void {
    if (this.#state !== 'handing-over' || this.#drainTimer !== null) return;
    const { clients, world, node, unanswered } = this.#server;
    if (unanswered === 0 && this.#server.now() >= this.#farewell) {
      this.finish(false);
      return;
    }
    this.#drainTimer = world.timers.after(DRAIN_INTERVAL, () => {
      this.#drainTimer = null;
      this.#drain();
    });
    if (node.replica?.isLeader !== true) return;
    for (const connection of clients.all()) connection.pauseReading();
  }

  finish(archive: boolean): void {
    if (this.#state === 'stopped') return;
    this.#state = 'stopped';
    this.#deadline?.cancel();
    this.#drainTimer?.cancel();
    this.#server.close(archive);
  }

  abort(): ErrorReply | null {
    if (this.#state !== 'handing-over') return NOT_STOPPING;
    this.#state = 'running';
    this.#farewell = 0;
    this.#deadline?.cancel();
    this.#drainTimer?.cancel();
    this.#drainTimer = null;
    const askers = this.#askers;
    this.#askers = [];
    for (const { done } of askers) done(NOT_STOPPED);
    for (const connection of [...this.#server.clients.all()]) connection.proceed();
    return null;
  }
}
