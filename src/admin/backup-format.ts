import { crc32c } from '../../raftlog/index.ts';
import { packMeta, type StoredMeta, unpackMeta } from '../replica/image/meta.ts';

/**
 * A backup is a file: a header, the packed head of the image, its entries as the store has them, and an
 * end mark. `docs/backup-format.md` describes every byte. All numbers are little endian.
 */
const MAGIC: Buffer = Buffer.from('balsabk\n', 'latin1');
export const BACKUP_VERSION = 1;
const VERSION_AT = 8;
const NODE_AT = 12;
const META_LENGTH_AT = 16;
const HEADER_SUM_AT = 20;
export const HEADER_BYTES = 24;
/** In the place of the length of an entry's value. */
export const END_MARK = 0xffff_ffff;
export const MARK_BYTES = 4;
const COUNT_BYTES = 8;
/** Mark, number of entries, checksum of all bytes before it. */
export const TRAILER_BYTES: number = MARK_BYTES + COUNT_BYTES + 4;
/** More than any head of an image takes. */
export const MAX_META_BYTES: number = 1024 * 1024 * 1024;

/** What a backup is of. */
export interface BackupHead {
  /** The node that it was taken from. */
  readonly nodeId: number;
  readonly stored: StoredMeta;
}

/** Header and head, as they begin the file. */
export function encodeHead({ nodeId, stored }: BackupHead): Buffer {
  const meta = packMeta(stored);
  const bytes = Buffer.alloc(HEADER_BYTES + meta.length);
  MAGIC.copy(bytes);
  bytes.writeUInt32LE(BACKUP_VERSION, VERSION_AT);
  bytes.writeUInt32LE(nodeId, NODE_AT);
  bytes.writeUInt32LE(meta.length, META_LENGTH_AT);
  bytes.writeUInt32LE(crc32c(bytes, 0, HEADER_SUM_AT, 0) >>> 0, HEADER_SUM_AT);
  meta.copy(bytes, HEADER_BYTES);
  return bytes;
}

/** What the first bytes of a file say: how long the head is; or why they are none of a backup. */
export function decodeHeader(bytes: Buffer): { nodeId: number; metaBytes: number } | string {
  const magic = bytes.subarray(0, MAGIC.length);
  if (!MAGIC.subarray(0, magic.length).equals(magic)) return 'this is no backup';
  if (bytes.length < HEADER_BYTES) return `the file ends in its header, at offset ${bytes.length}`;
  const sum = crc32c(bytes, 0, HEADER_SUM_AT, 0) >>> 0;
  const isWhole = sum === bytes.readUInt32LE(HEADER_SUM_AT);
  if (!isWhole) return 'the header at offset 0 is damaged: its checksum does not match';
  const version = bytes.readUInt32LE(VERSION_AT);
  if (version !== BACKUP_VERSION) {
    return `format version ${version} is not known, this program knows ${BACKUP_VERSION}`;
  }
  return { nodeId: bytes.readUInt32LE(NODE_AT), metaBytes: bytes.readUInt32LE(META_LENGTH_AT) };
}

/** The head of the image; throws with the reason if these are not its bytes. */
export function decodeMeta(bytes: Buffer): StoredMeta {
  return unpackMeta(bytes);
}

/** What ends the file. `sum`: CRC-32C of everything before. */
export function encodeTrailer(entries: number, sum: number): Buffer {
  const bytes = Buffer.alloc(TRAILER_BYTES);
  bytes.writeUInt32LE(END_MARK, 0);
  bytes.writeBigUInt64LE(BigInt(entries), MARK_BYTES);
  const end = MARK_BYTES + COUNT_BYTES;
  bytes.writeUInt32LE(crc32c(bytes, 0, end, sum) >>> 0, end);
  return bytes;
}

/** The number of entries in a trailer, and its checksum. */
export function decodeTrailer(bytes: Buffer): { readonly entries: number; readonly sum: number } {
  return {
    entries: Number(bytes.readBigUInt64LE(MARK_BYTES)),
    sum: bytes.readUInt32LE(MARK_BYTES + COUNT_BYTES),
  };
}
