import { NO_NODE } from '../base/ids.ts';
import type { Raft } from '../raft/raft.ts';
import type { LogStore } from './log-store.ts';
import type { ReplicaEvents, ReplicaSettings } from './replica-setup.ts';

/** So often, in ms, it is tried again to write what waits for space. */
export const SPACE_RETRY_INTERVAL = 100;
/** A leader without space tries to hand over once in so many election timeouts. */
const HANDOVER_ELECTIONS = 5;

/**
 * What a node does while the disk of its log is full. Entries that are on their way wait; a leader
 * takes no new ones, goes on serving reads, and lets another node lead if there is one that has all
 * entries. Nothing is lost, and nobody is told that anything was stored that was not.
 */
export class LogSpace {
  readonly #setup: LogSpaceSetup;
  /** When it was noticed that there is no space; null: there is. */
  #fullSince: number | null = null;
  #retryAt = 0;
  #nextHandover = Number.NEGATIVE_INFINITY;

  constructor(setup: LogSpaceSetup) {
    this.#setup = setup;
  }

  get isFull(): boolean {
    return this.#setup.store.log.full !== null;
  }

  /**
   * Whether new entries are refused here. While leadership is handed over they are not: they wait as
   * they do in every transfer, and are redirected.
   */
  get refusesEntries(): boolean {
    const { raft } = this.#setup;
    return this.isFull && raft.role === 'leader' && raft.transferTarget === NO_NODE;
  }

  /** When {@link look} must be called again. */
  get deadline(): number {
    return this.isFull ? this.#retryAt : Number.POSITIVE_INFINITY;
  }

  /** To be called in every turn: notices that the disk is full, or is not any more. */
  look(now: number): void {
    const { log } = this.#setup.store;
    if (log.full !== null && this.#fullSince === null) this.#begin(now);
    if (this.#fullSince === null) return;
    if (log.full !== null && now >= this.#retryAt) {
      this.#retryAt = now + SPACE_RETRY_INTERVAL;
      log.retry();
    }
    if (log.full === null) this.#end();
    else this.#handOver(now, now - this.#fullSince);
  }

  #begin(now: number): void {
    const { store, warning } = this.#setup;
    const { path, full, waitingBytes } = store.log;
    this.#fullSince = now;
    this.#retryAt = now + SPACE_RETRY_INTERVAL;
    const { cause } = full ?? {};
    const reason = cause instanceof Error ? cause.message : String(cause);
    warning(
      `The Raft log ${path} cannot be written, ${waitingBytes} bytes wait: ${reason}. ` +
        'Nothing more is stored here until there is space again',
    );
  }

  #end(): void {
    const { store, events } = this.#setup;
    this.#fullSince = null;
    events.notice(`There is space for the Raft log ${store.log.path} again: it is written`);
  }

  /**
   * The best successor must have all entries, and they must be committed: else it could not be told to
   * lead, and writes would be held in vain. A node whose own disk is full has not got the last ones.
   */
  #handOver(now: number, fullFor: number): void {
    const { raft, settings, events } = this.#setup;
    const { raftElectionTimeout } = settings;
    if (fullFor <= raftElectionTimeout || now < this.#nextHandover) return;
    if (raft.role !== 'leader' || raft.transferTarget !== NO_NODE) return;
    const target = raft.bestSuccessor;
    if (target === NO_NODE || raft.commit < raft.last) return;
    for (const { id, match } of raft.progress()) if (id === target && match < raft.last) return;
    this.#nextHandover = now + HANDOVER_ELECTIONS * raftElectionTimeout;
    events.notice(
      `handing leadership over to node ${target}: there is no space for the Raft log here`,
    );
    raft.transfer(target);
  }
}

interface LogSpaceSetup {
  readonly raft: Raft;
  readonly store: LogStore;
  readonly settings: Pick<ReplicaSettings, 'raftElectionTimeout'>;
  readonly events: Pick<ReplicaEvents, 'notice'>;
  readonly warning: (text: string) => void;
}
