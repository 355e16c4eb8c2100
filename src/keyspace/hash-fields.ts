/** Redis's names for the inner forms of a hash. A hash only ever moves on to a later one. */
export type HashEncoding = 'listpack' | 'listpackex' | 'hashtable';

/** Redis's defaults: a hash with more fields, or a longer field or value, is a hash table. */
export const MAX_SMALL_FIELDS = 512;
const MAX_SMALL_ELEMENT = 64;
/** Up to so many fields of a hash table are gone through one by one. */
export const MAX_FLAT_FIELDS = 64;

/** What stands for the deadline of a field that stays. */
export const NEVER: number = Number.POSITIVE_INFINITY;

/**
 * The fields of a hash that is not packed into one string, numbered 0 … count - 1 in the order in
 * which they are visited. Fields that are gone and not deleted yet are fields like any other here.
 *
 * How a removal changes the order depends on the encoding alone, which is saved with a hash: in a
 * hash table the last field takes the place of the removed one, in the small encodings the fields
 * behind it move up. So two hashes of the same content, order and encoding stay alike for ever,
 * whatever they are made of inside.
 */
export interface FieldStore {
  readonly encoding: HashEncoding;
  /** Fields whose deadline ≤ this count as gone for whoever uses the store. */
  asOf: number;
  readonly count: number;
  /** Number of `field`, or -1. */
  find(field: string): number;
  field(at: number): string;
  value(at: number): string;
  /** In ms of the epoch; {@link NEVER} if the field stays. */
  deadline(at: number): number;
  /** Adds a field that is not there as the last one, without a deadline. */
  add(field: string, value: string): void;
  setValue(at: number, value: string): void;
  /** {@link NEVER} takes the deadline away. */
  setDeadline(at: number, deadline: number): void;
  remove(at: number): void;
  /** The smallest deadline; {@link NEVER} if there is none. */
  minDeadline(): number;
  /** The field that goes first, by deadline, hash and name. There is one with a deadline. */
  minDeadlineAt(): number;
  /** Number of fields whose deadline is ≤ `time`. */
  countUntil(time: number): number;
  /** An independent copy of the same order. */
  copy(): FieldStore;
}

/** `deadline` in ms of the epoch; undefined if the field stays. */
export type VisitField = (field: string, value: string, deadline: number | undefined) => void;

/** Whether a field or value fits in the small encodings. */
export function isShort(element: string): boolean {
  return element.length <= MAX_SMALL_ELEMENT;
}

/** Number of a field that is not gone, or -1. */
export function findLive(store: FieldStore, field: string): number {
  const at = store.find(field);
  return at !== -1 && store.deadline(at) <= store.asOf ? -1 : at;
}

/**
 * Gives field number `at` another value; it loses its deadline, unless it is to `keep` it and is not
 * gone. Returns whether it was gone.
 */
export function overwrite(
  store: FieldStore,
  at: number,
  { value, keep }: { readonly value: string; readonly keep: boolean },
): boolean {
  store.setValue(at, value);
  const deadline = store.deadline(at);
  const gone = deadline <= store.asOf;
  if (deadline !== NEVER && (gone || !keep)) store.setDeadline(at, NEVER);
  return gone;
}

/** Visits field number `at` unless its deadline ≤ `asOf`. */
export function visitAt(store: FieldStore, at: number, asOf: number, visit: VisitField): void {
  const deadline = store.deadline(at);
  if (deadline <= asOf) return;
  visit(store.field(at), store.value(at), deadline === NEVER ? undefined : deadline);
}

/**
 * Visits the `count` fields whose numbers come next below the cursor (0: below all of them) and
 * returns the next cursor, 0 at the end. A cursor c says that the numbers below c are still to come.
 * What is removed is replaced by the field with the highest number, so nothing that is still to come
 * can move to where nobody will look any more.
 */
export function scanDown(
  store: FieldStore,
  { cursor, count }: { readonly cursor: number; readonly count: number },
  visit: VisitField,
): number {
  let at = cursor === 0 ? store.count : Math.min(cursor, store.count);
  const end = Math.max(0, at - count);
  while (at > end) visitAt(store, --at, store.asOf, visit);
  return end;
}

/** Deletes up to `limit` fields whose deadline ≤ `clock`, in order; returns how many. */
export function expireFields(store: FieldStore, clock: number, limit: number): number {
  let count = 0;
  while (count < limit && store.minDeadline() <= clock) {
    store.remove(store.minDeadlineAt());
    count++;
  }
  return count;
}
