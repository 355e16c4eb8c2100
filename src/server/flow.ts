import type { Server } from './server.ts';

/**
 * Back-pressure: while more than `raft.max-uncommitted-size` bytes are proposed and not applied, no
 * client is read. Nothing is dropped; the clients' sockets fill up.
 */
export class Flow {
  readonly #server: Server;
  #paused = false;

  constructor(server: Server) {
    this.#server = server;
  }

  get isPaused(): boolean {
    return this.#paused;
  }

  check(): void {
    const { replica } = this.#server.node;
    if (this.#paused || replica === null) return;
    if (replica.unappliedBytes <= this.#server.settings.raftMaxUncommittedSize) return;
    this.#paused = true;
    for (const connection of this.#server.clients.all()) connection.pauseReading();
  }

  relax(): void {
    const { replica } = this.#server.node;
    if (!this.#paused || replica === null) return;
    if (replica.unappliedBytes > this.#server.settings.raftMaxUncommittedSize / 2) return;
    this.#paused = false;
    for (const connection of [...this.#server.clients.all()]) connection.proceed();
  }
}
