import type { Prng } from '../../src/base/prng.ts';
import type { Address, Socket, SocketEvents } from '../../src/world/world.ts';
import { SimEvent } from './event-queue.ts';
import { type NetworkOptions, SimSystemError } from './sim-options.ts';
import type { Pipe, PipeEnd, Segment } from './sim-pipe.ts';
import type { Delivery, PeersHear, ProcessResource, SimProcess } from './sim-process.ts';
import { ReceiveQueue } from './sim-receive-queue.ts';

/** What a chunk holds after `data` returned. */
const SCRAMBLED = 0xdb;
/** How long a system probes a silent connection after its idle time, in milliseconds. */
const PROBES = 10_000;

/** What a socket needs of the machine it is on. */
export interface SocketHost {
  readonly network: NetworkOptions;
  readonly random: Prng;
  /** Whether the machine answers at all to connections that its process left behind. */
  readonly answers: boolean;
  /** `socket` got something for a process that is gone; its peer must hear once we answer. */
  unanswered(socket: SimSocket): void;
}

/** The two addresses of one end. */
export interface Ends {
  readonly local: Address;
  readonly remote: Address;
}

const NO_ENDS: Ends = { local: { host: '', port: 0 }, remote: { host: '', port: 0 } };

/** One end of a connection. */
export class SimSocket implements Socket, PipeEnd, ProcessResource {
  readonly process: SimProcess;
  readonly #host: SocketHost;
  readonly #readable: Readable;
  /** Known from the start, but told to the process only when the connection stands. */
  readonly ends: Ends;
  #state: 'connecting' | 'open' | 'closed' = 'connecting';
  #events: SocketEvents | null = null;
  #peer: SimSocket | null = null;
  #out: Pipe | null = null;
  #in: Pipe | null = null;
  readonly #received: ReceiveQueue = new ReceiveQueue();
  #readAwaited = false;
  #paused = false;
  /** The peer sends no more. */
  #finished = false;
  /** end() was called. */
  #ending = false;
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #keepAlive = 0;
  #resetSent = false;

  constructor(process: SimProcess, host: SocketHost, ends: Ends) {
    this.process = process;
    this.#host = host;
    this.ends = ends;
    this.#readable = new Readable(() => this.#read());
    process.resources.add(this);
  }

  get remote(): Address {
    return this.#state === 'connecting' ? NO_ENDS.remote : this.ends.remote;
  }

  get local(): Address {
    return this.#state === 'connecting' ? NO_ENDS.local : this.ends.local;
  }

  get buffered(): number {
    return this.#pendingBytes;
  }

  get closed(): boolean {
    return this.#state === 'closed';
  }

  get peer(): SimSocket | null {
    return this.#peer;
  }

  get wantsRoom(): boolean {
    return this.#pendingBytes > 0;
  }

  /** Must be called before the world goes on. */
  listenTo(events: SocketEvents): void {
    this.#events = events;
  }

  /** The two pipes and the other end, known when the connection was accepted. */
  join(out: Pipe, into: Pipe, peer: SimSocket): void {
    this.#out = out;
    this.#in = into;
    this.#peer = peer;
    out.connect(this, peer);
  }

  /** The accepting side stands at once, the other when it hears of it. */
  stand(): void {
    this.#state = 'open';
  }

  write(bytes: Uint8Array): boolean {
    this.process.enter(bytes.length);
    return this.#drops() || this.#send(bytes);
  }

  writev(pieces: readonly Uint8Array[]): boolean {
    let total = 0;
    for (const piece of pieces) total += piece.length;
    this.process.enter(total);
    if (this.#drops()) return true;
    if (pieces.length > 1 && total <= this.#room()) return this.#send(Buffer.concat(pieces));
    let taken = true;
    for (const piece of pieces) if (!this.#send(piece)) taken = false;
    return taken;
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    if (!this.#received.empty || this.#finished) this.#awaitRead();
  }

  end(): void {
    if (this.#ending || this.#state === 'closed') return;
    this.#ending = true;
    if (this.#state === 'open' && this.#pendingBytes === 0) this.#finishSending();
  }

  destroy(): void {
    if (this.#state === 'closed') return;
    const unread = !this.#received.empty;
    this.#out?.signal(unread ? 'reset' : 'fin', this.process.localNow());
    this.#close(null);
  }

  setKeepAlive(seconds: number): void {
    this.#keepAlive = seconds * 1000;
  }

  receive(segment: Segment): void {
    if (this.#state === 'closed') this.#receiveStray(segment);
    else if (typeof segment !== 'string') {
      this.#received.push(segment);
      this.#awaitRead();
    } else if (segment === 'standing') this.#standing();
    else if (segment === 'fin') {
      this.#finished = true;
      this.#awaitRead();
    } else this.abort('ECONNRESET', 'the other side knows no such connection');
  }

  roomAgain(): void {
    if (this.#state !== 'open' || this.#pendingBytes === 0) return;
    const pending = this.#pending;
    this.#pending = [];
    this.#pendingBytes = 0;
    for (const bytes of pending) this.#send(bytes);
    if (this.#pendingBytes > 0) return;
    if (this.#ending) this.#finishSending();
    else this.process.tell('drained', this.ends.remote.port, () => this.#events?.drained?.());
  }

  /** The connection fails: the error is the last thing this side hears. */
  abort(code: string, why: string): void {
    if (this.#state !== 'closed') this.#close(new SimSystemError(code, why));
  }

  /** The same after `delay` ms of true time. */
  abortLater(delay: number, code: string): void {
    const { kernel } = this.process;
    kernel.schedule(new LateAbort(this, code), kernel.now + delay);
  }

  /** Nothing goes out of this side any more, and a tail of what is on its way is lost. */
  breakOutgoing(): void {
    this.#out?.break();
  }

  /** Tells the peer that there is no such connection here. */
  sendReset(): void {
    if (this.#resetSent) return;
    this.#resetSent = true;
    this.#out?.signal('reset', this.process.kernel.now);
  }

  processEnded(peers: PeersHear): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    if (peers === 'silence') {
      this.#out?.break();
      this.#peer?.lostSilently();
      return;
    }
    const rude = !this.#received.empty || this.#host.random.chance(0.5);
    this.#out?.signal(rude ? 'reset' : 'fin', this.process.localNow());
  }

  /** The peer is gone and cannot say so. With keep-alive that is noticed after a while. */
  lostSilently(): void {
    if (this.#keepAlive > 0) this.abortLater(this.#keepAlive + PROBES, 'ETIMEDOUT');
  }

  #standing(): void {
    this.#state = 'open';
    this.process.tell('connected', this.ends.remote.port, () => {
      if (this.#state !== 'open') return;
      if (!this.#ending) this.#events?.connected?.();
    });
    // What was written before goes first, whatever `connected` writes.
    if (this.#pendingBytes > 0) this.roomAgain();
    else if (this.#ending) this.#finishSending();
  }

  /** Something for a connection that this side has forgotten. */
  #receiveStray(segment: Segment): void {
    if (segment === 'fin' || segment === 'reset') return;
    if (this.process.alive || this.#host.answers) this.sendReset();
    else this.#host.unanswered(this);
  }

  /** Whether nothing that is written now would be sent. */
  #drops(): boolean {
    return this.#ending || this.#finished || this.#state === 'closed';
  }

  #room(): number {
    if (this.#state !== 'open' || this.#pendingBytes > 0) return 0;
    return this.#out?.room ?? 0;
  }

  #send(bytes: Uint8Array): boolean {
    const count = Math.min(this.#room(), bytes.length);
    if (count > 0) {
      const taken = Buffer.from(count === bytes.length ? bytes : bytes.subarray(0, count));
      this.#out?.sendBytes(taken, this.process.localNow());
    }
    if (count === bytes.length) return true;
    // Not a copy: whoever changes bytes that a socket keeps sends the changed ones, as in reality.
    this.#pending.push(bytes.subarray(count));
    this.#pendingBytes += bytes.length - count;
    return false;
  }

  #finishSending(): void {
    this.#out?.signal('fin', this.process.localNow());
    this.#close(null);
  }

  #awaitRead(): void {
    if (this.#readAwaited || this.#paused) return;
    this.#readAwaited = true;
    this.process.enqueue(this.#readable);
  }

  #read(): void {
    this.#readAwaited = false;
    while (!this.#received.empty && this.#mayRead()) {
      const chunk = this.#received.take();
      if (chunk.length > 1 && this.#host.random.chance(this.#host.network.splitChance)) {
        const cut = 1 + this.#host.random.below(chunk.length - 1);
        this.#deliverChunk(chunk.subarray(0, cut));
        if (this.#mayRead()) this.#deliverChunk(chunk.subarray(cut));
        else this.#received.putBack(chunk.subarray(cut));
      } else this.#deliverChunk(chunk);
    }
    if (this.#finished && this.#received.empty && this.#mayRead()) this.#close(null);
  }

  #mayRead(): boolean {
    return !this.#paused && !this.#ending && this.#state === 'open' && this.process.alive;
  }

  #deliverChunk(chunk: Buffer): void {
    const { process } = this;
    process.consume((chunk.length * process.cpu.kilobyte) / 1024);
    process.trace('data', chunk.length);
    process.kernel.trace.mixBytes(chunk);
    this.#in?.consumed(chunk.length);
    this.#events?.data(chunk);
    if (this.#host.network.scramble) chunk.fill(SCRAMBLED);
  }

  #close(error: SimSystemError | null): void {
    this.#state = 'closed';
    this.#received.clear();
    this.#pending = [];
    this.#pendingBytes = 0;
    this.process.resources.delete(this);
    this.process.tell('closed', error === null ? 'in order' : error.code, () => {
      this.#events?.closed(error);
    });
  }
}

/** Bytes are there to be read. */
class Readable implements Delivery {
  readonly #read: () => void;

  constructor(read: () => void) {
    this.#read = read;
  }

  deliver(): void {
    this.#read();
  }
}

class LateAbort extends SimEvent {
  readonly #socket: SimSocket;
  readonly #code: string;

  constructor(socket: SimSocket, code: string) {
    super();
    this.#socket = socket;
    this.#code = code;
  }

  fire(): void {
    this.#socket.abort(this.#code, 'the connection was lost');
  }
}
