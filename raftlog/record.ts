import { getU32, getU64, putU32, putU64 } from './bytes.ts';
import { crc32c } from './crc32c.ts';

/**
 * One entry as bytes (FORMAT.md, "Record"): a header of 32 bytes, then the payload. Records are the
 * same on every node of a cluster: who encodes one may send these bytes to others, who check them
 * and append them as they are.
 */
export const RECORD_HEADER_BYTES = 32;
/** A record with its header fits in an unsigned 32-bit length. */
export const MAX_PAYLOAD_BYTES: number = 0xffffffff - RECORD_HEADER_BYTES;

const LENGTH = 0;
const HEADER_CRC = 4;
const CHAIN = 8;
const KIND = 12;
const FLAGS = 13;
const INDEX = 16;
const TERM = 24;

/**
 * Writes the header of a record whose payload already stands at
 * `target[at + 32 .. at + 32 + payloadBytes)`. `chain` is the chain of the entry before; the chain
 * of this one is returned. Arguments stand one by one because this runs once per entry.
 */
export function sealRecord(
  target: Uint8Array,
  at: number,
  index: number,
  term: number,
  kind: number,
  payloadBytes: number,
  chain: number,
): number {
  putU32(target, at + LENGTH, payloadBytes);
  target[at + KIND] = kind;
  target[at + FLAGS] = 0;
  target[at + FLAGS + 1] = 0;
  target[at + FLAGS + 2] = 0;
  putU64(target, at + INDEX, index);
  putU64(target, at + TERM, term);
  const next = chainOver(target, at, at + RECORD_HEADER_BYTES + payloadBytes, chain);
  putU32(target, at + CHAIN, next);
  putU32(target, at + HEADER_CRC, headerCrc(target, at));
  return next;
}

/** Length of the whole record, header included. */
export function recordBytes(buffer: Uint8Array, at: number): number {
  return RECORD_HEADER_BYTES + getU32(buffer, at + LENGTH);
}

export function recordIndex(buffer: Uint8Array, at: number): number {
  return getU64(buffer, at + INDEX);
}

export function recordTerm(buffer: Uint8Array, at: number): number {
  return getU64(buffer, at + TERM);
}

export function recordKind(buffer: Uint8Array, at: number): number {
  return buffer[at + KIND] as number;
}

/** The chain stored in the record: CRC-32C over this entry and all before it. */
export function recordChain(buffer: Uint8Array, at: number): number {
  return getU32(buffer, at + CHAIN);
}

/** Where the payload of the record at `at` begins; it ends at `at + recordBytes(buffer, at)`. */
export function payloadStart(at: number): number {
  return at + RECORD_HEADER_BYTES;
}

/**
 * Checks the record at `at`, of which nothing may lie at or beyond `end`, as the successor of an
 * entry whose chain is `chain`. Returns its own chain, or -1 if it is damaged, cut short, or the
 * successor of something else.
 */
export function checkRecord(buffer: Uint8Array, at: number, end: number, chain: number): number {
  if (end - at < RECORD_HEADER_BYTES || !checkRecordHeader(buffer, at)) return -1;
  const recordEnd = at + recordBytes(buffer, at);
  if (recordEnd > end) return -1;
  const next = chainOver(buffer, at, recordEnd, chain);
  return next === recordChain(buffer, at) ? next : -1;
}

/** Whether the 32 bytes at `at` are the header of a record. Says nothing of the payload. */
export function checkRecordHeader(buffer: Uint8Array, at: number): boolean {
  return (
    getU32(buffer, at + HEADER_CRC) === headerCrc(buffer, at) &&
    buffer[at + FLAGS] === 0 &&
    buffer[at + FLAGS + 1] === 0 &&
    buffer[at + FLAGS + 2] === 0 &&
    Number.isSafeInteger(recordIndex(buffer, at)) &&
    Number.isSafeInteger(recordTerm(buffer, at))
  );
}

/** The chain over the header at `at` alone; a reader of long payloads goes on from here. */
export function chainOverHeader(buffer: Uint8Array, at: number, chain: number): number {
  return chainOver(buffer, at, at + RECORD_HEADER_BYTES, chain);
}

/** Length first, then all from the kind on: neither of the two checksums is part of the chain. */
function chainOver(buffer: Uint8Array, at: number, end: number, chain: number): number {
  return crc32c(buffer, at + KIND, end, crc32c(buffer, at, at + HEADER_CRC, chain));
}

function headerCrc(buffer: Uint8Array, at: number): number {
  const length = crc32c(buffer, at, at + HEADER_CRC, 0);
  return crc32c(buffer, at + CHAIN, at + RECORD_HEADER_BYTES, length);
}
