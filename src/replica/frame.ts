import { asNodeId } from '../base/ids.ts';

/**
 * Frames on the links between nodes: length of what follows (u32, little endian), type (u8), length
 * of the header (u32), header, body.
 */
export const FRAME_HEAD_BYTES = 9;
const LENGTH_BYTES = 4;
/** Larger than any entry: a frame that claims more is not one of ours. */
export const MAX_FRAME_BYTES = 1_100_000_000;
const INITIAL_BYTES = 64 * 1024;
const NO_BODY: Buffer = Buffer.alloc(0);

export const FRAME_MESSAGE = 1;
export const FRAME_REMOVED = 2;
export const FRAME_PROXY_COMMAND = 3;
export const FRAME_PROXY_REPLY = 4;
export const FRAME_PROXY_CLOSE = 5;
export const FRAME_PROXY_UNBLOCK = 6;
export const FRAME_IMAGE_OFFER = 7;
export const FRAME_IMAGE_WANT = 8;
export const FRAME_IMAGE_CHUNK = 9;
export const FRAME_IMAGE_ACK = 10;
export const FRAME_IMAGE_END = 11;
export const FRAME_IMAGE_DONE = 12;
export const FRAME_IMAGE_REFUSED = 13;

/** The first piece of a frame: all but its body, which the caller sends after it. */
export function frameHead(type: number, header: Uint8Array, bodyBytes: number): Buffer {
  const head = Buffer.allocUnsafe(FRAME_HEAD_BYTES + header.length);
  head.writeUInt32LE(FRAME_HEAD_BYTES - LENGTH_BYTES + header.length + bodyBytes, 0);
  head[4] = type;
  head.writeUInt32LE(header.length, 5);
  head.set(header, FRAME_HEAD_BYTES);
  return head;
}

export interface Frame {
  readonly type: number;
  /** Views on the reader's memory, valid until the next call of `next` or `push`. */
  readonly header: Buffer;
  /** Owns its memory. */
  readonly body: Buffer;
}

/** Cuts a stream of bytes into frames. */
export class FrameReader {
  #buffer: Buffer = Buffer.allocUnsafe(INITIAL_BYTES);
  #start = 0;
  #end = 0;

  push(chunk: Buffer): void {
    const held = this.#end - this.#start;
    if (this.#end + chunk.length > this.#buffer.length) {
      const needed = held + chunk.length;
      const from = this.#buffer;
      if (needed > from.length || from.length > INITIAL_BYTES) {
        // Twice as much each time, but no more than the frame that is coming in needs.
        const enough = Math.max(needed, this.#expected);
        const size = needed > from.length ? Math.min(needed * 2, enough) : needed;
        this.#buffer = Buffer.allocUnsafe(Math.max(INITIAL_BYTES, size));
      }
      from.copy(this.#buffer, 0, this.#start, this.#end);
      this.#start = 0;
      this.#end = held;
    }
    chunk.copy(this.#buffer, this.#end);
    this.#end += chunk.length;
  }

  /** Whether a part of a frame is here. */
  get isWaiting(): boolean {
    return this.#end > this.#start;
  }

  /** Bytes of the frame that is coming in, once its head is here. */
  get #expected(): number {
    if (this.#end - this.#start < FRAME_HEAD_BYTES) return 0;
    return LENGTH_BYTES + Math.min(this.#buffer.readUInt32LE(this.#start), MAX_FRAME_BYTES);
  }

  /** null: not complete yet. 'malformed': this is no stream of frames. */
  next(): Frame | null | 'malformed' {
    const held = this.#end - this.#start;
    if (held < FRAME_HEAD_BYTES) return null;
    const length = this.#buffer.readUInt32LE(this.#start);
    const headerBytes = this.#buffer.readUInt32LE(this.#start + 5);
    if (length > MAX_FRAME_BYTES || headerBytes + FRAME_HEAD_BYTES - LENGTH_BYTES > length) {
      return 'malformed';
    }
    if (held < LENGTH_BYTES + length) return null;
    const type = this.#buffer[this.#start + 4] ?? 0;
    const headerAt = this.#start + FRAME_HEAD_BYTES;
    const bodyAt = headerAt + headerBytes;
    this.#start += LENGTH_BYTES + length;
    const bodyBytes = this.#start - bodyAt;
    const body = bodyBytes === 0 ? NO_BODY : Buffer.allocUnsafeSlow(bodyBytes);
    this.#buffer.copy(body, 0, bodyAt, this.#start);
    const header = this.#buffer.subarray(headerAt, bodyAt);
    if (this.#start === this.#end) {
      this.#start = 0;
      this.#end = 0;
    }
    return { type, header, body };
  }
}

/** What a node says of itself when it opens a link (the JSON argument of RAFT.PEER). */
export interface PeerHello {
  readonly version: 1;
  readonly clusterId: string;
  readonly from: number;
  readonly to: number;
  readonly host: string;
  readonly port: number;
  readonly purpose: 'consensus' | 'proxy' | 'snapshot';
}

export function helloNode(hello: PeerHello): ReturnType<typeof asNodeId> {
  return asNodeId(hello.from);
}
