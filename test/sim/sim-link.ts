import type { Prng } from '../../src/base/prng.ts';
import { SimEvent } from './event-queue.ts';
import type { SimKernel } from './sim-kernel.ts';
import { type Delay, drawDelay } from './sim-options.ts';

/** Something that waits for a link to open again. */
export interface Held {
  released(): void;
}

/** One direction between two machines. What it cannot carry now is sent again later, as TCP does. */
export class SimLink {
  readonly #kernel: SimKernel;
  readonly #random: Prng;
  #latency: Delay;
  #cut = false;
  #cloggedUntil = 0;
  #held: Set<Held> = new Set();

  constructor(kernel: SimKernel, random: Prng, latency: Delay) {
    this.#kernel = kernel;
    this.#random = random;
    this.#latency = latency;
  }

  get cut(): boolean {
    return this.#cut;
  }

  get open(): boolean {
    return !this.#cut && this.#cloggedUntil <= this.#kernel.now;
  }

  setLatency(latency: Delay): void {
    this.#latency = latency;
  }

  /** A fresh one-way delay. */
  delay(): number {
    return drawDelay(this.#random, this.#latency);
  }

  /** `held` is told once when the link is open again. */
  hold(held: Held): void {
    this.#held.add(held);
  }

  setCut(cut: boolean): void {
    this.#cut = cut;
    this.releaseIfOpen();
  }

  /** Carries nothing for so many milliseconds, then everything at once. */
  clog(milliseconds: number): void {
    this.#cloggedUntil = Math.max(this.#cloggedUntil, this.#kernel.now + milliseconds);
    this.#kernel.schedule(new Unclog(this), this.#cloggedUntil);
  }

  /** Ends a clog too. */
  heal(): void {
    this.#cloggedUntil = 0;
    this.setCut(false);
  }

  releaseIfOpen(): void {
    if (!this.open || this.#held.size === 0) return;
    const held = this.#held;
    this.#held = new Set();
    for (const one of held) one.released();
  }
}

class Unclog extends SimEvent {
  readonly #link: SimLink;

  constructor(link: SimLink) {
    super();
    this.#link = link;
  }

  fire(): void {
    this.#link.releaseIfOpen();
  }
}
