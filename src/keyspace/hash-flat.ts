import { type FieldStore, type HashEncoding, NEVER } from './hash-fields.ts';
import type { KeyHash } from './key-hash.ts';

/**
 * Few fields: an array of field, value, field, value, gone through from its start. It costs no more
 * than the strings and two words for each field, where a table would cost hundreds of bytes.
 */
export class FlatFields implements FieldStore {
  asOf = 0;
  encoding: HashEncoding;
  readonly #hash: KeyHash;
  #items: string[];
  /** Undefined while no field has a deadline. */
  #deadlines: number[] | undefined = undefined;

  /** `items`: field, value, field, value, … each in one piece; the array is kept. */
  constructor(hash: KeyHash, encoding: HashEncoding, items: string[]) {
    this.#hash = hash;
    this.encoding = encoding;
    this.#items = items;
  }

  get count(): number {
    return this.#items.length >>> 1;
  }

  find(field: string): number {
    const items = this.#items;
    for (let i = 0; i < items.length; i += 2) {
      if (items[i] === field) return i >>> 1;
    }
    return -1;
  }

  field(at: number): string {
    return this.#items[2 * at] as string;
  }

  value(at: number): string {
    return this.#items[2 * at + 1] as string;
  }

  deadline(at: number): number {
    return this.#deadlines === undefined ? NEVER : (this.#deadlines[at] as number);
  }

  add(field: string, value: string): void {
    // Not pushed: an array that grows by itself takes half as much again in reserve.
    const items = this.#items;
    const { length } = items;
    const grown = new Array<string>(length + 2);
    for (let i = 0; i < length; i++) grown[i] = items[i] as string;
    grown[length] = field;
    grown[length + 1] = value;
    this.#items = grown;
    this.#deadlines?.push(NEVER);
  }

  setValue(at: number, value: string): void {
    this.#items[2 * at + 1] = value;
  }

  setDeadline(at: number, deadline: number): void {
    if (this.#deadlines === undefined) {
      if (deadline === NEVER) return;
      this.#deadlines = new Array<number>(this.count).fill(NEVER);
    }
    this.#deadlines[at] = deadline;
  }

  remove(at: number): void {
    const items = this.#items;
    const deadlines = this.#deadlines;
    if (this.encoding === 'hashtable') {
      const last = this.count - 1;
      items[2 * at] = items[2 * last] as string;
      items[2 * at + 1] = items[2 * last + 1] as string;
      items.length -= 2;
      if (deadlines !== undefined) {
        deadlines[at] = deadlines[last] as number;
        deadlines.length--;
      }
    } else {
      items.splice(2 * at, 2);
      deadlines?.splice(at, 1);
    }
  }

  minDeadline(): number {
    return this.#deadlines === undefined || this.count === 0
      ? NEVER
      : (this.#deadlines[this.minDeadlineAt()] as number);
  }

  minDeadlineAt(): number {
    let first = 0;
    for (let at = 1; at < this.count; at++) {
      if (this.#goesBefore(at, first)) first = at;
    }
    return first;
  }

  countUntil(time: number): number {
    let count = 0;
    for (const deadline of this.#deadlines ?? []) {
      if (deadline <= time) count++;
    }
    return count;
  }

  copy(): FlatFields {
    const copy = new FlatFields(this.#hash, this.encoding, this.#items.slice());
    copy.#deadlines = this.#deadlines?.slice();
    copy.asOf = this.asOf;
    return copy;
  }

  /** As in the heap of deadlines that a large hash has. */
  #goesBefore(a: number, b: number): boolean {
    const x = this.deadline(a);
    const y = this.deadline(b);
    if (x !== y) return x < y;
    if (x === NEVER) return false;
    const hashA = this.#hash.of(this.field(a));
    const hashB = this.#hash.of(this.field(b));
    return hashA < hashB || (hashA === hashB && this.field(a) < this.field(b));
  }
}
