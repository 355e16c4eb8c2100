import { BATCH_HEADER_BYTES, encodeBatchHead, type HardState } from './layout.ts';

/** Groups up to this size are copied together and written as one piece, which is faster. */
const STAGE_BYTES = 64 * 1024;
const BLOCK_BYTES = 4096;
const NOTHING: Uint8Array = new Uint8Array(0);

export type AppendCallback = (error: Error | null) => void;

export interface QueuedBatch {
  readonly hardState: HardState;
  readonly first: number;
  readonly count: number;
  readonly truncates: boolean;
  readonly chain: number;
  readonly pieces: readonly Uint8Array[];
  readonly bytes: number;
  readonly done: AppendCallback;
}

/** Length of all batches, headers included. */
export function queuedBytes(batches: readonly QueuedBatch[]): number {
  let bytes = 0;
  for (const batch of batches) bytes += BATCH_HEADER_BYTES + batch.bytes;
  return bytes;
}

/** Batches that are written together. */
export interface Group {
  readonly batches: readonly QueuedBatch[];
  /** Their length, headers included. */
  readonly bytes: number;
  /** Where the first one will stand. */
  readonly offset: number;
  /** All bytes of the file before this are durable. */
  readonly watermark: number;
}

/** Puts the headers before the batches of a group. */
export class GroupEncoder {
  /** Of the file that is written to. */
  identity: number;
  readonly #preallocate: number;
  readonly #stage: Buffer = Buffer.allocUnsafeSlow(STAGE_BYTES);
  readonly #zeros: Buffer;

  constructor(identity: number, preallocate: number) {
    this.identity = identity;
    this.#preallocate = preallocate;
    this.#zeros = Buffer.alloc(preallocate === 0 ? 0 : preallocate + BLOCK_BYTES);
  }

  /** What to write. Valid until the next call. */
  encode(group: Group): Uint8Array[] {
    return group.bytes <= STAGE_BYTES ? [this.#staged(group)] : this.#gathered(group);
  }

  /**
   * Zeros to write behind a group of `bytes` that ends at `end`, up to the end of a disk block.
   * None behind a large group: there the data costs more than the new size of the file.
   */
  zerosAfter(end: number, bytes: number): Uint8Array {
    if (this.#zeros.length === 0 || bytes > STAGE_BYTES) return NOTHING;
    const blocks = Math.ceil((end + this.#preallocate) / BLOCK_BYTES);
    return this.#zeros.subarray(0, blocks * BLOCK_BYTES - end);
  }

  #staged(group: Group): Uint8Array {
    let at = 0;
    for (const batch of group.batches) {
      this.#encodeHead(this.#stage, at, batch, group.offset + at, group.watermark);
      at += BATCH_HEADER_BYTES;
      for (const piece of batch.pieces) {
        this.#stage.set(piece, at);
        at += piece.length;
      }
    }
    return this.#stage.subarray(0, at);
  }

  #gathered(group: Group): Uint8Array[] {
    const heads = Buffer.allocUnsafe(group.batches.length * BATCH_HEADER_BYTES);
    const pieces: Uint8Array[] = [];
    let at = 0;
    let offset = group.offset;
    for (const batch of group.batches) {
      this.#encodeHead(heads, at, batch, offset, group.watermark);
      pieces.push(heads.subarray(at, at + BATCH_HEADER_BYTES));
      for (const piece of batch.pieces) pieces.push(piece);
      at += BATCH_HEADER_BYTES;
      offset += BATCH_HEADER_BYTES + batch.bytes;
    }
    return pieces;
  }

  #encodeHead(
    bytes: Uint8Array,
    at: number,
    batch: QueuedBatch,
    offset: number,
    watermark: number,
  ): void {
    const { hardState, first, count, truncates, chain } = batch;
    const bodyBytes = batch.bytes;
    const head = { offset, watermark, hardState, first, count, bodyBytes, truncates, chain };
    encodeBatchHead(bytes, at, head, this.identity);
  }
}
