import { crc32c } from '../../raftlog/index.ts';

/** LevelDB's log is made of blocks; no record reaches beyond its block, long ones are cut in parts. */
const BLOCK = 32 * 1024;
/** Checksum (u32), length (u16), type (u8). */
const HEADER = 7;
const WHOLE = 1;
const FIRST_PART = 2;
const LAST_TYPE = 4;

/**
 * Looks for a batch that LevelDB would skip without a word. A batch is written when the one before it
 * is safe, so a power cut can spoil the last one only: where something cannot be read and a batch
 * begins behind it, what was lost there had been acknowledged.
 */
export class LogCheck {
  /** Where the first thing stands that cannot be read; null while all can. */
  #damage: { readonly name: string; readonly offset: number } | null = null;

  /** Logs are given from the oldest on. Returns where a lost batch stood, or null. */
  add(name: string, bytes: Buffer): { readonly name: string; readonly offset: number } | null {
    for (let block = 0; block < bytes.length; block += BLOCK) {
      if (this.#readBlock(name, bytes, block)) return this.#damage;
    }
    return null;
  }

  /** True if a batch begins behind the damage. */
  #readBlock(name: string, bytes: Buffer, block: number): boolean {
    const end = Math.min(block + BLOCK, bytes.length);
    let at = block;
    while (end - at >= HEADER) {
      const length = recordLength(bytes, at, end);
      if (length !== null) {
        if (this.#damage !== null && beginsBatch(bytes, at)) return true;
        at += length;
      } else {
        this.#damage ??= { name, offset: at };
        // The length cannot be trusted either, so the next record is looked for byte by byte.
        at += 1;
      }
    }
    return false;
  }
}

/** Bytes of the record that stands there with its header; null if none does. */
function recordLength(bytes: Buffer, at: number, end: number): number | null {
  const type = bytes[at + 6] as number;
  const length = bytes.readUInt16LE(at + 4);
  if (type < WHOLE || type > LAST_TYPE || at + HEADER + length > end) return null;
  const sum = crc32c(bytes, at + 6, at + HEADER + length, 0);
  return masked(sum) === bytes.readUInt32LE(at) ? HEADER + length : null;
}

function beginsBatch(bytes: Buffer, at: number): boolean {
  const type = bytes[at + 6];
  return type === WHOLE || type === FIRST_PART;
}

/** Checksums are stored turned and shifted, so that those over checksums are sound. */
export function masked(sum: number): number {
  return (((sum >>> 15) | (sum << 17)) + 0xa282ead8) >>> 0;
}
