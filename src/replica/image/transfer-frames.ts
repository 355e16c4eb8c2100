import { unreachable } from '../../base/assert.ts';
import { asLogIndex, asTerm, type LogIndex, type Term } from '../../base/ids.ts';
import type { ImageEntry } from '../../world/image-store.ts';
import {
  FRAME_IMAGE_ACK,
  FRAME_IMAGE_CHUNK,
  FRAME_IMAGE_DONE,
  FRAME_IMAGE_END,
  FRAME_IMAGE_OFFER,
  FRAME_IMAGE_REFUSED,
  FRAME_IMAGE_WANT,
  type Frame,
  frameHead,
} from '../frame.ts';
import { packMeta, type StoredMeta, unpackMeta } from './meta.ts';
import { PIECE_BYTES, RECORD_KEY_BYTES, RECORD_TAG } from './record.ts';

/**
 * Why an offer, or an image at its end, is not taken. `busy`: later it may be. `outdated`: a leader of a
 * higher term sends one. `incomplete`: records are missing that the image must have.
 */
export type Refusal = 'busy' | 'outdated' | 'incomplete';

/**
 * What the two sides of a snapshot link say. The sender: `offer`, then after `want` its `chunk`s, which
 * are numbered from 1 on, then `end` with the number of the last one. The receiver: `want` with the key
 * behind which to go on (null: from the beginning) and how many bytes it has; `ack` with the number of
 * the last chunk that is durable, also repeated as a sign of life; and at last `done`, when it has
 * everything up to `index`.
 *
 * Every offer is answered with `want`, `done` or `refused`, and so is `end`, with one of the last two.
 */
export type TransferMessage =
  | { readonly kind: 'offer'; readonly term: Term; readonly stored: StoredMeta }
  | { readonly kind: 'want'; readonly after: Buffer | null; readonly bytes: number }
  | { readonly kind: 'chunk'; readonly number: number; readonly entries: readonly ImageEntry[] }
  | { readonly kind: 'ack'; readonly number: number }
  | { readonly kind: 'end'; readonly number: number }
  | { readonly kind: 'done'; readonly index: LogIndex }
  | { readonly kind: 'refused'; readonly reason: Refusal };

const REFUSALS: readonly Refusal[] = ['busy', 'outdated', 'incomplete'];
const NOTHING: Buffer = Buffer.alloc(0);
const NUMBER_BYTES = 8;
const VALUE_LENGTH_BYTES = 4;
/** Room for what stands before the bytes in the value of a piece. */
const MAX_VALUE_BYTES: number = PIECE_BYTES + 64;

/** Bytes that an entry takes in a chunk. */
export function chunkBytes({ key, value }: ImageEntry): number {
  return VALUE_LENGTH_BYTES + key.length + value.length;
}

/** The pieces of the frame, in order. */
export function encodeTransfer(message: TransferMessage): readonly Uint8Array[] {
  switch (message.kind) {
    case 'offer':
      return frame(FRAME_IMAGE_OFFER, message.term, packMeta(message.stored));
    case 'want':
      return frame(FRAME_IMAGE_WANT, message.bytes, message.after ?? NOTHING);
    case 'chunk':
      return frame(FRAME_IMAGE_CHUNK, message.number, joinEntries(message.entries));
    case 'ack':
      return frame(FRAME_IMAGE_ACK, message.number, NOTHING);
    case 'end':
      return frame(FRAME_IMAGE_END, message.number, NOTHING);
    case 'done':
      return frame(FRAME_IMAGE_DONE, message.index, NOTHING);
    case 'refused':
      return frame(FRAME_IMAGE_REFUSED, REFUSALS.indexOf(message.reason), NOTHING);
    default:
      return unreachable(message);
  }
}

function frame(type: number, number: number, body: Buffer): readonly Uint8Array[] {
  const header = Buffer.allocUnsafe(NUMBER_BYTES);
  header.writeDoubleLE(number, 0);
  const head = frameHead(type, header, body.length);
  return body.length === 0 ? [head] : [head, body];
}

/** Each entry: length of the value (u32, little endian), key, value. */
export function joinEntries(entries: readonly ImageEntry[]): Buffer {
  let length = 0;
  for (const entry of entries) length += chunkBytes(entry);
  const bytes = Buffer.allocUnsafe(length);
  let at = 0;
  for (const { key, value } of entries) {
    at = bytes.writeUInt32LE(value.length, at);
    bytes.set(key, at);
    bytes.set(value, at + key.length);
    at += key.length + value.length;
  }
  return bytes;
}

/** null: no frame that {@link encodeTransfer} made. */
export function decodeTransfer({ type, header, body }: Frame): TransferMessage | null {
  if (header.length !== NUMBER_BYTES) return null;
  const number = header.readDoubleLE(0);
  if (!Number.isSafeInteger(number) || number < 0) return null;
  switch (type) {
    case FRAME_IMAGE_OFFER:
      return offer(number, body);
    case FRAME_IMAGE_WANT:
      return want(number, body);
    case FRAME_IMAGE_CHUNK:
      return chunk(number, body);
    default:
      return body.length === 0 ? plain(type, number) : null;
  }
}

function plain(type: number, number: number): TransferMessage | null {
  if (type === FRAME_IMAGE_ACK) return { kind: 'ack', number };
  if (type === FRAME_IMAGE_END) return { kind: 'end', number };
  if (type === FRAME_IMAGE_DONE) return { kind: 'done', index: asLogIndex(number) };
  const reason = REFUSALS[number];
  if (type !== FRAME_IMAGE_REFUSED || reason === undefined) return null;
  return { kind: 'refused', reason };
}

function offer(term: number, body: Buffer): TransferMessage | null {
  try {
    return { kind: 'offer', term: asTerm(term), stored: unpackMeta(body) };
  } catch {
    return null;
  }
}

function want(bytes: number, body: Buffer): TransferMessage | null {
  if (body.length === 0) return { kind: 'want', after: null, bytes };
  return isRecordKey(body) ? { kind: 'want', after: body, bytes } : null;
}

function chunk(number: number, body: Buffer): TransferMessage | null {
  const entries = splitEntries(body);
  return entries === null || entries.length === 0 ? null : { kind: 'chunk', number, entries };
}

/** What {@link joinEntries} has joined, as views; null: it is something else. */
export function splitEntries(body: Buffer): readonly ImageEntry[] | null {
  const entries: ImageEntry[] = [];
  for (let at = 0; at < body.length; ) {
    const keyAt = at + VALUE_LENGTH_BYTES;
    const valueAt = keyAt + RECORD_KEY_BYTES;
    if (valueAt > body.length) return null;
    const length = body.readUInt32LE(at);
    at = valueAt + length;
    if (length > MAX_VALUE_BYTES || at > body.length) return null;
    const key = body.subarray(keyAt, valueAt);
    if (!isRecordKey(key)) return null;
    entries.push({ key, value: body.subarray(valueAt, at) });
  }
  return entries;
}

function isRecordKey(key: Buffer): boolean {
  return key.length === RECORD_KEY_BYTES && key[0] === RECORD_TAG;
}
