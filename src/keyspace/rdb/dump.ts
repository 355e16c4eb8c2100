import type { Value } from '../value.ts';
import { crc64 } from './crc64.ts';
import { decodeValue } from './decode.ts';
import { encodeValue, type RdbForm } from './encode.ts';
import { Allowance, demand, Malformed } from './malformed.ts';
import { RDB_VERSION_7_4 } from './rdb-type.ts';
import type { RdbValue } from './rdb-value.ts';
import { Reader } from './reader.ts';
import { TooLarge, Writer } from './writer.ts';

/** Two bytes of version and eight of checksum, in little endian. */
const FOOTER_BYTES = 10;
const CHECKSUM_BYTES = 8;

/**
 * `value` as DUMP gives it; undefined if that would be longer than any command that could take it
 * back.
 */
export function dumpValue(value: Value, form: RdbForm = 'oldest'): Buffer | undefined {
  const writer = new Writer();
  try {
    writer.uint16(encodeValue(value, form, writer));
    const { length } = writer.written();
    const { low, high } = crc64(writer.written(), 0, length);
    writer.uint32(low);
    writer.uint32(high);
    return writer.written();
  } catch (error) {
    if (error instanceof TooLarge) return undefined;
    throw error;
  }
}

/** Whether the version is one known here and the checksum is right. */
export function hasGoodFooter(payload: Buffer): boolean {
  const footer = payload.length - FOOTER_BYTES;
  if (footer < 0 || payload.readUInt16LE(footer) > RDB_VERSION_7_4) return false;
  const end = payload.length - CHECKSUM_BYTES;
  const { low, high } = crc64(payload, 0, end);
  return payload.readInt32LE(end) === low && payload.readInt32LE(end + 4) === high;
}

/** What a payload with a good footer holds, or undefined if that makes no sense. */
export function readDump(payload: Buffer): RdbValue | undefined {
  const reader = new Reader(payload, 0, payload.length - FOOTER_BYTES, new Allowance());
  try {
    const value = decodeValue(reader.byte(), reader);
    demand(reader.remaining === 0, 'more than a value');
    return value;
  } catch (error) {
    if (error instanceof Malformed) return undefined;
    throw error;
  }
}
