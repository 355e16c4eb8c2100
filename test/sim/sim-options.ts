import type { Prng } from '../../src/base/prng.ts';

/** A duration that is drawn: a minimum, an exponential tail, and now and then a spike. */
export interface Delay {
  /** Milliseconds. */
  readonly minimum: number;
  /** Mean of the exponential part, in milliseconds. */
  readonly mean: number;
  readonly spikeChance: number;
  /** Longest spike, in milliseconds; a spike is uniform up to here. */
  readonly spike: number;
}

export interface NetworkOptions {
  readonly latency: Delay;
  /** Bytes on their way or unread at the other side before a write has to keep some. */
  readonly sendWindow: number;
  /** How often bytes that were written together travel apart. */
  readonly splitChance: number;
  /** Longest wait before held bytes are sent again once a link is open, in milliseconds. */
  readonly retransmit: number;
  /** Whether a chunk is overwritten after `data` returned, to find whoever keeps a view of it. */
  readonly scramble: boolean;
}

export interface DiskOptions {
  readonly sync: Delay;
}

/** What things cost a machine's processor, in milliseconds. */
export interface CpuOptions {
  readonly turn: number;
  readonly event: number;
  /** A call of a socket or a file. */
  readonly call: number;
  /** Each KiB read or written. */
  readonly kilobyte: number;
  readonly clockRead: number;
}

export const DEFAULT_NETWORK: NetworkOptions = {
  latency: { minimum: 0.05, mean: 0.2, spikeChance: 0.001, spike: 20 },
  sendWindow: 256 * 1024,
  splitChance: 0.05,
  retransmit: 200,
  scramble: true,
};

export const DEFAULT_DISK: DiskOptions = {
  sync: { minimum: 0.1, mean: 0.1, spikeChance: 0.002, spike: 20 },
};

export const DEFAULT_CPU: CpuOptions = {
  turn: 0.01,
  event: 0.002,
  call: 0.003,
  kilobyte: 0.0005,
  clockRead: 0.0002,
};

export function drawDelay(random: Prng, delay: Delay): number {
  if (delay.spikeChance > 0 && random.chance(delay.spikeChance)) {
    return delay.minimum + random.float() * delay.spike;
  }
  return delay.minimum - Math.log(1 - random.float()) * delay.mean;
}

/** An error as the system would give it, with `code`. */
export class SimSystemError extends Error {
  override readonly name = 'SimSystemError';
  readonly code: string;

  constructor(code: string, what: string) {
    super(`${code}: ${what}`);
    this.code = code;
  }
}
