import { assert } from '../base/assert.ts';
import { type LogIndex, NO_INDEX } from '../base/ids.ts';
import type { Persist } from './effects.ts';
import type { Message } from './message.ts';

interface Pending {
  readonly sequence: number;
  /** Entries up to here are durable with it. Lowered when a truncation takes them away (ABA). */
  last: LogIndex;
}

interface Held {
  readonly sequence: number;
  readonly message: Message;
}

/** What is on its way to the disk, in order, and the messages that wait until it is there. */
export class DiskQueue {
  /** Steps that the shell has not taken yet. */
  steps: Persist[] = [];
  #sequence = 0;
  #persisted = 0;
  /** Newest step that changed term or vote. */
  #hardStateSequence = 0;
  readonly #pending: Pending[] = [];
  readonly #held: Held[] = [];

  /** `last`: end of the log with this step. */
  push(step: Omit<Persist, 'sequence'>, last: LogIndex): void {
    this.#sequence++;
    this.#pending.push({ sequence: this.#sequence, last });
    this.steps.push({ sequence: this.#sequence, ...step });
  }

  /** The newest step carries a new term or vote, which messages must not speak of before. */
  hardStateChanged(): void {
    this.#hardStateSequence = this.#sequence;
  }

  get hardStateIsDurable(): boolean {
    return this.#hardStateSequence <= this.#persisted;
  }

  /**
   * Keeps a message until the present term and vote are durable. It takes the place of an older one
   * that would say less: a disk may stand still for long, and the others go on asking.
   */
  hold(message: Message): void {
    const older = this.#held.findIndex((held) => isSaidBy(held.message, message));
    if (older >= 0) this.#held.splice(older, 1);
    this.#held.push({ sequence: this.#hardStateSequence, message });
  }

  /** Entries after `last` are gone: the steps that wrote them prove nothing of what comes instead. */
  truncated(last: LogIndex): void {
    for (const pending of this.#pending) if (pending.last > last) pending.last = last;
  }

  /** The newest step there ever was. */
  get newest(): number {
    return this.#sequence;
  }

  /** All steps up to `sequence` are durable; returns how far the log is with them, 0 if not new. */
  complete(sequence: number): LogIndex {
    assert(sequence <= this.#sequence, 'only what was asked for can become durable');
    if (sequence > this.#persisted) this.#persisted = sequence;
    let durable = NO_INDEX;
    let done = 0;
    for (const pending of this.#pending) {
      if (pending.sequence > sequence) break;
      if (pending.last > durable) durable = pending.last;
      done++;
    }
    this.#pending.splice(0, done);
    return durable;
  }

  /** Messages that need wait no longer, oldest first. */
  released(): Message[] {
    let count = 0;
    for (const held of this.#held) {
      if (held.sequence > this.#persisted) break;
      count++;
    }
    return this.#held.splice(0, count).map((held) => held.message);
  }
}

/** Whether an answer says nothing that a later one to the same node does not say. */
function isSaidBy(older: Message, later: Message): boolean {
  if (older.kind !== later.kind || older.to !== later.to) return false;
  switch (older.kind) {
    case 'heartbeat-response':
      return true;
    case 'append-response':
      return later.kind === 'append-response' && older.success === later.success;
    case 'vote-response':
      return later.kind === 'vote-response' && older.preVote === later.preVote;
    default:
      return false;
  }
}
