import { assert } from '../../src/base/assert.ts';
import type { File, Files } from '../../src/world/world.ts';
import { SimEvent } from './event-queue.ts';
import type { Doom, SimDisk } from './sim-disk.ts';
import { SimInode } from './sim-inode.ts';
import { SimFolder } from './sim-names.ts';
import { SimSystemError } from './sim-options.ts';
import { ProcessGone, type SimProcess } from './sim-process.ts';

/** The files as one process sees them. */
export class SimFiles implements Files {
  readonly #disk: SimDisk;
  readonly #process: SimProcess;
  readonly #crash: (how: Doom) => void;

  /** `crash` is called in the operation that the disk was told to crash in. */
  constructor(disk: SimDisk, process: SimProcess, crash: (how: Doom) => void) {
    this.#disk = disk;
    this.#process = process;
    this.#crash = crash;
  }

  open(path: string, options: { readonly create: boolean }): File {
    this.#process.enter(0);
    const { folder, name } = this.#disk.names.place(path, 'open');
    let node = folder.names.get(name);
    if (node === undefined && options.create) {
      this.#disk.strike('create', path);
      const inode = new SimInode();
      this.change('create', path, () => this.#disk.names.change([{ folder, name, node: inode }]));
      node = inode;
    }
    if (node === undefined) throw new SimSystemError('ENOENT', `no such file, open '${path}'`);
    if (node instanceof SimFolder) throw new SimSystemError('EISDIR', `a folder, open '${path}'`);
    return new SimFile(this, { path, inode: node, disk: this.#disk, process: this.#process });
  }

  exists(path: string): boolean {
    this.#process.enter(0);
    return this.#disk.names.node(path) !== null;
  }

  list(path: string): readonly string[] {
    this.#process.enter(0);
    return [...this.#disk.names.folder(path, 'list').names.keys()].sort();
  }

  makeDirectory(path: string): void {
    this.#process.enter(0);
    if (this.#disk.names.node(path) instanceof SimFolder) return;
    this.change('mkdir', path, () => this.#disk.names.makeFolders(path));
  }

  rename(from: string, to: string): void {
    this.#process.enter(0);
    const source = this.#disk.names.place(from, 'rename');
    const target = this.#disk.names.place(to, 'rename');
    const node = source.folder.names.get(source.name);
    if (node === undefined) throw new SimSystemError('ENOENT', `no such file, rename '${from}'`);
    const present = target.folder.names.get(target.name);
    if (present instanceof SimFolder && present.names.size > 0) {
      throw new SimSystemError('ENOTEMPTY', `folder not empty, rename '${to}'`);
    }
    if (present === node) return;
    this.#disk.strike('rename', to);
    this.change('rename', to, () =>
      this.#disk.names.change([
        { ...source, node: null },
        { ...target, node },
      ]),
    );
  }

  remove(path: string): void {
    this.#process.enter(0);
    this.#disk.names.file(path, 'remove');
    this.#disk.strike('remove', path);
    const place = this.#disk.names.place(path, 'remove');
    this.change('remove', path, () => this.#disk.names.change([{ ...place, node: null }]));
  }

  syncDirectory(path: string): void {
    this.#process.enter(0);
    const folder = this.#disk.names.folder(path, 'sync');
    this.#process.block(this.#disk.syncTime());
    this.#disk.strike('sync-directory', path);
    this.change('sync-directory', path, () => {
      if (!this.#disk.isLie('sync-directory', path)) this.#disk.names.sync(folder);
    });
  }

  /** Every change of the disk goes through here: it is traced, and may be the one to crash in. */
  change(what: string, path: string, apply: () => void): void {
    const doom = this.#disk.beginOperation();
    this.#process.trace('disk', `${what} ${path}`);
    if (doom === null || (doom.happens ?? doom.random.chance(0.5))) apply();
    if (doom === null) return;
    this.#crash(doom);
    throw new ProcessGone();
  }
}

interface SimFileParts {
  readonly path: string;
  readonly inode: SimInode;
  readonly disk: SimDisk;
  readonly process: SimProcess;
}

class SimFile implements File {
  readonly #files: SimFiles;
  readonly #path: string;
  readonly #inode: SimInode;
  readonly #disk: SimDisk;
  readonly #process: SimProcess;
  #syncing = false;
  #closed = false;

  constructor(files: SimFiles, { path, inode, disk, process }: SimFileParts) {
    this.#files = files;
    this.#path = path;
    this.#inode = inode;
    this.#disk = disk;
    this.#process = process;
  }

  size(): number {
    this.#enter(0);
    return this.#inode.size;
  }

  read(into: Uint8Array, offset: number, length: number, position: number): number {
    this.#enter(length);
    this.#disk.strike('read', this.#path);
    return this.#inode.read(into, offset, length, position);
  }

  write(pieces: readonly Uint8Array[], position: number): void {
    const data = Buffer.concat(pieces);
    this.#enter(data.length);
    this.#disk.strike('write', this.#path);
    const fits = this.#disk.fits(this.#inode, position, data.length);
    this.#files.change('write', this.#path, () => {
      if (this.#disk.dueFault('lost-write', this.#path) !== null) return;
      const landing = this.#disk.landing(this.#path, position);
      this.#inode.write(data.subarray(0, fits), landing);
      this.#disk.touched(this.#inode);
    });
    this.#process.kernel.trace.mixBytes(data);
    if (fits < data.length) throw new SimSystemError('ENOSPC', `no space, write '${this.#path}'`);
  }

  truncate(size: number): void {
    this.#enter(0);
    this.#disk.strike('truncate', this.#path);
    this.#files.change('truncate', this.#path, () => {
      this.#inode.truncate(size);
      this.#disk.touched(this.#inode);
    });
  }

  sync(): void {
    this.#enter(0);
    this.#process.block(this.#disk.syncTime());
    this.#files.change('sync', this.#path, () => {
      const error = this.#finishSync(this.#inode.beginSync());
      if (error !== null) throw error;
    });
  }

  syncCallback(done: (error: Error | null) => void): void {
    assert(!this.#syncing, 'one syncCallback at a time');
    this.#enter(0);
    this.#syncing = true;
    const mark = this.#inode.beginSync();
    const { kernel } = this.#process;
    const end = new SyncEnd(() => {
      if (!this.#process.alive) return;
      const error = this.#finishSync(mark);
      this.#process.tell('synced', error?.code ?? this.#path, () => {
        this.#syncing = false;
        done(error);
      });
    });
    this.#files.change('sync-start', this.#path, () => {});
    kernel.schedule(end, this.#process.localNow() + this.#disk.syncTime());
  }

  close(): void {
    this.#enter(0);
    this.#closed = true;
  }

  #enter(bytes: number): void {
    this.#process.enter(bytes);
    if (this.#closed) throw new SimSystemError('EBADF', `closed file '${this.#path}'`);
  }

  #finishSync(mark: number): SimSystemError | null {
    if (this.#disk.isLie('sync', this.#path)) return null;
    const fault = this.#disk.dueFault('sync', this.#path);
    this.#inode.endSync(mark, fault === null);
    this.#disk.touched(this.#inode);
    return fault === null ? null : new SimSystemError(fault.code, `sync '${this.#path}'`);
  }
}

/** The disk has done what a sync asked for. */
class SyncEnd extends SimEvent {
  readonly #end: () => void;

  constructor(end: () => void) {
    super();
    this.#end = end;
  }

  fire(): void {
    this.#end();
  }
}
