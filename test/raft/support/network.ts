import type { Prng } from '../../../src/base/prng.ts';
import type { Message } from '../../../src/raft/message.ts';
import type { Scheduler } from './scheduler.ts';

interface Packet {
  readonly message: Message;
  /** The receiver's life it was sent to; a later life never sees it. */
  readonly incarnation: number;
}

interface Link {
  readonly from: number;
  readonly to: number;
  /** There is a connection; without one, whatever is sent is lost. */
  up: boolean;
  /** Packets stand still on their way. */
  cut: boolean;
  connecting: boolean;
  /** Broken, and the sender does not know yet. */
  unnoticed: boolean;
  /** Nothing may arrive before what was sent earlier. */
  busyUntil: number;
  inFlight: Packet[];
  /** Arrivals that could not take place because the link is cut. */
  stalled: number;
}

/** The nodes, as the network sees them. */
export interface Endpoints {
  isAlive(id: number): boolean;
  incarnation(id: number): number;
  receive(to: number, message: Message): void;
  linkChanged(owner: number, to: number, up: boolean): void;
}

export interface NetworkOptions {
  readonly delay: readonly [number, number];
  /** Time until the sender notices a broken connection. */
  readonly detection: readonly [number, number];
  readonly reconnect: readonly [number, number];
  /** A break takes down both directions of a pair (else each is a connection of its own). */
  readonly pairs: boolean;
  /** Chance that a packet of a broken connection arrives later all the same, out of order. */
  readonly strays: number;
}

/**
 * One ordered connection from each node to each other, as TCP gives them: reliable and in order
 * while up; a break loses the tail, and the sender hears of it a little later.
 */
export class Network {
  readonly options: NetworkOptions;
  readonly #links: Map<number, Link> = new Map();
  readonly #scheduler: Scheduler;
  readonly #random: Prng;
  readonly #endpoints: Endpoints;

  constructor(setup: {
    readonly options: NetworkOptions;
    readonly scheduler: Scheduler;
    readonly random: Prng;
    readonly endpoints: Endpoints;
  }) {
    this.options = setup.options;
    this.#scheduler = setup.scheduler;
    this.#random = setup.random;
    this.#endpoints = setup.endpoints;
  }

  #within([least, most]: readonly [number, number]): number {
    return least + this.#random.float() * (most - least);
  }

  #link(from: number, to: number): Link {
    const key = from * 1024 + to;
    let link = this.#links.get(key);
    if (link === undefined) {
      link = {
        from,
        to,
        up: false,
        cut: false,
        connecting: false,
        unnoticed: false,
        busyUntil: 0,
        inFlight: [],
        stalled: 0,
      };
      this.#links.set(key, link);
    }
    return link;
  }

  isUp(from: number, to: number): boolean {
    return this.#link(from, to).up;
  }

  isCut(from: number, to: number): boolean {
    return this.#link(from, to).cut;
  }

  /** `from` opens its connection to `to`, and again whenever it is lost. */
  connect(from: number, to: number): void {
    const link = this.#link(from, to);
    if (link.up || link.connecting || link.unnoticed) return;
    link.connecting = true;
    this.#scheduler.after(this.#within(this.options.reconnect), () => this.#tryConnect(link));
  }

  #tryConnect(link: Link): void {
    if (!link.connecting) return;
    if (!this.#endpoints.isAlive(link.from)) {
      link.connecting = false;
      return;
    }
    const blocked = link.cut || this.#link(link.to, link.from).cut;
    if (blocked || !this.#endpoints.isAlive(link.to)) {
      this.#scheduler.after(this.#within(this.options.reconnect), () => this.#tryConnect(link));
      return;
    }
    link.connecting = false;
    link.up = true;
    this.#endpoints.linkChanged(link.from, link.to, true);
  }

  send(message: Message): void {
    const link = this.#link(message.from, message.to);
    if (!link.up) {
      this.connect(message.from, message.to);
      return;
    }
    const incarnation = this.#endpoints.incarnation(message.to);
    link.inFlight.push({ message, incarnation });
    this.#carry(link);
  }

  /** One arrival: of the oldest packet on its way, so that the order is kept whatever happens. */
  #carry(link: Link): void {
    const arrival = this.#scheduler.now + this.#within(this.options.delay);
    if (arrival > link.busyUntil) link.busyUntil = arrival;
    this.#scheduler.at(link.busyUntil, () => {
      if (link.cut) {
        link.stalled++;
        return;
      }
      const packet = link.inFlight.shift();
      if (packet !== undefined) this.#arrive(packet);
    });
  }

  #arrive(packet: Packet): void {
    const { to } = packet.message;
    if (!this.#endpoints.isAlive(to) || this.#endpoints.incarnation(to) !== packet.incarnation)
      return;
    this.#endpoints.receive(to, packet.message);
  }

  /** Nothing gets from `from` to `to` any more, and nobody notices yet. */
  cut(from: number, to: number): void {
    this.#link(from, to).cut = true;
  }

  heal(from: number, to: number): void {
    const link = this.#link(from, to);
    if (!link.cut) return;
    link.cut = false;
    for (; link.stalled > 0; link.stalled--) this.#carry(link);
  }

  healAll(): void {
    for (const link of this.#links.values()) this.heal(link.from, link.to);
  }

  /** The connection breaks: a part of what is on its way is lost. */
  break(from: number, to: number): void {
    this.#breakOne(this.#link(from, to));
    if (this.options.pairs) this.#breakOne(this.#link(to, from));
  }

  #breakOne(link: Link): void {
    this.#loseTail(link, link.cut ? 0 : this.#random.below(link.inFlight.length + 1));
    if (!link.up) return;
    link.up = false;
    link.unnoticed = true;
    const incarnation = this.#endpoints.incarnation(link.from);
    this.#scheduler.after(this.#within(this.options.detection), () => {
      link.unnoticed = false;
      const same = this.#endpoints.incarnation(link.from) === incarnation;
      if (!same || !this.#endpoints.isAlive(link.from)) return;
      this.#endpoints.linkChanged(link.from, link.to, false);
      this.connect(link.from, link.to);
    });
  }

  #loseTail(link: Link, kept: number): void {
    for (const packet of link.inFlight.splice(kept)) {
      if (this.options.strays > 0 && this.#random.chance(this.options.strays)) {
        this.#scheduler.after(this.#random.float() * 200, () => this.#arrive(packet));
      }
    }
  }

  /** A node died: its connections with it; what it sent before may still arrive. */
  nodeDied(id: number): void {
    for (const link of this.#links.values()) {
      if (link.from === id) {
        this.#loseTail(link, link.cut ? 0 : this.#random.below(link.inFlight.length + 1));
        link.up = false;
        link.connecting = false;
      } else if (link.to === id) {
        this.#breakOne(link);
      }
    }
  }
}
