import { placesUpTo, StreamCursor } from './stream-cursor.ts';
import type { StreamFields } from './stream-fields.ts';
import {
  compareIds,
  compareParts,
  MAX_ID,
  MIN_ID,
  type StreamId,
  type Uint64,
} from './stream-id.ts';
import { IdList, want } from './stream-id-list.ts';
import { type SavedNode, StreamNode } from './stream-node.ts';

/** What to trim away: entries while there are more than `maxLength`, or those below `minId`. */
export interface StreamTrim {
  readonly bound:
    | { readonly kind: 'max-length'; readonly maxLength: number }
    | { readonly kind: 'min-id'; readonly minId: StreamId };
  /** Only whole nodes. */
  readonly approximate: boolean;
  /** No more entries than this; 0: no limit. */
  readonly limit: number;
}

/** So many places at the front of the list of nodes stay empty before it is made shorter. */
const EMPTY_PLACES = 32;

/** About the memory of a node beside its bytes: the object, its buffer and the numbers in it. */
const NODE_OVERHEAD_BYTES = 400;

/**
 * The entries of a stream in the order of their ids: a list of nodes that is searched by halves. A node
 * goes with its last entry, but as in Redis it stays if the entries before were trimmed one by one and
 * those behind deleted.
 */
export class StreamEntries {
  /** The nodes begin at `#head`; before it nothing is left. */
  #nodes: (StreamNode | undefined)[] = [];
  #head = 0;
  /** The first id of each node, those that are gone at the front included. */
  #firsts: IdList = new IdList();
  #length = 0;
  /** Ids of the first and last entry; undefined if they must be looked for. */
  #first: StreamId | undefined = MIN_ID;
  #last: StreamId | undefined = MIN_ID;

  get length(): number {
    return this.#length;
  }

  get nodeCount(): number {
    return this.#nodes.length - this.#head;
  }

  /** Id of the first entry; 0-0 if there is none. */
  get first(): StreamId {
    if (this.#first === undefined) {
      let first = MIN_ID;
      this.walk((entry) => {
        first = entry.id;
        return false;
      });
      this.#first = first;
    }
    return this.#first;
  }

  /** Id of the last entry; 0-0 if there is none. */
  get last(): StreamId {
    if (this.#last === undefined) {
      let last = MIN_ID;
      this.walkBack((entry) => {
        last = entry.id;
        return false;
      }, MAX_ID);
      this.#last = last;
    }
    return this.#last;
  }

  /** Adds an entry; its id is above all ids that were ever here. */
  append(id: StreamId, fields: StreamFields): void {
    let node = this.#lastNodeFor(id);
    if (node === undefined || !node.accepts(fields)) {
      node?.close();
      node = StreamNode.open(id, fields, node);
      this.#push(node);
    }
    node.append(id.ms, id.seq, fields);
    this.#length++;
    this.#last = id;
    if (this.#length === 1) this.#first = id;
  }

  /** The last node, unless it holds nothing but deleted entries that XSETID has gone back behind. */
  #lastNodeFor(id: StreamId): StreamNode | undefined {
    if (this.nodeCount === 0) return undefined;
    const node = this.#node(this.#nodes.length - 1);
    if (node.live > 0 || node.endsBefore(id)) return node;
    this.#remove(this.#nodes.length - 1);
    return this.#lastNodeFor(id);
  }

  /** The entry with this id, if there is one. */
  find(id: StreamId): StreamCursor | undefined {
    const i = this.#nodeOf(id.ms, id.seq);
    if (i < this.#head) return undefined;
    const node = this.#node(i);
    if (node.endsBefore(id)) return undefined;
    const cursor = new StreamCursor(node);
    for (let at = 0; at < node.used; at = cursor.end) {
      cursor.read(at);
      if (cursor.ms === id.ms && cursor.seq === id.seq) return cursor.dead ? undefined : cursor;
    }
    return undefined;
  }

  /** Returns whether the entry was there. */
  delete(id: StreamId): boolean {
    const entry = this.find(id);
    if (entry === undefined) return false;
    const { node } = entry;
    node.kill(entry.at);
    if (node.live === 0) this.#remove(this.#nodeOf(id.ms, id.seq));
    this.#length--;
    if (this.#first !== undefined && compareIds(id, this.#first) === 0) this.#first = undefined;
    if (this.#last !== undefined && compareIds(id, this.#last) === 0) this.#last = undefined;
    return true;
  }

  /** Removes entries from the front as Redis does; returns how many. */
  trim(trim: StreamTrim): number {
    const { bound, limit } = trim;
    let removed = 0;
    while (this.nodeCount > 0) {
      if (bound.kind === 'max-length' && this.#length <= bound.maxLength) break;
      const node = this.#node(this.#head);
      if (limit > 0 && removed + node.live > limit) break;
      const whole =
        bound.kind === 'max-length'
          ? this.#length - node.live >= bound.maxLength
          : node.endsBefore(bound.minId);
      if (!whole) {
        if (!trim.approximate) removed += this.#trimNode(node, bound);
        break;
      }
      this.#length -= node.live;
      removed += node.live;
      this.#remove(this.#head);
    }
    if (removed > 0) {
      this.#first = undefined;
      this.#last = undefined;
    }
    return removed;
  }

  #trimNode(node: StreamNode, bound: StreamTrim['bound']): number {
    const cursor = new StreamCursor(node);
    let removed = 0;
    for (let at = 0; at < node.used; at = cursor.end) {
      cursor.read(at);
      const done =
        bound.kind === 'max-length'
          ? this.#length <= bound.maxLength
          : compareParts(cursor.ms, cursor.seq, bound.minId.ms, bound.minId.seq) >= 0;
      if (done) break;
      if (cursor.dead) continue;
      node.kill(at);
      this.#length--;
      removed++;
    }
    return removed;
  }

  /** Visits entries in order from the id `from` on until `visit` returns false. No changes meanwhile. */
  walk(visit: (entry: StreamCursor) => boolean, from: StreamId = MIN_ID): void {
    const start = Math.max(this.#head, this.#nodeOf(from.ms, from.seq));
    if (start >= this.#nodes.length) return;
    const cursor = new StreamCursor(this.#node(start));
    let skipping = true;
    for (let i = start; i < this.#nodes.length; i++) {
      const node = this.#node(i);
      if (skipping && node.endsBefore(from)) continue;
      cursor.enter(node);
      for (let at = 0; at < node.used; at = cursor.end) {
        cursor.read(at);
        if (cursor.dead) continue;
        if (skipping) {
          if (compareParts(cursor.ms, cursor.seq, from.ms, from.seq) < 0) continue;
          skipping = false;
        }
        if (!visit(cursor)) return;
      }
    }
  }

  /** The same backwards, from `from` on. */
  walkBack(visit: (entry: StreamCursor) => boolean, from: StreamId): void {
    const start = this.#nodeOf(from.ms, from.seq);
    if (start < this.#head) return;
    const cursor = new StreamCursor(this.#node(start));
    for (let i = start; i >= this.#head; i--) {
      const node = this.#node(i);
      cursor.enter(node);
      // The last entry is the one most asked for, and is found without going through the others.
      const withLast = compareParts(node.lastMs, node.lastSeq, from.ms, from.seq) <= 0;
      if (withLast) {
        cursor.read(node.lastAt);
        if (!cursor.dead && !visit(cursor)) return;
      }
      const places = placesUpTo(cursor, from, withLast ? node.lastAt : node.used);
      for (let k = places.length - 1; k >= 0; k--) {
        cursor.read(places[k] as number);
        if (!visit(cursor)) return;
      }
    }
  }

  copy(): StreamEntries {
    const copy = new StreamEntries();
    for (let i = this.#head; i < this.#nodes.length; i++) copy.#push(this.#node(i).copy());
    copy.#length = this.#length;
    copy.#first = this.#first;
    copy.#last = this.#last;
    return copy;
  }

  /** Visits the nodes in order, for saving. */
  forEachNode(visit: (node: SavedNode) => void): void {
    for (let i = this.#head; i < this.#nodes.length; i++) visit(this.#node(i).save());
  }

  /** Adds a node that was saved; it belongs behind those that are there. */
  restoreNode(saved: SavedNode): void {
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
    this.#push(node);
    this.#length += node.live;
    this.#first = undefined;
    this.#last = undefined;
  }

  /** About how many bytes it takes; the last node and up to `samples` others are looked at, 0: all. */
  memory(samples: number): number {
    const { nodeCount } = this;
    const sampled = samples === 0 ? nodeCount : Math.min(samples + 1, nodeCount);
    let bytes = 0;
    for (let i = 0; i < sampled; i++) {
      bytes += NODE_OVERHEAD_BYTES + this.#node(this.#nodes.length - 1 - i).bytes.length;
    }
    return sampled === 0 ? 0 : Math.round((bytes * nodeCount) / sampled);
  }

  /** Number of the last node that begins at or before an id; less than `#head` if there is none. */
  #nodeOf(ms: Uint64, seq: Uint64): number {
    want(ms, seq);
    return this.#firsts.count() - 1;
  }

  #node(i: number): StreamNode {
    // Bounds hold because every place from `#head` on has a node.
    return this.#nodes[i] as StreamNode;
  }

  #push(node: StreamNode): void {
    this.#nodes.push(node);
    this.#firsts.insert(this.#firsts.length, want(node.firstMs, node.firstSeq), 0);
  }

  #remove(i: number): void {
    if (i !== this.#head) {
      this.#nodes.splice(i, 1);
      this.#firsts.remove(i, 1);
      return;
    }
    this.#nodes[this.#head++] = undefined;
    if (this.#head >= EMPTY_PLACES && this.#head * 2 >= this.#nodes.length) {
      this.#nodes = this.#nodes.slice(this.#head);
      this.#firsts.remove(0, this.#head);
      this.#head = 0;
    }
  }
}
