/**
 * The files a log lives in, as an interface, so that tests and simulators can put their own in its
 * place. Durability is spelt out: bytes are safe after a sync of the file, and a created, renamed
 * or removed name after {@link FileSystem.syncDirectory} of its folder. Failing calls throw an
 * `Error` with a `code` such as `ENOENT` or `ENOSPC`.
 */
export interface FileSystem {
  /** `create`: make it if absent. */
  open(path: string, options: { readonly create: boolean }): LogFile;
  exists(path: string): boolean;
  /** Names in a folder, sorted. */
  list(path: string): readonly string[];
  /** Makes the folder and its parents. */
  makeDirectory(path: string): void;
  rename(from: string, to: string): void;
  remove(path: string): void;
  syncDirectory(path: string): void;
}

export interface LogFile {
  size(): number;
  /** Reads up to `length` bytes at `position` into `into` at `offset`; returns how many there were. */
  read(into: Uint8Array, offset: number, length: number, position: number): number;
  /** Writes all pieces one after another, from `position` on. */
  write(pieces: readonly Uint8Array[], position: number): void;
  truncate(size: number): void;
  /** Blocks until all that was written is durable. */
  sync(): void;
  /** The same without blocking; calls back later, never before it returns. One at a time. */
  syncCallback(done: (error: Error | null) => void): void;
  close(): void;
}
