import { feedFields } from './hash-digest.ts';
import {
  expireFields,
  type FieldStore,
  findLive,
  type HashEncoding,
  isShort,
  MAX_FLAT_FIELDS,
  MAX_SMALL_FIELDS,
  NEVER,
  overwrite,
  scanDown,
  type VisitField,
  visitAt,
} from './hash-fields.ts';
import { FlatFields } from './hash-flat.ts';
import { hashMemory } from './hash-memory.ts';
import {
  packedForEach,
  packedGet,
  packedMerge,
  packedPair,
  packedRemove,
  packedSet,
} from './hash-packed.ts';
import { TableFields } from './hash-table.ts';
import type { KeyHash } from './key-hash.ts';
import { packedFindKey, unpack } from './packed.ts';
import { type Collection, type DigestSink, flat } from './value.ts';

/**
 * A hash: fields and values, and for some fields a deadline of their own. Fields and values are
 * latin1 strings, those given to be kept in one piece; those handed out may be views.
 *
 * Fields have an order, which depends on the changes made and nothing else: a new field is the last
 * one. Each has a number, counted from 0 in this order, with those that are gone and not deleted yet.
 * A field that is gone is not there for any method but where it is said.
 */
export class HashValue implements Collection {
  readonly #hash: KeyHash;
  /** A small hash of short elements without deadlines is one packed string. */
  #form: string | FieldStore;
  /** Fields in the packed string. */
  #packed = 0;

  /** An empty hash, or that of the fields in a store, which is of the kind that so many need. */
  constructor(hash: KeyHash, store?: FieldStore) {
    this.#hash = hash;
    this.#form = store ?? '';
  }

  /** The fields of a large hash, for images. */
  get table(): TableFields | undefined {
    return this.#form instanceof TableFields ? this.#form : undefined;
  }

  get type(): 'hash' {
    return 'hash';
  }

  /** Fields whose deadline ≤ this count as gone. Set by the database that hands the value out. */
  get asOf(): number {
    return typeof this.#form === 'string' ? 0 : this.#form.asOf;
  }

  set asOf(time: number) {
    if (typeof this.#form !== 'string') this.#form.asOf = time;
  }

  /** Number of fields without those that are gone. */
  get size(): number {
    const form = this.#form;
    return typeof form === 'string' ? this.#packed : form.count - form.countUntil(form.asOf);
  }

  /** Number of fields, with those that are gone and not deleted yet. */
  get fields(): number {
    return typeof this.#form === 'string' ? this.#packed : this.#form.count;
  }

  /** The smallest deadline of a field, also of one that is gone but not deleted; Infinity: none. */
  nextDeadline(): number {
    return typeof this.#form === 'string' ? NEVER : this.#form.minDeadline();
  }

  /** Deletes up to `limit` fields whose deadline ≤ `clock`, in order; returns how many. */
  expire(clock: number, limit: number): number {
    return typeof this.#form === 'string' ? 0 : expireFields(this.#form, clock, limit);
  }

  encoding(): HashEncoding {
    return typeof this.#form === 'string' ? 'listpack' : this.#form.encoding;
  }

  memory(samples: number): number {
    return hashMemory(this, samples);
  }

  copy(): HashValue {
    const copy = new HashValue(this.#hash);
    copy.#form = typeof this.#form === 'string' ? this.#form : this.#form.copy();
    copy.#packed = this.#packed;
    return copy;
  }

  feed(sink: DigestSink): void {
    feedFields(sink, (visit) => this.forEach(visit));
  }

  get(field: string): string | undefined {
    const form = this.#form;
    if (typeof form === 'string') return packedGet(form, field);
    const at = findLive(form, field);
    return at === -1 ? undefined : form.value(at);
  }

  has(field: string): boolean {
    return this.get(field) !== undefined;
  }

  /** When a field goes, in ms of the epoch; undefined if it stays or is not there. */
  deadline(field: string): number | undefined {
    const form = this.#form;
    if (typeof form === 'string') return undefined;
    const at = findLive(form, field);
    const deadline = at === -1 ? NEVER : form.deadline(at);
    return deadline === NEVER ? undefined : deadline;
  }

  /** Field number `at` and its value; undefined if the field is gone. `at` < `fields`. */
  pairAt(at: number): readonly [string, string] | undefined {
    const form = this.#form;
    if (typeof form === 'string') return packedPair(form, at);
    return form.deadline(at) <= form.asOf ? undefined : [form.field(at), form.value(at)];
  }

  /** Visits every field in order, without those whose deadline ≤ `asOf`. `visit` changes nothing. */
  forEach(visit: VisitField, asOf: number = this.asOf): void {
    const form = this.#form;
    if (typeof form === 'string') packedForEach(form, visit);
    else for (let at = 0; at < form.count; at++) visitAt(form, at, asOf, visit);
  }

  /**
   * The same with all that is stored. A new hash that was given these fields and deadlines in this
   * order, and the same encoding, will always behave as this one.
   */
  forEachStored(visit: VisitField): void {
    this.forEach(visit, Number.NEGATIVE_INFINITY);
  }

  /**
   * Visits some fields and returns the cursor to go on with, 0 at the end: in a large hash about
   * `count`, in a small one all. Fields that are there from the first call (cursor 0) to the last are
   * visited, and some may be twice.
   */
  scan(cursor: number, count: number, visit: VisitField): number {
    const form = this.#form;
    if (typeof form === 'string' || form.encoding !== 'hashtable') {
      this.forEach(visit);
      return 0;
    }
    return scanDown(form, { cursor, count }, visit);
  }

  /** Sets a field, which loses its deadline. Returns whether it is new. */
  set(field: string, value: string): boolean {
    return this.#set(field, value, false);
  }

  /** Sets a field; one that is there keeps its deadline. Returns whether it is new. */
  update(field: string, value: string): boolean {
    return this.#set(field, value, true);
  }

  /** Sets fields as {@link set} does: field, value, field, value, … Returns how many are new. */
  setAll(pairs: readonly string[]): number {
    return this.#setAll(pairs, false);
  }

  /** The same as {@link update} does. */
  updateAll(pairs: readonly string[]): number {
    return this.#setAll(pairs, true);
  }

  /** Returns whether the field was there. */
  delete(field: string): boolean {
    const form = this.#form;
    if (typeof form === 'string') {
      const at = packedFindKey(form, field);
      if (at === -1) return false;
      this.#form = packedRemove(form, at);
      this.#packed--;
      return true;
    }
    // One that is gone must stay: whoever deleted nothing does not say that deadlines have changed.
    const at = findLive(form, field);
    if (at === -1) return false;
    form.remove(at);
    return true;
  }

  /** Gives a field a deadline in ms of the epoch. Returns whether the field is there. */
  setDeadline(field: string, deadline: number): boolean {
    if (!this.has(field)) return false;
    const store = this.#store();
    if (store.encoding === 'listpack') this.raiseTo('listpackex');
    store.setDeadline(store.find(field), deadline);
    return true;
  }

  /** Takes a field's deadline away. Returns whether it had one. */
  persist(field: string): boolean {
    if (this.deadline(field) === undefined) return false;
    const store = this.#store();
    store.setDeadline(store.find(field), NEVER);
    return true;
  }

  /** Gives the hash this encoding unless it has a later one. */
  raiseTo(encoding: HashEncoding): void {
    if (encoding === 'listpack') return;
    const store = this.#store();
    if (!(store instanceof FlatFields)) return;
    if (encoding === 'hashtable' || store.encoding === 'listpack') store.encoding = encoding;
    this.#settle(store);
  }

  #setAll(pairs: readonly string[], keep: boolean): number {
    if (pairs.length > 2) {
      const created = this.#merge(pairs);
      if (created !== -1) return created;
      if (pairs.length > 2 * MAX_SMALL_FIELDS) this.raiseTo('hashtable');
    }
    let created = 0;
    for (let i = 0; i < pairs.length; i += 2) {
      if (this.#set(pairs[i] as string, pairs[i + 1] as string, keep)) created++;
    }
    return created;
  }

  #set(field: string, value: string, keep: boolean): boolean {
    const form = this.#form;
    if (typeof form === 'string' && isShort(field) && isShort(value)) {
      const at = packedFindKey(form, field);
      if (at !== -1 || this.#packed < MAX_SMALL_FIELDS) {
        const changed = packedSet(form, at, { field, value });
        if (changed !== undefined) {
          this.#form = changed;
          if (at === -1) this.#packed++;
          return at === -1;
        }
      }
    }
    return this.#put(field, value, keep);
  }

  #put(field: string, value: string, keep: boolean): boolean {
    if (!isShort(field) || !isShort(value)) this.raiseTo('hashtable');
    const store = this.#store();
    const at = store.find(field);
    if (at !== -1) return overwrite(store, at, { value, keep });
    store.add(field, value);
    this.#settle(store);
    return true;
  }

  /** Sets several fields with one copy of the packed string. Returns -1 if they may not fit. */
  #merge(pairs: readonly string[]): number {
    const form = this.#form;
    if (typeof form !== 'string' || this.#packed + pairs.length / 2 > MAX_SMALL_FIELDS) return -1;
    const merged = packedMerge(form, pairs);
    if (merged === undefined) return -1;
    this.#form = merged.packed;
    this.#packed += merged.created;
    return merged.created;
  }

  /** The fields as something else than a packed string. */
  #store(): FieldStore {
    const form = this.#form;
    if (typeof form !== 'string') return form;
    const store = new FlatFields(this.#hash, 'listpack', unpack(form).map(flat));
    this.#form = store;
    this.#packed = 0;
    return store;
  }

  /** Lets the encoding and the form follow the number of fields. */
  #settle(store: FieldStore): void {
    if (!(store instanceof FlatFields)) return;
    if (store.count > MAX_SMALL_FIELDS) store.encoding = 'hashtable';
    if (store.encoding === 'hashtable' && store.count > MAX_FLAT_FIELDS) {
      this.#form = TableFields.of(this.#hash, store);
    }
  }
}
