import fs from 'node:fs';
import type { FileSystem, LogFile } from './file-system.ts';

/** The files of this machine. */
export const nodeFiles: FileSystem = makeFiles((path, create) =>
  fs.openSync(
    path,
    create ? fs.constants.O_RDWR | fs.constants.O_CREAT : fs.constants.O_RDWR,
    0o644,
  ),
);

/** The same, but every file is opened for reading alone. */
export const readOnlyNodeFiles: FileSystem = makeFiles((path) => fs.openSync(path, 'r'));

function makeFiles(open: (path: string, create: boolean) => number): FileSystem {
  return {
    open: (path, options) => new NodeFile(open(path, options.create)),
    exists: (path) => fs.existsSync(path),
    list: (path) => fs.readdirSync(path).sort(),
    makeDirectory(path): void {
      fs.mkdirSync(path, { recursive: true });
    },
    rename: (from, to) => fs.renameSync(from, to),
    remove: (path) => fs.unlinkSync(path),
    syncDirectory(path): void {
      const descriptor = fs.openSync(path, 'r');
      try {
        fs.fsyncSync(descriptor);
      } finally {
        fs.closeSync(descriptor);
      }
    },
  };
}

class NodeFile implements LogFile {
  readonly #descriptor: number;

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  size(): number {
    return fs.fstatSync(this.#descriptor).size;
  }

  read(into: Uint8Array, offset: number, length: number, position: number): number {
    let done = 0;
    while (done < length) {
      const got = fs.readSync(
        this.#descriptor,
        into,
        offset + done,
        length - done,
        position + done,
      );
      if (got === 0) break;
      done += got;
    }
    return done;
  }

  write(pieces: readonly Uint8Array[], position: number): void {
    const first = pieces[0];
    if (pieces.length === 1 && first !== undefined) {
      this.#writeOne(first, 0, position);
      return;
    }
    const written = fs.writevSync(this.#descriptor, pieces, position);
    this.#writeRest(pieces, written, position);
  }

  truncate(size: number): void {
    fs.ftruncateSync(this.#descriptor, size);
  }

  sync(): void {
    fs.fsyncSync(this.#descriptor);
  }

  syncCallback(done: (error: Error | null) => void): void {
    fs.fdatasync(this.#descriptor, done);
  }

  close(): void {
    fs.closeSync(this.#descriptor);
  }

  /** A system call may take less than it was given (2 GiB at most): the rest goes piece by piece. */
  #writeRest(pieces: readonly Uint8Array[], written: number, position: number): void {
    let start = 0;
    for (const piece of pieces) {
      const end = start + piece.length;
      if (end > written) {
        const skip = Math.max(0, written - start);
        this.#writeOne(piece, skip, position + start + skip);
      }
      start = end;
    }
  }

  #writeOne(piece: Uint8Array, from: number, position: number): void {
    let at = from;
    while (at < piece.length) {
      at += fs.writeSync(this.#descriptor, piece, at, piece.length - at, position + at - from);
    }
  }
}
