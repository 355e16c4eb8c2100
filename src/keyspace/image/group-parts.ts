import type { ConsumerGroup } from '../stream-group.ts';
import type { ChunkWatch, IdChunk } from '../stream-id-table.ts';
import type { StreamParts } from './stream-parts.ts';

/** The consumers in so many slots of a group are one part. */
const PAGE_SLOTS = 64;

/** The consumers of a group in some of its slots: those from `from` to `to` - 1. */
export class ConsumerPage {
  part = 0;
  readonly owner: GroupParts;
  readonly index: number;

  constructor(owner: GroupParts, index: number) {
    this.owner = owner;
    this.index = index;
  }

  get from(): number {
    return this.index * PAGE_SLOTS;
  }

  get to(): number {
    return this.from + PAGE_SLOTS;
  }
}

/**
 * A consumer group in images of its stream: a part for what it is itself, a part for each page of its
 * consumers and one for each chunk of its pending entries. Pages stay as long as the group.
 */
export class GroupParts implements ChunkWatch {
  /** Its own number. */
  part = 0;
  readonly group: ConsumerGroup;
  readonly #parts: StreamParts;
  readonly #pages: ConsumerPage[] = [];

  constructor(parts: StreamParts, group: ConsumerGroup) {
    this.#parts = parts;
    this.group = group;
  }

  get pages(): readonly ConsumerPage[] {
    return this.#pages;
  }

  /** What the group is itself is about to change. */
  beforeGroup(): void {
    this.#parts.before(this.part);
  }

  /** A consumer is about to come to a slot, or to go. */
  beforeSlot(slot: number): void {
    this.beforeGroup();
    this.beforeConsumer(slot);
  }

  /** The consumer in a slot is about to change. */
  beforeConsumer(slot: number): void {
    const page = this.#pages[Math.floor(slot / PAGE_SLOTS)];
    if (page !== undefined) {
      this.#parts.before(page.part);
      return;
    }
    // Slots are taken in turn, so there is no page between the last one and this.
    this.#parts.add(this.addPage());
  }

  /** The next page, which has no number yet. */
  addPage(): ConsumerPage {
    const page = new ConsumerPage(this, this.#pages.length);
    this.#pages.push(page);
    return page;
  }

  beforeChunk(chunk: IdChunk): void {
    this.beforeGroup();
    this.#parts.before(chunk.part);
  }

  chunkAdded(chunk: IdChunk): void {
    this.beforeGroup();
    this.#parts.addChunk(chunk, this);
  }

  chunkRemoved(chunk: IdChunk): void {
    this.beforeGroup();
    this.#parts.remove(chunk);
  }
}
