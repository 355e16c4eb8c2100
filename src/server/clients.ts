import type { ClientFacts } from '../commands/local.ts';
import type { World } from '../world/world.ts';
import type { Connection } from './connection.ts';

/** How long a connection beyond `maxclients` may stay a client, in ms. */
const SURPLUS_TIME = 1000;

/** The open client connections of this node. */
export class Clients {
  readonly #world: World;
  readonly #connections: Map<number, Connection> = new Map();

  constructor(world: World) {
    this.#world = world;
  }

  get count(): number {
    return this.#connections.size;
  }

  add(connection: Connection): void {
    this.#connections.set(connection.session.id, connection);
  }

  remove(connection: Connection): void {
    this.#connections.delete(connection.session.id);
  }

  get(id: number): Connection | undefined {
    return this.#connections.get(id);
  }

  all(): IterableIterator<Connection> {
    return this.#connections.values();
  }

  kill(id: number): boolean {
    const connection = this.#connections.get(id);
    connection?.close();
    return connection !== undefined;
  }

  /** Closes connections that have said nothing for `seconds`; 0: none. */
  closeIdle(seconds: number): void {
    if (seconds === 0) return;
    const limit = this.#world.clock.monotonic() - seconds * 1000;
    for (const connection of [...this.#connections.values()]) {
      const busy = connection.session.pending > 0 || connection.isHeld;
      if (!busy && connection.lastInteraction < limit) connection.close();
    }
  }

  /** Closes connections beyond `maxclients` that have not become anything else soon. */
  closeSurplus(): void {
    const limit = this.#world.clock.monotonic() - SURPLUS_TIME;
    for (const connection of [...this.#connections.values()]) {
      if (connection.session.isSurplus && connection.connectedAt < limit) connection.close();
    }
  }

  /** Closes connections whose client has not read its replies for too long. */
  closeOverLimit(): void {
    for (const connection of [...this.#connections.values()]) {
      if (connection.exceedsOutputLimit()) connection.close();
    }
  }

  facts(): ClientFacts[] {
    const now = this.#world.clock.monotonic();
    return [...this.#connections.values()].map((connection): ClientFacts => {
      const { session, socket } = connection;
      return {
        id: session.id,
        address: `${socket.remote.host}:${socket.remote.port}`,
        localAddress: `${socket.local.host}:${socket.local.port}`,
        name: session.name,
        user: session.user,
        libraryName: session.libraryName,
        libraryVersion: session.libraryVersion,
        db: session.db,
        protocol: session.protocol,
        ageSeconds: Math.floor((now - connection.connectedAt) / 1000),
        idleSeconds: Math.floor((now - connection.lastInteraction) / 1000),
        flags: flagsOf(connection),
        lastCommand: session.lastCommand,
        queryBuffer: connection.queryBufferBytes,
        outputBuffer: socket.buffered + session.out.length,
        totalCommands: session.commands,
        type: 'normal',
        queued: session.transaction?.commands.length ?? -1,
        watched: session.watches?.keys.length ?? 0,
      };
    });
  }
}

function flagsOf(connection: Connection): string {
  const { session } = connection;
  let flags = '';
  if (session.closing) flags += 'c';
  if (session.readOnly) flags += 'r';
  if (session.transaction !== null) flags += 'x';
  if (session.noEvict) flags += 'e';
  if (session.noTouch) flags += 'T';
  if (connection.isHeld || session.blocked !== null) flags += 'b';
  return flags === '' ? 'N' : flags;
}
