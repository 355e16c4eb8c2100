import type { Value } from '../value.ts';
import { type ByteReader, Malformed } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import type { Changes } from './changes.ts';
import type { ValueLoader } from './value-form.ts';
import { ValueParts } from './value-parts.ts';

/** What a part is meant to take: it is written whole when one entry of it changes. */
const PART_BYTES = 2048;
/** A part has 2 to the power of so many entries, however small or large they are. */
const MIN_BITS = 2;
const MAX_BITS = 7;
/** Entries looked at to learn how large they are. */
const SAMPLES = 32;

/** What has entries numbered 0 … count - 1, where the last one takes the number of one removed. */
export interface Numbered {
  readonly count: number;
}

export interface PageSetting {
  /** 2 to the power of this is the number of entries of each page but the last. */
  readonly bits: number;
  readonly id?: number;
}

/** How the entries of a table are spread over parts, as its header says it. */
export interface TableLayout {
  /** As in {@link PageSetting}. */
  readonly bits: number;
  readonly count: number;
}

/**
 * A large table in images: a part is a page of entries whose numbers follow one another, the last part
 * may have fewer. The header is the number of entries, then one byte with the bits of a page.
 *
 * The parts know the table, not the value that has it: when the value takes another table, an image
 * that is being written still gets the old one as it was.
 */
export abstract class TableParts extends ValueParts {
  readonly #table: Numbered;
  readonly #bits: number;

  /** `id`: the number that an image knows them by, if they are loaded from one. */
  constructor(changes: Changes, table: Numbered, { bits, id }: PageSetting) {
    super(changes, id);
    this.#table = table;
    this.#bits = bits;
  }

  /** Puts entries `from` to `to` - 1 into `into`. */
  protected abstract encodeEntries(from: number, to: number, into: ByteWriter): void;

  /** Entry number `entry` is about to be added or changed. */
  beforeEntry(entry: number): void {
    this.before(entry >>> this.#bits);
  }

  /** Entry number `entry` is about to be removed, and the last one to take its place. */
  beforeRemoval(entry: number): void {
    this.before(entry >>> this.#bits);
    this.before((this.#table.count - 1) >>> this.#bits);
  }

  /** Makes the whole table part of the image being written, which is the first that holds it. */
  enlist(): this {
    this.freezeAll(Math.ceil(this.#table.count / 2 ** this.#bits));
    this.changes.enlist(this);
    return this;
  }

  /** The value has another table from now on, or none. */
  abandon(): void {
    this.changes.died(this);
  }

  header(into: ByteWriter): void {
    into.varint(this.#table.count);
    into.byte(this.#bits);
  }

  encode(part: number, into: ByteWriter): boolean {
    const size = 2 ** this.#bits;
    const from = part * size;
    const to = Math.min(from + size, this.#table.count);
    if (from >= to) return false;
    this.encodeEntries(from, to, into);
    return true;
  }
}

/**
 * The bits for a table that no image holds by parts yet; undefined if it is so small that it would be
 * one part, and is better kept in one piece. `bytesOf` says about how many bytes an entry takes.
 */
export function pageBits(table: Numbered, bytesOf: (entry: number) => number): number | undefined {
  const { count } = table;
  if (count <= 1 << MIN_BITS) return undefined;
  const step = Math.max(1, Math.floor(count / SAMPLES));
  let bytes = 0;
  let looked = 0;
  for (let entry = 0; entry < count && looked < SAMPLES; entry += step) {
    bytes += bytesOf(entry);
    looked++;
  }
  const fitting = Math.floor(Math.log2((PART_BYTES * looked) / Math.max(1, bytes)));
  const bits = Math.min(MAX_BITS, Math.max(MIN_BITS, fitting));
  return count <= 1 << bits ? undefined : bits;
}

/** Reads what {@link TableParts.header} has written. */
export function readLayout(header: ByteReader): TableLayout {
  const count = header.varint();
  const bits = header.byte();
  if (bits > MAX_BITS) throw new Malformed(`pages of 2^${bits} entries`);
  return { count, bits };
}

/** What {@link TableLoader} fills. */
export interface TableFilling {
  readonly layout: TableLayout;
  readonly parts: TableParts;
  /** Adds the next `count` entries, which are all that `from` has. */
  readonly fill: (from: ByteReader, count: number) => void;
  /** All entries are there: makes the value, and attaches the parts. */
  readonly finish: () => Value;
}

/** Takes pages one after the other, and sees that none is missing. */
export class TableLoader implements ValueLoader {
  readonly #filling: TableFilling;
  #filled = 0;

  constructor(filling: TableFilling) {
    this.#filling = filling;
  }

  get parts(): TableParts {
    return this.#filling.parts;
  }

  part(part: number, from: ByteReader): boolean {
    const { layout, fill } = this.#filling;
    const size = 2 ** layout.bits;
    if (part * size >= layout.count) return false;
    if (part * size !== this.#filled) this.#missing();
    const count = Math.min(size, layout.count - this.#filled);
    fill(from, count);
    from.end();
    this.#filled += count;
    return true;
  }

  finish(): Value {
    if (this.#filled !== this.#filling.layout.count) this.#missing();
    return this.#filling.finish();
  }

  #missing(): never {
    const { parts, layout } = this.#filling;
    throw new Malformed(
      `value ${parts.id} has entries up to ${this.#filled} of ${layout.count}, and then others`,
    );
  }
}
