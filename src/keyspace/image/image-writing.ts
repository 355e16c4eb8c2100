import { assert } from '../../base/assert.ts';
import { ByteWriter } from './byte-writer.ts';
import type { Changes, ImageTotals } from './changes.ts';
import { NO_RECORD, type Parts, type WrittenRecord } from './parts.ts';
import { ValueParts } from './value-parts.ts';

/** Where the records of an image go. */
export interface RecordSink {
  /** Stores a record and returns its checksum (u32). `payload` is good during the call only. */
  put(at: RecordPlace, payload: Buffer): number;
  /**
   * Stores that the part is gone. Without it an old record of the part, which is deleted later, would
   * count again for whoever loads the image before that.
   */
  tombstone(at: RecordPlace): void;
}

/** The record of part `part` of `id`, as image `image` has it. */
export interface RecordPlace {
  readonly id: number;
  readonly part: number;
  readonly image: number;
}

interface Replaced {
  readonly parts: Parts;
  readonly part: number;
  readonly before: WrittenRecord;
  /** The image has a tombstone for it. */
  readonly tombstone: boolean;
}

/** Parts of what is dead that are gone through in one go. */
const GRAVES = 256;

/**
 * One image being written: step by step, while the dataset goes on changing. It ends with
 * {@link commit}, once everything given to the sink is durable, or with {@link abort}.
 */
export class ImageWriting {
  readonly image: number;
  readonly #changes: Changes;
  readonly #sink: RecordSink;
  readonly #bytes = new ByteWriter();
  /** Keys first, because they say which values are alive and which are new. */
  readonly #keys: Parts[] = [];
  readonly #values: Parts[] = [];
  #dead: Set<Parts>;
  #graves: { readonly parts: Parts; part: number }[] | null = null;
  /** The records as they were before, for those that this image has changed. */
  readonly #replaced: Replaced[] = [];
  readonly #totals: ImageTotals;
  written = 0;
  writtenBytes = 0;
  #isWriting = false;

  constructor(changes: Changes, sink: RecordSink) {
    this.#changes = changes;
    this.#sink = sink;
    this.#totals = changes.totals;
    const { changed, dead } = changes.freeze(this);
    this.image = changes.frozen;
    this.#dead = dead;
    for (const parts of changed) {
      // A key table that was emptied stays empty; a value may have got another key.
      if (dead.has(parts) && !(parts instanceof ValueParts)) parts.forgetPending();
      else this.enlist(parts);
    }
  }

  /** Parts to be written before the image is complete. */
  enlist(parts: Parts): void {
    if (parts instanceof ValueParts) this.#values.push(parts);
    else this.#keys.push(parts);
  }

  /** No key of the image refers to `parts`; said before the last of the keys is written. */
  isDead(parts: Parts): void {
    this.#dead.add(parts);
  }

  isAlive(parts: Parts): void {
    this.#dead.delete(parts);
  }

  /** Writes some records; true when the image is complete. `isOver` says that it is enough for now. */
  step(isOver: () => boolean): boolean {
    while (!isOver()) {
      let parts = nextOf(this.#keys);
      if (parts === undefined) {
        if (!this.#bury()) continue;
        parts = nextOf(this.#values);
      }
      if (parts === undefined) return true;
      const part = parts.takePending();
      if (part !== -1) this.write(parts, part);
    }
    return false;
  }

  /** What no key refers to has no record in this image. Some at a time: true when it is done. */
  #bury(): boolean {
    if (this.#graves === null) {
      for (const parts of this.#dead) parts.forgetPending();
      this.#graves = Array.from(this.#dead, (parts) => ({ parts, part: 0 }));
    }
    const grave = this.#graves.at(-1);
    if (grave === undefined) return true;
    const { parts } = grave;
    const end = Math.min(grave.part + GRAVES, parts.capacity);
    for (; grave.part < end; grave.part++) {
      if (parts.writtenIn(grave.part) !== 0) this.#replace(parts, grave.part, NO_RECORD);
    }
    if (end === parts.capacity) this.#graves.pop();
    return false;
  }

  write(parts: Parts, part: number): void {
    assert(!this.#isWriting, 'encoding a part changes nothing');
    this.#isWriting = true;
    const bytes = this.#bytes;
    bytes.clear();
    const isThere = parts.encode(part, bytes);
    this.#isWriting = false;
    const { image } = this;
    if (!isThere) {
      const hasRecord = parts.writtenIn(part) !== 0;
      if (hasRecord) this.#sink.tombstone({ id: parts.id, part, image });
      this.#replace(parts, part, NO_RECORD, hasRecord);
      parts.wasGone(part);
      return;
    }
    const payload = bytes.view();
    this.written++;
    this.writtenBytes += payload.length;
    const sum = this.#sink.put({ id: parts.id, part, image }, payload);
    this.#replace(parts, part, { image, sum, bytes: payload.length });
  }

  #replace(parts: Parts, part: number, by: WrittenRecord, tombstone = false): void {
    const before = {
      image: parts.writtenIn(part),
      sum: parts.sumOf(part),
      bytes: parts.bytesOf(part),
    };
    this.#replaced.push({ parts, part, before, tombstone });
    const { totals } = this.#changes;
    this.#changes.totals = {
      records: totals.records + Math.sign(by.image) - Math.sign(before.image),
      sum: totals.sum + by.sum - before.sum,
      bytes: totals.bytes + by.bytes - before.bytes,
    };
    parts.wrote(part, by);
  }

  /** The image counts from now on. The records returned are not needed any more; they may be many. */
  commit(): Iterable<RecordPlace> {
    for (const parts of this.#dead) this.#changes.forget(parts);
    this.#changes.thaw();
    return this.#superseded();
  }

  *#superseded(): Iterable<RecordPlace> {
    for (const { parts, part, before, tombstone } of this.#replaced) {
      const { id } = parts;
      if (before.image !== 0) yield { id, part, image: before.image };
      // Behind what it stands for, so that it is not deleted before that.
      if (tombstone) yield { id, part, image: this.image };
    }
  }

  /** The image will never be: what was for it is for the next one. Returns records it may have left. */
  abort(): readonly RecordPlace[] {
    const { image } = this;
    this.#changes.thaw();
    this.#changes.totals = this.#totals;
    const places: RecordPlace[] = [];
    for (let i = this.#replaced.length - 1; i >= 0; i--) {
      const { parts, part, before, tombstone } = this.#replaced[i] as Replaced;
      if (tombstone || parts.writtenIn(part) === image) places.push({ id: parts.id, part, image });
      parts.wrote(part, before);
    }
    for (const { parts, part } of this.#replaced) parts.before(part);
    for (const parts of [...this.#keys, ...this.#values]) parts.thaw();
    for (const parts of this.#dead) this.#changes.died(parts);
    return places;
  }
}

/** The last of a queue that has something to write; those behind it leave the queue. */
function nextOf(queue: Parts[]): Parts | undefined {
  for (;;) {
    const parts = queue.at(-1);
    if (parts === undefined || parts.hasPending) return parts;
    parts.forgetPending();
    queue.pop();
  }
}
