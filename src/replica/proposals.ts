import type { LogIndex, Term } from '../base/ids.ts';
import type { DataCommand, LocalCommand } from '../commands/command.ts';
import { ErrorReply, type Reply } from '../resp/reply.ts';

/** A client's entry that has been appended here and whose client waits for the outcome. */
export interface Proposal {
  index: LogIndex;
  /** In which it was appended: with the index, this tells its entry from one that replaced it. */
  term: Term;
  /** Of its entry. */
  bytes: number;
  readonly command: DataCommand | LocalCommand;
  /** What `command.parse` made of the arguments. */
  readonly request: unknown;
  readonly db: number;
  /** Nobody waits for the outcome any more. */
  readonly isGone: boolean;
  /** About to be applied: reads that the same connection sent before it must run now. */
  beforeApply(): void;
  applied(reply: Reply): void;
  /** It was applied and waits: {@link applied} comes later. */
  parked(): void;
  /** This node no longer leads, or the entry was replaced: nobody here knows the outcome. */
  outcomeUnknown(): void;
}

/** An element may still be given to a command that waited: the entry that feeds it may be on its way. */
const LEADER_LOST = new ErrorReply('TIMEOUT the leader changed while the command was blocked');
const COMPACT_AT = 4096;

/** Proposals in the order of their entries. */
export class Proposals {
  #items: Proposal[] = [];
  #head = 0;
  #bytes = 0;
  /** By their entries, in their order. */
  readonly #parked: Map<LogIndex, Proposal> = new Map();

  /** Bytes of all entries that wait. */
  get bytes(): number {
    return this.#bytes;
  }

  get count(): number {
    return this.#items.length - this.#head;
  }

  add(proposal: Proposal, at: { index: LogIndex; term: Term }, bytes: number): void {
    proposal.index = at.index;
    proposal.term = at.term;
    proposal.bytes = bytes;
    this.#bytes += bytes;
    this.#items.push(proposal);
  }

  /**
   * The proposal of the entry `index` of `term`, which is the next to be applied; undefined if it is
   * not ours. Another leader may have put its own entry in the place of ours, and both the change of
   * leader and the new entry may reach this node in one turn.
   */
  take(index: number, term: number): Proposal | undefined {
    const proposal = this.#items[this.#head];
    if (proposal === undefined || proposal.index !== index) return undefined;
    this.#head++;
    this.#bytes -= proposal.bytes;
    this.#compact();
    if (proposal.term === term) return proposal;
    proposal.outcomeUnknown();
    return undefined;
  }

  #compact(): void {
    if (this.#head === this.#items.length) {
      this.#items = [];
      this.#head = 0;
    } else if (this.#head >= COMPACT_AT && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
  }

  /** The command of a proposal waits in the dataset. */
  park(proposal: Proposal): void {
    this.#parked.set(proposal.index, proposal);
    proposal.parked();
  }

  /** The reply to a command that waited; nothing happens where its client is not. */
  finish(id: LogIndex, reply: Reply): void {
    const proposal = this.#parked.get(id);
    if (proposal === undefined) return;
    this.#parked.delete(id);
    proposal.applied(reply);
  }

  /** Entries of commands that wait although their clients are gone. */
  gone(): LogIndex[] {
    const ids: LogIndex[] = [];
    for (const [id, proposal] of this.#parked) if (proposal.isGone) ids.push(id);
    return ids;
  }

  /** Clients of this node whose commands wait. */
  get parkedCount(): number {
    return this.#parked.size;
  }

  /** Leadership is lost: every client that waits is told that the outcome is unknown. */
  abandon(): void {
    const items = this.#items;
    const head = this.#head;
    this.#items = [];
    this.#head = 0;
    this.#bytes = 0;
    for (let i = head; i < items.length; i++) items[i]?.outcomeUnknown();
    const parked = [...this.#parked.values()];
    this.#parked.clear();
    for (const proposal of parked) proposal.applied(LEADER_LOST);
  }
}
