import type { KeyHash } from './key-hash.ts';
import {
  packElement,
  packedAt,
  packedFind,
  packedNext,
  packedSeek,
  packedSplice,
  unpack,
} from './packed.ts';
import { PackedEdit } from './packed-edit.ts';
import {
  type IntegerWidth,
  integerAt,
  integerBytes,
  integerFind,
  integerInsert,
  integerRemove,
  integerWiden,
  integerWidth,
} from './set-integers.ts';
import { feedMembers, memoryOfPacked, memoryOfTable } from './set-measure.ts';
import { SetTable } from './set-table.ts';
import { type Collection, type DigestSink, flat, parseInteger } from './value.ts';

export type SetEncoding = 'intset' | 'listpack' | 'hashtable';

/** Most members of a set of integers, and of another small set, and the longest member of that. */
const MAX_INTEGERS = 512;
const MAX_LISTPACK = 128;
const MAX_LISTPACK_BYTES = 64;

/** How members are kept: as integers of so many bytes, packed, or in a table. */
type Width = IntegerWidth | typeof PACKED | typeof TABLE;
const PACKED = 1;
const TABLE = 0;

/**
 * A set of latin1 strings. Members are numbered 0 … size - 1. Integers alone (up to
 * {@link MAX_INTEGERS}) stand in increasing order, in as few bytes as they need; a few short members
 * are packed in the order they came; others are in a table, where the last member takes the number
 * of one that is removed. A set never goes back to an earlier one of these forms.
 *
 * A set made with the encoding of another one, to which that one's members are added in order,
 * numbers them alike and goes on alike.
 */
export class SetValue implements Collection {
  readonly #hash: KeyHash;
  #members: string | SetTable = '';
  #width: Width = 2;
  #size = 0;

  /** An empty set, or that of the members in a table. */
  constructor(hash: KeyHash, form: SetEncoding | SetTable = 'intset') {
    this.#hash = hash;
    if (form === 'listpack') this.#width = PACKED;
    else if (form !== 'intset') this.#take(form === 'hashtable' ? new SetTable(hash) : form);
  }

  /** An empty set in the form for `member` when about `count` members come. */
  static expecting(hash: KeyHash, member: string, count: number): SetValue {
    const set = new SetValue(hash, parseInteger(member) === undefined ? 'listpack' : 'intset');
    set.expect(count);
    return set;
  }

  /** The members of a large set, for images. */
  get table(): SetTable | undefined {
    return typeof this.#members === 'string' ? undefined : this.#members;
  }

  get type(): 'set' {
    return 'set';
  }

  get size(): number {
    return typeof this.#members === 'string' ? this.#size : this.#members.entries.count;
  }

  encoding(): SetEncoding {
    if (this.#width === TABLE) return 'hashtable';
    return this.#width === PACKED ? 'listpack' : 'intset';
  }

  /** Whether members handed out may be views on a longer string, see `flat`. */
  get lendsViews(): boolean {
    return this.#width === PACKED;
  }

  has(member: string): boolean {
    return this.#find(member) >= 0;
  }

  /** `count` members are about to be added: a set that is too small for so many changes its form. */
  expect(count: number): void {
    const most = this.#width === PACKED ? MAX_LISTPACK : MAX_INTEGERS;
    if (this.#width !== TABLE && count > most) this.#toTable();
  }

  /**
   * Returns whether `member` was not there. It is kept as it is if it is not a view on a longer
   * string, which `view` says.
   */
  add(member: string, view = false): boolean {
    const members = this.#members;
    if (typeof members !== 'string') {
      if (members.find(member) !== -1) return false;
      members.add(view ? flat(member) : member);
      return true;
    }
    return this.#width === PACKED ? this.#addPacked(member, view) : this.#addInteger(member, view);
  }

  /** Returns whether `member` was there. */
  remove(member: string): boolean {
    const at = this.#find(member);
    if (at < 0) return false;
    this.#removeAt(at);
    return true;
  }

  /** Member number `index`, which is below the size. */
  at(index: number): string {
    const members = this.#members;
    if (typeof members !== 'string') return members.entries.key(index);
    return this.#memberAt(members, this.#place(members, index));
  }

  /** Removes member number `index` and returns it. */
  take(index: number): string {
    const members = this.#members;
    const member = this.at(index);
    this.#removeAt(typeof members === 'string' ? this.#place(members, index) : index);
    return member;
  }

  /** Removes all members but those with these numbers, which are increasing. */
  retain(numbers: Iterable<number>): void {
    const kept = new SetValue(this.#hash, this.encoding());
    for (const number of numbers) kept.add(this.at(number), this.lendsViews);
    this.table?.parts?.abandon();
    this.#members = kept.#members;
    this.#width = kept.#width;
    this.#size = kept.#size;
  }

  /** Whether `test` holds for every member; it is asked in order until it does not. */
  every(test: (member: string) => boolean): boolean {
    const members = this.#members;
    if (typeof members !== 'string') return members.every(test);
    const step = this.#width;
    for (let at = 0, i = 0; i < this.#size; i++) {
      if (step === PACKED) {
        if (!test(packedAt(members, at))) return false;
        at = packedNext(members, at);
      } else if (!test(this.#memberAt(members, i))) {
        return false;
      }
    }
    return true;
  }

  /** Visits every member in the order of their numbers. `visit` must not change the set. */
  forEach(visit: (member: string) => void): void {
    this.every((member) => {
      visit(member);
      return true;
    });
  }

  /** All members in the order of their numbers. */
  members(): string[] {
    if (this.#width === PACKED) return unpack(this.#members as string);
    const members: string[] = [];
    this.every((member) => members.push(member) > 0);
    return members;
  }

  memory(samples: number): number {
    const members = this.#members;
    if (typeof members !== 'string') return memoryOfTable(members.entries, samples);
    const width = this.#width;
    if (width === PACKED) return memoryOfPacked(members.length);
    return memoryOfPacked(integerBytes(members, width as IntegerWidth));
  }

  copy(): SetValue {
    const members = this.#members;
    if (typeof members !== 'string') return new SetValue(this.#hash, members.copy(this.#hash));
    const copy = new SetValue(this.#hash);
    copy.#members = members;
    copy.#width = this.#width;
    copy.#size = this.#size;
    return copy;
  }

  feed(sink: DigestSink): void {
    feedMembers(sink, this);
  }

  /** Where `member` is: its number, in a packed string its position; negative if it is not there. */
  #find(member: string): number {
    const members = this.#members;
    if (typeof members !== 'string') return members.find(member);
    const width = this.#width;
    if (width === PACKED) {
      return member.length > MAX_LISTPACK_BYTES ? -1 : packedFind(members, member);
    }
    const value = parseInteger(member);
    return value === undefined ? -1 : integerFind(members, width as IntegerWidth, value);
  }

  /** The same for member number `index`. */
  #place(members: string, index: number): number {
    return this.#width === PACKED ? packedSeek(members, index) : index;
  }

  #memberAt(members: string, place: number): string {
    const width = this.#width;
    if (width === PACKED) return packedAt(members, place);
    return String(integerAt(members, width as IntegerWidth, place));
  }

  #removeAt(at: number): void {
    const members = this.#members;
    if (typeof members !== 'string') {
      members.remove(at);
      return;
    }
    const width = this.#width;
    this.#members =
      width === PACKED
        ? packedSplice(members, at, packedNext(members, at), '')
        : integerRemove(members, width as IntegerWidth, at);
    this.#size--;
  }

  #addPacked(member: string, view: boolean): boolean {
    const members = this.#members as string;
    const short = member.length <= MAX_LISTPACK_BYTES;
    if (short && packedFind(members, member) !== -1) return false;
    if (short && this.#size < MAX_LISTPACK) {
      const edit = new PackedEdit(members, member.length + 1);
      edit.add(member);
      this.#members = edit.packed();
      this.#size++;
      return true;
    }
    this.#toTable();
    return this.add(member, view);
  }

  #addInteger(member: string, view: boolean): boolean {
    const value = parseInteger(member);
    if (value === undefined) {
      if (this.#size < MAX_LISTPACK && member.length <= MAX_LISTPACK_BYTES) this.#toPacked();
      else this.#toTable();
      return this.add(member, view);
    }
    const needed = integerWidth(value);
    let width = this.#width as IntegerWidth;
    let members = this.#members as string;
    if (needed > width) {
      members = integerWiden(members, width, needed);
      width = needed;
    }
    const found = integerFind(members, width, value);
    if (found >= 0) return false;
    this.#members = integerInsert(members, width, { index: -1 - found, value });
    this.#width = width;
    this.#size++;
    if (this.#size > MAX_INTEGERS) this.#toTable();
    return true;
  }

  #toPacked(): void {
    let packed = '';
    this.forEach((member) => {
      packed += packElement(member);
    });
    this.#members = flat(packed);
    this.#width = PACKED;
  }

  #toTable(): void {
    const table = new SetTable(this.#hash);
    const views = this.lendsViews;
    this.forEach((member) => {
      table.add(views ? flat(member) : member);
    });
    this.#take(table);
  }

  #take(table: SetTable): void {
    this.#members = table;
    this.#width = TABLE;
    this.#size = 0;
  }
}
