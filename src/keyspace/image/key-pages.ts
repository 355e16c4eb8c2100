import type { Entries } from '../entries.ts';
import type { Expiry } from '../expiry.ts';
import type { Value } from '../value.ts';
import type { ByteWriter } from './byte-writer.ts';
import type { Changes } from './changes.ts';
import { Parts } from './parts.ts';
import { encodeValue } from './value-codec.ts';

/**
 * Entries of a page: few, so that a page with one changed key costs little; several, so that a database
 * is not that many records.
 */
export const PAGE_BITS = 3;
export const PAGE_KEYS: number = 1 << PAGE_BITS;

/**
 * The keys of a database in images: page by page in the order of their numbers, which is the order they
 * are put back in. Of a key: name, version, deadline and value, or where the parts of that are.
 */
export class KeyPages extends Parts {
  readonly #entries: Entries<Value>;
  readonly #expiry: Expiry;

  constructor(changes: Changes, keys: { entries: Entries<Value>; expiry: Expiry }, id?: number) {
    super(changes, id);
    this.#entries = keys.entries;
    this.#expiry = keys.expiry;
  }

  /** Entry `id` is about to change, come or go. */
  beforeKey(id: number): void {
    this.before(id >>> PAGE_BITS);
  }

  encode(page: number, into: ByteWriter): boolean {
    const entries = this.#entries;
    const from = page << PAGE_BITS;
    const to = Math.min(from + PAGE_KEYS, entries.count);
    if (from >= to) return false;
    for (let id = from; id < to; id++) {
      into.text(entries.key(id));
      into.varint(entries.version(id));
      const deadline = this.#expiry.of(id);
      into.byte(deadline === undefined ? 0 : 1);
      if (deadline !== undefined) into.double(deadline);
      encodeValue(entries.value(id), into, { changes: this.changes, home: this });
    }
    return true;
  }
}
