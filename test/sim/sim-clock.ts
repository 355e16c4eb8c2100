import { asMilliseconds, type Milliseconds } from '../../src/base/ids.ts';
import type { Clock } from '../../src/world/world.ts';

/** The epoch time at which every simulation starts. */
const START_OF_TIME = 1_700_000_000_000;
/** Milliseconds by which arithmetic on drifting clocks may be off; timers come this much later. */
const ROUNDING = 1e-6;

export interface ClockSkew {
  /** Milliseconds that the clocks of this machine are ahead of true time at its start. */
  readonly offset: number;
  /** Local milliseconds per true millisecond, minus one: 0.001 is 1 ms per second too fast. */
  readonly drift: number;
}

/**
 * The clocks of one machine: a monotone one that runs at its own rate, and a wall clock that is the
 * same plus an offset that may be stepped. They outlive the processes of the machine.
 */
export class SimClock {
  #rate: number;
  #localBase: number;
  #trueBase: number;
  #wallOffset: number;

  constructor(skew: ClockSkew, bootTime: number) {
    this.#rate = 1 + skew.drift;
    this.#trueBase = 0;
    this.#localBase = bootTime;
    this.#wallOffset = START_OF_TIME + skew.offset - bootTime;
  }

  /** What the monotone clock shows at a true time. */
  localAt(trueTime: number): number {
    return this.#localBase + (trueTime - this.#trueBase) * this.#rate;
  }

  wallAt(trueTime: number): number {
    return Math.floor(this.localAt(trueTime) + this.#wallOffset);
  }

  /** The true time at which the monotone clock will show `local`, or a moment later. */
  trueAt(local: number): number {
    return this.#trueBase + (local - this.#localBase) / this.#rate + ROUNDING;
  }

  /** From the true time `now` on, the clocks run at another rate. */
  setDrift(drift: number, now: number): void {
    this.#localBase = this.localAt(now);
    this.#trueBase = now;
    this.#rate = 1 + drift;
  }

  /** The monotone clock starts anew at `bootTime`, as it does when a machine is switched on. */
  reboot(bootTime: number, now: number): void {
    this.#wallOffset += this.localAt(now) - bootTime;
    this.#localBase = bootTime;
    this.#trueBase = now;
  }

  /** Moves the wall clock, and only that. */
  stepWall(milliseconds: number): void {
    this.#wallOffset += milliseconds;
  }
}

/** What {@link ProcessClock} needs of the process that reads it. */
export interface ClockReader {
  readonly clock: SimClock;
  /** True time, at this point of the process's turn. */
  localNow(): number;
  /** Uses up a moment, so that a loop that waits for the clock ends. */
  clockRead(): void;
}

/** The clock as one process sees it. */
export class ProcessClock implements Clock {
  readonly #reader: ClockReader;

  constructor(reader: ClockReader) {
    this.#reader = reader;
  }

  monotonic(): Milliseconds {
    this.#reader.clockRead();
    return asMilliseconds(this.#reader.clock.localAt(this.#reader.localNow()));
  }

  wall(): Milliseconds {
    this.#reader.clockRead();
    return asMilliseconds(this.#reader.clock.wallAt(this.#reader.localNow()));
  }

  microseconds(): number {
    return this.monotonic() * 1000;
  }
}
