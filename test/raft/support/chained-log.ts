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

/** A log whose every position has a hash of all that is before it: equal chains, equal prefixes. */
export class ChainedLog {
  readonly #entries: Entry[] = [];
  readonly #chains: number[] = [0];

  get last(): number {
    return this.#entries.length;
  }

  entry(index: number): Entry | undefined {
    return this.#entries[index - 1];
  }

  term(index: number): Term {
    return this.#entries[index - 1]?.term ?? NO_TERM;
  }

  chain(index: number): number {
    return this.#chains[index] ?? -1;
  }

  append(entry: Entry): void {
    const mixed = Math.imul(this.chain(this.last) ^ entry.payload, 0x9e3779b1) ^ entry.term;
    this.#entries.push(entry);
    this.#chains.push((mixed ^ (mixed >>> 15)) >>> 0);
  }

  truncate(from: number): void {
    this.#entries.length = Math.min(this.#entries.length, from - 1);
    this.#chains.length = this.#entries.length + 1;
  }

  slice(first: number, last: number): Entry[] {
    return this.#entries.slice(first - 1, last);
  }

  configurations(): ConfigurationAt[] {
    const found: ConfigurationAt[] = [];
    this.#entries.forEach((entry, i) => {
      if (entry.configuration !== null) {
        found.push({ index: asLogIndex(i + 1), configuration: entry.configuration });
      }
    });
    return found;
  }

  /** The newest configuration in the log up to `index`. */
  configurationAt(index: number): Configuration | null {
    for (let i = Math.min(index, this.last); i > 0; i--) {
      const configuration = this.#entries[i - 1]?.configuration;
      if (configuration != null) return configuration;
    }
    return null;
  }

  /** What the core would load of it, if everything up to `base` had been compacted away. */
  terms(base: number): TermIndex {
    const terms = new TermIndex(asLogIndex(base), base > 0 ? this.term(base) : NO_TERM);
    for (let i = base + 1; i <= this.last; i++) terms.append(asLogIndex(i), this.term(i));
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
