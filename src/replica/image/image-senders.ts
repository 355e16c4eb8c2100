import { asLogIndex, type LogIndex, minIndex, NO_INDEX, type NodeId } from '../../base/ids.ts';
import type { Member } from '../../raft/configuration.ts';
import type { Timer } from '../../world/world.ts';
import { ImageSender } from './sender.ts';
import type { SenderSetup, SenderStats } from './sender-setup.ts';

export interface SendersSetup extends SenderSetup {
  /** The node now has everything up to `index`; 0: it came to nothing, and may be tried again. */
  readonly ended: (id: NodeId, index: LogIndex) => void;
}

export interface SendersStats extends SenderStats {
  completed: number;
  failed: number;
}

/** Images sent at the same time; other nodes wait for their turn. */
export const MAX_SENDERS = 3;
/** In ms: so long after a failure it is reported, which is what the next attempt waits for. */
export const RETRY_MS = 5000;

/** All images that this node is sending to others, while it leads: at most one to each. */
export class ImageSenders {
  readonly #setup: SendersSetup;
  readonly #senders: Map<NodeId, ImageSender> = new Map();
  /** In the order in which they were asked for; each node once. */
  #queue: Member[] = [];
  /** Failures that are not reported yet. */
  readonly #resting: Map<NodeId, Timer> = new Map();
  /** Since the process started. */
  readonly stats: SendersStats = { completed: 0, failed: 0, chunks: 0, bytes: 0 };
  #closed = false;

  constructor(setup: SendersSetup) {
    this.#setup = setup;
  }

  /** Images under way. */
  get count(): number {
    return this.#senders.size;
  }

  /** A node needs an image. One that is under way, or about to be, will do. */
  send(member: Member): void {
    const { id } = member;
    if (this.#closed || this.#senders.has(id) || this.#resting.has(id)) return;
    if (this.#queue.some((waiting) => waiting.id === id)) return;
    this.#queue.push(member);
    this.#startNext();
  }

  #startNext(): void {
    while (this.#senders.size < MAX_SENDERS) {
      const member = this.#queue.shift();
      if (member === undefined) return;
      const { id } = member;
      const sender: ImageSender = new ImageSender(member, {
        ...this.#setup,
        stats: this.stats,
        ended: (index) => this.#senderEnded(id, index),
      });
      this.#senders.set(id, sender);
    }
  }

  #senderEnded(id: NodeId, index: number): void {
    this.#senders.delete(id);
    if (index > 0) {
      this.stats.completed++;
      this.#setup.ended(id, asLogIndex(index));
    } else {
      this.stats.failed++;
      const timer = this.#setup.world.timers.after(RETRY_MS, () => {
        this.#resting.delete(id);
        this.#setup.ended(id, NO_INDEX);
      });
      this.#resting.set(id, timer);
    }
    this.#startNext();
  }

  /** Of the oldest image being sent: the log is needed from behind it on. null: it is not. */
  lowestIndex(): LogIndex | null {
    let lowest: LogIndex | null = null;
    for (const { index } of this.#senders.values()) {
      if (index !== null) lowest = lowest === null ? index : minIndex(lowest, index);
    }
    return lowest;
  }

  /** Nothing is sent any more to nodes that are not in `members`. */
  retain(members: readonly Member[]): void {
    const isGone = (id: NodeId): boolean => !members.some((member) => member.id === id);
    this.#queue = this.#queue.filter(({ id }) => !isGone(id));
    for (const id of [...this.#senders.keys(), ...this.#resting.keys()]) {
      if (isGone(id)) this.#forget(id);
    }
    this.#startNext();
  }

  #forget(id: NodeId): void {
    this.#senders.get(id)?.stop();
    this.#senders.delete(id);
    this.#resting.get(id)?.cancel();
    this.#resting.delete(id);
  }

  /** This node does not lead any more: all stop at once, and nothing is reported. */
  abandon(): void {
    this.#queue = [];
    for (const id of [...this.#senders.keys(), ...this.#resting.keys()]) this.#forget(id);
  }

  close(): void {
    this.#closed = true;
    this.abandon();
  }
}
