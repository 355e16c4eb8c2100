import type * as net from 'node:net';
import type { Address, ListenerEvents, Socket, SocketEvents } from './world.ts';

/**
 * Several pieces up to this total are copied together and sent as one: for small pieces that is
 * cheaper than a vector of them, and the copy is reused unless the system could not take it.
 */
const JOIN_BYTES = 32 * 1024;

/** Where small pieces are joined; one for all sockets, because a write is over when it returns. */
export class SendBuffer {
  #bytes: Buffer = Buffer.allocUnsafeSlow(JOIN_BYTES);

  join(pieces: readonly Uint8Array[]): Buffer {
    let end = 0;
    for (const piece of pieces) {
      this.#bytes.set(piece, end);
      end += piece.length;
    }
    return this.#bytes.subarray(0, end);
  }

  /** The last joined bytes stay with a socket: the next ones need another place. */
  giveAway(): void {
    this.#bytes = Buffer.allocUnsafeSlow(JOIN_BYTES);
  }
}

const NOWHERE: Address = { host: '', port: 0 };

/** A TCP connection. Node writes at once what the system takes, and only then queues the rest. */
export class RealSocket implements Socket {
  readonly #sendBuffer: SendBuffer;
  #raw: net.Socket | null = null;
  #events: SocketEvents | null = null;
  #remote: Address = NOWHERE;
  #local: Address = NOWHERE;
  #error: Error | null = null;
  #keepAlive = 0;
  /** A write returned false and `drained` has not been called since. */
  #waiting = false;
  /** end() or destroy() was called: no more `data`. */
  #ending = false;

  constructor(sendBuffer: SendBuffer) {
    this.#sendBuffer = sendBuffer;
  }

  /** For a socket that {@link net.connect} made; its reads come through {@link received}. */
  attach(raw: net.Socket, events: SocketEvents): void {
    this.#raw = raw;
    this.#events = events;
    this.#watch(raw);
    raw.on('connect', () => {
      if (this.#ending) return;
      this.#takeAddresses(raw);
      if (this.#keepAlive > 0) this.setKeepAlive(this.#keepAlive);
      events.connected?.();
    });
  }

  /** For a socket that came in. */
  accept(raw: net.Socket, listener: ListenerEvents): void {
    this.#raw = raw;
    this.#takeAddresses(raw);
    this.#watch(raw);
    const events = listener.accepted(this);
    this.#events = events;
    raw.on('data', (chunk: Buffer) => {
      if (!this.#ending) events.data(chunk);
    });
    // The socket was made to stay open then, so that its client still gets the replies.
    raw.on('end', () => {
      if (this.#ending) return;
      if (events.ended === undefined) this.end();
      else events.ended();
    });
  }

  received(buffer: Buffer, length: number): void {
    if (!this.#ending) this.#events?.data(buffer.subarray(0, length));
  }

  get remote(): Address {
    return this.#remote;
  }

  get local(): Address {
    return this.#local;
  }

  get buffered(): number {
    return this.#raw?.writableLength ?? 0;
  }

  write(bytes: Uint8Array): boolean {
    const raw = this.#raw;
    if (raw === null || !raw.writable) return true;
    raw.write(bytes, this.#written);
    if (raw.writableLength === 0) return true;
    this.#waiting = true;
    return false;
  }

  writev(pieces: readonly Uint8Array[]): boolean {
    const raw = this.#raw;
    if (raw === null || !raw.writable) return true;
    const [first] = pieces;
    if (first === undefined) return true;
    if (pieces.length === 1) return this.write(first);
    if (raw.writableLength > 0 || exceeds(pieces, JOIN_BYTES))
      return this.#writeVector(raw, pieces);
    if (this.write(this.#sendBuffer.join(pieces))) return true;
    this.#sendBuffer.giveAway();
    return false;
  }

  pause(): void {
    this.#raw?.pause();
  }

  resume(): void {
    this.#raw?.resume();
  }

  end(): void {
    this.#ending = true;
    this.#raw?.destroySoon();
  }

  destroy(): void {
    this.#ending = true;
    this.#raw?.destroy();
  }

  setKeepAlive(seconds: number): void {
    this.#keepAlive = seconds;
    // Before it is connected there is nothing to set it on; `connect` does it then.
    if (this.#raw?.connecting === false) this.#raw.setKeepAlive(seconds > 0, seconds * 1000);
  }

  #writeVector(raw: net.Socket, pieces: readonly Uint8Array[]): boolean {
    raw.cork();
    for (const piece of pieces) raw.write(piece, this.#written);
    raw.uncork();
    if (raw.writableLength === 0) return true;
    this.#waiting = true;
    return false;
  }

  #watch(raw: net.Socket): void {
    raw.on('error', (error: Error) => {
      this.#error = error;
    });
    raw.on('close', () => this.#events?.closed(this.#error));
  }

  #takeAddresses(raw: net.Socket): void {
    this.#remote = { host: plain(raw.remoteAddress), port: raw.remotePort ?? 0 };
    this.#local = { host: plain(raw.localAddress), port: raw.localPort ?? 0 };
  }

  /** One function for all writes: Node then gathers the calls of a turn into one. */
  readonly #written = (error?: Error | null): void => {
    if (!this.#waiting || this.#ending || error || this.buffered > 0) return;
    this.#waiting = false;
    this.#events?.drained?.();
  };
}

function exceeds(pieces: readonly Uint8Array[], limit: number): boolean {
  let total = 0;
  for (const piece of pieces) total += piece.length;
  return total > limit;
}

/** An IPv4 address that reached an IPv6 socket is shown as IPv4. */
function plain(address: string | undefined): string {
  if (address === undefined) return '';
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
}
