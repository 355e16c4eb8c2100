import type { KeyHash } from './key-hash.ts';
import type { Collection, DigestSink } from './value.ts';

/** A hash: fields and values, and for some fields a deadline of their own. */
export class HashValue implements Collection {
  readonly type = 'hash';
  /** Fields whose deadline ≤ this count as gone. Set by the database that hands the value out. */
  asOf = 0;
  readonly #hash: KeyHash;

  constructor(hash: KeyHash) {
    this.#hash = hash;
  }

  /** Number of fields, without those that are gone. */
  get size(): number {
    return 0;
  }

  /** Number of fields, with those that are gone and not deleted yet. */
  get fields(): number {
    return 0;
  }

  /** The smallest deadline of a field, also of one that is gone but not deleted; Infinity: none. */
  nextDeadline(): number {
    return Number.POSITIVE_INFINITY;
  }

  /** Deletes up to `limit` fields whose deadline ≤ `clock`, in order; returns how many. */
  expire(_clock: number, _limit: number): number {
    return 0;
  }

  encoding(): string {
    return 'listpack';
  }

  memory(_samples: number): number {
    return 0;
  }

  copy(): HashValue {
    return new HashValue(this.#hash);
  }

  feed(_sink: DigestSink): void {}
}
