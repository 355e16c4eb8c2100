import { assert } from '../../src/base/assert.ts';
import type { Prng } from '../../src/base/prng.ts';
import { SimEvent } from './event-queue.ts';
import type { SimKernel } from './sim-kernel.ts';
import { SimLink } from './sim-link.ts';
import type { Delay, NetworkOptions } from './sim-options.ts';
import { Pipe } from './sim-pipe.ts';
import type { ProcessNetwork } from './sim-process-network.ts';
import type { SimSocket } from './sim-socket.ts';

const LOOPBACK: Delay = { minimum: 0.01, mean: 0.01, spikeChance: 0, spike: 0 };
const ANY_HOST: ReadonlySet<string> = new Set(['', '*', '0.0.0.0', '::']);
const OWN_HOST: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '::1']);
/** A connection request is repeated after 1, 2, 4 … seconds, and so often. */
const CONNECT_RETRIES = 6;

/** A machine, as the network sees it. */
export interface NetworkHost {
  readonly name: string;
  readonly index: number;
  /** Its IPv4 address. */
  readonly address: string;
  /** False while the machine is off: nothing comes back, not even a refusal. */
  readonly answers: boolean;
  /** The sockets of its running process; null when there is none. */
  readonly current: ProcessNetwork | null;
}

/** All links, and what a test can do to them. Machines are named as in `simulation.machine`. */
export class SimNetwork {
  readonly options: NetworkOptions;
  readonly random: Prng;
  readonly #kernel: SimKernel;
  readonly #hosts: Map<string, NetworkHost> = new Map();
  readonly #links: Map<number, SimLink> = new Map();
  /** Sockets of dead processes on silent machines whose peers have sent something since. */
  readonly #unanswered: Set<SimSocket> = new Set();

  constructor(kernel: SimKernel, options: NetworkOptions) {
    this.#kernel = kernel;
    this.options = options;
    this.random = kernel.random('network');
  }

  add(host: NetworkHost): void {
    this.#hosts.set(host.name, host);
    this.#hosts.set(host.address, host);
  }

  /** Machines in different groups cannot reach each other; machines in no group are left alone. */
  partition(groups: readonly (readonly string[])[]): void {
    this.#note(`partition ${groups.map((group) => group.join(' ')).join(' | ')}`);
    groups.forEach((group, i) => {
      groups.forEach((others, j) => {
        if (i === j) return;
        for (const from of group) for (const to of others) this.#link(from, to).setCut(true);
      });
    });
  }

  /** Cuts one machine off from all others. */
  isolate(name: string): void {
    this.#note(`isolate ${name}`);
    for (const other of this.#names()) {
      if (other === name) continue;
      this.#link(name, other).setCut(true);
      this.#link(other, name).setCut(true);
    }
  }

  /** Nothing gets from `from` to `to`; the other direction stays as it is. */
  cut(from: string, to: string): void {
    this.#note(`cut ${from} to ${to}`);
    this.#link(from, to).setCut(true);
  }

  /** Both directions between two machines carry again. */
  heal(a: string, b: string): void {
    this.#note(`heal ${a} ${b}`);
    this.#link(a, b).heal();
    this.#link(b, a).heal();
  }

  /** Every link carries again. */
  healAll(): void {
    this.#note('heal all');
    for (const link of this.#links.values()) link.heal();
  }

  isCut(from: string, to: string): boolean {
    return this.#link(from, to).cut;
  }

  /** For so many milliseconds nothing gets from `from` to `to`; then all of it. */
  clog(from: string, to: string, milliseconds: number): void {
    this.#note(`clog ${from} to ${to}`);
    this.#link(from, to).clog(milliseconds);
  }

  setLatency(from: string, to: string, latency: Delay): void {
    this.#link(from, to).setLatency(latency);
  }

  /**
   * Breaks every connection between two machines; a tail of the bytes on their way is lost. Both
   * sides hear of it after a delay, or with `half-open` only `a`: `b` finds out when it writes.
   */
  breakConnections(a: string, b: string, how: 'both' | 'half-open' = 'both'): void {
    this.#note(`break ${a} ${b} ${how}`);
    const far = this.#host(b);
    for (const socket of this.#host(a).current?.sockets() ?? []) {
      const peer = socket.peer;
      if (peer === null || far.current?.owns(peer) !== true) continue;
      socket.breakOutgoing();
      socket.abortLater(this.#link(b, a).delay(), 'ECONNRESET');
      if (how === 'half-open') {
        peer.lostSilently();
        continue;
      }
      peer.breakOutgoing();
      peer.abortLater(this.#link(a, b).delay(), 'ECONNRESET');
    }
  }

  /** The machine that `host` names for a process on `from`. */
  resolve(host: string, from: NetworkHost): NetworkHost | null {
    return OWN_HOST.has(host) ? from : (this.#hosts.get(host) ?? null);
  }

  /** Who may reach a listener on `host`: everybody, the machine itself; null if it is elsewhere. */
  listensFor(host: string, at: NetworkHost): 'all' | 'self' | null {
    if (ANY_HOST.has(host) || this.#hosts.get(host) === at) return 'all';
    return OWN_HOST.has(host) ? 'self' : null;
  }

  /** Sends a connection request. */
  connect(socket: SimSocket, from: NetworkHost, to: NetworkHost, port: number): void {
    new ConnectRequest(this, { socket, from, to, port }).send();
  }

  schedule(event: SimEvent, delay: number): void {
    this.#kernel.schedule(event, this.#kernel.now + delay);
  }

  linkBetween(from: NetworkHost, to: NetworkHost): SimLink {
    const key = from.index * 65_536 + to.index;
    const known = this.#links.get(key);
    if (known !== undefined) return known;
    const latency = from === to ? LOOPBACK : this.options.latency;
    const link = new SimLink(this.#kernel, this.random, latency);
    this.#links.set(key, link);
    return link;
  }

  /** Joins two sockets; `client`'s machine is `from`. */
  join(
    client: SimSocket,
    server: SimSocket,
    between: { from: NetworkHost; to: NetworkHost },
  ): void {
    const { from, to } = between;
    const there = this.linkBetween(from, to);
    const back = this.linkBetween(to, from);
    const common = { kernel: this.#kernel, random: this.random, network: this.options };
    const request = new Pipe({ ...common, link: there, back });
    const answer = new Pipe({ ...common, link: back, back: there });
    client.join(request, answer, server);
    server.join(answer, request, client);
    answer.signal('standing', this.#kernel.now);
  }

  addUnanswered(socket: SimSocket): void {
    this.#unanswered.add(socket);
  }

  /** A machine answers again: it knows nothing of the connections it had. */
  answersAgain(isOf: (socket: SimSocket) => boolean): void {
    for (const socket of this.#unanswered) {
      if (!isOf(socket)) continue;
      this.#unanswered.delete(socket);
      socket.sendReset();
    }
  }

  #note(text: string): void {
    this.#kernel.trace.record(this.#kernel.now, '', 'network', text);
  }

  #names(): string[] {
    return [...new Set([...this.#hosts.values()].map((host) => host.name))];
  }

  #host(name: string): NetworkHost {
    const host = this.#hosts.get(name);
    assert(host !== undefined, 'a machine of that name exists');
    return host;
  }

  #link(from: string, to: string): SimLink {
    assert(from !== to, 'a machine always reaches itself');
    return this.linkBetween(this.#host(from), this.#host(to));
  }
}

interface Request {
  readonly socket: SimSocket;
  readonly from: NetworkHost;
  readonly to: NetworkHost;
  readonly port: number;
}

/** A request on its way; it is repeated while nothing answers. */
class ConnectRequest extends SimEvent {
  readonly #network: SimNetwork;
  readonly #request: Request;
  #tries = 0;

  constructor(network: SimNetwork, request: Request) {
    super();
    this.#network = network;
    this.#request = request;
  }

  send(): void {
    const { from, to, socket } = this.#request;
    const begun = socket.process.localNow() - socket.process.kernel.now;
    this.#network.schedule(this, begun + this.#network.linkBetween(from, to).delay());
  }

  fire(): void {
    const { socket, from, to, port } = this.#request;
    if (socket.closed) return;
    if (!this.#network.linkBetween(from, to).open || !to.answers) {
      this.#again();
      return;
    }
    const listener = to.current?.listenerFor(port, from);
    const server = listener?.accept(socket, from);
    if (server !== undefined) this.#network.join(socket, server, { from, to });
    else socket.abortLater(this.#network.linkBetween(to, from).delay(), 'ECONNREFUSED');
  }

  #again(): void {
    const { socket } = this.#request;
    if (this.#tries === CONNECT_RETRIES) {
      socket.abort('ETIMEDOUT', 'no answer');
      return;
    }
    this.#network.schedule(this, 1000 * 2 ** this.#tries);
    this.#tries += 1;
  }
}
