import { getU32, getU64, putU32, putU64 } from './bytes.ts';
import { crc32c } from './crc32c.ts';

/** The headers of the data file and of its batches as bytes; FORMAT.md explains every field. */
export const FILE_HEADER_BYTES = 128;
export const BATCH_HEADER_BYTES = 64;
export const FORMAT_VERSION = 1;
export const CLUSTER_ID_BYTES = 32;
export const FILE_MAGIC: Buffer = Buffer.from('raftlog\n', 'latin1');
export const BATCH_MAGIC: Buffer = Buffer.from([0x52, 0x4c, 0x42, 0xa7]);

/** What Raft calls the hard state. `vote` 0 is "none in this term". */
export interface HardState {
  readonly term: number;
  readonly vote: number;
}

/** The entry just before the first one of a log; all 0 for a log that starts at index 1. */
export interface Base {
  readonly index: number;
  readonly term: number;
  readonly chain: number;
}

export interface FileHeader {
  readonly clusterId: string;
  readonly nodeId: number;
  readonly base: Base;
  /** The hard state before the first batch. */
  readonly hardState: HardState;
  /** Counts the files that took the place of one another. */
  readonly generation: number;
  /** Tells this file from others: the batch headers and the index file carry it. */
  readonly identity: number;
}

export interface BatchHead {
  /** Where this header stands in the file. */
  readonly offset: number;
  /** All bytes before this offset were durable when this was written. */
  readonly watermark: number;
  readonly hardState: HardState;
  readonly first: number;
  readonly count: number;
  readonly bodyBytes: number;
  /** The log ends before `first` as far as it stood before this batch. */
  readonly truncates: boolean;
  /** Chain of the entry before `first`. */
  readonly chain: number;
}

const TRUNCATES = 1;

export function encodeFileHeader(header: Omit<FileHeader, 'identity'>): Buffer {
  const bytes = Buffer.alloc(FILE_HEADER_BYTES);
  FILE_MAGIC.copy(bytes);
  putU32(bytes, 8, FORMAT_VERSION);
  bytes.write(header.clusterId, 16, CLUSTER_ID_BYTES, 'latin1');
  putU32(bytes, 48, header.nodeId);
  putU32(bytes, 52, header.base.chain);
  putU64(bytes, 56, header.base.index);
  putU64(bytes, 64, header.base.term);
  putU64(bytes, 72, header.hardState.term);
  putU32(bytes, 80, header.hardState.vote);
  putU32(bytes, 84, header.generation);
  putU32(bytes, 12, fileHeaderCrc(bytes));
  return bytes;
}

/** What the first bytes of a file turned out to be. */
export type HeaderFound =
  | { readonly kind: 'log'; readonly header: FileHeader }
  | { readonly kind: 'empty' | 'short-header' | 'foreign' | 'damaged-header' }
  | { readonly kind: 'other-version'; readonly version: number };

/** `bytes` are the first 128 of the file, or all there are. */
export function decodeFileHeader(bytes: Buffer): HeaderFound {
  if (bytes.length === 0) return { kind: 'empty' };
  const magic = bytes.subarray(0, FILE_MAGIC.length);
  if (!FILE_MAGIC.subarray(0, magic.length).equals(magic)) return { kind: 'foreign' };
  if (bytes.length < FILE_HEADER_BYTES) return { kind: 'short-header' };
  const identity = getU32(bytes, 12);
  if (identity !== fileHeaderCrc(bytes)) return { kind: 'damaged-header' };
  const version = getU32(bytes, 8);
  if (version !== FORMAT_VERSION) return { kind: 'other-version', version };
  const id = bytes.toString('latin1', 16, 16 + CLUSTER_ID_BYTES);
  const padding = id.indexOf('\0');
  return {
    kind: 'log',
    header: {
      clusterId: padding < 0 ? id : id.slice(0, padding),
      nodeId: getU32(bytes, 48),
      base: { index: getU64(bytes, 56), term: getU64(bytes, 64), chain: getU32(bytes, 52) },
      hardState: { term: getU64(bytes, 72), vote: getU32(bytes, 80) },
      generation: getU32(bytes, 84),
      identity,
    },
  };
}

function fileHeaderCrc(bytes: Uint8Array): number {
  return crc32c(bytes, 16, FILE_HEADER_BYTES, crc32c(bytes, 0, 12, 0));
}

export function encodeBatchHead(
  bytes: Uint8Array,
  at: number,
  head: BatchHead,
  identity: number,
): void {
  bytes.set(BATCH_MAGIC, at);
  putU64(bytes, at + 8, head.offset);
  putU64(bytes, at + 16, head.watermark);
  putU64(bytes, at + 24, head.hardState.term);
  putU64(bytes, at + 32, head.first);
  putU64(bytes, at + 40, head.bodyBytes);
  putU32(bytes, at + 48, head.count);
  putU32(bytes, at + 52, head.hardState.vote);
  putU32(bytes, at + 56, head.truncates ? TRUNCATES : 0);
  putU32(bytes, at + 60, head.chain);
  putU32(bytes, at + 4, crc32c(bytes, at + 8, at + BATCH_HEADER_BYTES, identity));
}

/** The batch header at `at`, which is byte `offset` of the file; null if there is none. */
export function decodeBatchHead(
  bytes: Uint8Array,
  at: number,
  offset: number,
  identity: number,
): BatchHead | null {
  if (getU32(bytes, at) !== getU32(BATCH_MAGIC, 0)) return null;
  if (getU64(bytes, at + 8) !== offset) return null;
  if (getU32(bytes, at + 4) !== crc32c(bytes, at + 8, at + BATCH_HEADER_BYTES, identity)) {
    return null;
  }
  const flags = getU32(bytes, at + 56);
  const head: BatchHead = {
    offset,
    watermark: getU64(bytes, at + 16),
    hardState: { term: getU64(bytes, at + 24), vote: getU32(bytes, at + 52) },
    first: getU64(bytes, at + 32),
    count: getU32(bytes, at + 48),
    bodyBytes: getU64(bytes, at + 40),
    truncates: (flags & TRUNCATES) !== 0,
    chain: getU32(bytes, at + 60),
  };
  const sane =
    flags <= TRUNCATES &&
    head.watermark <= offset &&
    Number.isSafeInteger(head.first + head.count) &&
    Number.isSafeInteger(offset + head.bodyBytes) &&
    Number.isSafeInteger(head.hardState.term);
  return sane ? head : null;
}
