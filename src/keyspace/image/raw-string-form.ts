import { RawString } from '../raw-string.ts';
import { LARGE_STRING_BYTES, MAX_STRING_BYTES } from '../value.ts';
import { type ByteReader, Malformed } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import type { Changes } from './changes.ts';
import { RANGE_BYTES, RawStringParts } from './raw-string-parts.ts';
import type { LoadContext, ValueForm, ValueLoader } from './value-form.ts';
import { KIND_RAW_STRING } from './value-parts.ts';

function partsOf(value: RawString, changes: Changes): RawStringParts | undefined {
  if (value.parts === undefined && value.length > LARGE_STRING_BYTES) {
    value.parts = new RawStringParts(changes, value).enlist();
  }
  return value.parts;
}

/** Length and bytes. */
function encode(value: RawString, into: ByteWriter): void {
  into.varint(value.length);
  into.raw(value.view());
}

function decode(from: ByteReader): RawString {
  const bytes = from.raw(from.varint());
  const own = Buffer.allocUnsafeSlow(bytes.length);
  own.set(bytes);
  return RawString.ofBytes(own);
}

/** Takes ranges one after the other, and sees that none is missing. */
class RawStringLoader implements ValueLoader {
  readonly parts: RawStringParts;
  readonly #bytes: Buffer;
  readonly #value: RawString;
  #filled = 0;

  constructor(id: number, length: number, { changes }: LoadContext) {
    if (length > MAX_STRING_BYTES) throw new Malformed(`a string of ${length} bytes`);
    this.#bytes = Buffer.allocUnsafeSlow(length);
    // Few bytes would be kept as text, and filling them would not fill the value.
    this.#value = RawString.ofBuffer(this.#bytes);
    this.parts = new RawStringParts(changes, this.#value, id);
  }

  part(part: number, from: ByteReader): boolean {
    const start = part * RANGE_BYTES;
    const { length } = this.#bytes;
    if (start >= length) return false;
    if (start !== this.#filled) this.#missing();
    this.#filled = Math.min(start + RANGE_BYTES, length);
    this.#bytes.set(from.raw(this.#filled - start), start);
    from.end();
    return true;
  }

  finish(): RawString {
    if (this.#filled !== this.#bytes.length) this.#missing();
    this.#value.parts = this.parts;
    return this.#value;
  }

  #missing(): never {
    throw new Malformed(`value ${this.parts.id} has ${this.#filled} bytes, and then others`);
  }
}

/** Strings outside V8's heap in images: large ones by ranges of bytes. */
export const rawStringForm: ValueForm<RawString> = {
  kind: KIND_RAW_STRING,
  parts: partsOf,
  attached: (value) => value.parts,
  encode,
  decode,
  load: (id, header, context) => new RawStringLoader(id, header.varint(), context),
};
