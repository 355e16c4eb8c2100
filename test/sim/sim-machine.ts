import { assert } from '../../src/base/assert.ts';
import type { Prng } from '../../src/base/prng.ts';
import type { World } from '../../src/world/world.ts';
import { SimClock } from './sim-clock.ts';
import { type CrashKind, SimDisk } from './sim-disk.ts';
import { SimFiles } from './sim-files.ts';
import { SimImageStores } from './sim-image-store.ts';
import type { Way } from './sim-inode.ts';
import type { SimKernel } from './sim-kernel.ts';
import type { NetworkHost, SimNetwork } from './sim-network.ts';
import type { CpuOptions, DiskOptions } from './sim-options.ts';
import { type PeersHear, ProcessGone, SimProcess } from './sim-process.ts';
import { worldOf } from './sim-process-doors.ts';
import { ProcessNetwork } from './sim-process-network.ts';
import type { SimSocket } from './sim-socket.ts';

/** Clocks of a machine show up to this many milliseconds since it was switched on. */
const LONGEST_UPTIME = 1e9;

export interface CrashOptions {
  /**
   * `kill`: the process dies, and what it wrote stays in the system's memory. `power`: what was not
   * synced is lost, torn or kept as the seed draws. Default `power`.
   */
  readonly kind?: CrashKind;
  /**
   * Whether the other sides of its connections see them end, and new ones are refused; or hear
   * nothing until the machine runs again. Default: `reset` for a kill, drawn for a power cut.
   */
  readonly peers?: PeersHear;
  /** For what becomes of the disk. Default: the disk's own. */
  readonly random?: Prng;
  /** Default: drawn. */
  readonly way?: Way;
}

export interface MachineOptions {
  /** Milliseconds by which the wall clock is ahead; default drawn within ±50 ms. */
  readonly clockOffset?: number;
  /** Local milliseconds per true millisecond, minus one; default drawn within ±0.0001. */
  readonly clockDrift?: number;
}

export interface SimMachineParts {
  readonly kernel: SimKernel;
  readonly network: SimNetwork;
  readonly name: string;
  readonly index: number;
  readonly cpu: CpuOptions;
  readonly disk: DiskOptions;
  readonly log: ((machine: string, line: string) => void) | undefined;
}

/** A computer with a disk and clocks of its own, and the one process that runs on it. */
export class SimMachine implements NetworkHost {
  readonly name: string;
  readonly index: number;
  readonly address: string;
  readonly disk: SimDisk;
  readonly #parts: SimMachineParts;
  readonly #random: Prng;
  readonly #clock: SimClock;
  #answers = true;
  #lives = 0;
  #process: SimProcess | null = null;
  #network: ProcessNetwork | null = null;
  #world: World | null = null;

  constructor(parts: SimMachineParts, options: MachineOptions) {
    this.#parts = parts;
    this.name = parts.name;
    this.index = parts.index;
    this.address = `10.0.${parts.index >> 8}.${parts.index & 255}`;
    this.#random = parts.kernel.random(`machine ${parts.name}`);
    this.disk = new SimDisk(parts.disk, parts.kernel.random(`disk ${parts.name}`));
    const offset = options.clockOffset ?? (this.#random.float() - 0.5) * 100;
    const drift = options.clockDrift ?? (this.#random.float() - 0.5) * 0.0002;
    this.#clock = new SimClock({ offset, drift }, this.#bootTime());
    parts.network.add(this);
    this.#begin();
  }

  /** Whether a process runs here. */
  get running(): boolean {
    return this.#process !== null;
  }

  /** Counts the processes that this machine has had. */
  get lives(): number {
    return this.#lives;
  }

  get answers(): boolean {
    return this.#answers;
  }

  get current(): ProcessNetwork | null {
    return this.#network;
  }

  /** The world of the running process. */
  get world(): World {
    assert(this.#world !== null, 'a crashed machine has no world until it is restarted');
    return this.#world;
  }

  /** What the machine's monotone clock shows now. */
  get localTime(): number {
    return this.#clock.localAt(this.#process?.localNow() ?? this.#parts.kernel.now);
  }

  /** Calls back in a turn of the process that runs now, if it lives so long. */
  call(callback: (world: World) => void): void {
    const world = this.world;
    this.#process?.tell('call', 0, () => callback(world));
  }

  /** Ends the process at once. None of its callbacks is called again, and its calls throw. */
  crash(options: CrashOptions = {}): void {
    const process = this.#process;
    if (process === null) return;
    const kind = options.kind ?? 'power';
    const drawn: PeersHear = this.#random.chance(0.5) ? 'reset' : 'silence';
    const peers = options.peers ?? (kind === 'kill' ? 'reset' : drawn);
    this.#parts.kernel.trace.record(process.localNow(), this.name, 'crash', `${kind} ${peers}`);
    this.#process = null;
    this.#network = null;
    this.#world = null;
    this.#answers = peers === 'reset';
    process.end(peers);
    if (kind === 'power') this.disk.crash(options.random, options.way);
  }

  /** For a process that ends itself: does not return, as `process.exit` does not. */
  exit(): never {
    this.crash({ kind: 'kill' });
    throw new ProcessGone();
  }

  /** Starts the next process over the disk as it is. */
  restart(): World {
    assert(this.#process === null, 'a machine is restarted after a crash');
    const { kernel, network } = this.#parts;
    kernel.trace.record(kernel.now, this.name, 'restart', this.#lives);
    if (!this.#answers) this.#clock.reboot(this.#bootTime(), kernel.now);
    this.#answers = true;
    const world = this.#begin();
    network.answersAgain((socket: SimSocket) => socket.process.name === this.name);
    return world;
  }

  /** The process stands still for so long, and then handles all that came meanwhile at once. */
  pause(milliseconds: number): void {
    const { kernel } = this.#parts;
    kernel.trace.record(kernel.now, this.name, 'pause', milliseconds);
    this.#process?.stopUntil(kernel.now + milliseconds);
  }

  /** From now on the clocks run at another rate: 0.001 is 1 ms per second too fast. */
  setClockDrift(drift: number): void {
    this.#clock.setDrift(drift, this.#parts.kernel.now);
  }

  /** Moves the wall clock by so many milliseconds. */
  stepWallClock(milliseconds: number): void {
    this.#clock.stepWall(milliseconds);
  }

  #begin(): World {
    const { kernel, network, cpu, log } = this.#parts;
    this.#lives += 1;
    const process = new SimProcess({
      kernel,
      name: this.name,
      pid: 1000 + this.#lives,
      clock: this.#clock,
      cpu,
    });
    const doors = new ProcessNetwork(network, this, process);
    const files = new SimFiles(this.disk, process, (how) => this.crash(how));
    const world = worldOf(process, {
      random: kernel.random(`process ${this.name} ${this.#lives}`),
      network: doors,
      files,
      images: new SimImageStores({ disk: this.disk, files, process }),
      log: (line) => {
        process.trace('log', line);
        log?.(this.name, line);
      },
    });
    this.#process = process;
    this.#network = doors;
    this.#world = world;
    return world;
  }

  #bootTime(): number {
    return Math.floor(this.#random.float() * LONGEST_UPTIME) / 1000;
  }
}
