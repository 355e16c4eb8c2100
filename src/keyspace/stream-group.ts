import type { GroupParts } from './image/group-parts.ts';
import { feedId, feedInteger, type StreamId, sumOf, type Uint64 } from './stream-id.ts';
import { getUint64, ID_WORDS, idAt, setUint64 } from './stream-id-list.ts';
import { IdTable, type Place } from './stream-id-table.ts';
import { indexOfName, insertByName } from './stream-names.ts';
import { type DigestSink, flat } from './value.ts';

/** The words of a pending entry behind those of its id: the consumer's slot, and two integers. */
const SLOT: number = ID_WORDS;
const TIME: number = ID_WORDS + 1;
const COUNT: number = ID_WORDS + 3;
export const PENDING_WORDS = 5;

/** About the memory of a group and of a consumer, beside names and pending entries. */
const OBJECT_BYTES = 250;

/** Stands for a number of entries read that is not known. */
export const UNKNOWN_READ = -1;

const MAX_INT64: bigint = 2n ** 63n - 1n;

/** One more, but never more than a signed 64-bit integer holds. */
export function countUp(count: Uint64): Uint64 {
  return count === MAX_INT64 ? count : sumOf(count, 1);
}

/** Who got an entry last and has not acknowledged it, when (in ms), and how often it was delivered. */
export interface Pending {
  readonly consumer: Consumer;
  readonly time: number;
  readonly count: Uint64;
}

/** What there is of a consumer beside its pending entries. */
export interface ConsumerFacts {
  readonly name: string;
  /** Its number in the group. */
  readonly slot: number;
  readonly seenTime: number;
  readonly activeTime: number;
}

export class Consumer implements ConsumerFacts {
  readonly name: string;
  readonly slot: number;
  /** Ids of the entries it has not acknowledged. Changed by its group only. */
  readonly pending: IdTable;
  readonly #group: ConsumerGroup;
  #seenTime: number;
  #activeTime: number;

  constructor(group: ConsumerGroup, facts: ConsumerFacts, pending: IdTable = new IdTable(0)) {
    this.#group = group;
    this.name = facts.name;
    this.slot = facts.slot;
    this.#seenTime = facts.seenTime;
    this.#activeTime = facts.activeTime;
    this.pending = pending;
  }

  /** When it last called, in ms of the epoch. */
  get seenTime(): number {
    return this.#seenTime;
  }

  set seenTime(time: number) {
    this.#group.parts?.beforeConsumer(this.slot);
    this.#seenTime = time;
  }

  /** When it last got entries; -1: never. */
  get activeTime(): number {
    return this.#activeTime;
  }

  set activeTime(time: number) {
    this.#group.parts?.beforeConsumer(this.slot);
    this.#activeTime = time;
  }

  /** Visits the ids pending in order from one on, until `visit` returns false. No changes meanwhile. */
  forEachPending(visit: (id: StreamId) => boolean, from?: StreamId): void {
    this.pending.walk((words, at) => visit(idAt(words, at)), from);
  }
}

/** A consumer group: how far it has read, and what its consumers got and have not acknowledged. */
export class ConsumerGroup {
  readonly name: string;
  #lastId: StreamId;
  #entriesRead: number | bigint;
  #parts: GroupParts | undefined = undefined;
  readonly #pending: IdTable;
  /** In the order of their names. */
  readonly #consumers: Consumer[] = [];
  /** Consumers by slot. Where one was removed, another will be. */
  readonly #slots: (Consumer | undefined)[] = [];

  constructor(
    name: string,
    lastId: StreamId,
    entriesRead: number | bigint,
    pending: IdTable = new IdTable(PENDING_WORDS),
  ) {
    this.name = flat(name);
    this.#lastId = lastId;
    this.#entriesRead = entriesRead;
    this.#pending = pending;
  }

  /** The last entry delivered. */
  get lastId(): StreamId {
    return this.#lastId;
  }

  set lastId(id: StreamId) {
    this.#parts?.beforeGroup();
    this.#lastId = id;
  }

  /** How many entries there were up to that one, deleted ones included; or {@link UNKNOWN_READ}. */
  get entriesRead(): number | bigint {
    return this.#entriesRead;
  }

  set entriesRead(count: number | bigint) {
    this.#parts?.beforeGroup();
    this.#entriesRead = count;
  }

  /** Once an image holds the stream by parts. */
  get parts(): GroupParts | undefined {
    return this.#parts;
  }

  set parts(parts: GroupParts | undefined) {
    this.#parts = parts;
    this.#pending.watch = parts;
  }

  /** The consumers in the order of their names. */
  get consumers(): readonly Consumer[] {
    return this.#consumers;
  }

  /** Ids of all pending entries. */
  get pending(): Pick<IdTable, 'size' | 'first' | 'last' | 'chunks'> {
    return this.#pending;
  }

  consumer(name: string): Consumer | undefined {
    return this.#consumers[indexOfName(this.#consumers, name)];
  }

  /** Adds a consumer, which is not there, and has called at `time`. */
  addConsumer(name: string, time: number): Consumer {
    const free = this.#slots.indexOf(undefined);
    const slot = free === -1 ? this.#slots.length : free;
    const facts = { name: flat(name), slot, seenTime: time, activeTime: -1 };
    const consumer = new Consumer(this, facts);
    this.#insertConsumer(consumer);
    return consumer;
  }

  /** The consumer in a slot. */
  inSlot(slot: number): Consumer | undefined {
    return this.#slots[slot];
  }

  /**
   * Gives a group that was made with its pending entries the consumers it had. Returns whether each
   * entry is that of a consumer.
   */
  restoreConsumers(consumers: readonly ConsumerFacts[]): boolean {
    for (const facts of consumers) this.#insertConsumer(new Consumer(this, facts));
    let isOwned = true;
    this.#pending.walk((words, at) => {
      const { ms, seq } = idAt(words, at);
      const owner = this.#slots[words[at + SLOT] as number];
      owner?.pending.add(ms, seq);
      isOwned = owner !== undefined;
      return isOwned;
    });
    return isOwned;
  }

  /** Removes a consumer with all its pending entries; returns how many these were. */
  removeConsumer(consumer: Consumer): number {
    consumer.forEachPending((id) => this.#pending.remove(id.ms, id.seq));
    this.#parts?.beforeSlot(consumer.slot);
    this.#slots[consumer.slot] = undefined;
    this.#consumers.splice(indexOfName(this.#consumers, consumer.name), 1);
    return consumer.pending.size;
  }

  find(id: StreamId): Pending | undefined {
    const place = this.#pending.find(id.ms, id.seq);
    return place === undefined ? undefined : this.#read(place.words, place.at);
  }

  /** Makes an entry pending, or changes one that is. */
  put(id: StreamId, pending: Pending): void {
    const { consumer } = pending;
    let place = this.#pending.edit(id.ms, id.seq);
    if (place === undefined) {
      place = this.#pending.add(id.ms, id.seq);
      consumer.pending.add(id.ms, id.seq);
    } else {
      const owner = this.#owner(place.words, place.at);
      if (owner !== consumer) {
        owner.pending.remove(id.ms, id.seq);
        consumer.pending.add(id.ms, id.seq);
      }
    }
    write(place, pending);
  }

  /** Returns whether the entry was pending. */
  acknowledge(id: StreamId): boolean {
    const place = this.#pending.find(id.ms, id.seq);
    if (place === undefined) return false;
    this.#owner(place.words, place.at).pending.remove(id.ms, id.seq);
    return this.#pending.remove(id.ms, id.seq);
  }

  /** Visits pending entries in order from an id on, until `visit` returns false. No changes meanwhile. */
  forEachPending(visit: (id: StreamId, pending: Pending) => boolean, from?: StreamId): void {
    this.#pending.walk((words, at) => visit(idAt(words, at), this.#read(words, at)), from);
  }

  copy(): ConsumerGroup {
    const copy = new ConsumerGroup(this.name, this.lastId, this.entriesRead, this.#pending.copy());
    for (const consumer of this.#consumers) {
      copy.#insertConsumer(new Consumer(copy, consumer, consumer.pending.copy()));
    }
    return copy;
  }

  /** About how many bytes it takes. */
  memory(): number {
    let bytes = OBJECT_BYTES + this.name.length + this.#pending.memory();
    for (const { name, pending } of this.#consumers) {
      bytes += OBJECT_BYTES + name.length + pending.memory();
    }
    return bytes;
  }

  feed(sink: DigestSink): void {
    sink.text(this.name);
    feedId(sink, this.lastId);
    feedInteger(sink, this.entriesRead);
    sink.number(this.#consumers.length);
    for (const { name, seenTime, activeTime } of this.#consumers) {
      sink.text(name);
      sink.number(seenTime);
      sink.number(activeTime);
    }
    sink.number(this.#pending.size);
    this.forEachPending((id, { consumer, time, count }) => {
      feedId(sink, id);
      sink.text(consumer.name);
      sink.number(time);
      feedInteger(sink, count);
      return true;
    });
  }

  #insertConsumer(consumer: Consumer): void {
    this.#parts?.beforeSlot(consumer.slot);
    while (this.#slots.length < consumer.slot) this.#slots.push(undefined);
    this.#slots[consumer.slot] = consumer;
    insertByName(this.#consumers, consumer);
  }

  #owner(words: Uint32Array, at: number): Consumer {
    // Every pending entry is that of a consumer, and goes when that goes.
    return this.#slots[words[at + SLOT] as number] as Consumer;
  }

  #read(words: Uint32Array, at: number): Pending {
    const consumer = this.#owner(words, at);
    const time = Number(getUint64(words, at + TIME));
    return { consumer, time, count: getUint64(words, at + COUNT) };
  }
}

function write({ words, at }: Place, { consumer, time, count }: Pending): void {
  words[at + SLOT] = consumer.slot;
  setUint64(words, at + TIME, time);
  setUint64(words, at + COUNT, count);
}
