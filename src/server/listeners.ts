import type { HostPort } from '../commands/local.ts';
import { advertisedAddress } from '../config/address.ts';
import { ReplyWriter } from '../resp/encoder.ts';
import { ErrorReply } from '../resp/reply.ts';
import type { Listener, Socket, SocketEvents } from '../world/world.ts';
import { Connection } from './connection.ts';
import { MAX_CLIENTS } from './gates.ts';
import type { Server } from './server.ts';

/** Beyond `maxclients`, for other nodes and for administration. */
const RESERVED_CONNECTIONS = 32;
const PROTECTED = new ErrorReply(
  'DENIED balsa is running in protected mode: it listens on all interfaces and has no password, so ' +
    'it takes connections from this machine only. Set a password (requirepass), bind it to an ' +
    "interface (bind), or allow others with 'protected-mode no'.",
);

/** The listening sockets, and who may come in through them. */
export class Listeners {
  readonly #server: Server;
  #open: Listener[] = [];

  constructor(server: Server) {
    this.#server = server;
  }

  /** Opens all addresses of `bind`; an address with `-` before it may be missing. */
  open(ready: (error: Error | null) => void): void {
    const { world, settings, logger } = this.#server;
    const addresses = settings.bind.length === 0 ? ['*'] : settings.bind;
    let waiting = addresses.length;
    let opened = 0;
    let failure: Error | null = null;
    for (const address of addresses) {
      const optional = address.startsWith('-');
      const host = hostToListen(optional ? address.slice(1) : address);
      const listener = world.network.listen(
        { host, port: settings.port },
        {
          ready: (error) => {
            waiting--;
            if (error === null) opened++;
            else if (optional) logger.verbose(`not listening on ${host}: ${error.message}`);
            else failure = error;
            if (waiting > 0) return;
            if (opened === 0) failure ??= new Error('no address to listen on');
            ready(failure);
          },
          accepted: (socket) => this.#accept(socket),
        },
      );
      this.#open.push(listener);
    }
  }

  #accept(socket: Socket): SocketEvents {
    const server = this.#server;
    const { settings } = server;
    const refusal = this.#refuse(socket);
    if (refusal !== null) {
      server.statistics.rejectedConnections++;
      const writer = new ReplyWriter();
      writer.write(refusal, 2);
      socket.write(writer.view());
      socket.end();
      return { data: () => {}, closed: () => {} };
    }
    if (settings.tcpKeepalive > 0) socket.setKeepAlive(settings.tcpKeepalive);
    const connection = new Connection(server, socket);
    connection.session.isSurplus = server.clients.count >= settings.maxclients;
    server.accepted(connection);
    return connection;
  }

  #refuse(socket: Socket): ErrorReply | null {
    const { config, settings, clients } = this.#server;
    if (clients.count >= settings.maxclients + RESERVED_CONNECTIONS) return MAX_CLIENTS;
    if (!settings.protectedMode || settings.requirepass !== '') return null;
    // Who names the interfaces to listen on has thought of strangers, unless he asks for protection.
    if (config.isChosen('bind') && !config.isChosen('protected-mode')) return null;
    return isLoopback(socket.remote.host) ? null : PROTECTED;
  }

  /** `raft.addr`; else an address that this node listens on and others may reach. */
  advertised(): HostPort {
    const { settings, world } = this.#server;
    const bound = settings.bind.map((address) => address.replace(/^-/, ''));
    const named = bound.some(isWildcard) ? undefined : bound[0];
    return advertisedAddress(settings, named ?? world.network.localAddresses()[0]);
  }

  close(): void {
    for (const listener of this.#open) listener.close();
    this.#open = [];
  }
}

function hostToListen(address: string): string {
  if (address === '*') return '0.0.0.0';
  return address === '::*' ? '::' : address;
}

function isWildcard(address: string): boolean {
  return ['*', '::*', '0.0.0.0', '::'].includes(address.replace(/^-/, ''));
}

function isLoopback(host: string): boolean {
  return host.startsWith('127.') || host === '::1' || host.startsWith('::ffff:127.');
}
