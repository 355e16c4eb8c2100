/** Most bytes in one `data`, as Node reads them. */
const CHUNK_BYTES = 64 * 1024;

/** Bytes that have arrived and that the process has not read. */
export class ReceiveQueue {
  #pieces: Buffer[] = [];

  get empty(): boolean {
    return this.#pieces.length === 0;
  }

  push(bytes: Buffer): void {
    this.#pieces.push(bytes);
  }

  /** These are read next. */
  putBack(bytes: Buffer): void {
    this.#pieces.unshift(bytes);
  }

  clear(): void {
    this.#pieces = [];
  }

  /** All that has arrived, as one chunk if it is not too much. The queue must not be empty. */
  take(): Buffer {
    let count = 0;
    let total = 0;
    for (const piece of this.#pieces) {
      if (count > 0 && total + piece.length > CHUNK_BYTES) break;
      count += 1;
      total += piece.length;
    }
    const taken = this.#pieces.splice(0, count);
    const [first] = taken;
    if (first === undefined || count > 1) return Buffer.concat(taken, total);
    if (first.length <= CHUNK_BYTES) return first;
    this.putBack(first.subarray(CHUNK_BYTES));
    return first.subarray(0, CHUNK_BYTES);
  }
}
