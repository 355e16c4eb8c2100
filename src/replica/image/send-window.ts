/** Bytes of one chunk, and of all that are on their way, whatever the settings say. */
export const MAX_CHUNK_BYTES: number = 4 * 1024 * 1024;
export const MAX_WINDOW_BYTES: number = 64 * 1024 * 1024;

/** Chunks that were sent on a link, numbered from 1 on, and those of them that are on their way. */
export class SendWindow {
  sent = 0;
  acknowledged = 0;
  /** Bytes of the chunks on their way, oldest first. */
  #inflight: number[] = [];
  #bytes = 0;

  /** Forgets all: numbers begin anew. */
  reset(): void {
    this.sent = 0;
    this.acknowledged = 0;
    this.#inflight = [];
    this.#bytes = 0;
  }

  get isEmpty(): boolean {
    return this.sent === this.acknowledged;
  }

  /** Whether another chunk may be sent, if `maxCount` may be on their way. */
  hasRoom(maxCount: number): boolean {
    return this.#inflight.length < maxCount && this.#bytes < MAX_WINDOW_BYTES;
  }

  /** The number of a chunk that is sent now. */
  add(bytes: number): number {
    this.#inflight.push(bytes);
    this.#bytes += bytes;
    this.sent++;
    return this.sent;
  }

  /** Chunks up to `number`, which was sent, are durable. Returns how many bytes more that are. */
  acknowledge(number: number): number {
    let bytes = 0;
    for (; this.acknowledged < number; this.acknowledged++) bytes += this.#inflight.shift() ?? 0;
    this.#bytes -= bytes;
    return bytes;
  }
}
