import type { KeyTable } from '../key-table.ts';
import { newScores } from '../ranked-nodes.ts';
import { SortedSet } from '../sorted-set.ts';
import { type Large, LargeBuilding } from '../sorted-set-large.ts';
import { type ByteReader, Malformed } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import type { Changes } from './changes.ts';
import { type PageSetting, pageBits, readLayout, TableLoader, TableParts } from './table-parts.ts';
import type { LoadContext, ValueForm } from './value-form.ts';
import { KIND_SORTED_SET } from './value-parts.ts';

/*
 * An element is its member, a text, and its score, a double. A whole set is a byte, SMALL or LARGE; the
 * number of elements, a varint; and then these: those of a small set in the order of the set, those of a
 * large one, whole or in pages, in the order of their numbers.
 */
const SMALL = 0;
const LARGE = 1;
const SCORE_BYTES = 8;

type Table = KeyTable<number>;

function write(into: ByteWriter, member: string, score: number): void {
  into.text(member);
  into.double(score);
}

function readScore(from: ByteReader): number {
  const score = from.double();
  if (Number.isNaN(score)) throw new Malformed('a score that is no number');
  return score;
}

function fillTable(table: Table, from: ByteReader, count: number): void {
  for (let i = 0; i < count; i++) {
    const member = from.text();
    if (table.find(member) !== -1) throw new Malformed('a member that is there twice');
    table.add(member, readScore(from));
  }
}

class SortedSetParts extends TableParts {
  readonly kind = KIND_SORTED_SET;
  readonly #table: Table;

  constructor(changes: Changes, table: Table, setting: PageSetting) {
    super(changes, table.entries, setting);
    this.#table = table;
  }

  protected encodeEntries(from: number, to: number, into: ByteWriter): void {
    const { entries } = this.#table;
    for (let at = from; at < to; at++) write(into, entries.key(at), entries.value(at));
  }
}

function partsOf({ large }: SortedSet, changes: Changes): SortedSetParts | undefined {
  if (large === undefined) return undefined;
  if (large.parts instanceof SortedSetParts) return large.parts;
  const { entries } = large.table;
  const bits = pageBits(entries, (at) => entries.key(at).length + 1 + SCORE_BYTES);
  if (bits === undefined) return undefined;
  const parts = new SortedSetParts(changes, large.table, { bits }).enlist();
  large.parts = parts;
  return parts;
}

function encode(value: SortedSet, into: ByteWriter): void {
  const { large, size } = value;
  into.byte(large === undefined ? SMALL : LARGE);
  into.varint(size);
  if (large === undefined) {
    value.forEach((member, score) => {
      write(into, member, score);
    });
    return;
  }
  const { entries } = large.table;
  for (let at = 0; at < size; at++) write(into, entries.key(at), entries.value(at));
}

function decode(from: ByteReader, { hash }: LoadContext): SortedSet {
  const form = from.byte();
  const count = from.varint();
  if (form === LARGE) {
    const building = new LargeBuilding(hash);
    fillTable(building.table, from, count);
    return SortedSet.ofLarge(hash, building.finish());
  }
  const members: string[] = [];
  const scores = newScores();
  for (let i = 0; i < count; i++) {
    members.push(from.text());
    scores.push(readScore(from));
  }
  const value = SortedSet.ofSorted(hash, members, scores);
  if (form !== SMALL || value.large !== undefined) {
    throw new Malformed('a sorted set of unknown encoding');
  }
  return value;
}

/** Sorted sets in images: those with many elements by pages. */
export const sortedSetForm: ValueForm<SortedSet> = {
  kind: KIND_SORTED_SET,
  parts: partsOf,
  attached: (value) => value.large?.parts,
  encode,
  decode,
  load: (id, header, { changes, hash }) => {
    const layout = readLayout(header);
    const building = new LargeBuilding(hash);
    const { table } = building;
    const parts = new SortedSetParts(changes, table, { bits: layout.bits, id });
    return new TableLoader({
      layout,
      parts,
      fill: (from, count) => fillTable(table, from, count),
      finish: () => {
        const large: Large = building.finish();
        large.parts = parts;
        return SortedSet.ofLarge(hash, large);
      },
    });
  },
};
