import type { LogIndex } from '../base/ids.ts';
import type { Raft } from '../raft/raft.ts';
import type { Appender } from './appender.ts';
import type { UnblockHow } from './entry.ts';
import type { LogStore } from './log-store.ts';
import type { Proposals } from './proposals.ts';
import type { Waiters } from './waiters.ts';

/** Ends the waiting of blocked commands before their time, by entries. */
export class Blocked {
  readonly #setup: BlockedSetup;

  constructor(setup: BlockedSetup) {
    this.#setup = setup;
  }

  /** The command whose entry is at `id`; false if it does not wait, or this cannot be done now. */
  end(id: LogIndex, how: UnblockHow): boolean {
    const { raft, store, waiters, appender, appended } = this.#setup;
    if (raft.role !== 'leader' || !raft.acceptsProposals) return false;
    if (store.log.full !== null) return false;
    if (waiters.get(id) === undefined) return false;
    appender.unblock(id, how);
    appended();
    return true;
  }

  /** Commands whose clients are gone. */
  endGone(): void {
    for (const id of this.#setup.proposals.gone()) this.end(id, 'timeout');
  }
}

interface BlockedSetup {
  readonly raft: Raft;
  readonly store: LogStore;
  readonly appender: Appender;
  readonly proposals: Proposals;
  readonly waiters: Waiters;
  readonly appended: () => void;
}
