import { assert } from '../base/assert.ts';
import type { RawStringParts } from './image/raw-string-parts.ts';
import type { DigestSink } from './value.ts';

/** Texts up to this length stay JS strings when edited: making them anew costs less than a Buffer. */
const TEXT_CHARS = 1024;
/** Room left behind a string that grows: as much again up to this, then an eighth. */
const SPARE_BYTES: number = 1024 * 1024;

/**
 * A string that is large or was edited (APPEND, SETRANGE, SETBIT): what OBJECT ENCODING calls raw.
 * Small ones are kept as text, others as bytes outside V8's heap with room to grow, so that edits
 * cost what they change.
 *
 * Replies may refer to the bytes until they have left the socket. An edit of bytes that were shared
 * therefore copies them first, once; appending never needs to, as it writes behind what was shared.
 */
export class RawString {
  #text: string;
  /** Whose bytes count if `#text` is not in use; its length is the capacity. */
  #bytes: Buffer | undefined;
  #length: number;
  #shared = false;
  /**
   * A number that follows from the content and takes time to find, for whoever found it; undefined
   * after every change. No part of the value.
   */
  memo: number | undefined = undefined;
  /** Once an image holds the string by parts. */
  parts: RawStringParts | undefined = undefined;

  private constructor(text: string, bytes: Buffer | undefined, length: number) {
    this.#text = text;
    this.#bytes = bytes;
    this.#length = length;
  }

  /** Keeps `text`, or a copy of it as bytes if it is long. */
  static ofText(text: string): RawString {
    if (text.length <= TEXT_CHARS) return new RawString(text, undefined, text.length);
    return new RawString('', Buffer.from(text, 'latin1'), text.length);
  }

  /** Takes `bytes` over, or keeps them as text if they are few: the caller does not touch them again. */
  static ofBytes(bytes: Buffer): RawString {
    if (bytes.length <= TEXT_CHARS) return RawString.ofText(bytes.latin1Slice());
    return RawString.ofBuffer(bytes);
  }

  /** Takes `bytes` over, however few they are: the caller may still fill them, and then not touch them. */
  static ofBuffer(bytes: Buffer): RawString {
    return new RawString('', bytes, bytes.length);
  }

  get length(): number {
    return this.#length;
  }

  encoding(): string {
    return 'raw';
  }

  text(): string {
    return this.#bytes === undefined ? this.#text : this.#bytes.latin1Slice(0, this.#length);
  }

  /** The content as a bulk reply; bytes returned here never change. */
  share(): string | Uint8Array {
    return this.slice(0, this.#length);
  }

  /** Bytes `start` to `end` (exclusive, both within the length) as a bulk reply. */
  slice(start: number, end: number): string | Uint8Array {
    if (this.#bytes === undefined) return this.#text.slice(start, end);
    if (end - start <= TEXT_CHARS) return this.#bytes.latin1Slice(start, end);
    this.#shared = true;
    return this.#bytes.subarray(start, end);
  }

  copy(): RawString {
    if (this.#bytes === undefined) return new RawString(this.#text, undefined, this.#length);
    const copy = Buffer.allocUnsafeSlow(this.#length);
    this.#bytes.copy(copy, 0, 0, this.#length);
    return new RawString('', copy, this.#length);
  }

  feed(sink: DigestSink): void {
    if (this.#bytes === undefined) sink.text(this.#text);
    else sink.bytes(this.#bytes.subarray(0, this.#length));
  }

  byteAt(i: number): number {
    assert(i >= 0 && i < this.#length, 'a byte is read inside its string');
    if (this.#bytes === undefined) return this.#text.charCodeAt(i);
    return this.#bytes[i] as number;
  }

  /**
   * All bytes as they are now, to be looked at before anything else happens: they are the value's
   * own and change with it.
   */
  view(): Buffer {
    if (this.#bytes === undefined) return Buffer.from(this.#text, 'latin1');
    return this.#bytes.subarray(0, this.#length);
  }

  /** Changes one byte; a gap before it is filled with zeros. */
  setByte(i: number, byte: number): void {
    this.memo = undefined;
    if (i < this.#length && this.#bytes !== undefined && !this.#shared) {
      this.parts?.beforeBytes(i, i + 1);
      this.#bytes[i] = byte;
    } else {
      this.write(i, String.fromCharCode(byte));
    }
  }

  /** Copies the bytes to the beginning of `target`, which has room for them. */
  copyTo(target: Buffer): void {
    if (this.#bytes === undefined) target.latin1Write(this.#text, 0, this.#length);
    else this.#bytes.copy(target, 0, 0, this.#length);
  }

  /** Puts a copy of the first `length` bytes of `source` in the place of everything. */
  replace(source: Buffer, length: number): void {
    this.memo = undefined;
    this.parts?.beforeBytes(0, Math.max(length, this.#length));
    if (length > TEXT_CHARS) {
      source.copy(this.#room(length, 0), 0, 0, length);
    } else {
      this.#text = source.latin1Slice(0, length);
      this.#bytes = undefined;
      this.#shared = false;
    }
    this.#length = length;
  }

  /**
   * Bytes of `length` for another use, from a value that is given up; undefined if replies or an image
   * may refer to them, if they are too few or far too many. What they hold does not matter any more.
   */
  recycle(length: number): Buffer | undefined {
    const bytes = this.#bytes;
    if (bytes === undefined || this.#shared || this.parts?.hasPending === true) return undefined;
    if (bytes.length < length || bytes.length > 2 * length) return undefined;
    this.#bytes = undefined;
    this.#length = 0;
    return bytes.subarray(0, length);
  }

  append(tail: string | Uint8Array): void {
    this.write(this.#length, tail);
  }

  /** Puts `part` at byte `offset`; a gap before it is filled with zeros. */
  write(offset: number, part: string | Uint8Array): void {
    this.memo = undefined;
    const end = offset + part.length;
    const length = Math.max(end, this.#length);
    this.parts?.beforeBytes(Math.min(offset, this.#length), end);
    if (this.#bytes === undefined && length <= TEXT_CHARS && typeof part === 'string') {
      this.#text = spliceText(this.#text, offset, part);
    } else {
      const bytes = this.#room(length, offset);
      if (typeof part === 'string') bytes.latin1Write(part, offset, part.length);
      else bytes.set(part, offset);
    }
    this.#length = length;
  }

  /** Bytes that hold `length` and may be changed from `offset` on, with zeros up to there. */
  #room(length: number, offset: number): Buffer {
    const old = this.#bytes;
    const behindShared = !this.#shared || offset >= this.#length;
    if (old !== undefined && old.length >= length && behindShared) {
      if (offset > this.#length) old.fill(0, this.#length, offset);
      return old;
    }
    const spare = length > this.#length ? Math.min(length, Math.max(SPARE_BYTES, length >>> 3)) : 0;
    const capacity = length + spare;
    // Zeros fresh from the system take no memory until they are touched, and gaps may be wide.
    const gap = offset > this.#length;
    const bytes = gap ? Buffer.alloc(capacity) : Buffer.allocUnsafeSlow(capacity);
    if (old === undefined) bytes.latin1Write(this.#text, 0, this.#length);
    else old.copy(bytes, 0, 0, this.#length);
    this.#bytes = bytes;
    this.#text = '';
    this.#shared = false;
    return bytes;
  }
}

const scratch: Buffer = Buffer.alloc(TEXT_CHARS);

/**
 * Goes through bytes because V8 would keep the concatenation of strings as a tree of its parts,
 * which for many small appends takes many times the memory of the text.
 */
function spliceText(text: string, offset: number, part: string): string {
  const end = offset + part.length;
  scratch.latin1Write(text, 0, text.length);
  if (offset > text.length) scratch.fill(0, text.length, offset);
  scratch.latin1Write(part, offset, part.length);
  return scratch.latin1Slice(0, Math.max(end, text.length));
}
