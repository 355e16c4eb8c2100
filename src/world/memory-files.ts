import type { File, Files } from './world.ts';

const BLOCK_BYTES: number = 256 * 1024;

/** Files of which nothing is kept when the process ends. Folders need not be made. */
export class MemoryFiles implements Files {
  readonly #later: (callback: () => void) => void;
  readonly #files: Map<string, Contents> = new Map();

  /** `later` calls back in a later turn, and in the order in which it was asked to. */
  constructor(later: (callback: () => void) => void) {
    this.#later = later;
  }

  open(path: string, options: { readonly create: boolean }): File {
    let contents = this.#files.get(path);
    if (contents === undefined) {
      if (!options.create) throw noSuchFile(path);
      contents = new Contents();
      this.#files.set(path, contents);
    }
    return new MemoryFile(contents, this.#later);
  }

  exists(path: string): boolean {
    return this.#files.has(path);
  }

  list(path: string): readonly string[] {
    const prefix = `${path}/`;
    const names: string[] = [];
    for (const name of this.#files.keys()) {
      if (name.startsWith(prefix)) names.push(name.slice(prefix.length));
    }
    return names.sort();
  }

  makeDirectory(): void {}

  rename(from: string, to: string): void {
    const contents = this.#files.get(from);
    if (contents === undefined) throw noSuchFile(from);
    this.#files.delete(from);
    this.#files.set(to, contents);
  }

  remove(path: string): void {
    if (!this.#files.delete(path)) throw noSuchFile(path);
  }

  syncDirectory(): void {}
}

function noSuchFile(path: string): Error {
  return Object.assign(new Error(`ENOENT: no such file, '${path}'`), { code: 'ENOENT' });
}

/** In blocks, so that growing copies nothing. */
class Contents {
  readonly blocks: Buffer[] = [];
  size = 0;

  reserve(size: number): void {
    while (this.blocks.length * BLOCK_BYTES < size) this.blocks.push(Buffer.alloc(BLOCK_BYTES));
    if (size > this.size) this.size = size;
  }

  /** Calls `visit` for each stretch of a block between two positions. */
  visit(from: number, to: number, visit: (bytes: Buffer, at: number) => void): void {
    for (let at = from; at < to; ) {
      const block = this.blocks[Math.floor(at / BLOCK_BYTES)] as Buffer;
      const start = at % BLOCK_BYTES;
      const end = Math.min(BLOCK_BYTES, start + to - at);
      visit(block.subarray(start, end), at);
      at += end - start;
    }
  }
}

class MemoryFile implements File {
  readonly #contents: Contents;
  readonly #later: (callback: () => void) => void;

  constructor(contents: Contents, later: (callback: () => void) => void) {
    this.#contents = contents;
    this.#later = later;
  }

  size(): number {
    return this.#contents.size;
  }

  read(into: Uint8Array, offset: number, length: number, position: number): number {
    const end = Math.min(position + length, this.#contents.size);
    this.#contents.visit(position, end, (bytes, at) => into.set(bytes, offset + at - position));
    return Math.max(0, end - position);
  }

  write(pieces: readonly Uint8Array[], position: number): void {
    let start = position;
    for (const piece of pieces) {
      const from = start;
      const end = from + piece.length;
      this.#contents.reserve(end);
      this.#contents.visit(from, end, (bytes, at) =>
        bytes.set(piece.subarray(at - from, at - from + bytes.length)),
      );
      start = end;
    }
  }

  truncate(size: number): void {
    const contents = this.#contents;
    contents.reserve(size);
    // What is read behind the end of a shorter file and then written over must be zeros.
    contents.visit(size, contents.size, (bytes) => bytes.fill(0));
    contents.size = size;
    contents.blocks.length = Math.ceil(size / BLOCK_BYTES);
  }

  sync(): void {}

  syncCallback(done: (error: Error | null) => void): void {
    this.#later(() => done(null));
  }

  close(): void {}
}
