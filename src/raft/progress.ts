import {
  type LogIndex,
  type Milliseconds,
  NO_INDEX,
  type NodeId,
  nextIndex,
  previousIndex,
} from '../base/ids.ts';

interface Inflight {
  readonly last: LogIndex;
  readonly bytes: number;
}

/** One catch-up round of a learner (dissertation §4.2.1): it ends when `target` is reached. */
interface Round {
  readonly target: LogIndex;
  readonly startedAt: Milliseconds;
}

/**
 * What the leader knows of one other node.
 *
 * `probe`: where its log agrees with ours is not known; one append at a time. `replicate`: it is,
 * and appends stream ahead of their answers, bounded by a window of count and bytes. `snapshot`: it
 * needs entries that our log has no more, and the shell sends it an image of the state.
 *
 * Invariant (SPEC, R3): match < next; match never falls within a term.
 */
export class Progress {
  readonly id: NodeId;
  /** Durable there and equal to our log. */
  match: LogIndex = NO_INDEX;
  /** First entry to send next. */
  next: LogIndex;
  state: 'probe' | 'replicate' | 'snapshot' = 'probe';
  /** A probe, sent at `probedAt`, is under way: no other until it is answered, or seems lost. */
  probing = false;
  probedAt: Milliseconds;
  /** When the newest append in flight was sent. */
  sentAt: Milliseconds;
  /** The shell has a link to it. */
  connected = true;
  lastContact: Milliseconds;
  /** Newest read barrier that this node confirmed. */
  readAcknowledged = 0;
  /** Newest commit index told to it. */
  sentCommit: LogIndex = NO_INDEX;
  round: Round | null = null;
  caughtUp = false;
  #inflight: Inflight[] = [];
  #inflightBytes = 0;

  constructor(id: NodeId, last: LogIndex, now: Milliseconds) {
    this.id = id;
    this.next = nextIndex(last);
    this.lastContact = now;
    this.probedAt = now;
    this.sentAt = now;
  }

  get inflightCount(): number {
    return this.#inflight.length;
  }

  get inflightBytes(): number {
    return this.#inflightBytes;
  }

  /** An append of `bytes` up to `last` has been sent. */
  sent(last: LogIndex, bytes: number, now: Milliseconds): void {
    if (this.state === 'probe') {
      this.probing = true;
      this.probedAt = now;
      return;
    }
    this.next = nextIndex(last);
    this.sentAt = now;
    this.#inflight.push({ last, bytes });
    this.#inflightBytes += bytes;
  }

  /** Everything up to `match` is there. */
  acknowledged(match: LogIndex): void {
    if (match > this.match) this.match = match;
    if (this.state === 'probe' || this.next <= this.match) this.next = nextIndex(this.match);
    if (this.state === 'snapshot') return;
    this.state = 'replicate';
    this.probing = false;
    let done = 0;
    for (const sent of this.#inflight) {
      if (sent.last > match) break;
      this.#inflightBytes -= sent.bytes;
      done++;
    }
    if (done > 0) this.#inflight.splice(0, done);
  }

  /** Back to probing from `next`: an append was refused, or the link broke. */
  becomeProbe(next: LogIndex): void {
    this.state = 'probe';
    this.probing = false;
    this.next = next > this.match ? next : nextIndex(this.match);
    this.#inflight = [];
    this.#inflightBytes = 0;
  }

  /** It needs what the log has no more. */
  becomeSnapshot(): void {
    this.state = 'snapshot';
    this.probing = false;
    this.#inflight = [];
    this.#inflightBytes = 0;
  }

  /** What was in flight is lost: begin again after what the node surely has, if that is known. */
  reset(): void {
    if (this.state === 'snapshot') return;
    this.becomeProbe(this.state === 'replicate' ? nextIndex(this.match) : this.next);
  }

  get previous(): LogIndex {
    return previousIndex(this.next);
  }
}
