import { crc32c } from '../../../raftlog/index.ts';
import type { RecordPlace } from '../../keyspace/image/image-writing.ts';
import type { ImageEntry, ImageRange } from '../../world/image-store.ts';

/**
 * How records stand in a store. Key: a tag, the generation (u32: a whole image that came from another
 * node is a new one), then what says which record it is: id (u48), part (u32), image (u32) and piece
 * (u16), all big endian, so that the store's order is that of these numbers. Value: CRC-32C (u32) of the
 * key behind the generation and of all that follows, number of pieces (u16), bytes, little endian.
 */
export const RECORD_TAG = 2;
const GENERATION_AT = 1;
const PLACE_AT = 5;
const PART_AT: number = PLACE_AT + 6;
const IMAGE_AT: number = PART_AT + 4;
const PIECE_AT: number = IMAGE_AT + 4;
export const RECORD_KEY_BYTES: number = PIECE_AT + 2;
const SUM_BYTES = 4;
const VALUE_HEAD_BYTES = 6;

/** A record is cut into pieces of so many bytes, so that one large value holds up nothing. */
export const PIECE_BYTES: number = 128 * 1024;

export interface Piece {
  readonly place: RecordPlace;
  readonly piece: number;
  /** 0: a tombstone. */
  readonly pieces: number;
  /** CRC-32C of this piece. */
  readonly sum: number;
  /** A view on the value. */
  readonly bytes: Buffer;
}

function recordKey(generation: number, place: RecordPlace, piece: number): Buffer {
  const key = Buffer.allocUnsafe(RECORD_KEY_BYTES);
  key[0] = RECORD_TAG;
  key.writeUInt32BE(generation, GENERATION_AT);
  key.writeUIntBE(place.id, PLACE_AT, 6);
  key.writeUInt32BE(place.part, PART_AT);
  key.writeUInt32BE(place.image, IMAGE_AT);
  key.writeUInt16BE(piece, PIECE_AT);
  return key;
}

/**
 * Cuts a record into the pieces that are stored. Returns its checksum: the sum of those of its pieces,
 * modulo 2^32.
 */
export function cutRecord(
  record: { readonly generation: number; readonly place: RecordPlace; readonly payload: Buffer },
  put: (key: Buffer, value: Buffer) => void,
): number {
  const { generation, place, payload } = record;
  const pieces = Math.max(1, Math.ceil(payload.length / PIECE_BYTES));
  let sum = 0;
  for (let piece = 0; piece < pieces; piece++) {
    const key = recordKey(generation, place, piece);
    const bytes = payload.subarray(piece * PIECE_BYTES, (piece + 1) * PIECE_BYTES);
    const value = Buffer.allocUnsafe(VALUE_HEAD_BYTES + bytes.length);
    value.writeUInt16LE(pieces, SUM_BYTES);
    value.set(bytes, VALUE_HEAD_BYTES);
    const crc = sumOf(key, value);
    value.writeUInt32LE(crc, 0);
    sum = (sum + crc) >>> 0;
    put(key, value);
  }
  return sum;
}

/** What is stored where the newest image has no record of a part: a record of no pieces. */
export function tombstone(generation: number, place: RecordPlace): ImageEntry {
  const key = recordKey(generation, place, 0);
  const value = Buffer.alloc(VALUE_HEAD_BYTES);
  value.writeUInt32LE(sumOf(key, value), 0);
  return { key, value };
}

/** The keys of a record's pieces, `pieces` of them. */
export function recordKeys(generation: number, place: RecordPlace, pieces: number): Buffer[] {
  const keys: Buffer[] = [];
  for (let piece = 0; piece < pieces; piece++) keys.push(recordKey(generation, place, piece));
  return keys;
}

function sumOf(key: Buffer, value: Buffer): number {
  const seed = crc32c(key, PLACE_AT, key.length, 0);
  return crc32c(value, SUM_BYTES, value.length, seed) >>> 0;
}

/** What an entry of the store holds, or why it cannot be believed. */
export function readPiece({ key, value }: ImageEntry): Piece | string {
  if (key.length !== RECORD_KEY_BYTES || key[0] !== RECORD_TAG) return 'a key that is none of ours';
  const id = key.readUIntBE(PLACE_AT, 6);
  const part = key.readUInt32BE(PART_AT);
  const image = key.readUInt32BE(IMAGE_AT);
  const piece = key.readUInt16BE(PIECE_AT);
  if (value.length < VALUE_HEAD_BYTES) return `record ${id}/${part} of image ${image} is cut off`;
  const sum = value.readUInt32LE(0);
  if (sum !== sumOf(key, value)) {
    return `record ${id}/${part} of image ${image} is damaged: its checksum does not match`;
  }
  const pieces = value.readUInt16LE(SUM_BYTES);
  const bytes = value.subarray(VALUE_HEAD_BYTES);
  return { place: { id, part, image }, piece, pieces, sum, bytes };
}

/** All records of a generation, or those of some numbers: from `firstId` on, before `endId`. */
export function recordRange(
  generation: number,
  firstId = 0,
  endId: number = 2 ** 48 - 1,
): ImageRange {
  return {
    from: recordKey(generation, { id: firstId, part: 0, image: 0 }, 0),
    to: recordKey(generation, { id: endId, part: 0, image: 0 }, 0),
  };
}

/** All records of older generations. */
export function olderRange(generation: number): ImageRange {
  const { from } = recordRange(0);
  return { from, to: recordRange(generation).from };
}

/** The key that a record has in another generation. */
export function withGeneration(key: Buffer, generation: number): Buffer {
  const moved = Buffer.from(key);
  moved.writeUInt32BE(generation, GENERATION_AT);
  return moved;
}
