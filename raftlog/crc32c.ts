/**
 * CRC-32C (Castagnoli, reflected polynomial 0x82f63b78), sixteen bytes per step: sixteen tables,
 * one for each distance of a byte from the end of the step, so that the lookups of a step do not
 * wait for one another.
 */
const TABLES: readonly Int32Array[] = makeTables();
const T0 = table(0);
const T1 = table(1);
const T2 = table(2);
const T3 = table(3);
const T4 = table(4);
const T5 = table(5);
const T6 = table(6);
const T7 = table(7);
const T8 = table(8);
const T9 = table(9);
const T10 = table(10);
const T11 = table(11);
const T12 = table(12);
const T13 = table(13);
const T14 = table(14);
const T15 = table(15);

/**
 * CRC-32C of `bytes[from .. to)`, an unsigned 32-bit number. With the CRC of earlier bytes as
 * `seed` the result is the CRC of both together; 0 starts a new one.
 */
export function crc32c(bytes: Uint8Array, from: number, to: number, seed: number): number {
  let c = ~seed;
  let i = from;
  const steps = to - 15;
  while (i < steps) {
    const x = c ^ word(bytes, i);
    c =
      at(T15, x & 255) ^
      at(T14, (x >>> 8) & 255) ^
      at(T13, (x >>> 16) & 255) ^
      at(T12, x >>> 24) ^
      at(T11, bytes[i + 4] as number) ^
      at(T10, bytes[i + 5] as number) ^
      at(T9, bytes[i + 6] as number) ^
      at(T8, bytes[i + 7] as number) ^
      at(T7, bytes[i + 8] as number) ^
      at(T6, bytes[i + 9] as number) ^
      at(T5, bytes[i + 10] as number) ^
      at(T4, bytes[i + 11] as number) ^
      at(T3, bytes[i + 12] as number) ^
      at(T2, bytes[i + 13] as number) ^
      at(T1, bytes[i + 14] as number) ^
      at(T0, bytes[i + 15] as number);
    i += 16;
  }
  // Headers are short, so that what is left over here matters as much as the steps of sixteen.
  if (to - i >= 8) {
    const x = c ^ word(bytes, i);
    c =
      at(T7, x & 255) ^
      at(T6, (x >>> 8) & 255) ^
      at(T5, (x >>> 16) & 255) ^
      at(T4, x >>> 24) ^
      at(T3, bytes[i + 4] as number) ^
      at(T2, bytes[i + 5] as number) ^
      at(T1, bytes[i + 6] as number) ^
      at(T0, bytes[i + 7] as number);
    i += 8;
  }
  if (to - i >= 4) {
    const x = c ^ word(bytes, i);
    c = at(T3, x & 255) ^ at(T2, (x >>> 8) & 255) ^ at(T1, (x >>> 16) & 255) ^ at(T0, x >>> 24);
    i += 4;
  }
  while (i < to) c = at(T0, (c ^ (bytes[i++] as number)) & 255) ^ (c >>> 8);
  return ~c >>> 0;
}

function at(from: Int32Array, i: number): number {
  return from[i] as number;
}

function word(bytes: Uint8Array, i: number): number {
  return (
    (bytes[i] as number) |
    ((bytes[i + 1] as number) << 8) |
    ((bytes[i + 2] as number) << 16) |
    ((bytes[i + 3] as number) << 24)
  );
}

function table(distance: number): Int32Array {
  return TABLES[distance] as Int32Array;
}

function makeTables(): readonly Int32Array[] {
  const first = new Int32Array(256);
  for (let i = 0; i < 256; i++) {
    let c = i;
    for (let bit = 0; bit < 8; bit++) c = c & 1 ? (c >>> 1) ^ 0x82f63b78 : c >>> 1;
    first[i] = c;
  }
  const tables = [first];
  for (let distance = 1; distance < 16; distance++) {
    const nearer = tables[distance - 1] as Int32Array;
    const next = new Int32Array(256);
    for (let i = 0; i < 256; i++) next[i] = at(first, at(nearer, i) & 255) ^ (at(nearer, i) >>> 8);
    tables.push(next);
  }
  return tables;
}
