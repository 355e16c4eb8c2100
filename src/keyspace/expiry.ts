import { assert } from '../base/assert.ts';
import { DeadlineHeap } from './deadline-heap.ts';
import { DEADLINE, type Entries, FIELD_DEADLINE } from './entries.ts';
import { HashValue } from './hash-value.ts';
import type { SharedState } from './state.ts';
import type { Value } from './value.ts';

/** What expires in a database, and when: keys, and fields of hashes. */
export class Expiry {
  readonly #state: SharedState;
  readonly #entries: Entries<Value>;
  readonly #keys: DeadlineHeap;
  /** Of each hash with fields that expire, the first of their deadlines. */
  readonly #fields: DeadlineHeap;

  constructor(state: SharedState, entries: Entries<Value>) {
    this.#state = state;
    this.#entries = entries;
    this.#keys = new DeadlineHeap(entries, DEADLINE);
    this.#fields = new DeadlineHeap(entries, FIELD_DEADLINE);
  }

  /** Number of keys with a deadline. */
  get keys(): number {
    return this.#keys.size;
  }

  get isEmpty(): boolean {
    return this.#keys.size === 0 && this.#fields.size === 0;
  }

  /** The smallest deadline of all; Infinity if there is none. */
  next(): number {
    return Math.min(this.#keys.min(), this.#fields.min());
  }

  /** The deadline of a key, if it has one. */
  of(id: number): number | undefined {
    const deadline = this.#keys.of(id);
    return deadline === Number.POSITIVE_INFINITY ? undefined : deadline;
  }

  /** Whether the deadline of a key, or of a field of it, has come at `time`. */
  isDue(id: number, time: number): boolean {
    return this.#keys.of(id) <= time || this.#fields.of(id) <= time;
  }

  /** Whether fields of the value are gone, and not deleted yet. */
  isPartlyGone(id: number): boolean {
    return this.hasFields(id) && this.#fields.of(id) <= this.#state.clock;
  }

  set(id: number, deadline: number): void {
    this.#keys.set(id, deadline);
    this.#state.noteDeadline(deadline);
  }

  /** Takes the deadline of a key away. Returns whether it had one. */
  clear(id: number): boolean {
    return this.#keys.clear(id);
  }

  /** A value with elements was set or changed: follows the deadlines of its fields. */
  follow(id: number, value: Value): void {
    const deadline = value instanceof HashValue ? value.nextDeadline() : Number.POSITIVE_INFINITY;
    if (deadline === Number.POSITIVE_INFINITY) {
      this.#fields.clear(id);
      return;
    }
    this.#fields.set(id, deadline);
    this.#state.noteDeadline(deadline);
  }

  /** Whether some fields of the value expire. */
  hasFields(id: number): boolean {
    return this.#entries.word(id, FIELD_DEADLINE) !== 0;
  }

  /** The value, which knows what time it is if parts of it expire. */
  value(id: number): Value {
    const value = this.#entries.value(id);
    if (this.hasFields(id) && value instanceof HashValue) value.asOf = this.#state.clock;
    return value;
  }

  /** Whether the deadline of a key has come, or of all its fields. */
  isGone(id: number): boolean {
    const { clock } = this.#state;
    if (this.#entries.word(id, DEADLINE) !== 0 && this.#keys.of(id) <= clock) return true;
    if (!this.hasFields(id) || this.#fields.of(id) > clock) return false;
    const value = this.value(id);
    return value instanceof HashValue && value.size === 0;
  }

  /** A key that is gone is about to be deleted: it counts as expired, or its fields do. */
  count(id: number): void {
    const state = this.#state;
    const value = this.#entries.value(id);
    if (this.#keys.of(id) <= state.clock || !(value instanceof HashValue)) state.expired++;
    else state.expiredFields += value.fields;
  }

  /** What is due first: a key, or the fields of a hash. */
  first(): { readonly id: number; readonly what: 'key' | 'fields' } {
    return this.#keys.min() <= this.#fields.min()
      ? { id: this.#keys.minId(), what: 'key' }
      : { id: this.#fields.minId(), what: 'fields' };
  }

  /** Deletes up to `limit` fields that are due; returns how many, and whether any are left. */
  expireFields(id: number, limit: number): { readonly gone: number; readonly isEmpty: boolean } {
    const hash = this.#entries.value(id);
    assert(hash instanceof HashValue, 'only hashes have fields that expire');
    const gone = hash.expire(this.#state.clock, limit);
    assert(gone > 0, 'a deadline of a hash is that of a field');
    this.#state.expiredFields += gone;
    return { gone, isEmpty: hash.fields === 0 };
  }

  /** An entry is about to be removed. */
  forget(id: number): void {
    this.#keys.clear(id);
    this.#fields.clear(id);
  }

  /** Entry `id` took over the columns of an entry with another number. */
  renumbered(id: number): void {
    this.#keys.renumbered(id);
    this.#fields.renumbered(id);
  }
}
