import * as path from 'node:path';
import { type RecordChange, SortedRecords } from '../../src/world/sorted-records.ts';
import type { File, Files } from '../../src/world/world.ts';
import { decodeBatches, encodeBatch } from './sim-image-format.ts';
import { SimSystemError } from './sim-options.ts';

export type Done = (error: Error | null) => void;

/**
 * The file that the simulator keeps an image in: batches, one after another, each safe before the
 * next is written. The first one holds all that there was when the file was made; the file takes
 * its name when that is safe, so only a later one can be torn.
 */
export class SimImageFile {
  readonly #files: Files;
  readonly #folder: string;
  readonly #name: string;
  #file: File | null = null;
  #size = 0;
  #batches = 0;

  constructor(files: Files, folder: string) {
    this.#files = files;
    this.#folder = folder;
    this.#name = batchesName(folder);
  }

  get size(): number {
    return this.#size;
  }

  /** Reads what is stored. Throws what the system throws, and `CORRUPT`. */
  load(): SortedRecords {
    const records = new SortedRecords();
    if (!this.#files.exists(this.#name)) return records;
    const { batches, end, followed } = decodeBatches(this.#readAll());
    if (batches.length === 0 || followed) {
      throw new SimSystemError('CORRUPT', `'${this.#name}' is damaged at byte ${end}`);
    }
    for (const batch of batches) records.apply(batch);
    return records;
  }

  /** Makes the folder, and its name safe. */
  makeFolder(): void {
    const unsafe = [this.#folder];
    for (
      let name = path.dirname(this.#folder);
      !this.#files.exists(name);
      name = path.dirname(name)
    ) {
      unsafe.push(name);
    }
    this.#files.makeDirectory(this.#folder);
    for (const name of unsafe) this.#files.syncDirectory(path.dirname(name));
  }

  /**
   * Writes all records to a new file, which takes the place of the old one when it is safe. Done at
   * every opening too: what was read there may be in the system's memory only, after a sync that
   * failed, and no later sync of that file would change this.
   */
  rewrite(records: SortedRecords, done: Done): void {
    const all: RecordChange[] = [...records.view().entries()];
    const batch = encodeBatch(0, all);
    const temporary = temporaryName(this.#folder);
    const end: Done = (error) => {
      if (error !== null) this.#giveUp(temporary);
      done(error);
    };
    const failed = failure(() => {
      const file = this.#files.open(temporary, { create: true });
      if (file.size() > 0) file.truncate(0);
      file.write([batch], 0);
      file.syncCallback((error) => {
        end(
          error ??
            failure(() => {
              file.close();
              this.#files.rename(temporary, this.#name);
              this.#files.syncDirectory(this.#folder);
              this.close();
              this.#file = this.#files.open(this.#name, { create: false });
              this.#size = batch.length;
              this.#batches = 1;
            }),
        );
      });
    });
    if (failed !== null) end(failed);
  }

  /** Returns or throws nothing: `done` gets all errors, perhaps before this returns. */
  append(changes: readonly RecordChange[], done: Done): void {
    const batch = encodeBatch(this.#batches, changes);
    const failed = failure(() => {
      this.#opened().write([batch], this.#size);
      this.#opened().syncCallback((error) => {
        if (error === null) {
          this.#size += batch.length;
          this.#batches += 1;
        }
        done(error);
      });
    });
    if (failed !== null) done(failed);
  }

  /** Fails if the disk's reads do. */
  touch(): Error | null {
    return failure(() => this.#opened().read(Buffer.alloc(1), 0, 1, 0));
  }

  close(): void {
    this.#file?.close();
    this.#file = null;
  }

  #opened(): File {
    if (this.#file === null) throw new SimSystemError('EBADF', `closed '${this.#name}'`);
    return this.#file;
  }

  #readAll(): Buffer {
    const file = this.#files.open(this.#name, { create: false });
    const bytes = Buffer.alloc(file.size());
    file.read(bytes, 0, bytes.length, 0);
    file.close();
    return bytes;
  }

  /** Gives back the space of a file that did not get far enough. */
  #giveUp(temporary: string): void {
    failure(() => {
      if (this.#files.exists(temporary)) this.#files.remove(temporary);
    });
  }
}

export function batchesName(folder: string): string {
  return `${folder}/batches`;
}

/** What the file is called until it is whole. */
export function temporaryName(folder: string): string {
  return `${batchesName(folder)}.new`;
}

/** The system's error that this throws; all others, and the end of the process, go on. */
export function failure(action: () => void): SimSystemError | null {
  try {
    action();
    return null;
  } catch (error) {
    if (error instanceof SimSystemError) return error;
    throw error;
  }
}
