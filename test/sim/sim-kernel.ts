import { assert } from '../../src/base/assert.ts';
import { Prng } from '../../src/base/prng.ts';
import { EventQueue, type SimEvent } from './event-queue.ts';
import { Trace } from './sim-trace.ts';

/** A process with something in its inbox and nothing that keeps it from handling it now. */
export interface Runnable {
  runTurn(): void;
}

/** Virtual time: the one queue of events, and whose turn it is. Knows nothing of machines. */
export class SimKernel {
  readonly trace: Trace;
  readonly #queue = new EventQueue();
  readonly #seed: number;
  #ready: Runnable[] = [];
  #now = 0;
  #fired = 0;

  constructor(seed: number, traceLines: number) {
    assert(Number.isSafeInteger(seed) && seed >= 0, 'a seed is a safe integer');
    this.#seed = seed;
    this.trace = new Trace(traceLines);
  }

  /** True time in milliseconds since the simulation began. */
  get now(): number {
    return this.#now;
  }

  /** Events taken from the queue so far. */
  get fired(): number {
    return this.#fired;
  }

  /** Due time of the next event; Infinity when nothing is left to happen. */
  nextTime(): number {
    return this.#ready.length > 0 ? this.#now : this.#queue.nextTime();
  }

  schedule(event: SimEvent, time: number): void {
    this.#queue.push(event, Math.max(time, this.#now));
  }

  /** The process runs a turn once all events of this instant have been given out. */
  makeReady(process: Runnable): void {
    this.#ready.push(process);
  }

  /** Fires the next event; the turns that an instant brought run after its last event. */
  step(): void {
    if (this.#ready.length === 0 || this.#queue.nextTime() <= this.#now) {
      const event = this.#queue.pop();
      if (event === undefined) return;
      this.#now = event.time;
      this.#fired += 1;
      event.fire();
    }
    if (this.#ready.length > 0 && this.#queue.nextTime() > this.#now) this.#runTurns();
  }

  /** Lets time pass without events; none may be due before. */
  advanceTo(time: number): void {
    if (time > this.#now) this.#now = time;
  }

  /** A generator of its own for each use, so that one use does not shift the numbers of another. */
  random(stream: string): Prng {
    let mixed = 0x811c9dc5 | 0;
    for (let i = 0; i < stream.length; i++) {
      mixed = Math.imul(mixed ^ stream.charCodeAt(i), 0x01000193);
    }
    return new Prng(Math.floor(this.#seed / 2 ** 32) ^ mixed, this.#seed % 2 ** 32);
  }

  #runTurns(): void {
    const ready = this.#ready;
    this.#ready = [];
    let next = 0;
    try {
      while (next < ready.length) {
        const process = ready[next] as Runnable;
        next += 1;
        process.runTurn();
      }
    } finally {
      // A turn that threw ends the run, but the others are still to come if it is continued.
      if (next < ready.length) this.#ready.push(...ready.slice(next));
    }
  }
}
