import { asLogIndex, NO_INDEX, NO_TERM, type Term } from '../../../src/base/ids.ts';
import type { Configuration } from '../../../src/raft/configuration.ts';
import type { EntryBatch, TermRun } from '../../../src/raft/message.ts';
import type { ConfigurationAt } from '../../../src/raft/setup.ts';
import { TermIndex } from '../../../src/raft/term-index.ts';

/** A real log entry. Each has its own payload, so that equal means: the very same proposal. */
export interface Entry {
  readonly term: Term;
  readonly payload: number;
  readonly configuration: Configuration | null;
}

/** A place in a log, with the hash of all up to there: this is what a simulated image is. */
export interface LogPoint {
  readonly index: number;
  readonly term: Term;
  readonly chain: number;
  /** The one in force there; null: there is none yet. */
  readonly configuration: ConfigurationAt | null;
}

const BEGINNING: LogPoint = { index: 0, term: NO_TERM, chain: 0, configuration: null };

/**
 * A log whose every position has a hash of all that is before it: equal chains, equal prefixes. It may
 * begin later than with its first entry.
 */
export class ChainedLog {
  #base: LogPoint = BEGINNING;
  #entries: Entry[] = [];
  /** The first is that of the base. */
  #chains: number[] = [BEGINNING.chain];

  /** What is before the first entry. */
  get base(): LogPoint {
    return this.#base;
  }

  get last(): number {
    return this.#base.index + this.#entries.length;
  }

  entry(index: number): Entry | undefined {
    return this.#entries[index - this.#base.index - 1];
  }

  /** 0 for what is not in the log. */
  term(index: number): Term {
    return index === this.#base.index ? this.#base.term : (this.entry(index)?.term ?? NO_TERM);
  }

  /** -1 for what is not in the log. */
  chain(index: number): number {
    return this.#chains[index - this.#base.index] ?? -1;
  }

  append(entry: Entry): void {
    const mixed = Math.imul(this.chain(this.last) ^ entry.payload, 0x9e3779b1) ^ entry.term;
    this.#entries.push(entry);
    this.#chains.push((mixed ^ (mixed >>> 15)) >>> 0);
  }

  truncate(from: number): void {
    this.#entries.length = Math.min(this.#entries.length, from - this.#base.index - 1);
    this.#chains.length = this.#entries.length + 1;
  }

  /** Removes everything up to `index`. */
  compact(index: number): void {
    const base = this.pointAt(index);
    this.#entries.splice(0, index - this.#base.index);
    this.#chains.splice(0, index - this.#base.index);
    this.#base = base;
  }

  /** Begins anew behind `base`. */
  reset(base: LogPoint): void {
    this.#base = base;
    this.#entries = [];
    this.#chains = [base.chain];
  }

  copy(): ChainedLog {
    const copy = new ChainedLog();
    copy.reset(this.#base);
    for (const entry of this.#entries) copy.append(entry);
    return copy;
  }

  slice(first: number, last: number): Entry[] {
    const { index } = this.#base;
    return first <= index ? [] : this.#entries.slice(first - index - 1, last - index);
  }

  pointAt(index: number): LogPoint {
    const configurations = this.configurations().filter((each) => each.index <= index);
    return {
      index,
      term: this.term(index),
      chain: this.chain(index),
      configuration: configurations.at(-1) ?? null,
    };
  }

  /** Oldest first; the one before the log first, if there is any. */
  configurations(): ConfigurationAt[] {
    const found: ConfigurationAt[] = [];
    if (this.#base.configuration !== null) found.push(this.#base.configuration);
    this.#entries.forEach(({ configuration }, i) => {
      const index = asLogIndex(this.#base.index + i + 1);
      if (configuration !== null) found.push({ index, configuration });
    });
    return found;
  }

  /** The newest configuration up to `index`, which is in the log. */
  configurationAt(index: number): Configuration | null {
    for (let i = Math.min(index, this.last); i > this.#base.index; i--) {
      const configuration = this.entry(i)?.configuration;
      if (configuration != null) return configuration;
    }
    return this.#base.configuration?.configuration ?? null;
  }

  /** What the core would load of it. */
  terms(): TermIndex {
    const terms = new TermIndex(asLogIndex(this.#base.index), this.#base.term);
    this.#entries.forEach((entry, i) => {
      terms.append(asLogIndex(this.#base.index + i + 1), entry.term);
    });
    return terms;
  }
}

export function batchOf(first: number, entries: readonly Entry[]): EntryBatch {
  const runs: TermRun[] = [];
  const configurations: ConfigurationAt[] = [];
  entries.forEach((entry, i) => {
    const index = asLogIndex(first + i);
    if (runs.at(-1)?.term !== entry.term) runs.push({ first: index, term: entry.term });
    if (entry.configuration !== null) {
      configurations.push({ index, configuration: entry.configuration });
    }
  });
  const last = entries.length === 0 ? NO_INDEX : asLogIndex(first + entries.length - 1);
  return { first: asLogIndex(first), last, runs, configurations, body: entries };
}

/** The entries that {@link batchOf} put into a batch. */
export function entriesOf(batch: EntryBatch): readonly Entry[] {
  return batch.body as readonly Entry[];
}
