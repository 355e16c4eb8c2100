import type { Prng } from '../../src/base/prng.ts';
import type { ImageStores } from '../../src/world/image-store.ts';
import type {
  Files,
  Network,
  ProcessFacts,
  Random,
  Timer,
  Timers,
  World,
} from '../../src/world/world.ts';
import { SimEvent } from './event-queue.ts';
import { ProcessClock } from './sim-clock.ts';
import type { Delivery, SimProcess } from './sim-process.ts';

export interface ProcessDoors {
  readonly random: Prng;
  readonly network: Network;
  readonly files: Files;
  readonly images: ImageStores;
  readonly log: (line: string) => void;
}

/** The world as one process sees it. */
export function worldOf(process: SimProcess, doors: ProcessDoors): World {
  return {
    clock: new ProcessClock(process),
    random: new ProcessRandom(doors.random),
    timers: new ProcessTimers(process),
    network: doors.network,
    files: doors.files,
    images: doors.images,
    process: new SimProcessFacts(process, doors.log),
  };
}

class ProcessRandom implements Random {
  readonly #random: Prng;

  constructor(random: Prng) {
    this.#random = random;
  }

  uint32(): number {
    return this.#random.uint32();
  }
}

class ProcessTimers implements Timers {
  readonly #process: SimProcess;

  constructor(process: SimProcess) {
    this.#process = process;
  }

  after(delay: number, callback: () => void): Timer {
    return new SimTimer(this.#process, delay, callback);
  }

  turnEnd(callback: () => void): void {
    this.#process.turnEnd(callback);
  }
}

/** Due when the machine's clock shows it, on a whole millisecond, as libuv's timers are. */
class SimTimer extends SimEvent implements Timer, Delivery {
  readonly #process: SimProcess;
  readonly #due: number;
  #callback: (() => void) | null;

  constructor(process: SimProcess, delay: number, callback: () => void) {
    super();
    process.enter(0);
    this.#process = process;
    this.#callback = callback;
    this.#due = Math.ceil(process.clock.localAt(process.localNow()) + Math.max(delay, 0));
    this.#schedule();
  }

  cancel(): void {
    this.#callback = null;
  }

  fire(): void {
    if (this.#callback === null || !this.#process.alive) return;
    // The clock may have been slowed down meanwhile.
    if (this.#process.clock.localAt(this.#process.kernel.now) < this.#due) this.#schedule();
    else this.#process.enqueue(this);
  }

  deliver(): void {
    const callback = this.#callback;
    if (callback === null) return;
    this.#callback = null;
    this.#process.trace('timer', this.#due);
    callback();
  }

  #schedule(): void {
    const process = this.#process;
    process.kernel.schedule(this, process.clock.trueAt(this.#due));
  }
}

class SimProcessFacts implements ProcessFacts {
  readonly pid: number;
  readonly os: string = 'linux';
  readonly architecture: string = 'x64';
  readonly runtime: string = 'simulation';
  readonly #process: SimProcess;
  readonly #log: (line: string) => void;

  constructor(process: SimProcess, log: (line: string) => void) {
    this.pid = process.pid;
    this.#process = process;
    this.#log = log;
  }

  memory(): { readonly resident: number; readonly heap: number } {
    return { resident: 64 * 1024 * 1024, heap: 32 * 1024 * 1024 };
  }

  cpu(): { readonly user: number; readonly system: number } {
    return { user: this.#process.cpuUsed / 1000, system: 0 };
  }

  log(line: string): void {
    this.#log(line);
  }
}
