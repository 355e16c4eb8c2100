import { type Milliseconds, NO_NODE } from '../base/ids.ts';
import type { Timer } from '../world/world.ts';
import { NO_LEADER } from './errors.ts';
import type { Server } from './server.ts';

const INTERVAL = 100;

/** What must be looked at now and then: idle clients, memory, reads that wait in vain. */
export class Housekeeper {
  readonly #server: Server;
  #timer: Timer | null = null;
  #leaderSeenAt: Milliseconds;
  memoryPeak = 0;
  memoryExceeded = false;

  constructor(server: Server) {
    this.#server = server;
    this.#leaderSeenAt = server.now();
  }

  start(): void {
    this.#timer = this.#server.world.timers.after(INTERVAL, () => this.start());
    const { clients, settings, statistics, reads, world, node, proxy, proxyLinks } = this.#server;
    statistics.sample();
    reads.expireParked(NO_LEADER);
    clients.closeIdle(settings.timeout);
    clients.closeSurplus();
    clients.closeOverLimit();
    const { heap } = world.process.memory();
    this.memoryPeak = Math.max(this.memoryPeak, heap);
    this.memoryExceeded = settings.maxmemory > 0 && heap > settings.maxmemory;
    if (node.replica === null) return;
    this.noteLeader();
    node.replica.blocked.endGone();
    proxyLinks.closeSilent(node.replica);
    proxy.follow(node.replica);
  }

  /** New entries are refused: see {@link LogSpace}. */
  get logIsFull(): boolean {
    return this.#server.node.replica?.space.refusesEntries === true;
  }

  noteLeader(): void {
    const { replica } = this.#server.node;
    if (replica !== null && replica.leader !== NO_NODE) this.#leaderSeenAt = this.#server.now();
  }

  /** A leader is known, or has not been missing for longer than commands are held. */
  get clusterIsHealthy(): boolean {
    const { node, settings } = this.#server;
    if (node.replica === null) return false;
    if (node.replica.leader !== NO_NODE) return true;
    return this.#server.now() - this.#leaderSeenAt <= settings.raftElectionHold;
  }

  stop(): void {
    this.#timer?.cancel();
  }
}
