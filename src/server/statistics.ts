import { isError, type Reply } from '../resp/reply.ts';
import type { World } from '../world/world.ts';

const SAMPLES = 16;
const SAMPLE_INTERVAL = 100;
const MAX_ERROR_CODES = 128;

/** Counters that INFO shows, since the process started or CONFIG RESETSTAT. */
export class Statistics {
  readonly #world: World;
  commands = 0;
  connections = 0;
  rejectedConnections = 0;
  netInput = 0;
  netOutput = 0;
  errors = 0;
  readonly errorCodes: Map<string, number> = new Map();
  readonly #rates: number[] = [];
  #lastCommands = 0;
  #lastSample: number;

  constructor(world: World) {
    this.#world = world;
    this.#lastSample = world.clock.monotonic();
  }

  countError(reply: Reply): void {
    if (!isError(reply)) return;
    this.errors++;
    const space = reply.text.indexOf(' ');
    const code = space < 0 ? reply.text : reply.text.slice(0, space);
    if (this.errorCodes.has(code) || this.errorCodes.size < MAX_ERROR_CODES) {
      this.errorCodes.set(code, (this.errorCodes.get(code) ?? 0) + 1);
    }
  }

  /** Called now and then; notes the rate of commands since the last time. */
  sample(): void {
    const now = this.#world.clock.monotonic();
    const elapsed = now - this.#lastSample;
    if (elapsed < SAMPLE_INTERVAL) return;
    this.#rates.push(((this.commands - this.#lastCommands) * 1000) / elapsed);
    if (this.#rates.length > SAMPLES) this.#rates.shift();
    this.#lastCommands = this.commands;
    this.#lastSample = now;
  }

  get commandsPerSecond(): number {
    if (this.#rates.length === 0) return 0;
    return Math.round(this.#rates.reduce((sum, rate) => sum + rate, 0) / this.#rates.length);
  }

  reset(): void {
    this.commands = 0;
    this.connections = 0;
    this.rejectedConnections = 0;
    this.netInput = 0;
    this.netOutput = 0;
    this.errors = 0;
    this.errorCodes.clear();
    this.#rates.length = 0;
    this.#lastCommands = 0;
  }
}
