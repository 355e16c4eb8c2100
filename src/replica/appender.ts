import { advance, type LogIndex, type Milliseconds, NO_INDEX } from '../base/ids.ts';
import type { Keyspace } from '../keyspace/keyspace.ts';
import type { Configuration } from '../raft/configuration.ts';
import type { Raft } from '../raft/raft.ts';
import type { Args } from '../resp/args.ts';
import type { World } from '../world/world.ts';
import {
  ENTRY_CONFIGURATION,
  ENTRY_NOOP,
  ENTRY_TIME,
  ENTRY_UNBLOCK,
  packConfiguration,
  packUnblock,
  type UnblockHow,
} from './entry.ts';
import type { LogStore } from './log-store.ts';
import type { Proposal, Proposals } from './proposals.ts';
import type { Waiters } from './waiters.ts';

/** A leader that sees something due proposes a time entry at most this often. */
export const TIME_ENTRY_INTERVAL = 100;
const EMPTY = Buffer.alloc(0);

/** A leader's own entries: a place in the core's log and the bytes in the store, always together. */
export class Appender {
  readonly #raft: Raft;
  readonly #store: LogStore;
  readonly #proposals: Proposals;
  readonly #keyspace: Keyspace;
  readonly #world: World;
  readonly #waiters: Waiters;
  /** Test hook: false, and nothing is deleted because its time has come unless a read asks for it. */
  activeExpire = true;
  #lastTimeEntry = Number.NEGATIVE_INFINITY;
  #lastTimeIndex: LogIndex = NO_INDEX;

  constructor(setup: {
    readonly raft: Raft;
    readonly store: LogStore;
    readonly proposals: Proposals;
    readonly keyspace: Keyspace;
    readonly world: World;
    readonly waiters: Waiters;
  }) {
    this.#raft = setup.raft;
    this.#store = setup.store;
    this.#proposals = setup.proposals;
    this.#keyspace = setup.keyspace;
    this.#world = setup.world;
    this.#waiters = setup.waiters;
  }

  /** Time for an entry: the wall clock, but never behind what was applied. */
  #time(): number {
    return Math.max(this.#world.clock.wall(), this.#keyspace.clock);
  }

  command(proposal: Proposal, args: Args): LogIndex {
    const index = this.#raft.propose();
    const { term } = this.#raft;
    const bytes = this.#store.appendCommand(index, term, this.#time(), proposal.db, args);
    this.#proposals.add(proposal, { index, term }, bytes);
    return index;
  }

  noop(): LogIndex {
    return this.#plain(ENTRY_NOOP);
  }

  time(): LogIndex {
    this.#lastTimeEntry = this.#world.clock.monotonic();
    this.#lastTimeIndex = this.#plain(ENTRY_TIME);
    return this.#lastTimeIndex;
  }

  /**
   * Whether a key or a blocked command is due and no time entry was made just now. Each entry deletes
   * a bounded number of keys; while some are left that are gone already, the next entry follows when
   * it is applied. While there is no space for the log time stands still.
   */
  timeIsDue(now: Milliseconds): boolean {
    if (this.#store.log.full !== null) return false;
    const { activeExpire } = this;
    if (
      activeExpire &&
      this.#keyspace.hasDue(this.#keyspace.clock) &&
      this.#proposals.count === 0
    ) {
      return this.#lastTimeIndex <= this.#raft.commit;
    }
    if (now - this.#lastTimeEntry < TIME_ENTRY_INTERVAL) return false;
    const wall = this.#world.clock.wall();
    if (this.#waiters.nextDeadline() <= wall) return true;
    return activeExpire && this.#keyspace.hasDue(wall);
  }

  unblock(id: LogIndex, how: UnblockHow): LogIndex {
    const index = this.#raft.propose();
    const at = { index, term: this.#raft.term, kind: ENTRY_UNBLOCK, time: this.#time() };
    this.#store.append(at, packUnblock(id, how));
    return index;
  }

  #plain(kind: number): LogIndex {
    const index = this.#raft.propose();
    this.#store.append({ index, term: this.#raft.term, kind, time: this.#time() }, EMPTY);
    return index;
  }

  configuration(configuration: Configuration): LogIndex {
    const index = advance(this.#raft.last, 1);
    const { term } = this.#raft;
    // The core sends it at once, so the bytes must be there first.
    this.#store.append(
      { index, term, kind: ENTRY_CONFIGURATION, time: this.#time() },
      packConfiguration(configuration),
    );
    this.#raft.proposeConfiguration(configuration);
    return index;
  }
}
