/**
 * Ordered keys and values on disk, where images of the dataset are kept: LevelDB on a machine, a file of
 * its own in the simulator, memory where nothing is to be kept. Keys are compared byte by byte.
 */
export interface ImageStores {
  /**
   * Opens the store in the folder `path`, which is made if need be. `done` gets an error if the store
   * cannot be read, which is never mended in silence.
   */
  open(path: string, done: (error: Error | null, store: ImageStore | null) => void): void;
  /** Whether anything was ever stored in this folder. */
  exists(path: string): boolean;
  /** Deletes the store in the folder, which must not be open. */
  destroy(path: string, done: (error: Error | null) => void): void;
}

export interface ImageStore {
  /** Changes that happen together. */
  batch(): ImageBatch;
  /** `value` is null if the key is not there. */
  get(key: Buffer, done: (error: Error | null, value: Buffer | null) => void): void;
  /** What is stored now, whatever is written later. Must be closed. */
  snapshot(): ImageSnapshot;
  /** Bytes on disk, about. */
  size(): number;
  /** Gives back the disk space of what was deleted in this range. */
  reclaim(range: ImageRange, done: (error: Error | null) => void): void;
  /** After this nothing is called back but `done`. */
  close(done: (error: Error | null) => void): void;
}

/** Used once. Keys and values must not be changed afterwards. */
export interface ImageBatch {
  put(key: Buffer, value: Buffer): void;
  delete(key: Buffer): void;
  /** Number of changes so far. */
  readonly length: number;
  /**
   * All of it survives a crash or nothing; when `done` is called without an error, all of it does.
   * Batches happen in the order of these calls. After an error the store is good for nothing but
   * closing; whether the batch was stored is known when it is opened again.
   */
  write(done: (error: Error | null) => void): void;
}

/** From `from` on, up to and without `to`. */
export interface ImageRange {
  readonly from: Buffer;
  readonly to: Buffer;
}

export interface ImageEntry {
  readonly key: Buffer;
  readonly value: Buffer;
}

export interface ImageSnapshot {
  /**
   * The first entries of a range in order (the last ones in reverse order if `reverse`): at most `limit`
   * of them, and no more once `maxBytes` are reached, at least one if there is one.
   */
  read(
    query: ImageRange & {
      readonly limit: number;
      readonly maxBytes: number;
      readonly reverse?: boolean;
    },
    done: (error: Error | null, entries: readonly ImageEntry[]) => void,
  ): void;
  close(): void;
}
