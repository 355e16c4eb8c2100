/** The polynomial 0xad93d23594c935a9 (Jones), its bits reversed, as two halves. */
const POLYNOMIAL_HIGH = 0x95ac9329;
const POLYNOMIAL_LOW = 0xac4bc9b5;

/** Bytes taken in one step. */
const SLICE = 8;

/**
 * Low and high halves of what byte `b` does to the checksum when `k` zero bytes follow it, at
 * `k * 256 + b`. With one table for each of eight bytes, those are taken in at once.
 */
const LOW: Int32Array = new Int32Array(SLICE * 256);
const HIGH: Int32Array = new Int32Array(SLICE * 256);

fillTables();

function fillTables(): void {
  for (let byte = 0; byte < 256; byte++) {
    let low = byte;
    let high = 0;
    for (let bit = 0; bit < 8; bit++) {
      const carry = low & 1;
      low = (low >>> 1) | (high << 31);
      high >>>= 1;
      if (carry === 1) {
        low ^= POLYNOMIAL_LOW;
        high ^= POLYNOMIAL_HIGH;
      }
    }
    LOW[byte] = low;
    HIGH[byte] = high;
  }
  for (let i = 256; i < SLICE * 256; i++) {
    const low = LOW[i - 256] as number;
    const high = HIGH[i - 256] as number;
    LOW[i] = ((low >>> 8) | (high << 24)) ^ (LOW[low & 0xff] as number);
    HIGH[i] = (high >>> 8) ^ (HIGH[low & 0xff] as number);
  }
}

/** The two halves of a CRC-64, each signed. */
export interface Crc64 {
  readonly low: number;
  readonly high: number;
}

/** CRC-64 of bytes `start` to `end` with Redis's parameters: nothing inverted, beginning with 0. */
export function crc64(bytes: Uint8Array, start: number, end: number): Crc64 {
  let low = 0;
  let high = 0;
  let at = start;
  for (const last = end - SLICE; at <= last; at += SLICE) {
    const a = low ^ word(bytes, at);
    const b = high ^ word(bytes, at + 4);
    const i0 = 1792 + (a & 0xff);
    const i1 = 1536 + ((a >>> 8) & 0xff);
    const i2 = 1280 + ((a >>> 16) & 0xff);
    const i3 = 1024 + (a >>> 24);
    const i4 = 768 + (b & 0xff);
    const i5 = 512 + ((b >>> 8) & 0xff);
    const i6 = 256 + ((b >>> 16) & 0xff);
    const i7 = b >>> 24;
    low =
      (LOW[i0] as number) ^
      (LOW[i1] as number) ^
      (LOW[i2] as number) ^
      (LOW[i3] as number) ^
      (LOW[i4] as number) ^
      (LOW[i5] as number) ^
      (LOW[i6] as number) ^
      (LOW[i7] as number);
    high =
      (HIGH[i0] as number) ^
      (HIGH[i1] as number) ^
      (HIGH[i2] as number) ^
      (HIGH[i3] as number) ^
      (HIGH[i4] as number) ^
      (HIGH[i5] as number) ^
      (HIGH[i6] as number) ^
      (HIGH[i7] as number);
  }
  for (; at < end; at++) {
    const i = (low ^ (bytes[at] as number)) & 0xff;
    low = ((low >>> 8) | (high << 24)) ^ (LOW[i] as number);
    high = (high >>> 8) ^ (HIGH[i] as number);
  }
  return { low, high };
}

/** Four bytes in little endian. */
function word(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24)
  );
}
