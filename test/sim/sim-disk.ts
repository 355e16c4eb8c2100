import { Prng } from '../../src/base/prng.ts';
import { SECTOR, SimInode, type Way } from './sim-inode.ts';
import { NameTree, parent } from './sim-names.ts';
import { type DiskOptions, drawDelay, SimSystemError } from './sim-options.ts';

/** A fault that strikes the next `count` calls of its kind whose path contains `path`, after `skip`. */
interface Fault {
  skip: number;
  count: number;
  readonly code: string;
  readonly path: string;
}

export type CrashKind = 'kill' | 'power';

/** What a crash does to the disk, where that is not left to the disk's own luck. */
export interface Tear {
  /** For all that is drawn. */
  readonly seed: number;
  /** Whether the operation in which the machine goes down still happens. Default: drawn. */
  readonly happens?: boolean;
  /** What becomes of what was not synced. Default: drawn. */
  readonly way?: Way;
}

/** How the machine goes down in an operation. */
export interface Doom {
  readonly operation: number;
  readonly kind: CrashKind;
  readonly random: Prng;
  /** Null: drawn. */
  readonly happens: boolean | null;
  readonly way?: Way;
}

export type FaultKind =
  | 'sync'
  | 'sync-directory'
  | 'read'
  | 'write'
  | 'truncate'
  | 'create'
  | 'rename'
  | 'remove'
  | 'lost-write'
  | 'misdirected-write';

/**
 * The disk of one machine; it outlives the processes. Here is what a test can look at and do; a
 * process reaches it by its files.
 */
export class SimDisk {
  readonly names: NameTree = new NameTree();
  readonly random: Prng;
  readonly #options: DiskOptions;
  /** Files that a crash could change. */
  readonly #dirty: Set<SimInode> = new Set();
  readonly #faults: Map<FaultKind, Fault[]> = new Map();
  /** Faults that have struck since they were last cleared. */
  struck = 0;
  #slow = 0;
  #limit: number | null = null;
  readonly #lies: { readonly kind: FaultKind; readonly path: string }[] = [];
  #operations = 0;
  #doom: Doom | null = null;

  constructor(options: DiskOptions, random: Prng) {
    this.#options = options;
    this.random = random;
  }

  /** Calls so far that changed or synced something. */
  get operations(): number {
    return this.#operations;
  }

  /** The next syncs of files fail, and what they covered is not safe, whatever later syncs say. */
  failSyncs(count: number, code = 'EIO', path = ''): void {
    this.#addFault('sync', { skip: 0, count, code, path });
  }

  failDirectorySyncs(count: number, code = 'EIO', path = ''): void {
    this.#addFault('sync-directory', { skip: 0, count, code, path });
  }

  failReads(count: number, code = 'EIO', path = ''): void {
    this.#addFault('read', { skip: 0, count, code, path });
  }

  failWrites(count: number, code = 'EIO', path = ''): void {
    this.#addFault('write', { skip: 0, count, code, path });
  }

  failTruncates(count: number, code = 'EIO', path = ''): void {
    this.#addFault('truncate', { skip: 0, count, code, path });
  }

  /** The n-th call of this kind fails, and all after it if it is to last; 1 is the next. */
  failFrom(n: number, kind: FaultKind, code: string, path: string, lasts = false): void {
    const count = lasts ? Number.POSITIVE_INFINITY : 1;
    this.#addFault(kind, { skip: n - 1, count, code, path });
  }

  /** The next `count` writes are acknowledged and never done. */
  loseWrites(count: number, path = ''): void {
    this.#addFault('lost-write', { skip: 0, count, code: '', path });
  }

  /** The next `count` writes land some sectors before or behind their place. */
  misdirectWrites(count: number, path = ''): void {
    this.#addFault('misdirected-write', { skip: 0, count, code: '', path });
  }

  /** Calls that were to fail do not, from now on. */
  endFaults(): void {
    this.#faults.clear();
  }

  /** Ends all that was told and has not struck. */
  clearFaults(): void {
    this.#faults.clear();
    this.struck = 0;
    this.#slow = 0;
    this.#limit = null;
    this.#doom = null;
  }

  /** Syncs of a kind, of what `path` is in the name of, say that they are done, and do nothing. */
  lieAboutSyncs(kind: 'sync' | 'sync-directory', path: string): void {
    this.#lies.push({ kind, path });
  }

  isLie(kind: FaultKind, path: string): boolean {
    return this.#lies.some((lie) => lie.kind === kind && path.includes(lie.path));
  }

  /** Every sync takes so many milliseconds longer. 0 ends it. */
  slowSyncs(milliseconds: number): void {
    this.#slow = milliseconds;
  }

  /** Files may hold so many bytes in all, then writes fail with ENOSPC; null is no limit. */
  limitSpace(bytes: number | null): void {
    this.#limit = bytes;
  }

  /**
   * The machine goes down in the n-th call from now that changes or syncs; 1 is the next. With a
   * `tear` nothing before it is other than without.
   */
  crashInOperation(n: number, kind: CrashKind = 'power', tear?: Tear): void {
    const random = tear === undefined ? this.random : new Prng(tear.seed, n);
    const happens = tear?.happens ?? null;
    const operation = this.#operations + n;
    this.#doom = { operation, kind, random, happens, ...(tear?.way && { way: tear.way }) };
  }

  /** Spoils bytes as a bad disk does: no crash and no sync brings them back. */
  damage(path: string, offset: number, length: number, how: 'flip' | 'zero' = 'flip'): void {
    this.names.file(path, 'damage').damage(offset, length, how);
  }

  /** What processes see; null if there is no such file. */
  contents(path: string): Buffer | null {
    const node = this.names.node(path);
    return node instanceof SimInode ? node.contents() : null;
  }

  /** What is certain to be in the file after a crash now; null if its name is not. */
  durableContents(path: string): Buffer | null {
    const node = this.names.durableNode(path);
    return node instanceof SimInode ? node.durableContents() : null;
  }

  /** Puts a file there, with its folders; all that the disk holds is durable then. */
  put(path: string, bytes: Uint8Array): void {
    this.names.makeFolders(parent(path));
    const inode = new SimInode();
    inode.write(Buffer.from(bytes), 0);
    this.names.change([{ ...this.names.place(path, 'put'), node: inode }]);
    inode.settle();
    this.settle();
  }

  /** Takes a file away for good. */
  remove(path: string): void {
    this.names.file(path, 'remove');
    this.names.change([{ ...this.names.place(path, 'remove'), node: null }]);
    this.settle();
  }

  /** What is there now is safe from every crash. */
  settle(): void {
    this.names.settle();
    for (const inode of this.#dirty) inode.settle();
    this.#dirty.clear();
  }

  /** The machine loses power. */
  crash(random: Prng = this.random, way?: Way): void {
    this.names.crash(random, way);
    for (const inode of this.#dirty) inode.crash(random, way);
    this.#dirty.clear();
  }

  /** Counts a call of a process; returns how the machine goes down in it, or null. */
  beginOperation(): Doom | null {
    this.#operations += 1;
    const doom = this.#doom;
    if (doom === null || this.#operations !== doom.operation) return null;
    this.#doom = null;
    return doom;
  }

  /** How long the next sync takes, in milliseconds. */
  syncTime(): number {
    return drawDelay(this.random, this.#options.sync) + this.#slow;
  }

  /** Throws if a fault of this kind is due. */
  strike(kind: FaultKind, path: string): void {
    const fault = this.dueFault(kind, path);
    if (fault !== null) throw new SimSystemError(fault.code, `${kind} of '${path}'`);
  }

  /** The fault that strikes this call, which uses it up. */
  dueFault(kind: FaultKind, path: string): Fault | null {
    const due = this.#faults.get(kind)?.find((f) => f.count > 0 && path.includes(f.path));
    if (due === undefined) return null;
    if (due.skip > 0) {
      due.skip -= 1;
      return null;
    }
    due.count -= 1;
    this.struck += 1;
    return due;
  }

  /** Where a write to `position` lands. */
  landing(path: string, position: number): number {
    if (this.dueFault('misdirected-write', path) === null) return position;
    const away = (1 + this.random.below(8)) * SECTOR;
    return position >= away && this.random.chance(0.5) ? position - away : position + away;
  }

  /** How many of `length` bytes at `position` fit. */
  fits(inode: SimInode, position: number, length: number): number {
    if (this.#limit === null) return length;
    const growth = Math.max(0, position + length - inode.size);
    const free = Math.max(0, this.#limit - this.names.used());
    return length - Math.max(0, growth - free);
  }

  /** Tells that a file was changed or synced. */
  touched(inode: SimInode): void {
    if (inode.dirty) this.#dirty.add(inode);
    else this.#dirty.delete(inode);
  }

  #addFault(kind: FaultKind, fault: Fault): void {
    const faults = this.#faults.get(kind);
    if (faults === undefined) this.#faults.set(kind, [fault]);
    else faults.push(fault);
  }
}
