import { copyBytes, putVarint, type StreamFields, varintBytes } from './stream-fields.ts';
import { compareParts, differenceOf, type StreamId, type Uint64 } from './stream-id.ts';
import { EMPTY_LISTPACK_BYTES, integerBytes, textBytes } from './stream-listpack.ts';

/** Redis's defaults for `stream-node-max-entries` and `stream-node-max-bytes`. */
export const MAX_NODE_ENTRIES = 100;
const MAX_NODE_BYTES = 4096;

/** First byte of an entry: whether it was deleted, and whether its names are those of the node. */
export const DEAD = 1;
export const SAME_NAMES = 2;

/** Room for what precedes the body of an entry: the flags, its id, and the body's length. */
const HEADER_BYTES = 26;
const FIRST_CAPACITY = 64;
/** A full node gives back what it does not use if it is more than this. */
const SPARE_BYTES = 64;

const NO_NAMES: readonly string[] = [];

/** What an image holds of a node. */
export interface SavedNode {
  readonly first: StreamId;
  readonly names: readonly string[];
  readonly listpackBytes: number;
  readonly bytes: Uint8Array;
}

/**
 * Up to {@link MAX_NODE_ENTRIES} entries, one after another in one piece of memory. Each is: flags;
 * its time less that of the node's first entry; its sequence number; the length of what follows; the
 * number of pairs and the names and values, or only the values if its names are those of the node's
 * first entry. Numbers and lengths are varints.
 *
 * A deleted entry keeps its place until all of its node are. Bytes once written do not change, except
 * flags, so replies may refer to them.
 */
export class StreamNode {
  /** Its number in images of the stream, while that has parts. */
  part = 0;
  readonly firstMs: Uint64;
  readonly firstSeq: Uint64;
  /** Id and place of the last entry, deleted or not. */
  lastMs: Uint64;
  lastSeq: Uint64;
  lastAt = 0;
  /** Names of the fields of the first entry, unless they are long. Nodes alike share one array. */
  readonly names: readonly string[];
  live = 0;
  dead = 0;
  /** Size of the listpack that Redis would have here. */
  listpackBytes: number;
  /** Its length is a capacity. */
  bytes: Buffer;
  used = 0;

  private constructor(first: StreamId, names: readonly string[], bytes: Buffer) {
    this.firstMs = first.ms;
    this.firstSeq = first.seq;
    this.lastMs = first.ms;
    this.lastSeq = first.seq;
    this.names = names;
    this.bytes = bytes;
    this.listpackBytes = EMPTY_LISTPACK_BYTES;
  }

  /** A node for an entry with this id and these fields, which is still to be added. */
  static open(id: StreamId, fields: StreamFields, previous: StreamNode | undefined): StreamNode {
    const likely = Math.min(previous?.used ?? 0, 2 * MAX_NODE_BYTES);
    const capacity = Math.max(likely, FIRST_CAPACITY);
    const names = namesFor(fields, previous);
    const node = new StreamNode(id, names, Buffer.allocUnsafeSlow(capacity));
    // Redis begins with the numbers of entries, of deleted ones and of fields, the names, and a zero.
    let size = EMPTY_LISTPACK_BYTES + 3 * integerBytes(0) + integerBytes(fields.count);
    let at = 0;
    for (let i = 0; i < 2 * fields.count; i++) {
      const start = textStart(fields.bytes, at);
      at = start + textLength(fields.bytes, at);
      if (i % 2 === 0) size += textBytes(fields.bytes, start, at);
    }
    node.listpackBytes = size;
    return node;
  }

  static restore(saved: SavedNode): StreamNode {
    const { first, names } = saved;
    const bytes = Buffer.allocUnsafeSlow(saved.bytes.length);
    bytes.set(saved.bytes);
    const node = new StreamNode(first, names.length === 0 ? NO_NAMES : names, bytes);
    node.listpackBytes = saved.listpackBytes;
    node.used = bytes.length;
    return node;
  }

  /** The bytes are the node's own: good until the next change. */
  save(): SavedNode {
    const { names, listpackBytes } = this;
    const first = { ms: this.firstMs, seq: this.firstSeq };
    return { first, names, listpackBytes, bytes: this.bytes.subarray(0, this.used) };
  }

  copy(): StreamNode {
    const copy = StreamNode.restore(this.save());
    copy.lastMs = this.lastMs;
    copy.lastSeq = this.lastSeq;
    copy.lastAt = this.lastAt;
    copy.live = this.live;
    copy.dead = this.dead;
    return copy;
  }

  /** Whether one more entry with these fields belongs into this node, by Redis's rule. */
  accepts(fields: StreamFields): boolean {
    if (this.listpackBytes + fields.payload >= MAX_NODE_BYTES) return false;
    return this.live + this.dead < MAX_NODE_ENTRIES;
  }

  /** Adds an entry; its id is above all ids here. */
  append(ms: Uint64, seq: Uint64, fields: StreamFields): void {
    const same = this.#hasNames(fields);
    const { count, bytes: source } = fields;
    let body = same ? 0 : varintBytes(count) + fields.used;
    let size = same ? 0 : integerBytes(count);
    for (let i = 0, at = 0; i < 2 * count; i++) {
      const start = textStart(source, at);
      const end = start + textLength(source, at);
      if (!same || i % 2 === 1) size += textBytes(source, start, end);
      if (same && i % 2 === 1) body += end - at;
      at = end;
    }
    this.#makeRoom(HEADER_BYTES + body);
    const elapsed = differenceOf(ms, this.firstMs);
    const { bytes } = this;
    this.lastAt = this.used;
    bytes[this.lastAt] = same ? SAME_NAMES : 0;
    let at = putVarint(bytes, this.lastAt + 1, elapsed);
    at = putVarint(bytes, at, seq);
    at = putVarint(bytes, at, body);
    if (same) {
      at = putValues(fields, bytes, at);
    } else {
      at = putVarint(bytes, at, count);
      copyBytes(source, 0, fields.used, bytes, at);
      at += fields.used;
    }
    this.used = at;
    // Redis has the flags and the two parts of the id before these, and behind them how many elements
    // all that was.
    size +=
      integerBytes(0) + integerBytes(elapsed) + integerBytes(differenceOf(seq, this.firstSeq));
    this.listpackBytes += size + integerBytes(same ? count + 3 : 2 * count + 4);
    this.lastMs = ms;
    this.lastSeq = seq;
    this.live++;
  }

  /** Marks the entry at `at`, which is not deleted yet. */
  kill(at: number): void {
    this.bytes[at] = (this.bytes[at] as number) | DEAD;
    this.live--;
    this.dead++;
  }

  /** No more is likely to come: gives back memory that is not used. */
  close(): void {
    if (this.bytes.length - this.used <= SPARE_BYTES) return;
    const bytes = Buffer.allocUnsafeSlow(this.used);
    this.bytes.copy(bytes, 0, 0, this.used);
    this.bytes = bytes;
  }

  endsBefore(id: StreamId): boolean {
    return compareParts(this.lastMs, this.lastSeq, id.ms, id.seq) < 0;
  }

  startsAfter(id: StreamId): boolean {
    return compareParts(this.firstMs, this.firstSeq, id.ms, id.seq) > 0;
  }

  #makeRoom(size: number): void {
    const needed = this.used + size;
    if (needed <= this.bytes.length) return;
    const bytes = Buffer.allocUnsafeSlow(Math.max(needed, this.bytes.length * 2));
    this.bytes.copy(bytes, 0, 0, this.used);
    this.bytes = bytes;
  }

  #hasNames(fields: StreamFields): boolean {
    return areNames(this.names, fields);
  }
}

/** Length of the text whose length stands at `at`. */
export function textLength(bytes: Uint8Array, at: number): number {
  let byte = bytes[at] as number;
  if (byte < 128) return byte;
  let value = byte & 127;
  for (let next = at + 1, scale = 128; byte >= 128; next++, scale *= 128) {
    byte = bytes[next] as number;
    value += (byte & 127) * scale;
  }
  return value;
}

/** Where the text itself begins. */
export function textStart(bytes: Uint8Array, at: number): number {
  let start = at;
  while ((bytes[start] as number) >= 128) start++;
  return start + 1;
}

function areNames(names: readonly string[], fields: StreamFields): boolean {
  if (names.length !== fields.count) return false;
  const { bytes } = fields;
  let at = 0;
  for (const name of names) {
    const start = textStart(bytes, at);
    const length = textLength(bytes, at);
    if (length !== name.length) return false;
    for (let i = 0; i < length; i++) {
      if (bytes[start + i] !== name.charCodeAt(i)) return false;
    }
    const value = start + length;
    at = textStart(bytes, value) + textLength(bytes, value);
  }
  return true;
}

/** The names for a new node. Long ones are kept in the entry alone: no second entry would fit. */
function namesFor(fields: StreamFields, previous: StreamNode | undefined): readonly string[] {
  if (previous !== undefined && areNames(previous.names, fields)) return previous.names;
  const { bytes } = fields;
  const names: string[] = [];
  let total = 0;
  for (let i = 0, at = 0; i < fields.count; i++) {
    const start = textStart(bytes, at);
    const end = start + textLength(bytes, at);
    total += end - start;
    if (total > MAX_NODE_BYTES) return NO_NAMES;
    names.push(bytes.latin1Slice(start, end));
    at = textStart(bytes, end) + textLength(bytes, end);
  }
  return names;
}

/** Writes the values, each behind its length, without the names. */
function putValues(fields: StreamFields, target: Buffer, at: number): number {
  const { bytes } = fields;
  let to = at;
  for (let i = 0, from = 0; i < fields.count; i++) {
    const value = textStart(bytes, from) + textLength(bytes, from);
    const end = textStart(bytes, value) + textLength(bytes, value);
    copyBytes(bytes, value, end, target, to);
    to += end - value;
    from = end;
  }
  return to;
}
