import { SimEvent } from './event-queue.ts';
import type { SimClock } from './sim-clock.ts';
import type { SimKernel } from './sim-kernel.ts';
import type { CpuOptions } from './sim-options.ts';
import type { TraceKind } from './sim-trace.ts';

/** Thrown by every door to the outside once the process is gone, so that its code stops there. */
export class ProcessGone extends Error {
  override readonly name = 'ProcessGone';

  constructor() {
    super('this process has ended');
  }
}

/** One thing in a process's inbox. */
export interface Delivery {
  deliver(): void;
}

/** What the other sides of a dead process's connections notice: an end, or nothing. */
export type PeersHear = 'reset' | 'silence';

/** Something that must hear that the process ended: a socket, a listener. */
export interface ProcessResource {
  processEnded(peers: PeersHear): void;
}

export interface SimProcessOptions {
  readonly kernel: SimKernel;
  readonly name: string;
  readonly pid: number;
  readonly clock: SimClock;
  readonly cpu: CpuOptions;
}

/**
 * One life of a machine's server: an inbox that is handled turn by turn, as libuv does. What came
 * while it was busy or stopped is handled together in the next turn.
 */
export class SimProcess {
  readonly kernel: SimKernel;
  readonly name: string;
  readonly pid: number;
  readonly clock: SimClock;
  readonly cpu: CpuOptions;
  readonly resources: Set<ProcessResource> = new Set();
  readonly #wake: Wake = new Wake(this);
  #alive = true;
  #inbox: Delivery[] = [];
  #turnEnds: (() => void)[] = [];
  /** A turn is coming: the process is in the kernel's list, or its wake-up is in the queue. */
  #awaited = false;
  /** True time up to which the processor is used up. */
  #busyUntil = 0;
  #stoppedUntil = 0;
  #cpuUsed = 0;

  constructor(options: SimProcessOptions) {
    this.kernel = options.kernel;
    this.name = options.name;
    this.pid = options.pid;
    this.clock = options.clock;
    this.cpu = options.cpu;
    this.#busyUntil = options.kernel.now;
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** CPU milliseconds used. */
  get cpuUsed(): number {
    return this.#cpuUsed;
  }

  /** True time as far as this process has got with its work. */
  localNow(): number {
    const now = this.kernel.now;
    return Math.max(this.#busyUntil, now);
  }

  consume(milliseconds: number): void {
    this.#busyUntil = this.localNow() + milliseconds;
    this.#cpuUsed += milliseconds;
  }

  /** Waits without using the processor, as in a blocking system call. */
  block(milliseconds: number): void {
    this.#busyUntil = this.localNow() + milliseconds;
  }

  clockRead(): void {
    this.consume(this.cpu.clockRead);
  }

  /** Every call from the process to the outside begins here. */
  enter(bytes: number): void {
    if (!this.#alive) throw new ProcessGone();
    this.consume(this.cpu.call + (bytes * this.cpu.kilobyte) / 1024);
  }

  enqueue(delivery: Delivery): void {
    if (!this.#alive) return;
    this.#inbox.push(delivery);
    this.#await();
  }

  /** Puts a call into the inbox that is traced when it is made. */
  tell(kind: TraceKind, detail: string | number, callback: () => void): void {
    this.enqueue(new TracedCall(this, { kind, detail, callback }));
  }

  turnEnd(callback: () => void): void {
    if (!this.#alive) throw new ProcessGone();
    this.#turnEnds.push(callback);
    this.#await();
  }

  trace(kind: TraceKind, detail: string | number): void {
    this.kernel.trace.record(this.localNow(), this.name, kind, detail);
  }

  /** Handles nothing before `time`; events go on arriving. */
  stopUntil(time: number): void {
    this.#stoppedUntil = Math.max(this.#stoppedUntil, time);
  }

  /** Ends this life: nothing of it is ever called again. */
  end(peers: PeersHear): void {
    this.#alive = false;
    this.#inbox = [];
    this.#turnEnds = [];
    for (const resource of this.resources) resource.processEnded(peers);
    this.resources.clear();
  }

  wokenUp(): void {
    this.#awaited = false;
    if (this.#alive) this.#await();
  }

  runTurn(): void {
    this.#awaited = false;
    if (!this.#alive) return;
    if (this.#stoppedUntil > this.kernel.now) {
      this.#await();
      return;
    }
    try {
      this.#handleAll();
    } catch (error) {
      // What a process does of it that every door is closed matters to nobody.
      if (this.#alive) throw error;
    } finally {
      if (this.#inbox.length > 0 || this.#turnEnds.length > 0) this.#await();
    }
  }

  #handleAll(): void {
    const inbox = this.#inbox;
    this.#inbox = [];
    this.consume(this.cpu.turn);
    for (const delivery of inbox) {
      this.consume(this.cpu.event);
      delivery.deliver();
      if (!this.#alive) return;
    }
    const callbacks = this.#turnEnds;
    if (callbacks.length === 0) return;
    this.#turnEnds = [];
    this.trace('turn-end', callbacks.length);
    for (const callback of callbacks) {
      callback();
      if (!this.#alive) return;
    }
  }

  #await(): void {
    if (this.#awaited) return;
    this.#awaited = true;
    const time = Math.max(this.#busyUntil, this.#stoppedUntil);
    if (time <= this.kernel.now) this.kernel.makeReady(this);
    else this.kernel.schedule(this.#wake, time);
  }
}

interface Call {
  readonly kind: TraceKind;
  readonly detail: string | number;
  readonly callback: () => void;
}

class TracedCall implements Delivery {
  readonly #process: SimProcess;
  readonly #call: Call;

  constructor(process: SimProcess, call: Call) {
    this.#process = process;
    this.#call = call;
  }

  deliver(): void {
    const { kind, detail, callback } = this.#call;
    this.#process.trace(kind, detail);
    callback();
  }
}

/** The process is free again. */
class Wake extends SimEvent {
  readonly #process: SimProcess;

  constructor(process: SimProcess) {
    super();
    this.#process = process;
  }

  fire(): void {
    this.#process.wokenUp();
  }
}
