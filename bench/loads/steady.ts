import net from 'node:net';
import { encodeCommand } from '../../src/resp/command-encoder.ts';

/** Milliseconds that one reply took, and when it was due. */
interface Sample {
  readonly at: number;
  readonly took: number;
}

/**
 * Writes at a steady rate whatever the server does: every millisecond some SETs are due, each on the next
 * of several connections, and what a write took counts from when it was due.
 */
export class SteadyWrites {
  readonly #sockets: net.Socket[] = [];
  readonly #due: number[][] = [];
  readonly #samples: Sample[] = [];
  readonly #keys: number;
  readonly #perMillisecond: number;
  #next = 0;
  #written = 0;
  #timer: NodeJS.Timeout | null = null;
  #started = 0;

  constructor(port: number, load: { perSecond: number; connections: number; keys: number }) {
    this.#keys = load.keys;
    this.#perMillisecond = load.perSecond / 1000;
    for (let i = 0; i < load.connections; i++) {
      const socket = net.connect({ port, host: '127.0.0.1' });
      socket.setNoDelay(true);
      const due: number[] = [];
      socket.on('data', (chunk) => this.#received(chunk, due));
      this.#sockets.push(socket);
      this.#due.push(due);
    }
  }

  start(): void {
    this.#started = performance.now();
    this.#timer = setInterval(() => this.#write(), 1);
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Times of the writes that were due from `from` to `to`, sorted. */
  between(from: number, to: number): number[] {
    return this.#samples
      .filter(({ at }) => at >= from && at < to)
      .map(({ took }) => took)
      .sort((a, b) => a - b);
  }

  #write(): void {
    const now = performance.now();
    const total = Math.floor((now - this.#started) * this.#perMillisecond);
    for (; this.#written < total; this.#written++) {
      const i = this.#next;
      this.#next = (i + 1) % this.#sockets.length;
      const key = `key:${String(Math.floor(Math.random() * this.#keys)).padStart(12, '0')}`;
      // What could not be sent in time was due all the same.
      const due = this.#started + this.#written / this.#perMillisecond;
      (this.#due[i] as number[]).push(due);
      this.#sockets[i]?.write(encodeCommand(['SET', key, 'w'.repeat(64)]));
    }
  }

  #received(chunk: Buffer, due: number[]): void {
    const now = performance.now();
    for (const byte of chunk) {
      if (byte !== 10) continue;
      const at = due.shift() ?? now;
      this.#samples.push({ at, took: now - at });
    }
  }
}

export function percentile(sorted: readonly number[], p: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))] ?? Number.NaN;
}
