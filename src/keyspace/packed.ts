/**
 * Short sequences of short strings, packed into one: each element is a char with its length, then its
 * chars (latin1, like everything in the keyspace). A set of eight short members takes a tenth of the
 * memory that eight strings in an array take, and going through it is going through one flat string.
 *
 * Packed strings are values: what changes one returns another. Positions are offsets of elements.
 */

/** Longest element that fits. */
export const MAX_PACKED_ELEMENT = 255;

/** The position after the element at `at`. */
export function packedNext(packed: string, at: number): number {
  return at + 1 + packed.charCodeAt(at);
}

/**
 * The element at `at`: a view on `packed`, which V8 keeps alive for as long as the element. Whoever
 * keeps it longer than a reply takes `flat` of it.
 */
export function packedAt(packed: string, at: number): string {
  return packed.slice(at + 1, at + 1 + packed.charCodeAt(at));
}

/** Whether the element at `at` is `element`. */
export function packedIs(packed: string, at: number, element: string): boolean {
  const { length } = element;
  if (packed.charCodeAt(at) !== length) return false;
  // From the end: names that belong together tend to begin alike.
  for (let i = length - 1; i >= 0; i--) {
    if (packed.charCodeAt(at + 1 + i) !== element.charCodeAt(i)) return false;
  }
  return true;
}

/** Position of the first element from `from` on that is `element`, or -1. */
export function packedFind(packed: string, element: string, from = 0): number {
  for (let at = from; at < packed.length; at = packedNext(packed, at)) {
    if (packedIs(packed, at, element)) return at;
  }
  return -1;
}

/** The same where elements come in pairs and only the first of each pair counts. */
export function packedFindKey(packed: string, key: string): number {
  for (let at = 0; at < packed.length; at = packedNext(packed, packedNext(packed, at))) {
    if (packedIs(packed, at, key)) return at;
  }
  return -1;
}

/** Position of element number `index`, or the end of `packed` if it has not so many. */
export function packedSeek(packed: string, index: number): number {
  let at = 0;
  for (let i = 0; i < index && at < packed.length; i++) at = packedNext(packed, at);
  return at;
}

/** One element in packed form, to be put between others with {@link packedSplice}. */
export function packElement(element: string): string {
  return String.fromCharCode(element.length) + element;
}

export function pack(elements: readonly string[]): string {
  let at = 0;
  let bytes = 0;
  for (const element of elements) bytes += 1 + element.length;
  const scratch = scratchOf(bytes);
  for (const element of elements) {
    scratch[at] = element.length;
    putChars(scratch, at + 1, element);
    at += 1 + element.length;
  }
  return scratch.latin1Slice(0, at);
}

export function unpack(packed: string): string[] {
  const elements: string[] = [];
  for (let at = 0; at < packed.length; at = packedNext(packed, at)) {
    elements.push(packedAt(packed, at));
  }
  return elements;
}

/** `packed` with `replacement`, which is packed, in the place of its chars `from` to `to`. */
export function packedSplice(
  packed: string,
  from: number,
  to: number,
  replacement: string,
): string {
  const { length } = packed;
  const tail = from + replacement.length;
  const scratch = scratchOf(length + replacement.length);
  // By way of a buffer, because strings that are cut and put together stay in pieces. Copied whole,
  // with its end moved there, takes less time than copied in parts.
  scratch.latin1Write(packed, 0);
  if (tail !== to && to < length) scratch.copyWithin(tail, to, length);
  if (replacement !== '') scratch.latin1Write(replacement, from);
  return scratch.latin1Slice(0, tail + length - to);
}

/**
 * `packed` without its chars `from` to `to`, and with `replacement` at `at`, which is not inside of
 * those: for what must stand elsewhere when it changes.
 */
export function packedMove(
  packed: string,
  { from, to }: { readonly from: number; readonly to: number },
  at: number,
  replacement: string,
): string {
  const { length } = packed;
  const added = replacement.length;
  const shift = added - (to - from);
  const isEarlier = at <= from;
  const tail = isEarlier ? to : at;
  const scratch = scratchOf(length + added);
  scratch.latin1Write(packed, 0);
  // The end makes way for what lies between the two places, or the other way round.
  if (shift > 0) scratch.copyWithin(tail + shift, tail, length);
  if (isEarlier) scratch.copyWithin(at + added, at, from);
  else scratch.copyWithin(from, to, at);
  if (shift < 0) scratch.copyWithin(tail + shift, tail, length);
  scratch.latin1Write(replacement, isEarlier ? at : at - (to - from));
  return scratch.latin1Slice(0, length + shift);
}

const SCRATCH_BYTES = 16 * 1024;
const shared: Buffer = Buffer.allocUnsafeSlow(SCRATCH_BYTES);
/** Up to this length a loop beats the call into the engine. */
const LOOP_CHARS = 24;

/** Writes chars as bytes; there is room. */
export function putChars(bytes: Buffer, at: number, text: string): void {
  const { length } = text;
  if (length > LOOP_CHARS) bytes.latin1Write(text, at);
  else for (let i = 0; i < length; i++) bytes[at + i] = text.charCodeAt(i);
}

/** Room for `bytes`, which the next call may hand out again. */
export function scratchOf(bytes: number): Buffer {
  return bytes <= SCRATCH_BYTES ? shared : Buffer.allocUnsafeSlow(bytes);
}
