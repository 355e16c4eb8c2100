import type { Prng } from '../../src/base/prng.ts';

/** What a disk writes whole or not at all. */
export const SECTOR = 512;

/** How often a lost write at the end of a file leaves the file longer, with zeros in it. */
const ZERO_TAIL_CHANCE = 0.25;

interface Change {
  readonly kind: 'write' | 'truncate';
  readonly sequence: number;
  /** Where the write begins; the new size of a truncation. */
  readonly position: number;
  readonly data: Buffer;
  /** What stood in the place of `data`, or was cut off. */
  readonly before: Buffer;
  readonly sizeBefore: number;
  durable: boolean;
  /** A sync of it failed: no later sync makes it durable, because its pages count as clean. */
  doomed: boolean;
}

const NOTHING: Buffer = Buffer.alloc(0);

/**
 * The contents of a file: what its readers see, and the changes that the disk may not have yet. A
 * change whose sync has ended stays in the list only behind one that may still be undone.
 */
export class SimInode {
  #bytes: Buffer = Buffer.alloc(0);
  #size = 0;
  #changes: Change[] = [];
  #sequence = 0;

  get size(): number {
    return this.#size;
  }

  /** Whether a crash could lose something. */
  get dirty(): boolean {
    return this.#changes.length > 0;
  }

  read(into: Uint8Array, offset: number, length: number, position: number): number {
    const count = Math.max(0, Math.min(length, this.#size - position));
    into.set(this.#bytes.subarray(position, position + count), offset);
    return count;
  }

  contents(): Buffer {
    return Buffer.from(this.#bytes.subarray(0, this.#size));
  }

  write(data: Buffer, position: number): void {
    const sizeBefore = this.#size;
    const end = Math.min(sizeBefore, position + data.length);
    const before = position < end ? Buffer.from(this.#bytes.subarray(position, end)) : NOTHING;
    this.#note({ kind: 'write', position, data, before, sizeBefore });
    this.#put(data, position);
  }

  truncate(size: number): void {
    const sizeBefore = this.#size;
    const before =
      size < sizeBefore ? Buffer.from(this.#bytes.subarray(size, sizeBefore)) : NOTHING;
    this.#note({ kind: 'truncate', position: size, data: NOTHING, before, sizeBefore });
    this.#resize(size);
  }

  /** A sync begins now; the mark says to {@link endSync} what it covers. */
  beginSync(): number {
    return this.#sequence;
  }

  endSync(mark: number, succeeded: boolean): void {
    for (const change of this.#changes) {
      if (change.sequence > mark || change.doomed) continue;
      if (succeeded) change.durable = true;
      else if (!change.durable) change.doomed = true;
    }
    let settled = 0;
    while (this.#changes[settled]?.durable === true) settled += 1;
    if (settled > 0) this.#changes.splice(0, settled);
  }

  /** What is certain to be there after a crash at this moment. */
  durableContents(): Buffer {
    const copy = new SimInode();
    copy.#bytes = this.contents();
    copy.#size = this.#size;
    copy.#changes = this.#changes;
    copy.#replay((change) => (change.durable ? 'kept' : 'lost'), null);
    return copy.contents();
  }

  /** The machine lost power: of the changes that were not synced, the seed says which are there. */
  crash(random: Prng, way?: Way): void {
    const fate = drawFates(random, this.#changes.length, way);
    let i = 0;
    this.#replay((change) => {
      const drawn = fate(i++);
      return change.durable ? 'kept' : drawn;
    }, random);
    this.#changes = [];
  }

  /** What is there now will be there after any crash. */
  settle(): void {
    this.#changes = [];
  }

  /** Spoils bytes on the disk itself. */
  damage(offset: number, length: number, how: 'flip' | 'zero'): void {
    const end = Math.min(offset + length, this.#size);
    for (let i = offset; i < end; i++) {
      this.#bytes[i] = how === 'zero' ? 0 : (this.#bytes[i] as number) ^ 0x40;
    }
  }

  /** Undoes all listed changes, the last first, and does those again that `fate` keeps. */
  #replay(fate: (change: Change) => Fate, random: Prng | null): void {
    const changes = this.#changes;
    for (let i = changes.length - 1; i >= 0; i--) this.#undo(changes[i] as Change);
    for (const change of changes) {
      const drawn = fate(change);
      if (drawn === 'kept') {
        if (change.kind === 'write') this.#put(change.data, change.position);
        else this.#resize(change.position);
      } else if (change.kind === 'write' && random !== null) {
        if (drawn === 'torn') this.#putTorn(change, random);
        const end = change.position + change.data.length;
        if (end > this.#size && random.chance(ZERO_TAIL_CHANCE)) this.#resize(end);
      }
    }
  }

  #undo(change: Change): void {
    if (change.kind === 'truncate') {
      this.#resize(change.sizeBefore);
      this.#put(change.before, change.position);
    } else {
      this.#put(change.before, change.position);
      this.#resize(change.sizeBefore);
    }
  }

  /** Some sectors of a write got to the disk. */
  #putTorn(change: Change, random: Prng): void {
    const { position, data } = change;
    const end = position + data.length;
    for (let at = position; at < end; ) {
      const sectorEnd = Math.min(end, (Math.floor(at / SECTOR) + 1) * SECTOR);
      if (random.chance(0.5)) this.#put(data.subarray(at - position, sectorEnd - position), at);
      at = sectorEnd;
    }
  }

  #note(change: Omit<Change, 'sequence' | 'durable' | 'doomed'>): void {
    this.#sequence += 1;
    this.#changes.push({ ...change, sequence: this.#sequence, durable: false, doomed: false });
  }

  #put(data: Buffer, position: number): void {
    if (data.length === 0) return;
    const end = position + data.length;
    if (end > this.#size) this.#resize(end);
    this.#bytes.set(data, position);
  }

  #resize(size: number): void {
    if (size > this.#bytes.length) {
      const grown = Buffer.alloc(Math.max(size, 2 * this.#bytes.length, 4096));
      grown.set(this.#bytes.subarray(0, this.#size));
      this.#bytes = grown;
    } else if (size < this.#size) this.#bytes.fill(0, size, this.#size);
    this.#size = size;
  }
}

export type Fate = 'kept' | 'lost' | 'torn';

/**
 * What becomes of changes in a crash: none got to the disk, all did, the first ones did and one is torn,
 * only the last one did, or each by its own luck.
 */
export type Way = 'lost' | 'kept' | 'first' | 'last' | 'luck';

const WAYS: readonly Way[] = ['lost', 'kept', 'first', 'luck'];

/** What becomes of `count` changes. */
export function drawFates(random: Prng, count: number, asked?: Way): (i: number) => Fate {
  const drawn = WAYS[random.below(WAYS.length)] ?? 'luck';
  const torn = random.below(count + 1);
  const way = asked ?? drawn;
  switch (way) {
    case 'lost':
    case 'kept':
      return () => way;
    case 'first':
      return (i) => (i < torn ? 'kept' : i === torn ? 'torn' : 'lost');
    case 'last':
      return (i) => (i === count - 1 ? 'kept' : 'lost');
    case 'luck':
      return () => (['kept', 'lost', 'torn'] as const)[random.below(3)] ?? 'lost';
  }
}
