import { crc32c } from './crc32c.ts';
import { ioError, RaftLogError } from './errors.ts';
import type { LogFile } from './file-system.ts';

const WINDOW_BYTES = 1 << 20;

/**
 * Reads a file front to back through a window of 1 MiB. Only {@link FileReader.view} of something
 * longer than the window takes more memory, and gives it back with the next read.
 */
export class FileReader {
  /** The window. Its content is valid until the next call of any method. */
  buffer: Buffer = Buffer.alloc(0);
  readonly path: string;
  readonly size: number;
  readonly #file: LogFile;
  #start = 0;
  #length = 0;

  /** Nothing at or beyond `size` is read. */
  constructor(file: LogFile, path: string, size: number) {
    this.#file = file;
    this.path = path;
    this.size = size;
  }

  /** Brings `count` bytes from `position` on into {@link buffer}; returns where they begin in it. */
  view(position: number, count: number): number {
    if (position < this.#start || position + count > this.#start + this.#length) {
      this.#load(position, count);
    }
    return position - this.#start;
  }

  /** How many bytes can be viewed from `position` on without another read; at least 1. */
  available(position: number): number {
    this.view(position, 1);
    return this.#start + this.#length - position;
  }

  /** Goes on with the CRC-32C `seed` over the bytes `from .. to`. */
  crc(from: number, to: number, seed: number): number {
    let crc = seed;
    let position = from;
    while (position < to) {
      const count = Math.min(this.available(position), to - position);
      const at = this.view(position, count);
      crc = crc32c(this.buffer, at, at + count, crc);
      position += count;
    }
    return crc;
  }

  /** Whether all bytes from `position` to the end are zero. */
  zeroFrom(position: number): boolean {
    for (let p = position; p < this.size; ) {
      const count = this.available(p);
      const at = this.view(p, count);
      for (let i = at; i < at + count; i++) if (this.buffer[i] !== 0) return false;
      p += count;
    }
    return true;
  }

  /** First place at or after `position` where `needle` stands whole, or -1. */
  find(needle: Buffer, position: number): number {
    for (let p = position; p + needle.length <= this.size; ) {
      const count = Math.max(this.available(p), needle.length);
      const at = this.view(p, count);
      const end = at + this.available(p);
      const hit = this.buffer.subarray(0, end).indexOf(needle, at);
      if (hit >= 0) return p + hit - at;
      p += end - at - needle.length + 1;
    }
    return -1;
  }

  #load(position: number, count: number): void {
    if (position + count > this.size) {
      throw new RangeError(`read of ${count} bytes at ${position} beyond ${this.size}`);
    }
    const room = Math.max(count, Math.min(WINDOW_BYTES, this.size));
    if (this.buffer.length < room || this.buffer.length > WINDOW_BYTES) {
      this.buffer = Buffer.allocUnsafeSlow(room);
    }
    const wanted = Math.min(this.buffer.length, this.size - position);
    this.#start = position;
    this.#length = 0;
    let got: number;
    try {
      got = this.#file.read(this.buffer, 0, wanted, position);
    } catch (error) {
      throw ioError(this.path, `reading ${wanted} bytes at offset ${position}`, error);
    }
    if (got < wanted) {
      throw new RaftLogError('RAFTLOG_FAILED', `the file shrank to ${position + got} bytes`, {
        file: this.path,
        offset: position + got,
      });
    }
    this.#length = got;
  }
}
