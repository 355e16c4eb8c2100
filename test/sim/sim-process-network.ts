import type { Prng } from '../../src/base/prng.ts';
import type {
  Address,
  Listener,
  ListenerEvents,
  Network,
  Socket,
  SocketEvents,
} from '../../src/world/world.ts';
import type { NetworkHost, SimNetwork } from './sim-network.ts';
import { type NetworkOptions, SimSystemError } from './sim-options.ts';
import type { SimProcess } from './sim-process.ts';
import { SimSocket, type SocketHost } from './sim-socket.ts';

const FIRST_EPHEMERAL_PORT = 40_000;
const EPHEMERAL_PORTS = 20_000;

/** The network as one process sees it. */
export class ProcessNetwork implements Network, SocketHost {
  readonly host: NetworkHost;
  readonly process: SimProcess;
  readonly #net: SimNetwork;
  readonly #listeners: Map<number, SimListener> = new Map();
  #connections = 0;

  constructor(net: SimNetwork, host: NetworkHost, process: SimProcess) {
    this.#net = net;
    this.host = host;
    this.process = process;
  }

  get network(): NetworkOptions {
    return this.#net.options;
  }

  get random(): Prng {
    return this.#net.random;
  }

  get answers(): boolean {
    return this.host.answers;
  }

  listen(at: Address, events: ListenerEvents): Listener {
    this.process.enter(0);
    const reach = this.#net.listensFor(at.host, this.host);
    const listener = new SimListener(this, at.port, { reach, events });
    if (reach === null) listener.fail('EADDRNOTAVAIL');
    else if (this.#listeners.has(at.port)) listener.fail('EADDRINUSE');
    else {
      this.#listeners.set(at.port, listener);
      listener.succeed();
    }
    return listener;
  }

  connect(to: Address, events: SocketEvents): Socket {
    this.process.enter(0);
    const target = this.#net.resolve(to.host, this.host);
    const ends = {
      local: { host: this.host.address, port: this.#ephemeralPort() },
      remote: { host: target?.address ?? '', port: to.port },
    };
    const socket = new SimSocket(this.process, this, ends);
    socket.listenTo(events);
    if (target === null) socket.abort('ENOTFOUND', `no machine is called ${to.host}`);
    else this.#net.connect(socket, this.host, target, to.port);
    return socket;
  }

  localAddresses(): readonly string[] {
    return [this.host.address];
  }

  unanswered(socket: SimSocket): void {
    this.#net.addUnanswered(socket);
  }

  *sockets(): Iterable<SimSocket> {
    for (const resource of [...this.process.resources]) {
      if (resource instanceof SimSocket) yield resource;
    }
  }

  owns(socket: SimSocket): boolean {
    return socket.process === this.process;
  }

  /** The listener that takes a connection from `from`, if there is one. */
  listenerFor(port: number, from: NetworkHost): SimListener | undefined {
    const listener = this.#listeners.get(port);
    return listener?.reach === 'self' && from !== this.host ? undefined : listener;
  }

  stopListening(listener: SimListener): void {
    if (this.#listeners.get(listener.port) === listener) this.#listeners.delete(listener.port);
  }

  #ephemeralPort(): number {
    this.#connections += 1;
    return FIRST_EPHEMERAL_PORT + (this.#connections % EPHEMERAL_PORTS);
  }
}

interface ListenerOptions {
  readonly reach: 'all' | 'self' | null;
  readonly events: ListenerEvents;
}

export class SimListener implements Listener {
  readonly port: number;
  readonly reach: 'all' | 'self' | null;
  readonly #network: ProcessNetwork;
  readonly #events: ListenerEvents;
  #closed = false;

  constructor(network: ProcessNetwork, port: number, options: ListenerOptions) {
    this.#network = network;
    this.port = port;
    this.reach = options.reach;
    this.#events = options.events;
  }

  close(): void {
    this.#closed = true;
    this.#network.stopListening(this);
  }

  succeed(): void {
    this.#network.process.tell('listening', this.port, () => {
      if (!this.#closed) this.#events.ready(null);
    });
  }

  fail(code: string): void {
    const error = new SimSystemError(code, `cannot listen on port ${this.port}`);
    this.#network.process.tell('listening', code, () => this.#events.ready(error));
  }

  /** The system accepts at once; the process hears of it in its next turn. */
  accept(client: SimSocket, from: NetworkHost): SimSocket {
    const { host, process } = this.#network;
    const socket = new SimSocket(process, this.#network, {
      local: { host: from === host ? '127.0.0.1' : host.address, port: this.port },
      remote: client.ends.local,
    });
    socket.stand();
    process.tell('accepted', socket.remote.port, () => {
      if (this.#closed) socket.destroy();
      else socket.listenTo(this.#events.accepted(socket));
    });
    return socket;
  }
}
