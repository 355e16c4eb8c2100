import * as fs from 'node:fs';
import { assert } from '../base/assert.ts';
import type { File, Files } from './world.ts';

/** The files of this machine. Every failing call throws Node's own error, which has a `code`. */
export class RealFiles implements Files {
  open(path: string, options: { readonly create: boolean }): File {
    const flags = fs.constants.O_RDWR | (options.create ? fs.constants.O_CREAT : 0);
    return new RealFile(fs.openSync(path, flags, 0o644));
  }

  exists(path: string): boolean {
    return fs.existsSync(path);
  }

  list(path: string): readonly string[] {
    return fs.readdirSync(path).sort();
  }

  makeDirectory(path: string): void {
    fs.mkdirSync(path, { recursive: true });
  }

  rename(from: string, to: string): void {
    fs.renameSync(from, to);
  }

  remove(path: string): void {
    fs.unlinkSync(path);
  }

  syncDirectory(path: string): void {
    const descriptor = fs.openSync(path, fs.constants.O_RDONLY | fs.constants.O_DIRECTORY);
    try {
      fs.fsyncSync(descriptor);
    } finally {
      fs.closeSync(descriptor);
    }
  }
}

class RealFile implements File {
  readonly #descriptor: number;
  #syncing = false;
  #closed = false;

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  size(): number {
    return fs.fstatSync(this.#descriptor).size;
  }

  read(into: Uint8Array, offset: number, length: number, position: number): number {
    let done = 0;
    while (done < length) {
      const count = fs.readSync(
        this.#descriptor,
        into,
        offset + done,
        length - done,
        position + done,
      );
      if (count === 0) break;
      done += count;
    }
    return done;
  }

  write(pieces: readonly Uint8Array[], position: number): void {
    let rest = pieces;
    let at = position;
    let left = totalLength(pieces);
    while (left > 0) {
      const count = fs.writevSync(this.#descriptor, rest, at);
      left -= count;
      at += count;
      // A system call may stop in the middle (a signal, a disk that is nearly full): go on there.
      if (left > 0) rest = withoutFirst(rest, count);
    }
  }

  truncate(size: number): void {
    fs.ftruncateSync(this.#descriptor, size);
  }

  sync(): void {
    fs.fdatasyncSync(this.#descriptor);
  }

  syncCallback(done: (error: Error | null) => void): void {
    assert(!this.#syncing, 'one syncCallback at a time');
    this.#syncing = true;
    fs.fdatasync(this.#descriptor, (error) => {
      this.#syncing = false;
      if (this.#closed) fs.closeSync(this.#descriptor);
      done(error);
    });
  }

  close(): void {
    assert(!this.#closed, 'a file is closed once');
    this.#closed = true;
    // The descriptor's number could be given to another file while the sync still runs.
    if (!this.#syncing) fs.closeSync(this.#descriptor);
  }
}

function totalLength(pieces: readonly Uint8Array[]): number {
  let total = 0;
  for (const piece of pieces) total += piece.length;
  return total;
}

/** What remains of the pieces after their first `count` bytes. */
export function withoutFirst(pieces: readonly Uint8Array[], count: number): Uint8Array[] {
  const rest: Uint8Array[] = [];
  let skip = count;
  for (const piece of pieces) {
    if (skip >= piece.length) skip -= piece.length;
    else {
      rest.push(skip === 0 ? piece : piece.subarray(skip));
      skip = 0;
    }
  }
  return rest;
}
