import { randomFillSync } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { asMilliseconds, type Milliseconds } from '../base/ids.ts';
import { RealFiles } from './real-files.ts';
import { RealImageStores } from './real-image-store.ts';
import { RealNetwork } from './real-network.ts';
import type { Clock, ProcessFacts, Random, Timer, Timers, World } from './world.ts';

export interface RealWorldOptions {
  /** The file that the log is appended to; empty or absent: standard output. */
  readonly logFile?: string;
}

/** The world of this machine and this process. */
export function openRealWorld(options: RealWorldOptions = {}): World {
  const facts = new RealProcess(options.logFile ?? '');
  return {
    clock: new RealClock(),
    random: new RealRandom(),
    timers: new RealTimers(),
    network: new RealNetwork((line) => facts.log(line)),
    files: new RealFiles(),
    images: new RealImageStores(),
    process: facts,
  };
}

class RealClock implements Clock {
  monotonic(): Milliseconds {
    return asMilliseconds(performance.now());
  }

  wall(): Milliseconds {
    return asMilliseconds(Date.now());
  }

  microseconds(): number {
    return performance.now() * 1000;
  }
}

/** Numbers from the system's generator, fetched many at a time. */
class RealRandom implements Random {
  readonly #pool = new Uint32Array(256);
  #next: number = this.#pool.length;

  uint32(): number {
    if (this.#next === this.#pool.length) {
      randomFillSync(this.#pool);
      this.#next = 0;
    }
    const value = this.#pool[this.#next] as number;
    this.#next += 1;
    return value;
  }
}

/** The longest delay that Node's timers know; beyond it they fire at once. */
const LONGEST_DELAY = 2 ** 31 - 1;

class RealTimers implements Timers {
  after(delay: number, callback: () => void): Timer {
    return new RealTimer(delay, callback);
  }

  turnEnd(callback: () => void): void {
    setImmediate(callback);
  }
}

/**
 * Node counts whole milliseconds from a clock it has cut to whole milliseconds, so its timers may
 * fire almost one early. This one looks again before it calls back.
 */
class RealTimer implements Timer {
  readonly #due: number;
  readonly #callback: () => void;
  #handle: NodeJS.Timeout;

  constructor(delay: number, callback: () => void) {
    this.#due = performance.now() + delay;
    this.#callback = callback;
    this.#handle = setTimeout(RealTimer.#elapsed, Math.min(delay, LONGEST_DELAY), this);
  }

  cancel(): void {
    clearTimeout(this.#handle);
  }

  static #elapsed(this: void, timer: RealTimer): void {
    const left = timer.#due - performance.now();
    if (left <= 0) timer.#callback();
    else timer.#handle = setTimeout(RealTimer.#elapsed, Math.min(left, LONGEST_DELAY), timer);
  }
}

class RealProcess implements ProcessFacts {
  readonly pid: number = process.pid;
  readonly os: string = process.platform;
  readonly architecture: string = process.arch;
  readonly runtime: string = `node ${process.versions.node}`;
  readonly #logFile: string;

  constructor(logFile: string) {
    this.#logFile = logFile;
    // Without a listener, a reader of our output that goes away would end the process.
    if (logFile === '') process.stdout.on('error', ignore);
  }

  memory(): { readonly resident: number; readonly heap: number } {
    const usage = process.memoryUsage();
    return { resident: usage.rss, heap: usage.heapUsed + usage.external };
  }

  cpu(): { readonly user: number; readonly system: number } {
    const usage = process.cpuUsage();
    return { user: usage.user / 1e6, system: usage.system / 1e6 };
  }

  log(line: string): void {
    if (this.#logFile === '') {
      process.stdout.write(`${line}\n`);
      return;
    }
    try {
      // Opened for each line, so that the file may be rotated away at any time.
      appendFileSync(this.#logFile, `${line}\n`);
    } catch {
      // A log that cannot be written (disk full, folder gone) must not stop the server.
    }
  }
}

function ignore(): void {}
