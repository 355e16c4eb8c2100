import { DeadlineHeap } from './deadline-heap.ts';
import { DEADLINE, EXPIRING_MEMBER_WORDS } from './entries.ts';
import { type FieldStore, NEVER } from './hash-fields.ts';
import type { TableParts } from './image/table-parts.ts';
import type { KeyHash } from './key-hash.ts';
import { KeyTable } from './key-table.ts';

/**
 * Many fields: a table. Each field has room for its place among the deadlines from the start, so that
 * the first deadline of a large hash does not mean building it anew.
 */
export class TableFields implements FieldStore {
  readonly encoding = 'hashtable';
  asOf = 0;
  /** Once an image holds the table. */
  parts: TableParts | undefined = undefined;
  readonly #hash: KeyHash;
  readonly #table: KeyTable<string>;
  #deadlines: DeadlineHeap | undefined = undefined;
  /** The last answer of {@link countUntil} and its time, NaN once it may be wrong. */
  #counted = 0;
  #countedUntil = Number.NaN;

  constructor(hash: KeyHash) {
    this.#hash = hash;
    this.#table = new KeyTable<string>(hash, EXPIRING_MEMBER_WORDS, '');
  }

  /** A table of the same content and order, which no image holds. */
  static of(hash: KeyHash, fields: FieldStore): TableFields {
    const table = new TableFields(hash);
    for (let at = 0; at < fields.count; at++) {
      table.add(fields.field(at), fields.value(at));
      const deadline = fields.deadline(at);
      if (deadline !== NEVER) table.setDeadline(at, deadline);
    }
    table.asOf = fields.asOf;
    return table;
  }

  get count(): number {
    return this.#table.entries.count;
  }

  find(field: string): number {
    return this.#table.find(field);
  }

  field(at: number): string {
    return this.#table.entries.key(at);
  }

  value(at: number): string {
    return this.#table.entries.value(at);
  }

  deadline(at: number): number {
    return this.#deadlines === undefined ? NEVER : this.#deadlines.of(at);
  }

  add(field: string, value: string): void {
    this.parts?.beforeEntry(this.count);
    this.#table.add(field, value);
  }

  setValue(at: number, value: string): void {
    this.parts?.beforeEntry(at);
    this.#table.entries.setValue(at, value);
  }

  setDeadline(at: number, deadline: number): void {
    this.parts?.beforeEntry(at);
    this.#countedUntil = Number.NaN;
    if (deadline === NEVER) {
      this.#deadlines?.clear(at);
      return;
    }
    this.#deadlines ??= new DeadlineHeap(this.#table.entries, DEADLINE);
    this.#deadlines.set(at, deadline);
  }

  remove(at: number): void {
    this.parts?.beforeRemoval(at);
    this.#countedUntil = Number.NaN;
    this.#deadlines?.clear(at);
    if (this.#table.remove(at) !== -1) this.#deadlines?.renumbered(at);
  }

  minDeadline(): number {
    return this.#deadlines === undefined ? NEVER : this.#deadlines.min();
  }

  minDeadlineAt(): number {
    return this.#deadlines === undefined ? 0 : this.#deadlines.minId();
  }

  countUntil(time: number): number {
    if (this.#deadlines === undefined) return 0;
    if (this.#countedUntil !== time) {
      this.#counted = this.#deadlines.countUntil(time);
      this.#countedUntil = time;
    }
    return this.#counted;
  }

  copy(): TableFields {
    return TableFields.of(this.#hash, this);
  }
}
