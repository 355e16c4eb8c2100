import { crc32c } from '../../raftlog/index.ts';
import type { RecordChange } from '../../src/world/sorted-records.ts';

/** Begins every batch, so that one can be found where it is not expected. */
const MAGIC = Buffer.from('imgb', 'latin1');
/** Magic, number of the batch (u32), bytes of the body (u32), checksum of all but itself (u32). */
const HEADER = 16;
const CHECKSUM_AT = 12;
/** Length of a value that is not there: the key is deleted. */
const DELETED = 0xffffffff;

export interface ReadBatches {
  readonly batches: readonly (readonly RecordChange[])[];
  /** Where the first thing stands that is no batch; the size of the file if all is well. */
  readonly end: number;
  /** Whether a whole batch stands behind that, so that what is spoilt was not the last one. */
  readonly followed: boolean;
}

/** One batch as it stands in the file: lengths and bytes of keys and values after the header. */
export function encodeBatch(sequence: number, changes: readonly RecordChange[]): Buffer {
  const pieces: Buffer[] = [];
  for (const { key, value } of changes) {
    const lengths = Buffer.alloc(8);
    lengths.writeUInt32LE(key.length, 0);
    lengths.writeUInt32LE(value === null ? DELETED : value.length, 4);
    pieces.push(lengths, key);
    if (value !== null) pieces.push(value);
  }
  const body = Buffer.concat(pieces);
  const header = Buffer.alloc(HEADER);
  MAGIC.copy(header);
  header.writeUInt32LE(sequence, 4);
  header.writeUInt32LE(body.length, 8);
  const batch = Buffer.concat([header, body]);
  batch.writeUInt32LE(checksum(batch, 0, batch.length), CHECKSUM_AT);
  return batch;
}

export function decodeBatches(bytes: Buffer): ReadBatches {
  const batches: RecordChange[][] = [];
  let at = 0;
  for (;;) {
    const end = batchEnd(bytes, at);
    // A batch in the place of another is a write that went astray.
    if (end === null || bytes.readUInt32LE(at + 4) !== batches.length) break;
    batches.push(decodeChanges(bytes.subarray(at + HEADER, end)));
    at = end;
  }
  return { batches, end: at, followed: hasBatch(bytes, at) };
}

function decodeChanges(body: Buffer): RecordChange[] {
  const changes: RecordChange[] = [];
  let at = 0;
  while (at < body.length) {
    const keyAt = at + 8;
    const valueAt = keyAt + body.readUInt32LE(at);
    const length = body.readUInt32LE(at + 4);
    at = length === DELETED ? valueAt : valueAt + length;
    const key = body.subarray(keyAt, valueAt);
    changes.push({ key, value: length === DELETED ? null : body.subarray(valueAt, at) });
  }
  return changes;
}

/** Where the whole batch ends that begins there; null if none does. */
function batchEnd(bytes: Buffer, at: number): number | null {
  if (at + HEADER > bytes.length) return null;
  if (!bytes.subarray(at, at + MAGIC.length).equals(MAGIC)) return null;
  const end = at + HEADER + bytes.readUInt32LE(at + 8);
  if (end > bytes.length) return null;
  return checksum(bytes, at, end) === bytes.readUInt32LE(at + CHECKSUM_AT) ? end : null;
}

function hasBatch(bytes: Buffer, from: number): boolean {
  for (let at = bytes.indexOf(MAGIC, from); at >= 0; at = bytes.indexOf(MAGIC, at + 1)) {
    if (batchEnd(bytes, at) !== null) return true;
  }
  return false;
}

/** Over the batch at `at`, without the four bytes of its checksum. */
function checksum(bytes: Buffer, at: number, end: number): number {
  const head = crc32c(bytes, at, at + CHECKSUM_AT, 0);
  return crc32c(bytes, at + HEADER, end, head) >>> 0;
}
