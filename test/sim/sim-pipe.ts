import type { Prng } from '../../src/base/prng.ts';
import { SimEvent } from './event-queue.ts';
import type { SimKernel } from './sim-kernel.ts';
import type { Held, SimLink } from './sim-link.ts';
import type { NetworkOptions } from './sim-options.ts';

/**
 * What travels: bytes, or a signal. `standing` is the answer that a connection was accepted, `fin`
 * the end of the bytes, `reset` the news that the other side knows no such connection.
 */
export type Segment = Buffer | 'standing' | 'fin' | 'reset';

/** One end of a connection, as its two pipes see it. */
export interface PipeEnd {
  receive(segment: Segment): void;
  /** There is room for more bytes. */
  roomAgain(): void;
  readonly wantsRoom: boolean;
}

export interface PipeOptions {
  readonly kernel: SimKernel;
  readonly random: Prng;
  readonly network: NetworkOptions;
  readonly link: SimLink;
  /** The other direction, on which the acknowledgements travel. */
  readonly back: SimLink;
}

/**
 * One direction of a connection: ordered and complete until it breaks. Every segment has an arrival
 * event of its own, but what arrives is always the oldest, so that delays never change the order.
 */
export class Pipe implements Held {
  readonly #kernel: SimKernel;
  readonly #random: Prng;
  readonly #network: NetworkOptions;
  readonly #link: SimLink;
  readonly #back: SimLink;
  readonly #credits: CreditArrival = new CreditArrival(this);
  #from: PipeEnd | null = null;
  #to: PipeEnd | null = null;
  #transit: Segment[] = [];
  /** Segments of `#transit` before this one have arrived. */
  #head = 0;
  #lastArrival = 0;
  /** Arrivals that happened while the link was shut. */
  #waiting = 0;
  #broken = false;
  /** Bytes sent and not yet read by the other side, as far as the sender knows. */
  #unread = 0;
  /** Bytes read by the other side that the sender has not heard of. */
  #owed = 0;
  #creditComing = false;
  #creditHeld = false;

  constructor(options: PipeOptions) {
    this.#kernel = options.kernel;
    this.#random = options.random;
    this.#network = options.network;
    this.#link = options.link;
    this.#back = options.back;
  }

  connect(from: PipeEnd, to: PipeEnd): void {
    this.#from = from;
    this.#to = to;
  }

  /** Bytes that may be sent now. */
  get room(): number {
    return Math.max(0, this.#network.sendWindow - this.#unread);
  }

  /** Takes the bytes over; there must be room. `at` is true time. */
  sendBytes(bytes: Buffer, at: number): void {
    this.#unread += bytes.length;
    if (bytes.length > 1 && this.#random.chance(this.#network.splitChance)) {
      const cut = 1 + this.#random.below(bytes.length - 1);
      this.#send(bytes.subarray(0, cut), at);
      this.#send(bytes.subarray(cut), at);
    } else this.#send(bytes, at);
  }

  signal(signal: 'standing' | 'fin' | 'reset', at: number): void {
    this.#send(signal, at);
  }

  /** From here on nothing arrives, and of what is on its way a tail is lost. */
  break(): void {
    const onTheWay = this.#transit.length - this.#head;
    // What a shut link holds would have to be sent again, by someone who does not exist any more.
    const kept = onTheWay === 0 || this.#waiting > 0 ? 0 : this.#random.below(onTheWay + 1);
    this.#transit.length = this.#head + kept;
    this.#broken = true;
  }

  /** The other side has read so many bytes. */
  consumed(count: number): void {
    if (this.#back.open && this.#owed === 0) this.#unread -= count;
    else this.#owed += count;
    if (!this.#creditComing && (this.#owed > 0 || this.#from?.wantsRoom === true)) {
      this.#creditComing = true;
      this.#kernel.schedule(this.#credits, this.#kernel.now + this.#back.delay());
    }
  }

  arrival(): void {
    if (this.#waiting > 0) this.#waiting += 1;
    else if (this.#link.open) this.#deliver();
    else {
      this.#waiting = 1;
      this.#link.hold(this);
    }
  }

  creditArrival(): void {
    if (!this.#back.open) {
      this.#creditHeld = true;
      this.#back.hold(this);
      return;
    }
    this.#creditComing = false;
    this.#unread -= this.#owed;
    this.#owed = 0;
    this.#from?.roomAgain();
  }

  /** One of the two links is open again: what it held is sent again, a while later. */
  released(): void {
    const again = this.#kernel.now + this.#random.float() * this.#network.retransmit;
    if (this.#waiting > 0 && this.#link.open) {
      this.#lastArrival = Math.max(this.#lastArrival, again + this.#link.delay());
      for (; this.#waiting > 0; this.#waiting--) {
        this.#kernel.schedule(new Arrival(this), this.#lastArrival);
      }
    }
    if (this.#creditHeld && this.#back.open) {
      this.#creditHeld = false;
      this.#kernel.schedule(this.#credits, again + this.#back.delay());
    }
  }

  #send(segment: Segment, at: number): void {
    // A reset is sent by a host that knows nothing of the connection, so it is never broken.
    if (this.#broken && segment !== 'reset') return;
    this.#transit.push(segment);
    this.#lastArrival = Math.max(this.#lastArrival, at + this.#link.delay());
    this.#kernel.schedule(new Arrival(this), this.#lastArrival);
  }

  #deliver(): void {
    const segment = this.#transit[this.#head];
    // The tail of a broken connection has arrivals left, but nothing that could arrive.
    if (segment === undefined) return;
    this.#head += 1;
    if (this.#head === this.#transit.length) {
      this.#transit = [];
      this.#head = 0;
    } else if (this.#head === 64) {
      this.#transit.splice(0, 64);
      this.#head = 0;
    }
    this.#to?.receive(segment);
  }
}

class Arrival extends SimEvent {
  readonly #pipe: Pipe;

  constructor(pipe: Pipe) {
    super();
    this.#pipe = pipe;
  }

  fire(): void {
    this.#pipe.arrival();
  }
}

class CreditArrival extends SimEvent {
  readonly #pipe: Pipe;

  constructor(pipe: Pipe) {
    super();
    this.#pipe = pipe;
  }

  fire(): void {
    this.#pipe.creditArrival();
  }
}
