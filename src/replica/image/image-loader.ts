import { ImageLoading } from '../../keyspace/image/image-loading.ts';
import type { RecordPlace } from '../../keyspace/image/image-writing.ts';
import type { Keyspace } from '../../keyspace/keyspace.ts';
import type { ImageEntry, ImageRange, ImageSnapshot } from '../../world/image-store.ts';
import type { Timer, World } from '../../world/world.ts';
import type { ImageDisk } from './image-disk.ts';
import type { StoredMeta } from './meta.ts';
import { type Piece, readPiece, recordRange } from './record.ts';

/** What is asked of the store at once. */
const READ_ENTRIES = 2000;
const READ_BYTES: number = 1024 * 1024;
/** Loading holds the turn for about so long. */
const SLICE_MICROSECONDS = 5000;
const TELL_MS = 1000;
/** Entries between two looks at the clock. */
const SLICE_ENTRIES = 32;

interface Candidate {
  readonly place: RecordPlace;
  readonly pieces: number;
  readonly payloads: Buffer[];
  readonly keys: Buffer[];
  sum: number;
}

/** Gets the keys of records that the image does not need, or why it cannot be loaded. */
export type LoadDone = (error: Error | null, garbage: readonly Buffer[]) => void;

/** Loads the image that counts into a keyspace, slice by slice. */
export class ImageLoader {
  readonly #world: World;
  readonly #disk: ImageDisk;
  readonly #stored: StoredMeta;
  readonly #loading: ImageLoading;
  readonly #ranges: ImageRange[];
  readonly #done: LoadDone;
  readonly #log: (text: string) => void;
  #told = 0;
  #snapshot: ImageSnapshot | null;
  #candidate: Candidate | null = null;
  readonly #garbage: Buffer[] = [];
  #timer: Timer | null = null;
  #stopped = false;
  readonly startedAt: number;
  /** Bytes of records read so far. */
  loadedBytes = 0;

  constructor(setup: {
    readonly world: World;
    readonly disk: ImageDisk;
    readonly stored: StoredMeta;
    readonly keyspace: Keyspace;
    readonly log: (text: string) => void;
    readonly done: LoadDone;
  }) {
    this.#world = setup.world;
    this.#disk = setup.disk;
    this.#stored = setup.stored;
    this.#done = setup.done;
    this.#log = setup.log;
    this.startedAt = setup.world.clock.wall();
    const { meta, generation } = setup.stored;
    this.#loading = new ImageLoading(setup.keyspace, meta.keyspace, meta.facts);
    this.#ranges = rangesOf(generation, this.#loading.keyIds);
    this.#snapshot = setup.disk.store?.snapshot() ?? null;
    this.#read();
  }

  get totalBytes(): number {
    return this.#stored.meta.facts.totals.bytes;
  }

  get keys(): number {
    return this.#loading.keys;
  }

  get totalKeys(): number {
    return this.#loading.totalKeys;
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
    this.#snapshot?.close();
    this.#snapshot = null;
  }

  #read(): void {
    const range = this.#ranges[0];
    if (range === undefined || this.#snapshot === null) {
      this.#attempt(() => this.#finish());
      return;
    }
    this.#snapshot.read(
      { ...range, limit: READ_ENTRIES, maxBytes: READ_BYTES },
      (error, entries) => {
        if (this.#stopped) return;
        if (error !== null) this.#fail(error);
        else if (entries.length === 0) this.#nextRange();
        else this.#slice(entries, 0);
      },
    );
  }

  #nextRange(): void {
    this.#attempt(() => this.#deliver());
    this.#ranges.shift();
    if (!this.#stopped) this.#read();
  }

  #slice(entries: readonly ImageEntry[], from: number): void {
    const { clock } = this.#world;
    const started = clock.microseconds();
    let at = from;
    this.#attempt(() => {
      for (; at < entries.length; at++) {
        this.#entry(entries[at] as ImageEntry);
        const isTime = (at + 1) % SLICE_ENTRIES === 0;
        if (isTime && clock.microseconds() - started > SLICE_MICROSECONDS) break;
      }
    });
    if (this.#stopped) return;
    this.#tell();
    this.#timer = this.#world.timers.after(0, () => {
      if (at + 1 < entries.length) this.#slice(entries, at + 1);
      else this.#readAfter((entries.at(-1) as ImageEntry).key);
    });
  }

  /** A long load says every so often how far it is. */
  #tell(): void {
    const now = this.#world.clock.wall();
    if (now - Math.max(this.#told, this.startedAt) < TELL_MS) return;
    this.#told = now;
    this.#log(`loading: ${this.keys} of ${this.totalKeys} keys, ${this.loadedBytes} bytes`);
  }

  #readAfter(key: Buffer): void {
    const range = this.#ranges[0] as ImageRange;
    this.#ranges[0] = { from: Buffer.concat([key, Buffer.alloc(1)]), to: range.to };
    this.#read();
  }

  #entry(entry: ImageEntry): void {
    const piece = readPiece(entry);
    if (typeof piece === 'string') throw new Error(piece);
    this.loadedBytes += entry.value.length;
    if (piece.place.image > this.#stored.meta.facts.image) {
      // An image that was never finished has left it.
      this.#garbage.push(entry.key);
      return;
    }
    const candidate = this.#candidate;
    if (candidate !== null && !isSame(candidate.place, piece.place)) this.#deliver();
    else if (candidate !== null && candidate.place.image !== piece.place.image) {
      // A newer image has replaced it.
      this.#garbage.push(...candidate.keys);
      this.#candidate = null;
    }
    this.#take(entry, piece);
  }

  #take({ key }: ImageEntry, { place, piece, pieces, sum, bytes }: Piece): void {
    this.#candidate ??= { place, pieces, payloads: [], keys: [], sum: 0 };
    const candidate = this.#candidate;
    candidate.keys.push(key);
    if (pieces === 0 && candidate.pieces === 0) return;
    if (piece !== candidate.payloads.length || pieces !== candidate.pieces) {
      throw new Error(`record ${place.id}/${place.part} of image ${place.image} lacks a piece`);
    }
    candidate.payloads.push(bytes);
    candidate.sum = (candidate.sum + sum) >>> 0;
  }

  /** The newest record of a part is complete. */
  #deliver(): void {
    const candidate = this.#candidate;
    this.#candidate = null;
    if (candidate === null) return;
    const { place, payloads, pieces, keys, sum } = candidate;
    if (pieces === 0) {
      this.#garbage.push(...keys);
      return;
    }
    if (payloads.length !== pieces) {
      throw new Error(`record ${place.id}/${place.part} of image ${place.image} lacks a piece`);
    }
    const payload = pieces === 1 ? (payloads[0] as Buffer) : Buffer.concat(payloads);
    if (this.#loading.record(place, sum, payload)) this.#disk.notePieces(place, pieces);
    else this.#garbage.push(...keys);
  }

  #finish(): void {
    this.#loading.finish();
    this.stop();
    this.#done(null, this.#garbage);
  }

  #attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#fail(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #fail(error: Error): void {
    this.stop();
    const text = `the image in ${this.#disk.path} cannot be loaded: ${error.message}`;
    this.#done(new Error(text), []);
  }
}

function isSame(a: RecordPlace, b: RecordPlace): boolean {
  return a.id === b.id && a.part === b.part;
}

/** Keys first, then all that lies between them. */
function rangesOf(generation: number, keyIds: readonly number[]): ImageRange[] {
  const ranges = keyIds.map((id) => recordRange(generation, id, id + 1));
  let from = 0;
  for (const id of [...keyIds].sort((a, b) => a - b)) {
    ranges.push(recordRange(generation, from, id));
    from = id + 1;
  }
  ranges.push(recordRange(generation, from));
  return ranges;
}
