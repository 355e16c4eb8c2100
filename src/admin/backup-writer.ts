import { crc32c } from '../../raftlog/index.ts';
import type { File, Files } from '../world/world.ts';
import { type BackupHead, encodeHead, encodeTrailer } from './backup-format.ts';
import { folderOf } from './tools.ts';

/** Writes a backup beside its name, and gives it that name when all of it is on disk. */
export class BackupWriter {
  readonly #files: Files;
  readonly #path: string;
  readonly #file: File;
  #at = 0;
  #sum = 0;
  #entries = 0;
  #isOpen = true;

  /** Throws if the file cannot be made. What an earlier attempt left is overwritten. */
  constructor(files: Files, path: string, head: BackupHead) {
    this.#files = files;
    this.#path = path;
    this.#file = files.open(this.#partial, { create: true });
    try {
      this.#file.truncate(0);
      this.#write(encodeHead(head));
    } catch (error) {
      this.abort();
      throw error;
    }
  }

  get #partial(): string {
    return `${this.#path}.partial`;
  }

  /** Bytes written so far. */
  get bytes(): number {
    return this.#at;
  }

  #write(bytes: Buffer): void {
    this.#file.write([bytes], this.#at);
    this.#at += bytes.length;
    this.#sum = crc32c(bytes, 0, bytes.length, this.#sum) >>> 0;
  }

  /** Some entries, joined. */
  add(entries: number, joined: Buffer): void {
    this.#write(joined);
    this.#entries += entries;
  }

  /** The file is there, whole and durable, when this returns. */
  finish(): void {
    this.#write(encodeTrailer(this.#entries, this.#sum));
    this.#file.sync();
    this.#isOpen = false;
    this.#file.close();
    this.#files.rename(this.#partial, this.#path);
    this.#files.syncDirectory(folderOf(this.#path));
  }

  /** Takes away what was written. */
  abort(): void {
    try {
      if (this.#isOpen) this.#file.close();
      this.#isOpen = false;
      if (this.#files.exists(this.#partial)) this.#files.remove(this.#partial);
    } catch {
      // Why it came to that is what matters, and what is left has a name that says what it is.
    }
  }
}
