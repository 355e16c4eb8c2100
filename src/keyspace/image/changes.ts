import { assert } from '../../base/assert.ts';
import type { ImageWriting } from './image-writing.ts';
import type { Parts } from './parts.ts';
import type { ValueParts } from './value-parts.ts';
import { WholeParts } from './whole-parts.ts';

/** The records of an image: how many, the sum of their checksums, the bytes of their payloads. */
export interface ImageTotals {
  readonly records: number;
  readonly sum: number;
  readonly bytes: number;
}

/** Which parts of a dataset have changed since they were last put into an image. */
export class Changes {
  /** The image that will hold what changes now. */
  epoch = 1;
  /** The image being written; 0: none is. */
  frozen = 0;
  /** Of the newest image, or of that being written as far as it is. */
  totals: ImageTotals = { records: 0, sum: 0, bytes: 0 };
  /** Parts that the next image has to write, about. */
  dirtyParts = 0;
  #nextId = 1;
  #dirty: Set<Parts> = new Set();
  /** Large values that are in an image or in the one being written. */
  readonly #values: Set<ValueParts> = new Set();
  /** Those that no key refers to any more, as far as was seen; and key tables that were emptied. */
  #dead: Set<Parts> = new Set();
  /** Values in one piece that are too large to stand among the keys. */
  readonly #wholes: Map<object, WholeParts> = new Map();
  #writing: ImageWriting | null = null;

  newId(): number {
    return this.#nextId++;
  }

  get nextId(): number {
    return this.#nextId;
  }

  /** Something of `parts` has changed for the first time since the last image. */
  noteChanged(parts: Parts): void {
    this.#dirty.add(parts);
  }

  /** A value that has parts is met under a key that belongs into the image being written. */
  met(value: ValueParts, home: Parts): void {
    value.home = home;
    this.#values.add(value);
    // Keys that were emptied since the freeze are in this image and in none after it.
    if (this.#dead.has(home)) this.#dead.add(value);
    this.#writing?.isAlive(value);
  }

  /** All parts of a value are to be written that no image held before. */
  enlist(value: ValueParts): void {
    this.#values.add(value);
    this.#writing?.enlist(value);
  }

  /** The value has lost its key. It may get another one in the same entry. */
  died(parts: Parts): void {
    this.#dead.add(parts);
  }

  /** A value in one piece that has a record of its own. */
  whole(value: object): WholeParts | undefined {
    return this.#wholes.get(value);
  }

  setWhole(value: object, parts: WholeParts): void {
    this.#wholes.set(value, parts);
  }

  /** A write has looked `value` up, and may change anything of it. */
  found(value: object): void {
    if (this.#wholes.size > 0) this.#wholes.get(value)?.before(0);
  }

  /** The value, which may have been one in one piece, is held by parts from now on. */
  noLongerWhole(value: object): void {
    const parts = this.#wholes.get(value);
    if (parts === undefined) return;
    this.#wholes.delete(value);
    // The record of the key, which is being written, says nothing of it any more.
    this.#writing?.isDead(parts);
  }

  /** All keys of a database are gone. */
  emptied(keys: Parts): void {
    this.#dead.add(keys);
    for (const value of this.#values) if (value.home === keys) this.#dead.add(value);
  }

  /** What has changed up to now is the next image: `writing` asks for it. */
  freeze(writing: ImageWriting): { readonly changed: Set<Parts>; readonly dead: Set<Parts> } {
    assert(this.#writing === null, 'one image is written at a time');
    const changed = this.#dirty;
    const dead = this.#dead;
    this.#dirty = new Set();
    this.#dead = new Set();
    this.dirtyParts = 0;
    this.#writing = writing;
    this.frozen = this.epoch;
    this.epoch++;
    for (const parts of changed) parts.freeze();
    return { changed, dead };
  }

  /** The image is written, or will never be. */
  thaw(): void {
    this.frozen = 0;
    this.#writing = null;
  }

  /** Nothing refers to `parts` any more. */
  forget(parts: Parts): void {
    this.#values.delete(parts as ValueParts);
    this.#dirty.delete(parts);
    if (!(parts instanceof WholeParts)) return;
    if (this.#wholes.get(parts.value) === parts) this.#wholes.delete(parts.value);
  }

  /** A part that belongs to the image being written is about to change. */
  writeNow(parts: Parts, part: number): void {
    this.#writing?.write(parts, part);
  }

  /** Goes on where the image `image` ended, whose records are those of the parts that were loaded. */
  resume(image: number, nextId: number): void {
    this.epoch = image + 1;
    this.#nextId = nextId;
  }
}
