import { unreachable } from '../../base/assert.ts';
import { RawString } from '../raw-string.ts';
import { parseInteger, type Value } from '../value.ts';
import { ByteReader, Malformed } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import type { Changes } from './changes.ts';
import { hashForm } from './hash-form.ts';
import { listForm } from './list-form.ts';
import type { Parts } from './parts.ts';
import { rawStringForm } from './raw-string-form.ts';
import { setForm } from './set-form.ts';
import { sortedSetForm } from './sorted-set-form.ts';
import { streamForm } from './stream-form.ts';
import type { LoadContext, ValueForm, ValueLoader } from './value-form.ts';
import { KIND_WHOLE, type ValueParts } from './value-parts.ts';
import { WholeParts } from './whole-parts.ts';

/** A value that is kept as an object. */
export type ObjectValue = Exclude<Value, number | bigint | string>;

/** What a value begins with; numbers are on disk for ever. */
const TAG_INTEGER = 1;
const TAG_TEXT = 2;
const TAG_RAW_STRING = 3;
const TAG_HASH = 4;
const TAG_LIST = 5;
const TAG_SET = 6;
const TAG_SORTED_SET = 7;
const TAG_STREAM = 8;
/** The value is held by parts: follow their number, kind, the tag of the type, and the parts' header. */
const TAG_PARTS = 15;

/** A larger value does not stand among the keys, so that its neighbours can change without it. */
const INLINE_BYTES = 2048;

const scratch = new ByteWriter();

/** Puts a value, or what leads to its parts, into the record of its key. */
export function encodeValue(
  value: Value,
  into: ByteWriter,
  at: { readonly changes: Changes; readonly home: Parts },
): void {
  switch (typeof value) {
    case 'number':
    case 'bigint':
      into.byte(TAG_INTEGER);
      into.text(String(value));
      return;
    case 'string':
      into.byte(TAG_TEXT);
      into.text(value);
      return;
    default:
      encodeObject(value, into, at);
  }
}

function encodeObject(
  value: ObjectValue,
  into: ByteWriter,
  { changes, home }: { readonly changes: Changes; readonly home: Parts },
): void {
  const tag = tagOf(value);
  const form = formOf(tag);
  const byParts = form.parts(value, changes);
  if (byParts !== undefined) changes.noLongerWhole(value);
  let held = byParts ?? changes.whole(value);
  if (held === undefined) {
    const start = into.length;
    into.byte(tag);
    form.encode(value, into);
    if (into.length - start <= INLINE_BYTES) return;
    into.rewind(start);
    held = wholeOf(value, changes).enlist();
  }
  changes.met(held, home);
  into.byte(TAG_PARTS);
  into.varint(held.id);
  into.byte(held.kind);
  into.byte(tag);
  scratch.clear();
  held.header(scratch);
  into.varint(scratch.length);
  into.raw(scratch.view());
}

function wholeOf(value: ObjectValue, changes: Changes, id?: number): WholeParts {
  const form = formOf(tagOf(value));
  return new WholeParts(changes, { value, encode: (into) => form.encode(value, into) }, id);
}

/** A value that was loaded up to its parts, which come later. */
export class Reference {
  readonly id: number;
  readonly #kind: number;
  readonly #tag: number;
  readonly #header: Buffer;

  constructor(from: ByteReader) {
    this.id = from.varint();
    this.#kind = from.byte();
    this.#tag = from.byte();
    // What is read lives on after the record it came in.
    this.#header = Buffer.from(from.raw(from.varint()));
  }

  loader(context: LoadContext): ValueLoader {
    const form = formOf(this.#tag);
    if (this.#kind === KIND_WHOLE) return new WholeLoader(this.id, form, context);
    if (this.#kind !== form.kind) throw new Malformed(`a value of the unknown kind ${this.#kind}`);
    return form.load(this.id, new ByteReader(this.#header), context);
  }
}

class WholeLoader implements ValueLoader {
  readonly #id: number;
  readonly #form: ValueForm<ObjectValue>;
  readonly #context: LoadContext;
  #parts: WholeParts | null = null;

  constructor(id: number, form: ValueForm<ObjectValue>, context: LoadContext) {
    this.#id = id;
    this.#form = form;
    this.#context = context;
  }

  get parts(): ValueParts {
    if (this.#parts === null) throw new Malformed(`value ${this.#id} has no record`);
    return this.#parts;
  }

  part(part: number, from: ByteReader): boolean {
    if (part !== 0) return false;
    const value = this.#form.decode(from, this.#context);
    from.end();
    this.#parts = wholeOf(value, this.#context.changes, this.#id);
    return true;
  }

  finish(): Value {
    return (this.parts as WholeParts).value;
  }
}

/** Takes a value back, or learns where its parts are. */
export function decodeValue(from: ByteReader, context: LoadContext): Value | Reference {
  const tag = from.byte();
  if (tag === TAG_TEXT) return from.text();
  if (tag === TAG_PARTS) return new Reference(from);
  if (tag !== TAG_INTEGER) return formOf(tag).decode(from, context);
  const value = parseInteger(from.text());
  if (value === undefined) throw new Malformed('an integer that is none');
  return value;
}

/** A write has looked `value` up, and may change anything of it. */
export function noteFound(value: Value, changes: Changes): void {
  if (typeof value === 'object') changes.found(value);
}

/** The key that had `value` has it no more. */
export function noteLost(value: Value, changes: Changes): void {
  if (typeof value !== 'object') return;
  const parts = formOf(tagOf(value)).attached(value) ?? changes.whole(value);
  if (parts !== undefined) changes.died(parts);
}

function tagOf(value: ObjectValue): number {
  if (value instanceof RawString) return TAG_RAW_STRING;
  switch (value.type) {
    case 'hash':
      return TAG_HASH;
    case 'list':
      return TAG_LIST;
    case 'set':
      return TAG_SET;
    case 'zset':
      return TAG_SORTED_SET;
    case 'stream':
      return TAG_STREAM;
    default:
      return unreachable(value.type);
  }
}

/** The form for a tag, which goes with the class of every value that {@link tagOf} gives it to. */
function formOf(tag: number): ValueForm<ObjectValue> {
  const form = FORMS[tag];
  if (form === undefined) throw new Malformed(`a value of the unknown type ${tag}`);
  return form as unknown as ValueForm<ObjectValue>;
}

const FORMS: Readonly<Record<number, unknown>> = {
  [TAG_RAW_STRING]: rawStringForm,
  [TAG_HASH]: hashForm,
  [TAG_LIST]: listForm,
  [TAG_SET]: setForm,
  [TAG_SORTED_SET]: sortedSetForm,
  [TAG_STREAM]: streamForm,
};
