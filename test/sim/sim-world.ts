import { assert } from '../../src/base/assert.ts';
import type { Prng } from '../../src/base/prng.ts';
import { SimEvent } from './event-queue.ts';
import { SimKernel } from './sim-kernel.ts';
import { type MachineOptions, SimMachine } from './sim-machine.ts';
import { SimNetwork } from './sim-network.ts';
import {
  type CpuOptions,
  DEFAULT_CPU,
  DEFAULT_DISK,
  DEFAULT_NETWORK,
  type DiskOptions,
  type NetworkOptions,
} from './sim-options.ts';

/** Lines that {@link Simulation.lastEvents} can tell. */
const TRACE_LINES = 2000;

export interface SimulationOptions {
  /** Safe integer ≥ 0. Equal seeds and equal code give equal runs. */
  readonly seed: number;
  readonly network?: Partial<NetworkOptions>;
  readonly disk?: Partial<DiskOptions>;
  readonly cpu?: Partial<CpuOptions>;
  readonly traceLines?: number;
  /** Gets what the processes log. It is in the trace anyway. */
  readonly log?: (machine: string, line: string) => void;
}

/** `idle`: nothing is left that could happen. */
export type RunEnd = 'reached' | 'idle' | 'too-many-events' | 'too-long';

export interface RunLimits {
  /** Default: no limit. */
  readonly maxEvents?: number;
  /** For a predicate: virtual time at which to give up. Default: no limit. */
  readonly maxTime?: number;
}

/**
 * Machines, a network and disks in virtual time. Everything that happens is drawn from the seed, in
 * one thread, in the order of one queue.
 */
export class Simulation {
  readonly seed: number;
  readonly network: SimNetwork;
  /** For the test's own draws. */
  readonly random: Prng;
  readonly #kernel: SimKernel;
  readonly #machines: Map<string, SimMachine> = new Map();
  readonly #options: SimulationOptions;

  constructor(options: SimulationOptions) {
    this.seed = options.seed;
    this.#options = options;
    this.#kernel = new SimKernel(options.seed, options.traceLines ?? TRACE_LINES);
    this.network = new SimNetwork(this.#kernel, { ...DEFAULT_NETWORK, ...options.network });
    this.random = this.#kernel.random('test');
  }

  /** True time in milliseconds since the simulation began. */
  get now(): number {
    return this.#kernel.now;
  }

  /** Events that have happened so far. */
  get events(): number {
    return this.#kernel.fired;
  }

  /** The machine of that name; it is made and runs when it is first asked for. */
  machine(name: string, options: MachineOptions = {}): SimMachine {
    const known = this.#machines.get(name);
    if (known !== undefined) return known;
    const machine = new SimMachine(
      {
        kernel: this.#kernel,
        network: this.network,
        name,
        index: this.#machines.size + 1,
        cpu: { ...DEFAULT_CPU, ...this.#options.cpu },
        disk: { ...DEFAULT_DISK, ...this.#options.disk },
        log: this.#options.log,
      },
      options,
    );
    this.#machines.set(name, machine);
    return machine;
  }

  machines(): Iterable<SimMachine> {
    return this.#machines.values();
  }

  /** Calls back at a true time, outside of all processes. */
  at(milliseconds: number, callback: () => void): void {
    assert(milliseconds >= this.now, 'the past cannot be changed');
    this.#kernel.schedule(new TestEvent(callback), milliseconds);
  }

  /** The same, so many milliseconds from now. */
  after(milliseconds: number, callback: () => void): void {
    this.at(this.now + milliseconds, callback);
  }

  /** Puts a line of the test's own into the trace and its hash. */
  note(text: string): void {
    this.#kernel.trace.record(this.now, '', 'note', text);
  }

  /**
   * Lets things happen up to a true time, or until the predicate holds; it is asked after every
   * event. What a process throws comes out here.
   */
  run(until: number | (() => boolean), limits: RunLimits = {}): RunEnd {
    const lastEvent = this.events + (limits.maxEvents ?? Number.POSITIVE_INFINITY);
    if (typeof until === 'number') return this.#runTo(until, lastEvent);
    const maxTime = limits.maxTime ?? Number.POSITIVE_INFINITY;
    while (!until()) {
      const next = this.#kernel.nextTime();
      if (next === Number.POSITIVE_INFINITY) return 'idle';
      if (next > maxTime) {
        this.#kernel.advanceTo(maxTime);
        return 'too-long';
      }
      if (this.events >= lastEvent) return 'too-many-events';
      this.#kernel.step();
    }
    return 'reached';
  }

  /** 16 hexadecimal digits over all that happened so far. */
  traceHash(): string {
    return this.#kernel.trace.hash();
  }

  /** The last `n` events in words, oldest first. */
  lastEvents(n: number): readonly string[] {
    return this.#kernel.trace.last(n);
  }

  #runTo(time: number, lastEvent: number): RunEnd {
    while (this.#kernel.nextTime() <= time) {
      if (this.events >= lastEvent) return 'too-many-events';
      this.#kernel.step();
    }
    this.#kernel.advanceTo(time);
    return 'reached';
  }
}

class TestEvent extends SimEvent {
  readonly #callback: () => void;

  constructor(callback: () => void) {
    super();
    this.#callback = callback;
  }

  fire(): void {
    this.#callback();
  }
}
