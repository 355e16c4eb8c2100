import { assert } from '../base/assert.ts';
import {
  type LogIndex,
  NO_INDEX,
  NO_TERM,
  nextIndex,
  previousIndex,
  type Term,
} from '../base/ids.ts';
import type { TermRun } from './message.ts';

/**
 * The log as the core needs it: which term each index has. Terms never fall along the log, so a log
 * of millions of entries is a handful of runs.
 *
 * Invariant: run firsts strictly ascend, run terms strictly ascend, all firsts are in
 * (base, last].
 */
export class TermIndex {
  /** The entry before the first one held; 0 for a log from the beginning. */
  #baseIndex: LogIndex;
  #baseTerm: Term;
  #runs: { first: LogIndex; term: Term }[] = [];
  #last: LogIndex;

  constructor(baseIndex: LogIndex = NO_INDEX, baseTerm: Term = NO_TERM) {
    this.#baseIndex = baseIndex;
    this.#baseTerm = baseTerm;
    this.#last = baseIndex;
  }

  get last(): LogIndex {
    return this.#last;
  }

  /** The entry before the first one held. */
  get base(): LogIndex {
    return this.#baseIndex;
  }

  get lastTerm(): Term {
    const run = this.#runs.at(-1);
    return run === undefined ? this.#baseTerm : run.term;
  }

  /** First index held; `last + 1` if none. */
  get first(): LogIndex {
    return (this.#baseIndex + 1) as LogIndex;
  }

  /** Term of an index in [base, last]; undefined outside. */
  term(index: LogIndex): Term | undefined {
    if (index > this.#last || index < this.#baseIndex) return undefined;
    for (let i = this.#runs.length - 1; i >= 0; i--) {
      const run = this.#runs[i];
      if (run !== undefined && run.first <= index) return run.term;
    }
    return this.#baseTerm;
  }

  /** Adds entries up to `last`, all of `term`. */
  append(last: LogIndex, term: Term): void {
    assert(last > this.#last, 'entries are appended after the last one');
    assert(term >= this.lastTerm, 'terms never fall along the log');
    if (term !== this.lastTerm || this.#runs.length === 0) {
      this.#runs.push({ first: (this.#last + 1) as LogIndex, term });
    }
    this.#last = last;
  }

  /** Removes `from` and all after it. */
  truncate(from: LogIndex): void {
    assert(from > this.#baseIndex, 'what is before the log cannot be truncated');
    if (from > this.#last) return;
    this.#last = previousIndex(from);
    while ((this.#runs.at(-1)?.first ?? 0) > this.#last) this.#runs.pop();
  }

  /** Forgets all entries before and including `base`, whose term alone stays known. */
  compact(base: LogIndex): void {
    const term = this.term(base);
    assert(term !== undefined, 'a log is compacted up to an entry that it has');
    this.#baseIndex = base;
    this.#baseTerm = term;
    while (this.#runs.length > 1 && (this.#runs[1]?.first ?? 0) <= base + 1) this.#runs.shift();
    const first = this.#runs[0];
    if (first === undefined || base === this.#last) this.#runs = [];
    else if (first.first <= base) first.first = nextIndex(base);
  }

  /** Forgets everything: the log begins behind entry `base` of `term`. */
  reset(base: LogIndex, term: Term): void {
    this.#baseIndex = base;
    this.#baseTerm = term;
    this.#runs = [];
    this.#last = base;
  }

  /** The newest index ≤ `index` whose term is ≤ `term`: where two logs may still agree. */
  agreement(index: LogIndex, term: Term): LogIndex {
    let at = index > this.#last ? this.#last : index;
    while (at > this.#baseIndex && (this.term(at) ?? NO_TERM) > term) {
      const run = this.#runs.findLast((candidate) => candidate.first <= at);
      at = run === undefined ? this.#baseIndex : previousIndex(run.first);
    }
    return at;
  }

  /** Whether a log that ends in (`lastTerm`, `lastIndex`) is at least as up to date (§5.4.1). */
  isUpToDate(lastIndex: LogIndex, lastTerm: Term): boolean {
    return lastTerm > this.lastTerm || (lastTerm === this.lastTerm && lastIndex >= this.#last);
  }
}

/** The term of `index` within the runs of a batch that contains it. */
export function termInRuns(runs: readonly TermRun[], index: LogIndex): Term {
  for (let i = runs.length - 1; i >= 0; i--) {
    const run = runs[i];
    if (run !== undefined && run.first <= index) return run.term;
  }
  return NO_TERM;
}
