import { SetTable } from '../set-table.ts';
import { type SetEncoding, SetValue } from '../set-value.ts';
import { type ByteReader, Malformed } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import type { Changes } from './changes.ts';
import { type PageSetting, pageBits, readLayout, TableLoader, TableParts } from './table-parts.ts';
import type { LoadContext, ValueForm } from './value-form.ts';
import { KIND_SET_TABLE } from './value-parts.ts';

/*
 * Members, of a page or of a whole set, are texts in the order of their numbers; integers are spelt in
 * decimal as any other member. A whole set is its encoding, a byte; the number of members, a varint; and
 * then these.
 */

/** The byte of an encoding is its place here. */
const ENCODINGS: readonly SetEncoding[] = ['intset', 'listpack', 'hashtable'];

class SetParts extends TableParts {
  readonly kind = KIND_SET_TABLE;
  readonly #table: SetTable;

  constructor(changes: Changes, table: SetTable, setting: PageSetting) {
    super(changes, table.entries, setting);
    this.#table = table;
  }

  protected encodeEntries(from: number, to: number, into: ByteWriter): void {
    const { entries } = this.#table;
    for (let at = from; at < to; at++) into.text(entries.key(at));
  }
}

function partsOf(value: SetValue, changes: Changes): SetParts | undefined {
  const { table } = value;
  if (table === undefined) return undefined;
  if (table.parts instanceof SetParts) return table.parts;
  const bits = pageBits(table.entries, (at) => table.entries.key(at).length + 1);
  if (bits === undefined) return undefined;
  const parts = new SetParts(changes, table, { bits }).enlist();
  table.parts = parts;
  return parts;
}

function encode(value: SetValue, into: ByteWriter): void {
  into.byte(ENCODINGS.indexOf(value.encoding()));
  into.varint(value.size);
  value.forEach((member) => {
    into.text(member);
  });
}

function decode(from: ByteReader, { hash }: LoadContext): SetValue {
  const encoding = ENCODINGS[from.byte()];
  if (encoding === undefined) throw new Malformed('a set of unknown encoding');
  const value = new SetValue(hash, encoding);
  for (let left = from.varint(); left > 0; left--) {
    if (!value.add(from.text())) throw new Malformed('a member that is there twice');
  }
  if (value.encoding() !== encoding)
    throw new Malformed(`members that do not fit in a ${encoding}`);
  return value;
}

/** Sets in images: those with many members by pages. */
export const setForm: ValueForm<SetValue> = {
  kind: KIND_SET_TABLE,
  parts: partsOf,
  attached: (value) => value.table?.parts,
  encode,
  decode,
  load: (id, header, { changes, hash }) => {
    const layout = readLayout(header);
    const table = new SetTable(hash);
    const parts = new SetParts(changes, table, { bits: layout.bits, id });
    return new TableLoader({
      layout,
      parts,
      fill: (from, count) => {
        for (let i = 0; i < count; i++) {
          const member = from.text();
          if (table.find(member) !== -1) throw new Malformed('a member that is there twice');
          table.add(member);
        }
      },
      finish: () => {
        table.parts = parts;
        return new SetValue(hash, table);
      },
    });
  },
};
