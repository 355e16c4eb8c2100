import { crc64 } from '../../../src/keyspace/rdb/crc64.ts';

/** What DUMP and RESTORE carry: the type, the value, the version and the checksum. */
export function payload(type: number, body: Uint8Array, version = 10): Buffer {
  const head = Buffer.concat([Buffer.from([type]), body, Buffer.from([version, 0])]);
  return seal(head);
}

/** `head` with its checksum behind it. */
export function seal(head: Uint8Array): Buffer {
  const { low, high } = crc64(head, 0, head.length);
  const footer = Buffer.alloc(8);
  footer.writeInt32LE(low, 0);
  footer.writeInt32LE(high, 4);
  return Buffer.concat([head, footer]);
}

/** A length as RDB writes it. */
export function length(value: number): Buffer {
  if (value < 64) return Buffer.from([value]);
  if (value < 16384) return Buffer.from([0x40 | (value >> 8), value & 0xff]);
  const long = Buffer.alloc(5, 0x80);
  long.writeUInt32BE(value, 1);
  return long;
}

export function text(bytes: string | Uint8Array): Buffer {
  const buffer = typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes;
  return Buffer.concat([length(buffer.length), buffer]);
}

export type Item = string | number | bigint;

function ziplistBody(item: Item): Buffer {
  if (typeof item === 'string') {
    const bytes = Buffer.from(item, 'latin1');
    const size = bytes.length;
    if (size < 64) return Buffer.concat([Buffer.from([size]), bytes]);
    if (size < 16384) {
      return Buffer.concat([Buffer.from([0x40 | (size >> 8), size & 0xff]), bytes]);
    }
    const head = Buffer.alloc(5, 0x80);
    head.writeUInt32BE(size, 1);
    return Buffer.concat([head, bytes]);
  }
  if (item >= 0 && item <= 12) return Buffer.from([0xf1 + Number(item)]);
  const bytes = Buffer.alloc(9);
  const value = BigInt(item);
  bytes.writeBigInt64LE(value, 1);
  const widths = [
    [1, 0xfe],
    [2, 0xc0],
    [3, 0xf0],
    [4, 0xd0],
    [8, 0xe0],
  ] as const;
  for (const [width, code] of widths) {
    if (BigInt.asIntN(8 * width, value) !== value) continue;
    bytes[0] = code;
    return bytes.subarray(0, 1 + width);
  }
  throw new Error('an integer of more than 64 bits');
}

/** A ziplist, the packed sequence of Redis before 7.0. */
export function ziplist(items: readonly Item[]): Buffer {
  const parts: Buffer[] = [];
  let previous = 0;
  let last = 10;
  let at = 10;
  for (const item of items) {
    const head = previous < 254 ? Buffer.from([previous]) : Buffer.alloc(5, 0xfe);
    if (previous >= 254) head.writeUInt32LE(previous, 1);
    const entry = Buffer.concat([head, ziplistBody(item)]);
    parts.push(entry);
    last = at;
    at += entry.length;
    previous = entry.length;
  }
  const head = Buffer.alloc(10);
  head.writeUInt32LE(at + 1, 0);
  head.writeUInt32LE(last, 4);
  head.writeUInt16LE(items.length, 8);
  return Buffer.concat([head, ...parts, Buffer.from([0xff])]);
}

/** A zipmap, the small hash of Redis before 2.6, with one unused byte behind each value. */
export function zipmap(pairs: readonly (readonly [string, string])[]): Buffer {
  const part = (bytes: string, free: readonly number[]): Buffer => {
    const size = bytes.length < 254 ? Buffer.from([bytes.length]) : Buffer.alloc(5, 0xfe);
    if (bytes.length >= 254) size.writeUInt32LE(bytes.length, 1);
    const unused = Buffer.alloc(free[0] ?? 0, 0x78);
    return Buffer.concat([size, Buffer.from(free), Buffer.from(bytes, 'latin1'), unused]);
  };
  const parts = pairs.flatMap(([field, value]) => [part(field, []), part(value, [1])]);
  return Buffer.concat([Buffer.from([pairs.length]), ...parts, Buffer.from([0xff])]);
}

/** An intset of members in increasing order, each of so many bytes. */
export function intset(width: 2 | 4 | 8, members: readonly (number | bigint)[]): Buffer {
  const bytes = Buffer.alloc(8 + width * members.length);
  bytes.writeUInt32LE(width, 0);
  bytes.writeUInt32LE(members.length, 4);
  members.forEach((member, i) => {
    if (width === 8) bytes.writeBigInt64LE(BigInt(member), 8 + 8 * i);
    else bytes.writeIntLE(Number(member), 8 + width * i, width);
  });
  return bytes;
}

/** A double as old sorted sets have it: as text behind its length. */
export function oldScore(score: number): Buffer {
  if (score === Number.POSITIVE_INFINITY) return Buffer.from([254]);
  if (score === Number.NEGATIVE_INFINITY) return Buffer.from([255]);
  const digits = Buffer.from(String(score), 'latin1');
  return Buffer.concat([Buffer.from([digits.length]), digits]);
}
