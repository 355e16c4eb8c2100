import { canonical, type StreamId, type Uint64 } from '../stream-id.ts';
import { demand } from './malformed.ts';
import type { Reader } from './reader.ts';

/** Bytes of an id in the form that sorts like the id. */
export const ID_BYTES = 16;

const packed: Buffer = Buffer.alloc(ID_BYTES);

/** An id in its sorting form: two integers in big endian. */
export function unpackId(bytes: Buffer): StreamId {
  demand(bytes.length === ID_BYTES, 'an id of another length');
  return { ms: canonical(bytes.readBigUInt64BE(0)), seq: canonical(bytes.readBigUInt64BE(8)) };
}

/** The sorting form of an id, good until the next call. */
export function packId(id: StreamId): Buffer {
  packed.writeBigUInt64BE(BigInt(id.ms), 0);
  packed.writeBigUInt64BE(BigInt(id.seq), 8);
  return packed;
}

/** An id as two unsigned integers. */
export function readId(reader: Reader): StreamId {
  return { ms: reader.unsigned(), seq: reader.unsigned() };
}

/** A part of an id that stands as the difference to that of another one, modulo 2^64. */
export function addDifference(base: Uint64, difference: number | bigint): Uint64 {
  if (typeof base === 'number' && typeof difference === 'number') {
    const sum = base + difference;
    if (sum >= 0 && Number.isSafeInteger(sum)) return sum;
  }
  return canonical(BigInt.asUintN(64, BigInt(base) + BigInt(difference)));
}

/** The id as a key for a map. */
export function idText(id: StreamId): string {
  return `${id.ms}-${id.seq}`;
}
