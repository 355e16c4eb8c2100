/** Fewer literals than this in a control byte; the others copy from what is already there. */
const FIRST_COPY = 32;
/** Three bytes copy at most this many: no text is packed tighter. */
const MAX_COPY = 264;
const COPY_BYTES = 3;

/** Whether `packed` bytes of LZF can hold `length` bytes at all: asked before there is room made. */
export function lzfCanHold(packed: number, length: number): boolean {
  return length <= Math.ceil(packed / COPY_BYTES) * MAX_COPY;
}

/** Unpacks bytes `start` to `end`, which must fill `out` exactly; false if they do not. */
export function lzfUnpack(bytes: Buffer, start: number, end: number, out: Buffer): boolean {
  let from = start;
  let to = 0;
  while (from < end) {
    const control = bytes[from++] as number;
    if (control < FIRST_COPY) {
      const count = control + 1;
      if (from + count > end || to + count > out.length) return false;
      // At most 32 bytes: a loop costs less than a call into the engine.
      for (const until = to + count; to < until; ) out[to++] = bytes[from++] as number;
      continue;
    }
    let count = control >>> 5;
    if (count === 7) {
      if (from >= end) return false;
      count += bytes[from++] as number;
    }
    if (from >= end) return false;
    let source = to - ((control & 0x1f) << 8) - (bytes[from++] as number) - 1;
    count += 2;
    if (source < 0 || to + count > out.length) return false;
    // Byte by byte, because a copy may take in what it has just written.
    for (const until = to + count; to < until; ) out[to++] = out[source++] as number;
  }
  return to === out.length;
}
