import type { Connection } from './connection.ts';
import type { Server } from './server.ts';

/**
 * Back-pressure: while more than `raft.max-uncommitted-size` bytes are proposed and not applied, no
 * client is read. Nothing is dropped; the clients' sockets fill up.
 */
export class Flow {
  readonly #server: Server;
  #paused: Set<Connection> | null = null;

  constructor(server: Server) {
    this.#server = server;
  }

  check(): void {
    const { replica } = this.#server.node;
    if (this.#paused !== null || replica === null) return;
    if (replica.unappliedBytes <= this.#server.settings.raftMaxUncommittedSize) return;
    this.#paused = new Set(this.#server.clients.all());
    for (const connection of this.#paused) connection.pauseReading();
  }

  relax(): void {
    const { replica } = this.#server.node;
    const paused = this.#paused;
    if (paused === null || replica === null) return;
    if (replica.unappliedBytes > this.#server.settings.raftMaxUncommittedSize / 2) return;
    this.#paused = null;
    for (const connection of paused) connection.proceed();
  }

  remove(connection: Connection): void {
    this.#paused?.delete(connection);
  }
}
