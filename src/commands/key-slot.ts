export const SLOTS = 16384;

const OPEN = 0x7b;
const CLOSE = 0x7d;

/** CRC-16/XMODEM (polynomial 0x1021), a byte at a time. */
const TABLE: Uint16Array = makeTable();

function makeTable(): Uint16Array {
  const table = new Uint16Array(256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1;
    table[byte] = crc;
  }
  return table;
}

/**
 * The cluster slot of the key in bytes `start` to `end`: what stands between the first `{` and the
 * next `}` decides if it is not empty, else the whole key.
 */
export function keySlot(buffer: Uint8Array, start: number, end: number): number {
  let from = start;
  let to = end;
  const open = indexOf(buffer, OPEN, start, end);
  if (open !== -1) {
    const close = indexOf(buffer, CLOSE, open + 1, end);
    if (close > open + 1) {
      from = open + 1;
      to = close;
    }
  }
  let crc = 0;
  for (let i = from; i < to; i++) {
    const index = ((crc >>> 8) ^ (buffer[i] as number)) & 0xff;
    crc = ((crc << 8) ^ (TABLE[index] as number)) & 0xffff;
  }
  return crc % SLOTS;
}

function indexOf(buffer: Uint8Array, byte: number, start: number, end: number): number {
  for (let i = start; i < end; i++) if (buffer[i] === byte) return i;
  return -1;
}
