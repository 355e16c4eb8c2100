import type { FileSystem, LogFile } from '../../raftlog/file-system.ts';

const SECTOR = 512;

/** One file: what is written, and what a power cut would leave of it for certain. */
interface Inode {
  content: Buffer;
  durable: Buffer;
}

/** What becomes of a sector that was written and not synced when the power goes. */
export type SectorFate = (path: string, sector: number) => 'kept' | 'lost';

/**
 * Files in memory that forget like a disk: bytes count from their sync on, names from the sync of
 * their folder on. Syncs wait for {@link FaultyFiles.completeSyncs}, and any call can be made to
 * fail or, by {@link FaultyFiles.stopAfter}, to be the last before the power goes.
 */
export class FaultyFiles implements FileSystem {
  /** Thrown by the next call of that kind; the error of the next sync. */
  failWrite: Error | null = null;
  failSync: Error | null = null;
  failTruncate: Error | null = null;
  failRename: Error | null = null;
  /** Bytes that a failing write leaves behind. */
  failWriteAfter = 0;
  /** Bytes that all files together may hold; writes beyond fail with ENOSPC, half done. */
  space: number = Number.POSITIVE_INFINITY;
  /** Changes so far: writes, truncations, syncs, renames, removals. */
  operations = 0;
  writes = 0;
  syncs = 0;
  #names = new Map<string, Inode>();
  #durableNames = new Map<string, Inode>();
  #pending: (() => void)[] = [];
  #stopAt = Number.POSITIVE_INFINITY;

  open(path: string, options: { readonly create: boolean }): LogFile {
    let inode = this.#names.get(path);
    if (inode === undefined) {
      if (!options.create) throw systemError('ENOENT', path);
      this.change();
      inode = { content: Buffer.alloc(0), durable: Buffer.alloc(0) };
      this.#names.set(path, inode);
    }
    return new FaultyFile(this, inode);
  }

  /** Bytes that all files together hold. */
  get used(): number {
    let used = 0;
    for (const { content } of this.#names.values()) used += content.length;
    return used;
  }

  exists(path: string): boolean {
    return this.#names.has(path);
  }

  list(path: string): readonly string[] {
    const folder = `${path}/`;
    const inside = [...this.#names.keys()].filter((name) => name.startsWith(folder));
    return inside.map((name) => name.slice(folder.length)).sort();
  }

  makeDirectory(): void {}

  rename(from: string, to: string): void {
    this.change();
    if (this.failRename !== null) throw this.failRename;
    const inode = this.#names.get(from);
    if (inode === undefined) throw systemError('ENOENT', from);
    this.#names.set(to, inode);
    this.#names.delete(from);
  }

  remove(path: string): void {
    this.change();
    if (!this.#names.delete(path)) throw systemError('ENOENT', path);
  }

  syncDirectory(): void {
    this.change();
    this.#durableNames = new Map(this.#names);
  }

  /** Calls back for all syncs that wait, and for those that start meanwhile. */
  completeSyncs(): void {
    while (this.completeOneSync());
  }

  /** Calls back for the oldest sync that waits; false if there is none. */
  completeOneSync(): boolean {
    const oldest = this.#pending.shift();
    oldest?.();
    return oldest !== undefined;
  }

  get pendingSyncs(): number {
    return this.#pending.length;
  }

  addSync(sync: () => void): void {
    this.#pending.push(sync);
  }

  /** After this many more changes every change throws `EPOWER`. */
  stopAfter(changes: number): void {
    this.#stopAt = this.operations + changes;
  }

  change(): void {
    if (this.operations >= this.#stopAt) throw systemError('EPOWER', 'power cut');
    this.operations++;
  }

  bytes(path: string): Buffer {
    const inode = this.#names.get(path);
    if (inode === undefined) throw systemError('ENOENT', path);
    return Buffer.from(inode.content);
  }

  put(path: string, bytes: Uint8Array): void {
    this.#names.set(path, { content: Buffer.from(bytes), durable: Buffer.from(bytes) });
    this.#durableNames.set(path, this.#names.get(path) as Inode);
  }

  /** The disk as the next start finds it: after a power cut, sector by sector. */
  afterPowerCut(fate: SectorFate): FaultyFiles {
    const next = new FaultyFiles();
    for (const [path, inode] of this.#durableNames) next.put(path, leftOver(path, inode, fate));
    return next;
  }

  /** The disk after a crash of the process alone: nothing that was written is lost. */
  afterCrash(): FaultyFiles {
    const next = new FaultyFiles();
    for (const [path, inode] of this.#names) next.put(path, inode.content);
    return next;
  }
}

class FaultyFile implements LogFile {
  readonly #files: FaultyFiles;
  readonly #inode: Inode;
  #closed = false;

  constructor(files: FaultyFiles, inode: Inode) {
    this.#files = files;
    this.#inode = inode;
  }

  size(): number {
    return this.#open().content.length;
  }

  read(into: Uint8Array, offset: number, length: number, position: number): number {
    const { content } = this.#open();
    const part = content.subarray(position, position + length);
    into.set(part, offset);
    return part.length;
  }

  write(pieces: readonly Uint8Array[], position: number): void {
    this.#files.change();
    this.#files.writes++;
    const failure = this.#files.failWrite;
    const all = Buffer.concat(pieces);
    const room = this.#inode.content.length - position + this.#files.space - this.#files.used;
    const fits = failure === null ? Math.max(0, room) : this.#files.failWriteAfter;
    this.#store(all.subarray(0, fits), position);
    if (failure !== null) throw failure;
    if (fits < all.length) throw systemError('ENOSPC', 'no space left on device');
  }

  truncate(size: number): void {
    this.#files.change();
    if (this.#files.failTruncate !== null) throw this.#files.failTruncate;
    const inode = this.#open();
    const content = Buffer.alloc(size);
    inode.content.copy(content);
    inode.content = content;
  }

  sync(): void {
    this.#files.change();
    this.#files.syncs++;
    if (this.#files.failSync !== null) throw this.#files.failSync;
    const inode = this.#open();
    inode.durable = Buffer.from(inode.content);
  }

  syncCallback(done: (error: Error | null) => void): void {
    this.#files.change();
    this.#files.syncs++;
    const inode = this.#open();
    // Whatever is written while it runs is not part of it.
    const content = Buffer.from(inode.content);
    this.#files.addSync(() => {
      const failure = this.#files.failSync;
      if (failure === null) inode.durable = content;
      done(failure);
    });
  }

  close(): void {
    this.#open();
    this.#closed = true;
  }

  #store(bytes: Buffer, position: number): void {
    const inode = this.#open();
    const size = Math.max(inode.content.length, position + bytes.length);
    const content = Buffer.alloc(size);
    inode.content.copy(content);
    bytes.copy(content, position);
    inode.content = content;
  }

  #open(): Inode {
    if (this.#closed) throw systemError('EBADF', 'file is closed');
    return this.#inode;
  }
}

/** Sectors that were lost have their old bytes, or zeros; a size that was lost is the old one. */
function leftOver(path: string, inode: Inode, fate: SectorFate): Buffer {
  const { content, durable } = inode;
  if (content.length < durable.length && fate(path, -1) === 'lost') return durable;
  const left = Buffer.alloc(content.length);
  let end = Math.min(durable.length, content.length);
  for (let at = 0; at < content.length; at += SECTOR) {
    const sectorEnd = Math.min(content.length, at + SECTOR);
    const same = content.subarray(at, sectorEnd).equals(durable.subarray(at, sectorEnd));
    const kept = same || fate(path, at / SECTOR) === 'kept';
    left.set((kept ? content : durable).subarray(at, sectorEnd), at);
    if (kept) end = Math.max(end, sectorEnd);
  }
  return left.subarray(0, end);
}

export function systemError(code: string, about: string): Error {
  return Object.assign(new Error(`${code}: ${about}`), { code });
}
