import type { LogIndex } from '../base/ids.ts';

interface Wait {
  readonly index: LogIndex;
  readonly done: (committed: boolean) => void;
}

/** Callers that wait for an entry of their own to be applied: membership changes, INIT. */
export class Waits {
  #waits: Wait[] = [];

  add(index: LogIndex, done: (committed: boolean) => void): void {
    this.#waits.push({ index, done });
  }

  /** Everything up to `applied` is applied. */
  applied(applied: LogIndex): void {
    if (this.#waits.length === 0) return;
    const due = this.#waits.filter((wait) => wait.index <= applied);
    if (due.length === 0) return;
    this.#waits = this.#waits.filter((wait) => wait.index > applied);
    for (const wait of due) wait.done(true);
  }

  /** Leadership is lost: whether the entries will be committed is not known here any more. */
  abandon(): void {
    const waits = this.#waits;
    this.#waits = [];
    for (const wait of waits) wait.done(false);
  }
}
