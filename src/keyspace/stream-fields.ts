/**
 * The fields and values of one entry as they are stored: names and values in turn, each behind its
 * length. Made from the bytes of a command without making strings of them.
 */
export class StreamFields {
  /** Number of pairs. */
  readonly count: number;
  readonly bytes: Buffer;
  /** Bytes of all names and values, without their lengths. */
  payload = 0;
  /** Where the next name or value goes; at the end, where the last one ends. */
  used = 0;

  /** `capacity`: the sum of {@link sizeOfText} of all names and values. */
  constructor(count: number, capacity: number) {
    this.count = count;
    this.bytes = Buffer.allocUnsafe(capacity);
  }

  /** Fields from names and values in turn. */
  static of(parts: readonly (string | Uint8Array)[]): StreamFields {
    let capacity = 0;
    for (const part of parts) capacity += sizeOfText(part.length);
    const fields = new StreamFields(parts.length / 2, capacity);
    for (const part of parts) {
      if (typeof part === 'string') fields.addText(part);
      else fields.addBytes(part, 0, part.length);
    }
    return fields;
  }

  /** Adds what stands in `source` from `start` to `end`. */
  addBytes(source: Uint8Array, start: number, end: number): void {
    const length = end - start;
    const at = putVarint(this.bytes, this.used, length);
    copyBytes(source, start, end, this.bytes, at);
    this.used = at + length;
    this.payload += length;
  }

  addText(text: string): void {
    const at = putVarint(this.bytes, this.used, text.length);
    this.used = at + this.bytes.latin1Write(text, at);
    this.payload += text.length;
  }
}

/** Up to this length a loop beats the call into the engine. */
const LOOP_BYTES = 32;

export function copyBytes(
  source: Uint8Array,
  start: number,
  end: number,
  target: Uint8Array,
  at: number,
): void {
  if (end - start > LOOP_BYTES) {
    target.set(source.subarray(start, end), at);
    return;
  }
  for (let from = start, to = at; from < end; ) target[to++] = source[from++] as number;
}

/** Bytes that a text of this length takes, its length included. */
export function sizeOfText(length: number): number {
  return length + varintBytes(length);
}

/** Bytes of an integer ≥ 0: seven bits in each, the lowest first, and the high bit if more follow. */
export function varintBytes(value: number | bigint): number {
  if (typeof value === 'number' && value < 128) return 1;
  let bytes = 2;
  let rest = typeof value === 'number' ? Math.floor(value / 16384) : Number(value / 16384n);
  for (; rest >= 1; rest /= 128) bytes++;
  return bytes;
}

/** Writes an integer ≥ 0 of at most 64 bits; returns where it ends. */
export function putVarint(target: Uint8Array, at: number, value: number | bigint): number {
  let end = at;
  let rest = value;
  if (typeof rest === 'bigint') {
    for (; rest > 0x7fffffffn; rest >>= 7n) target[end++] = Number(rest & 127n) | 128;
    rest = Number(rest);
  }
  while (rest >= 128) {
    target[end++] = (rest % 128) | 128;
    rest = Math.floor(rest / 128);
  }
  target[end] = rest;
  return end + 1;
}
