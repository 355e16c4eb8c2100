import type { Milliseconds } from '../base/ids.ts';
import type { ImageStores } from './image-store.ts';

/**
 * The only door to clock, randomness, sockets, files and timers. `real.ts` opens it on the machine;
 * the simulator opens it on a virtual one. Everything is callbacks: no promise crosses this border,
 * so the order in which things happen is the order of the world's events and nothing else.
 */
export interface World {
  readonly clock: Clock;
  readonly random: Random;
  readonly timers: Timers;
  readonly network: Network;
  readonly files: Files;
  /** Where images of the dataset are kept. */
  readonly images: ImageStores;
  readonly process: ProcessFacts;
}

export interface Clock {
  /** Never goes back; its zero means nothing. */
  monotonic(): Milliseconds;
  /** Milliseconds of the Unix epoch, whole; may go back. */
  wall(): Milliseconds;
  /** Microseconds for measuring durations, with fractions; never goes back. */
  microseconds(): number;
}

export interface Random {
  /** 32 uniform random bits from a source that cannot be guessed. */
  uint32(): number;
}

export interface Timers {
  /** Calls back once after at least `delay` ms. */
  after(delay: number, callback: () => void): Timer;
  /**
   * Calls back once at the end of this turn: after the callbacks of all sockets that are readable
   * now, before the process waits for events again.
   */
  turnEnd(callback: () => void): void;
}

export interface Timer {
  /** A cancelled timer never calls back. May be called twice. */
  cancel(): void;
}

export interface Network {
  /** `ready` is called once with null or with why it cannot listen. */
  listen(at: Address, events: ListenerEvents): Listener;
  /** Host names are resolved. `events.closed` follows if it cannot connect. */
  connect(to: Address, events: SocketEvents): Socket;
  /** The addresses of this machine's interfaces that are not loopback, IPv4 first. */
  localAddresses(): readonly string[];
}

export interface Address {
  readonly host: string;
  readonly port: number;
}

export interface ListenerEvents {
  ready(error: Error | null): void;
  /** Returns the events of the new socket. */
  accepted(socket: Socket): SocketEvents;
}

export interface Listener {
  /** Stops accepting; open sockets stay. */
  close(): void;
}

export interface SocketEvents {
  /** An outgoing connection stands. Not called for accepted sockets. */
  connected?(): void;
  /** `chunk` may be reused by the caller after this returns. */
  data(chunk: Buffer): void;
  /**
   * The other side of an accepted socket sends no more, and may still read. Who does not have this
   * closes then.
   */
  ended?(): void;
  /** What {@link Socket.write} had to keep has left: `buffered` is small again. */
  drained?(): void;
  /** Last event of a socket, whoever closed it; `error` if it broke or never connected. */
  closed(error: Error | null): void;
}

export interface Socket {
  /** The other side, as numbers; empty before `connected`. */
  readonly remote: Address;
  readonly local: Address;
  /** Bytes handed to {@link write} that have not left yet. */
  readonly buffered: number;
  /**
   * Sends bytes in order. Returns true when the socket has taken all of them and `bytes` may be
   * reused; false when it keeps them, so that they must not be changed any more.
   */
  write(bytes: Uint8Array): boolean;
  /** The same for several pieces in one system call where the machine can. */
  writev(pieces: readonly Uint8Array[]): boolean;
  /** No more `data` until {@link resume}. */
  pause(): void;
  resume(): void;
  /** Sends what is buffered, then closes. */
  end(): void;
  /** Closes now. */
  destroy(): void;
  setKeepAlive(seconds: number): void;
}

/**
 * Files, with durability spelt out: bytes written are safe only after `sync`/`syncCallback` of the
 * file, and a created, renamed or removed name only after `syncDirectory` of its folder. Failing
 * calls throw an `Error` with a `code` such as `ENOENT` or `ENOSPC`.
 */
export interface Files {
  /** `create`: make it if absent. Always readable and writable. */
  open(path: string, options: { readonly create: boolean }): File;
  exists(path: string): boolean;
  /** Names in a folder, sorted. */
  list(path: string): readonly string[];
  /** Makes the folder and its parents. */
  makeDirectory(path: string): void;
  rename(from: string, to: string): void;
  remove(path: string): void;
  syncDirectory(path: string): void;
}

export interface File {
  size(): number;
  /** Reads up to `length` bytes at `position` into `into` at `offset`; returns how many there were. */
  read(into: Uint8Array, offset: number, length: number, position: number): number;
  /** Writes all pieces one after another, from `position` on. */
  write(pieces: readonly Uint8Array[], position: number): void;
  truncate(size: number): void;
  /** Blocks until all that was written is durable. */
  sync(): void;
  /** The same without blocking. One at a time. */
  syncCallback(done: (error: Error | null) => void): void;
  close(): void;
}

/** Facts that INFO tells about the process. */
export interface ProcessFacts {
  readonly pid: number;
  readonly os: string;
  readonly architecture: string;
  readonly runtime: string;
  /** Bytes resident, bytes of live heap. */
  memory(): { readonly resident: number; readonly heap: number };
  /** CPU seconds used so far. */
  cpu(): { readonly user: number; readonly system: number };
  /** Appends text to the log (a file, or standard output). */
  log(line: string): void;
}
