import { assert } from '../../base/assert.ts';
import type { ByteWriter } from './byte-writer.ts';
import type { Changes } from './changes.ts';

const FIRST_PARTS = 8;

/** The record of a part. */
export interface WrittenRecord {
  /** The image it was written in; 0: there is none. */
  readonly image: number;
  readonly sum: number;
  /** Of the payload; a record of 4 GB and more counts as less. */
  readonly bytes: number;
}

export const NO_RECORD: WrittenRecord = { image: 0, sum: 0, bytes: 0 };

/**
 * Something that an image holds by parts: the keys of a database, a large value. Each part is one record
 * of the image, and is written again when it has changed since the image before.
 *
 * Images are numbered. What changes now will be in image number `changes.epoch`. While image `e` is being
 * written the epoch is `e + 1`, and `changes.frozen` is `e`: a part that changed for `e` and is not
 * written yet is written before it changes again, so that every image shows one moment.
 *
 * Whoever changes a part calls {@link before} first.
 */
export abstract class Parts {
  /** Its number in images; never used for anything else. */
  readonly id: number;
  protected readonly changes: Changes;
  /** By part: the image for which it last changed. 0: never. */
  #changed: Uint32Array = new Uint32Array(FIRST_PARTS);
  /** By part: the image that its record was written in. 0: there is none. */
  #written: Uint32Array = new Uint32Array(FIRST_PARTS);
  /** By part: the checksum of that record. */
  #sums: Uint32Array = new Uint32Array(FIRST_PARTS);
  /** By part: the bytes of that record. */
  #sizes: Uint32Array = new Uint32Array(FIRST_PARTS);
  /** Parts that changed for the image `changes.epoch`, each once. */
  dirty: number[] = [];
  /** Parts that changed for the image being written; those before `#next` are dealt with. */
  #pending: number[] = [];
  #next = 0;

  constructor(changes: Changes, id: number = changes.newId()) {
    this.changes = changes;
    this.id = id;
  }

  /**
   * Puts the present content of a part into `into`; false if there is no such part any more. Must not
   * change anything but what belongs to images.
   */
  abstract encode(part: number, into: ByteWriter): boolean;

  /** The part is about to change, come or go. */
  before(part: number): void {
    if (this.#changed[part] !== this.changes.epoch) this.#first(part);
  }

  /** No part has this number or a higher one. */
  get capacity(): number {
    return this.#changed.length;
  }

  /** The image that holds the part's record; 0: none does. */
  writtenIn(part: number): number {
    return this.#written[part] ?? 0;
  }

  sumOf(part: number): number {
    return this.#sums[part] ?? 0;
  }

  bytesOf(part: number): number {
    return this.#sizes[part] ?? 0;
  }

  /** The part's record now is `record`. */
  wrote(part: number, { image, sum, bytes }: WrittenRecord): void {
    this.#grow(part);
    this.#written[part] = image;
    this.#sums[part] = sum;
    this.#sizes[part] = bytes;
  }

  /** Everything that has changed up to now goes into the image about to be written. */
  freeze(): void {
    assert(!this.hasPending, 'one image is written at a time');
    this.#pending = this.dirty;
    this.#next = 0;
    this.dirty = [];
  }

  /**
   * A value is met that no image holds yet, while image `changes.frozen` is written: parts 0 to
   * `count` - 1 belong to it.
   */
  protected freezeAll(count: number): void {
    const image = this.changes.frozen;
    if (count > 0) this.#grow(count - 1);
    for (let part = 0; part < count; part++) {
      this.#changed[part] = image;
      this.#pending.push(part);
    }
  }

  /** The same for one more part. */
  protected freezePart(part: number): void {
    this.#grow(part);
    this.#changed[part] = this.changes.frozen;
    this.#pending.push(part);
  }

  get hasPending(): boolean {
    return this.#next < this.#pending.length;
  }

  /** Takes the next part that the image being written must hold; -1: none is left. */
  takePending(): number {
    while (this.#next < this.#pending.length) {
      const part = this.#pending[this.#next++] as number;
      if (this.isPending(part)) return part;
    }
    this.forgetPending();
    return -1;
  }

  forgetPending(): void {
    this.#pending = [];
    this.#next = 0;
  }

  isPending(part: number): boolean {
    const { frozen } = this.changes;
    return frozen !== 0 && this.#changed[part] === frozen && this.writtenIn(part) !== frozen;
  }

  /** The part was found gone: it has no record from now on. */
  wasGone(part: number): void {
    this.#changed[part] = 0;
    this.wrote(part, NO_RECORD);
  }

  /** The image being written has come to nothing: what is left of it belongs to the next one. */
  thaw(): void {
    const left = this.#pending.slice(this.#next);
    this.forgetPending();
    for (const part of left) this.before(part);
  }

  #first(part: number): void {
    const { changes } = this;
    this.#grow(part);
    if (this.isPending(part)) changes.writeNow(this, part);
    this.#changed[part] = changes.epoch;
    if (this.dirty.length === 0) changes.noteChanged(this);
    this.dirty.push(part);
    changes.dirtyParts++;
  }

  #grow(part: number): void {
    if (part < this.#changed.length) return;
    const length = Math.max(part + 1, this.#changed.length * 2);
    this.#changed = grown(this.#changed, length);
    this.#written = grown(this.#written, length);
    this.#sums = grown(this.#sums, length);
    this.#sizes = grown(this.#sizes, length);
  }
}

function grown(words: Uint32Array, length: number): Uint32Array {
  const longer = new Uint32Array(length);
  longer.set(words);
  return longer;
}
