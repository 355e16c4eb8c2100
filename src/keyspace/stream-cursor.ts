import { canonical, compareParts, type StreamId, sumOf, type Uint64 } from './stream-id.ts';
import {
  DEAD,
  SAME_NAMES,
  type SavedNode,
  StreamNode,
  textLength,
  textStart,
} from './stream-node.ts';
import { LARGE_STRING_BYTES } from './value.ts';

/** So much of a node is decoded at once where several entries are wanted. */
const WINDOW_BYTES = 1024;
/** Bits of a varint that a number holds exactly. */
const SAFE_SCALE = 2 ** 49;

/** Reads the entries of nodes, one at a time. */
export class StreamCursor {
  node: StreamNode;
  /** The entry's position in its node, and that of the next. */
  at = 0;
  end = 0;
  ms: Uint64 = 0;
  seq: Uint64 = 0;
  /** Whether the entry was deleted. */
  dead = false;
  #same = false;
  /** Where the names and values begin, or while reading, what is read next. */
  #body = 0;
  /** The text of the node's bytes from `#textFrom` to `#textTo`. */
  #text = '';
  #textFrom = 0;
  #textTo = 0;
  #decoded = false;

  constructor(node: StreamNode) {
    this.node = node;
  }

  get id(): StreamId {
    return { ms: this.ms, seq: this.seq };
  }

  /** Goes to the entry at `at`. */
  read(at: number): void {
    const flags = this.node.bytes[at] as number;
    this.at = at;
    this.dead = (flags & DEAD) !== 0;
    this.#same = (flags & SAME_NAMES) !== 0;
    this.#body = at + 1;
    const elapsed = this.#number();
    const { firstMs } = this.node;
    this.ms = elapsed === 0 ? firstMs : sumOf(firstMs, elapsed);
    this.seq = this.#number();
    const length = Number(this.#number());
    this.end = this.#body + length;
  }

  /** Goes on in another node. */
  enter(node: StreamNode): void {
    if (node === this.node) return;
    this.node = node;
    this.#text = '';
    this.#textFrom = 0;
    this.#textTo = 0;
  }

  /**
   * The names and values of the entry in turn, as bulk replies. Short ones may be views on a longer
   * text that V8 keeps alive as long as them.
   */
  fields(): (string | Uint8Array)[] {
    const { names } = this.node;
    const start = this.#body;
    const parts: (string | Uint8Array)[] = [];
    if (this.#same) {
      for (const name of names) parts.push(name, this.#part());
    } else {
      const count = Number(this.#number());
      for (let i = 0; i < 2 * count; i++) parts.push(this.#part());
    }
    this.#body = start;
    return parts;
  }

  #part(): string | Uint8Array {
    const { bytes } = this.node;
    const start = textStart(bytes, this.#body);
    const end = start + textLength(bytes, this.#body);
    this.#body = end;
    if (end - start > LARGE_STRING_BYTES) return bytes.subarray(start, end);
    if (start < this.#textFrom || end > this.#textTo) this.#decode(start, end);
    return this.#text.slice(start - this.#textFrom, end - this.#textFrom);
  }

  /** One call into the engine for much text costs less than one for each part of it. */
  #decode(start: number, end: number): void {
    const wanted = this.#decoded ? start + WINDOW_BYTES : Math.min(this.end, start + WINDOW_BYTES);
    this.#decoded = true;
    this.#textFrom = start;
    this.#textTo = Math.max(end, Math.min(wanted, this.node.used));
    this.#text = this.node.bytes.latin1Slice(start, this.#textTo);
  }

  #number(): Uint64 {
    const { bytes } = this.node;
    const start = this.#body;
    let byte = bytes[start] as number;
    if (byte < 128) {
      this.#body = start + 1;
      return byte;
    }
    let at = start + 1;
    let value = byte & 127;
    for (let scale = 128; byte >= 128; scale *= 128) {
      if (scale >= SAFE_SCALE) return this.#wide();
      byte = bytes[at++] as number;
      value += (byte & 127) * scale;
    }
    this.#body = at;
    return value;
  }

  #wide(): Uint64 {
    const { bytes } = this.node;
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[this.#body++] as number;
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return canonical(value);
    }
  }
}

/** Where the entries before `end` in the cursor's node begin, without those deleted or above `to`. */
export function placesUpTo(cursor: StreamCursor, to: StreamId, end: number): number[] {
  const places: number[] = [];
  for (let at = 0; at < end; at = cursor.end) {
    cursor.read(at);
    // Ids of deleted entries need not be in order: XSETID can go back behind them.
    if (cursor.dead) continue;
    if (compareParts(cursor.ms, cursor.seq, to.ms, to.seq) > 0) break;
    places.push(at);
  }
  return places;
}

/** The node that was saved, with its entries counted. */
export function restoredNode(saved: SavedNode): StreamNode {
  const node = StreamNode.restore(saved);
  const cursor = new StreamCursor(node);
  for (let at = 0; at < node.used; at = cursor.end) {
    cursor.read(at);
    if (cursor.dead) node.dead++;
    else node.live++;
  }
  node.lastAt = cursor.at;
  node.lastMs = cursor.ms;
  node.lastSeq = cursor.seq;
  return node;
}
