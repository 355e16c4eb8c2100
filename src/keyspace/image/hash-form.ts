import { type HashEncoding, MAX_FLAT_FIELDS, NEVER } from '../hash-fields.ts';
import { FlatFields } from '../hash-flat.ts';
import { MAX_PACKED_CHARS } from '../hash-packed.ts';
import { TableFields } from '../hash-table.ts';
import { HashValue } from '../hash-value.ts';
import type { KeyHash } from '../key-hash.ts';
import { type ByteReader, Malformed } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import type { Changes } from './changes.ts';
import { type PageSetting, pageBits, readLayout, TableLoader, TableParts } from './table-parts.ts';
import type { LoadContext, ValueForm } from './value-form.ts';
import { KIND_HASH_TABLE } from './value-parts.ts';

/*
 * Fields, of a page or of a whole hash, in the order of their numbers: name and value of each, as texts.
 * Then how many of them have a deadline, a varint, and for each of those its place among these fields,
 * a varint, and the deadline, a double. A field that is gone and not deleted is there as any other.
 *
 * A whole hash is its encoding, a byte; the number of fields, a varint; and then these.
 */

/** The byte of an encoding is its place here. */
const ENCODINGS: readonly HashEncoding[] = ['listpack', 'listpackex', 'hashtable'];

interface Deadline {
  /** Place of the field among those that are written together. */
  readonly at: number;
  readonly deadline: number;
}

function writeDeadlines(deadlines: readonly Deadline[], into: ByteWriter): void {
  into.varint(deadlines.length);
  for (const { at, deadline } of deadlines) {
    into.varint(at);
    into.double(deadline);
  }
}

function readDeadlines(from: ByteReader, count: number): Deadline[] {
  const deadlines: Deadline[] = [];
  for (let left = from.varint(); left > 0; left--) {
    const at = from.varint();
    const deadline = from.double();
    // The heap of deadlines needs an order, which NaN would break.
    if (at >= count || !(deadline < NEVER)) throw new Malformed('a deadline that cannot be');
    deadlines.push({ at, deadline });
  }
  return deadlines;
}

/** Adds `count` fields, with their deadlines, to a table. */
function fillTable(table: TableFields, from: ByteReader, count: number): void {
  const first = table.count;
  for (let i = 0; i < count; i++) addField(table, from.text(), from.text());
  for (const { at, deadline } of readDeadlines(from, count))
    table.setDeadline(first + at, deadline);
}

function addField(table: TableFields, field: string, value: string): void {
  if (table.find(field) !== -1) throw new Malformed('a field that is there twice');
  table.add(field, value);
}

class HashParts extends TableParts {
  readonly kind = KIND_HASH_TABLE;
  readonly #fields: TableFields;

  constructor(changes: Changes, fields: TableFields, setting: PageSetting) {
    super(changes, fields, setting);
    this.#fields = fields;
  }

  protected encodeEntries(from: number, to: number, into: ByteWriter): void {
    const fields = this.#fields;
    const deadlines: Deadline[] = [];
    for (let at = from; at < to; at++) {
      into.text(fields.field(at));
      into.text(fields.value(at));
      const deadline = fields.deadline(at);
      if (deadline !== NEVER) deadlines.push({ at: at - from, deadline });
    }
    writeDeadlines(deadlines, into);
  }
}

function partsOf(value: HashValue, changes: Changes): HashParts | undefined {
  const { table } = value;
  if (table === undefined) return undefined;
  if (table.parts instanceof HashParts) return table.parts;
  const bits = pageBits(table, (at) => table.field(at).length + table.value(at).length + 2);
  if (bits === undefined) return undefined;
  const parts = new HashParts(changes, table, { bits }).enlist();
  table.parts = parts;
  return parts;
}

function encode(value: HashValue, into: ByteWriter): void {
  into.byte(ENCODINGS.indexOf(value.encoding()));
  into.varint(value.fields);
  const deadlines: Deadline[] = [];
  let at = 0;
  value.forEachStored((field, item, deadline) => {
    into.text(field);
    into.text(item);
    if (deadline !== undefined) deadlines.push({ at, deadline });
    at++;
  });
  writeDeadlines(deadlines, into);
}

function decode(from: ByteReader, { hash }: LoadContext): HashValue {
  const encoding = ENCODINGS[from.byte()];
  if (encoding === undefined) throw new Malformed('a hash of unknown encoding');
  const count = from.varint();
  if (encoding === 'hashtable' && count > MAX_FLAT_FIELDS) {
    const table = new TableFields(hash);
    fillTable(table, from, count);
    return new HashValue(hash, table);
  }
  return decodeSmall(from, { hash, encoding, count });
}

function decodeSmall(
  from: ByteReader,
  {
    hash,
    encoding,
    count,
  }: { readonly hash: KeyHash; readonly encoding: HashEncoding; readonly count: number },
): HashValue {
  const items: string[] = [];
  let packed = 0;
  for (let i = 0; i < 2 * count; i++) {
    const item = from.text();
    items.push(item);
    packed += item.length + 1;
  }
  const deadlines = readDeadlines(from, count);
  if (encoding === 'listpack' && packed <= MAX_PACKED_CHARS) {
    const value = new HashValue(hash);
    if (value.setAll(items) !== count) throw new Malformed('a field that is there twice');
    return value;
  }
  const store = new FlatFields(hash, encoding, items);
  for (const { at, deadline } of deadlines) store.setDeadline(at, deadline);
  return new HashValue(hash, store);
}

/** Hashes in images: those with many fields by pages. */
export const hashForm: ValueForm<HashValue> = {
  kind: KIND_HASH_TABLE,
  parts: partsOf,
  attached: (value) => value.table?.parts,
  encode,
  decode,
  load: (id, header, { changes, hash }) => {
    const layout = readLayout(header);
    const table = new TableFields(hash);
    const parts = new HashParts(changes, table, { bits: layout.bits, id });
    return new TableLoader({
      layout,
      parts,
      fill: (from, count) => fillTable(table, from, count),
      finish: () => {
        table.parts = parts;
        return new HashValue(hash, table);
      },
    });
  },
};
