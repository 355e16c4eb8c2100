import * as net from 'node:net';
import { networkInterfaces } from 'node:os';
import { RealSocket, SendBuffer } from './real-socket.ts';
import type { Address, Listener, ListenerEvents, Network, Socket, SocketEvents } from './world.ts';

/** Connections that the system keeps for us until we accept them. */
const BACKLOG = 511;
/** Bytes taken from an outgoing connection by one read. */
const READ_BYTES = 64 * 1024;

/** TCP on this machine. */
export class RealNetwork implements Network {
  readonly #log: (line: string) => void;
  readonly #sendBuffer = new SendBuffer();
  /**
   * All outgoing connections are read into this one: the system fills it right before it is handed
   * to `data`, and nothing else happens in between.
   */
  readonly #readBuffer: Buffer = Buffer.allocUnsafeSlow(READ_BYTES);

  /** `log` is told what goes wrong while accepting, which has no other listener. */
  constructor(log: (line: string) => void) {
    this.#log = log;
  }

  listen(at: Address, events: ListenerEvents): Listener {
    return new RealListener({ at, events, sendBuffer: this.#sendBuffer, log: this.#log });
  }

  connect(to: Address, events: SocketEvents): Socket {
    const socket = new RealSocket(this.#sendBuffer);
    const read = (length: number, bytes: Uint8Array): boolean => {
      socket.received(bytes as Buffer, length);
      return true;
    };
    const raw = net.connect({
      host: to.host,
      port: to.port,
      noDelay: true,
      onread: { buffer: this.#readBuffer, callback: read },
    });
    socket.attach(raw, events);
    return socket;
  }

  localAddresses(): readonly string[] {
    const four: string[] = [];
    const six: string[] = [];
    for (const addresses of Object.values(networkInterfaces())) {
      for (const { address, family, internal } of addresses ?? []) {
        if (internal) continue;
        if (family === 'IPv4') four.push(address);
        // A link-local address means nothing to others without the name of an interface.
        else if (!address.startsWith('fe80:')) six.push(address);
      }
    }
    return [...four, ...six];
  }
}

interface RealListenerOptions {
  readonly at: Address;
  readonly events: ListenerEvents;
  readonly sendBuffer: SendBuffer;
  readonly log: (line: string) => void;
}

class RealListener implements Listener {
  readonly #server: net.Server;
  #closed = false;
  #ready = false;

  constructor({ at, events, sendBuffer, log }: RealListenerOptions) {
    this.#server = net.createServer({ noDelay: true, allowHalfOpen: true }, (raw) => {
      const socket = new RealSocket(sendBuffer);
      socket.accept(raw, events);
    });
    this.#server.on('listening', () => {
      // Resolving the host may end after close() was called.
      if (this.#closed) this.#server.close();
      else {
        this.#ready = true;
        events.ready(null);
      }
    });
    this.#server.on('error', (error) => {
      if (this.#ready) log(`accepting a connection failed: ${error.message}`);
      else if (!this.#closed) events.ready(error);
    });
    const anyHost = at.host === '' || at.host === '*';
    this.#server.listen({
      port: at.port,
      backlog: BACKLOG,
      exclusive: true,
      ...(anyHost ? {} : { host: at.host }),
    });
  }

  close(): void {
    this.#closed = true;
    this.#server.close();
  }
}
