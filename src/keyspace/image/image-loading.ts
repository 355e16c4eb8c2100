import type { LogIndex } from '../../base/ids.ts';
import type { Keyspace } from '../keyspace.ts';
import type { SavedKeyspace } from '../saved.ts';
import type { Value } from '../value.ts';
import { ByteReader, Malformed } from './byte-reader.ts';
import { Changes, type ImageTotals } from './changes.ts';
import type { RecordPlace } from './image-writing.ts';
import { type KeyPages, PAGE_BITS, PAGE_KEYS } from './key-pages.ts';
import type { Parts } from './parts.ts';
import { decodeValue, Reference } from './value-codec.ts';
import type { LoadContext, ValueLoader } from './value-form.ts';

/** What an image says of itself beside the keyspace's state. */
export interface ImageFacts {
  /** Its number. */
  readonly image: number;
  /** Numbers below this are taken. */
  readonly nextId: number;
  /** Of all records that belong to it. */
  readonly totals: ImageTotals;
}

/** Where a large value belongs. */
interface Owner {
  readonly database: number;
  readonly entry: number;
  readonly reference: Reference;
}

/**
 * Fills a keyspace from an image: first the records of all {@link keyIds}, then those of everything else,
 * in each the parts in increasing order. Throws {@link Malformed} on what was never written so.
 */
export class ImageLoading {
  readonly #keyspace: Keyspace;
  readonly #saved: SavedKeyspace;
  readonly #facts: ImageFacts;
  readonly #context: LoadContext;
  readonly #databases: Map<number, number> = new Map();
  readonly #owners: Map<number, Owner> = new Map();
  #value: { readonly id: number; readonly owner: Owner; readonly loader: ValueLoader } | null =
    null;
  #records = 0;
  #sum = 0;
  /** Keys put back so far. */
  keys = 0;

  constructor(keyspace: Keyspace, saved: SavedKeyspace, facts: ImageFacts) {
    this.#keyspace = keyspace;
    this.#saved = saved;
    this.#facts = facts;
    const changes = new Changes();
    changes.resume(facts.image, facts.nextId);
    keyspace.reset(saved, changes);
    this.#context = { changes, hash: keyspace.hash };
    saved.databases.forEach(({ id }, index) => {
      this.#databases.set(id, index);
    });
  }

  /** Numbers whose records come first. */
  get keyIds(): readonly number[] {
    return this.#saved.databases.map(({ id }) => id);
  }

  /** Keys that the image has. */
  get totalKeys(): number {
    return this.#saved.databases.reduce((sum, { keys }) => sum + keys, 0);
  }

  /** One record; false if nothing refers to it, and it can be deleted. */
  record(place: RecordPlace, sum: number, payload: Buffer): boolean {
    const from = new ByteReader(payload);
    const parts = this.#partsFor(place, from);
    if (parts === null) return false;
    parts.wrote(place.part, { image: place.image, sum, bytes: payload.length });
    this.#records++;
    this.#sum += sum;
    return true;
  }

  #partsFor(place: RecordPlace, from: ByteReader): Parts | null {
    const { id, part } = place;
    const database = this.#databases.get(id);
    if (database !== undefined) return this.#page(database, part, from);
    if (id === this.#saved.deletions) {
      if (!this.#keyspace.deletions.load(part, from)) return null;
      return this.#keyspace.deletions;
    }
    if (this.#value?.id !== id) this.#nextValue(id);
    const { loader } = this.#value ?? { loader: null };
    return loader?.part(part, from) === true ? loader.parts : null;
  }

  #page(index: number, page: number, from: ByteReader): KeyPages | null {
    const database = this.#keyspace.database(index);
    const total = this.#saved.databases[index]?.keys ?? 0;
    if (page << PAGE_BITS >= total) return null;
    if (database.size !== page << PAGE_BITS)
      throw new Malformed(`keys are missing before page ${page}`);
    const count = Math.min(PAGE_KEYS, total - database.size);
    for (let i = 0; i < count; i++) this.#key(index, from);
    from.end();
    return database.pages;
  }

  #key(index: number, from: ByteReader): void {
    const database = this.#keyspace.database(index);
    const key = from.text();
    const version = from.varint();
    const deadline = from.byte() === 0 ? undefined : from.double();
    const value = decodeValue(from, this.#context);
    const isWhole = !(value instanceof Reference);
    if (!isWhole) {
      this.#owners.set(value.id, { database: index, entry: database.size, reference: value });
    }
    database.restore(key, {
      value: isWhole ? value : 0,
      deadline,
      version: version as LogIndex,
    });
    this.keys++;
  }

  #nextValue(id: number): void {
    this.#finishValue();
    const owner = this.#owners.get(id);
    if (owner === undefined) return;
    this.#value = { id, owner, loader: owner.reference.loader(this.#context) };
  }

  #finishValue(): void {
    if (this.#value === null) return;
    const { id, owner, loader } = this.#value;
    this.#value = null;
    this.#put(owner, loader.finish());
    this.#owners.delete(id);
    const home = this.#keyspace.database(owner.database).pages;
    this.#context.changes.met(loader.parts, home);
  }

  #put({ database, entry }: Owner, value: Value): void {
    this.#keyspace.database(database).restoreValue(entry, value);
  }

  /** All records were handed over: checks that nothing is missing. */
  finish(): void {
    this.#finishValue();
    // A value whose parts are all gone has no record that would begin it.
    for (const [id, owner] of [...this.#owners]) {
      this.#value = { id, owner, loader: owner.reference.loader(this.#context) };
      this.#finishValue();
    }
    const { records, sum } = this.#facts.totals;
    if (this.#records !== records || this.#sum !== sum) {
      throw new Malformed(
        `the image has ${this.#records} records of ${records}, or other ones than were written`,
      );
    }
    this.#saved.databases.forEach(({ keys }, index) => {
      const { size } = this.#keyspace.database(index);
      if (size !== keys) throw new Malformed(`database ${index} has ${size} keys of ${keys}`);
    });
    this.#context.changes.totals = this.#facts.totals;
  }
}
