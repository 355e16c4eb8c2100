import type { LogIndex, Term } from '../base/ids.ts';

interface Wait {
  readonly index: LogIndex;
  /** In which the entry was appended: another leader may put its own in this place. */
  readonly term: Term;
  readonly done: (committed: boolean) => void;
}

/** Callers that wait for an entry of their own to be applied: membership changes, INIT. */
export class Waits {
  #waits: Wait[] = [];

  add(index: LogIndex, term: Term, done: (committed: boolean) => void): void {
    this.#waits.push({ index, term, done });
  }

  /** Everything up to `applied` is applied; `termAt` tells the term of an entry. */
  applied(applied: LogIndex, termAt: (index: LogIndex) => Term | undefined): void {
    if (this.#waits.length === 0) return;
    const due = this.#waits.filter((wait) => wait.index <= applied);
    if (due.length === 0) return;
    this.#waits = this.#waits.filter((wait) => wait.index > applied);
    for (const wait of due) wait.done(termAt(wait.index) === wait.term);
  }

  /** Leadership is lost: whether the entries will be committed is not known here any more. */
  abandon(): void {
    const waits = this.#waits;
    this.#waits = [];
    for (const wait of waits) wait.done(false);
  }
}
