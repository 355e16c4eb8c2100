import type { EntryTable } from './entry-table.ts';
import {
  RECORD_HEADER_BYTES,
  recordBytes,
  recordChain,
  recordIndex,
  recordTerm,
} from './record.ts';

export interface PiecesShape {
  /** What the records must add up to. */
  readonly count: number;
  readonly bytes: number;
  /** Byte of the file where the first record will stand. */
  readonly offset: number;
  /** Term of the batch: no record may have a higher one. */
  readonly maxTerm: number;
}

/**
 * Walks through encoded records, which may be cut anywhere into pieces, and adds them to `table`
 * behind its last entry. Payloads are not looked at. Returns what is wrong with them, or null.
 */
export function indexPieces(
  pieces: readonly Uint8Array[],
  shape: PiecesShape,
  table: EntryTable,
): string | null {
  const end = shape.offset + shape.bytes;
  let offset = shape.offset;
  let piece = 0;
  let at = 0;
  for (let i = 0; i < shape.count; i++) {
    if (offset + RECORD_HEADER_BYTES > end) return `only ${i} of ${shape.count} records`;
    let bytes = pieces[piece];
    while (bytes !== undefined && at >= bytes.length) {
      at -= bytes.length;
      bytes = pieces[++piece];
    }
    if (bytes === undefined) return `pieces are shorter than ${shape.bytes} bytes`;
    const whole = bytes.length - at >= RECORD_HEADER_BYTES;
    const head = whole ? bytes : gatherHead(pieces, piece, at);
    const headAt = whole ? at : 0;
    const length = recordBytes(head, headAt);
    const term = recordTerm(head, headAt);
    const index = recordIndex(head, headAt);
    if (index !== table.last + 1) return `record ${index} where ${table.last + 1} must follow`;
    if (term < table.lastTerm || term > shape.maxTerm) {
      return `record ${index} has term ${term}, not in ${table.lastTerm}..${shape.maxTerm}`;
    }
    table.push(offset, length, recordChain(head, headAt), term);
    offset += length;
    at += length;
  }
  return offset === end ? null : `records have ${offset - shape.offset} bytes, not ${shape.bytes}`;
}

export function totalBytes(pieces: readonly Uint8Array[]): number {
  let bytes = 0;
  for (const piece of pieces) bytes += piece.length;
  return bytes;
}

/** The header of a record that is spread over several pieces; zeros where there are no more. */
function gatherHead(pieces: readonly Uint8Array[], piece: number, at: number): Uint8Array {
  const head = new Uint8Array(RECORD_HEADER_BYTES);
  let filled = 0;
  let from = at;
  for (let i = piece; i < pieces.length && filled < RECORD_HEADER_BYTES; i++) {
    const part = (pieces[i] as Uint8Array).subarray(from, from + RECORD_HEADER_BYTES - filled);
    head.set(part, filled);
    filled += part.length;
    from = 0;
  }
  return head;
}
