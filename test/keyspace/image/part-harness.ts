import { ByteReader } from '../../../src/keyspace/image/byte-reader.ts';
import type { ByteWriter } from '../../../src/keyspace/image/byte-writer.ts';
import { Changes, type ImageTotals } from '../../../src/keyspace/image/changes.ts';
import { ImageWriting, type RecordPlace } from '../../../src/keyspace/image/image-writing.ts';
import { Parts } from '../../../src/keyspace/image/parts.ts';
import type {
  LoadContext,
  ValueForm,
  ValueLoader,
} from '../../../src/keyspace/image/value-form.ts';
import { KeyHash } from '../../../src/keyspace/key-hash.ts';
import type { Value } from '../../../src/keyspace/value.ts';

export const imageHash: KeyHash = new KeyHash({ high: 5, low: 6 });

/** Values under numbered keys: what operations change. */
export interface Dataset<V> {
  get(key: number): V | undefined;
  /** Sets a value, or deletes the key. */
  put(key: number, value: V | undefined): void;
  /** Deletes all keys at once. */
  clear(): void;
}

/** Stands for the keys of a database; each key is a part. */
class KeyParts<V extends Value> extends Parts {
  readonly values: Map<number, V> = new Map();
  readonly #form: ValueForm<V>;

  constructor(changes: Changes, form: ValueForm<V>, id?: number) {
    super(changes, id);
    this.#form = form;
  }

  encode(key: number, into: ByteWriter): boolean {
    const value = this.values.get(key);
    if (value === undefined) return false;
    const parts = this.#form.parts(value, this.changes);
    if (parts === undefined) {
      into.byte(0);
      this.#form.encode(value, into);
    } else {
      this.changes.met(parts, this);
      into.byte(1);
      into.varint(parts.id);
      parts.header(into);
    }
    return true;
  }
}

interface StoredRecord {
  readonly id: number;
  readonly part: number;
  readonly image: number;
  readonly sum: number;
  readonly payload: Buffer;
}

interface Loading<V extends Value> {
  readonly keys: KeyParts<V>;
  readonly key: number;
  readonly loaders: Map<number, { readonly key: number; readonly loader: ValueLoader }>;
}

/** A small dataset of values of one form, and a store of its images. */
export class ImageHarness<V extends Value> implements Dataset<V> {
  readonly form: ValueForm<V>;
  #changes: Changes = new Changes();
  #keys: KeyParts<V>;
  /** The records of the last image, by place. */
  #stored: Map<string, StoredRecord> = new Map();
  #image = 0;
  #nextId = 1;
  /** The number of the keys in the last image and in the one being written. */
  #keysId = 0;
  #frozenKeysId = 0;
  /** Those of the one being written. */
  #fresh: Map<string, StoredRecord> = new Map();
  #writing: ImageWriting | null = null;
  /** Records and bytes of the image written last, or being written. */
  records = 0;
  bytes = 0;

  constructor(form: ValueForm<V>) {
    this.form = form;
    this.#keys = new KeyParts(this.#changes, form);
  }

  /** Looks a value up for a write, which then may change it. */
  get(key: number): V | undefined {
    const value = this.#keys.values.get(key);
    if (value === undefined) return undefined;
    this.#keys.before(key);
    if (typeof value === 'object') this.#changes.found(value);
    this.form.attached(value)?.found();
    return value;
  }

  /** A value for a read. */
  peek(key: number): V {
    const value = this.#keys.values.get(key);
    if (value === undefined) throw new Error(`no key ${key}`);
    return value;
  }

  keys(): number[] {
    return [...this.#keys.values.keys()].sort((a, b) => a - b);
  }

  put(key: number, value: V | undefined): void {
    const old = this.get(key);
    this.#keys.before(key);
    const lost = old === undefined || old === value ? undefined : this.form.attached(old);
    if (lost !== undefined) this.#changes.died(lost);
    if (value === undefined) this.#keys.values.delete(key);
    else this.#keys.values.set(key, value);
  }

  clear(): void {
    this.#changes.emptied(this.#keys);
    this.#keys = new KeyParts(this.#changes, this.form);
  }

  readonly #tombstones: Set<string> = new Set();

  /** Freezes what there is, to write it. */
  begin(): void {
    this.#fresh = new Map();
    this.#frozenKeysId = this.#keys.id;
    const put = ({ id, part, image }: RecordPlace, payload: Buffer): number => {
      const sum = checksum(payload);
      const place = `${id}/${part}`;
      if (this.#fresh.has(place)) throw new Error(`${place} is written twice`);
      this.#fresh.set(place, { id, part, image, sum, payload: Buffer.from(payload) });
      return sum;
    };
    const tombstone = ({ id, part, image }: RecordPlace): void => {
      this.#tombstones.add(`${id}/${part}/${image}`);
    };
    this.#writing = new ImageWriting(this.#changes, { put, tombstone });
  }

  /** Writes up to `records` records; returns whether that was all. */
  step(records: number = Number.POSITIVE_INFINITY): boolean {
    let left = records;
    return this.#current().step(() => left-- <= 0);
  }

  commit(): void {
    const writing = this.#current();
    if (!this.step()) throw new Error('a step without a bound ends');
    this.#note(writing);
    for (const { id, part, image } of writing.commit()) {
      const place = `${id}/${part}`;
      if (this.#tombstones.delete(`${place}/${image}`)) continue;
      if (this.#stored.get(place)?.image !== image) throw new Error(`${place} is not of ${image}`);
      this.#stored.delete(place);
    }
    for (const [place, record] of this.#fresh) {
      if (this.#stored.has(place)) throw new Error(`${place} was not given up`);
      this.#stored.set(place, record);
    }
    this.#image = writing.image;
    this.#nextId = this.#changes.nextId;
    this.#keysId = this.#frozenKeysId;
    this.#checkTotals();
  }

  abort(): void {
    const writing = this.#current();
    this.#note(writing);
    const left = new Set(writing.abort().map(({ id, part }) => `${id}/${part}`));
    for (const place of this.#fresh.keys()) {
      if (!left.has(place)) throw new Error(`${place} was left behind`);
    }
    this.#checkTotals();
  }

  /** Writes an image at once. */
  save(): void {
    this.begin();
    this.commit();
  }

  /** What the last image holds, by key. */
  load(): Map<number, V> {
    return this.#load().keys.values;
  }

  /** The same where there is one key, 0. */
  loadOne(): V {
    const value = this.load().get(0);
    if (value === undefined) throw new Error('the value is not in the image');
    return value;
  }

  /** Goes on with what the last image holds. */
  restart(): void {
    if (this.#writing !== null) this.abort();
    const { keys, changes } = this.#load();
    this.#keys = keys;
    this.#changes = changes;
    this.#checkTotals();
  }

  #load(): { readonly keys: KeyParts<V>; readonly changes: Changes } {
    const changes = new Changes();
    changes.resume(this.#image, this.#nextId);
    const keys = new KeyParts(changes, this.form, this.#keysId);
    const loaders = new Map<number, { readonly key: number; readonly loader: ValueLoader }>();
    changes.totals = this.#totals();
    const all = this.#all();
    // The keys may have a higher number than their values, but say what these are.
    all.sort((a, b) => Number(b.id === this.#keysId) - Number(a.id === this.#keysId));
    for (const { id, part, image, sum, payload } of all) {
      const record = { image, sum, bytes: payload.length };
      const from = new ByteReader(Buffer.from(payload));
      if (id === this.#keysId) {
        this.#loadKey({ keys, key: part, loaders }, from, changes);
        keys.wrote(part, record);
      } else {
        const loader = loaders.get(id)?.loader;
        if (loader?.part(part, from) !== true) throw new Error(`${id}/${part} belongs to nothing`);
        loader.parts.wrote(part, record);
      }
    }
    for (const { key, loader } of loaders.values()) {
      keys.values.set(key, loader.finish() as V);
      changes.met(loader.parts, keys);
    }
    if (changes.dirtyParts > 0) throw new Error('loading changes nothing');
    return { keys, changes };
  }

  #loadKey({ keys, key, loaders }: Loading<V>, from: ByteReader, changes: Changes): void {
    const context: LoadContext = { changes, hash: imageHash };
    if (from.byte() === 0) {
      keys.values.set(key, this.form.decode(from, context));
    } else {
      const id = from.varint();
      loaders.set(id, { key, loader: this.form.load(id, from, context) });
    }
    from.end();
  }

  #all(): StoredRecord[] {
    return [...this.#stored.values()].sort((a, b) => a.id - b.id || a.part - b.part);
  }

  #current(): ImageWriting {
    if (this.#writing === null) throw new Error('no image is being written');
    return this.#writing;
  }

  #note(writing: ImageWriting): void {
    this.records = writing.written;
    this.bytes = writing.writtenBytes;
    this.#writing = null;
  }

  #totals(): ImageTotals {
    let records = 0;
    let sum = 0;
    let bytes = 0;
    for (const record of this.#stored.values()) {
      records++;
      sum += record.sum;
      bytes += record.payload.length;
    }
    return { records, sum, bytes };
  }

  #checkTotals(): void {
    const noted = JSON.stringify(this.#changes.totals);
    const found = JSON.stringify(this.#totals());
    if (noted !== found) throw new Error(`${noted} is noted, ${found} is there`);
  }
}

function checksum(bytes: Buffer): number {
  let sum = bytes.length;
  for (const byte of bytes) sum = (Math.imul(sum, 31) + byte) >>> 0;
  return sum;
}
