/** Up to this length a loop beats the call into the engine. */
export const LOOP_CHARS = 24;

export const CR = 13;
export const LF = 10;
const ZERO = 48;

/** Writes chars as bytes; there is room. */
export function putText(buffer: Buffer, at: number, text: string): void {
  const size = text.length;
  if (size <= LOOP_CHARS) {
    for (let i = 0; i < size; i++) buffer[at + i] = text.charCodeAt(i);
  } else {
    buffer.latin1Write(text, at);
  }
}

/** Writes `type value CRLF` for 0 ≤ `value` < 2^31 and returns where it ends; there is room. */
export function putHeader(buffer: Buffer, at: number, type: number, value: number): number {
  buffer[at] = type;
  let end = at + 2;
  if (value < 10) {
    buffer[at + 1] = ZERO + value;
  } else if (value < 100) {
    const tens = (value / 10) | 0;
    buffer[at + 1] = ZERO + tens;
    buffer[at + 2] = ZERO + value - tens * 10;
    end = at + 3;
  } else {
    end = at + 1 + digitsOf(value);
    let rest = value;
    for (let i = end - 1; i > at; i--) {
      const tenth = (rest / 10) | 0;
      buffer[i] = ZERO + rest - tenth * 10;
      rest = tenth;
    }
  }
  buffer[end] = CR;
  buffer[end + 1] = LF;
  return end + 2;
}

export function digitsOf(value: number): number {
  let digits = 1;
  for (let power = 10; value >= power; power *= 10) digits++;
  return digits;
}
