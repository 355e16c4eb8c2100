import { type LogIndex, NO_INDEX, type NodeId } from '../base/ids.ts';
import {
  type Configuration,
  changesVoters,
  EMPTY_CONFIGURATION,
  findMember,
  isVoter,
} from './configuration.ts';
import type { ConfigurationAt } from './setup.ts';

/**
 * The configurations of the log, oldest first, and the one that was in force before it begins. The
 * newest is in force, committed or not (SPEC, C2).
 */
export class Configurations {
  #list: ConfigurationAt[];

  constructor(restored: readonly ConfigurationAt[]) {
    this.#list = [...restored];
  }

  get newest(): Configuration {
    return this.#list.at(-1)?.configuration ?? EMPTY_CONFIGURATION;
  }

  /** Index of the newest one; 0 if there is none. */
  get newestIndex(): LogIndex {
    return this.#list.at(-1)?.index ?? NO_INDEX;
  }

  /** The newest one up to `index`. */
  at(index: LogIndex): Configuration {
    const found = this.#list.findLast((each) => each.index <= index);
    return found?.configuration ?? EMPTY_CONFIGURATION;
  }

  /** Those of the entries after `after`, up to `last`. */
  between(after: LogIndex, last: LogIndex): readonly ConfigurationAt[] {
    return this.#list.filter(({ index }) => index > after && index <= last);
  }

  append(entry: ConfigurationAt): void {
    this.#list.push(entry);
  }

  /** Entries from `from` on are gone. */
  truncate(from: LogIndex): void {
    while (this.newestIndex >= from && this.#list.length > 0) this.#list.pop();
  }

  /** Entries up to `base` are gone: of their configurations only the one in force there is kept. */
  compact(base: LogIndex): void {
    const inForce = this.#list.findLastIndex(({ index }) => index <= base);
    if (inForce > 0) this.#list.splice(0, inForce);
  }

  /** The log begins anew, behind an image that has this one. */
  reset(configuration: ConfigurationAt): void {
    this.#list = [configuration];
  }

  /** Whether a change of who votes is not known to be committed. */
  hasVoterChangeAfter(commit: LogIndex): boolean {
    let before: Configuration | null = null;
    for (const { index, configuration } of this.#list) {
      if (index > commit && before !== null && changesVoters(before, configuration)) return true;
      before = configuration;
    }
    return false;
  }

  /** Whether `id` votes in the newest one that is committed, or in one after it. */
  isVoterSince(commit: LogIndex, id: NodeId): boolean {
    for (let i = this.#list.length - 1; i >= 0; i--) {
      const each = this.#list[i];
      if (each === undefined) continue;
      if (isVoter(each.configuration, id)) return true;
      if (each.index <= commit) return false;
    }
    return false;
  }

  /** Changes what the newest one says of a node; false if that is not in it. */
  overrideVoting(id: NodeId, voting: boolean): boolean {
    const newest = this.#list.at(-1);
    if (newest === undefined || findMember(newest.configuration, id) === undefined) return false;
    const members = newest.configuration.members.map((m) => (m.id === id ? { ...m, voting } : m));
    const configuration = { change: newest.configuration.change, members };
    this.#list.splice(-1, 1, { index: newest.index, configuration });
    return true;
  }
}
