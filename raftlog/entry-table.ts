import type { Base } from './layout.ts';

/**
 * Where every entry of the log stands, and its length, chain and term: 16 bytes of memory per
 * entry, and one more pair of numbers per change of term.
 */
export class EntryTable {
  readonly base: Base;
  #count = 0;
  #offsets: Float64Array = new Float64Array(64);
  #lengths: Uint32Array = new Uint32Array(64);
  #chains: Uint32Array = new Uint32Array(64);
  /** Entries from `#runFirst[i]` on have the term `#runTerm[i]`, up to the next run. */
  readonly #runFirst: number[];
  readonly #runTerm: number[];

  constructor(base: Base) {
    this.base = base;
    this.#runFirst = [base.index];
    this.#runTerm = [base.term];
  }

  get last(): number {
    return this.base.index + this.#count;
  }

  get lastTerm(): number {
    return this.#runTerm[this.#runTerm.length - 1] as number;
  }

  get lastChain(): number {
    return this.chain(this.last);
  }

  /** Whether there is an entry `index`; the base is none. */
  has(index: number): boolean {
    return index > this.base.index && index <= this.last;
  }

  /** Byte of the file at which the record of `index` starts. */
  offset(index: number): number {
    return this.#offsets[index - this.base.index - 1] as number;
  }

  /** Length of the record, header included. */
  bytes(index: number): number {
    return this.#lengths[index - this.base.index - 1] as number;
  }

  chain(index: number): number {
    if (index === this.base.index) return this.base.chain;
    return this.#chains[index - this.base.index - 1] as number;
  }

  term(index: number): number {
    let low = 0;
    let high = this.#runFirst.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#runFirst[middle] as number) <= index) low = middle;
      else high = middle - 1;
    }
    return this.#runTerm[low] as number;
  }

  /** First index and term of each run of equal terms, the base's first. */
  termRuns(): { readonly first: number; readonly term: number }[] {
    return this.#runFirst.map((first, i) => ({ first, term: this.#runTerm[i] as number }));
  }

  push(offset: number, bytes: number, chain: number, term: number): void {
    if (this.#count === this.#offsets.length) this.#grow();
    this.#offsets[this.#count] = offset;
    this.#lengths[this.#count] = bytes;
    this.#chains[this.#count] = chain;
    if (term !== this.lastTerm) {
      this.#runFirst.push(this.base.index + this.#count + 1);
      this.#runTerm.push(term);
    }
    this.#count++;
  }

  /** Takes over the entries of `other` behind the last one of this, `shift` bytes further on. */
  append(other: EntryTable, shift: number): void {
    for (let index = this.last + 1; index <= other.last; index++) {
      const offset = other.offset(index) + shift;
      this.push(offset, other.bytes(index), other.chain(index), other.term(index));
    }
  }

  /** Forgets the entries from `from` on; `from` is above the base. */
  truncate(from: number): void {
    if (from > this.last) return;
    this.#count = from - this.base.index - 1;
    while ((this.#runFirst[this.#runFirst.length - 1] as number) >= from) {
      this.#runFirst.pop();
      this.#runTerm.pop();
    }
  }

  #grow(): void {
    const room = this.#count * 2;
    const offsets = new Float64Array(room);
    offsets.set(this.#offsets);
    this.#offsets = offsets;
    const lengths = new Uint32Array(room);
    lengths.set(this.#lengths);
    this.#lengths = lengths;
    const chains = new Uint32Array(room);
    chains.set(this.#chains);
    this.#chains = chains;
  }
}
