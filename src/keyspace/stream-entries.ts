import { placesUpTo, restoredNode, StreamCursor } from './stream-cursor.ts';
import type { StreamFields } from './stream-fields.ts';
import { compareIds, compareParts, MAX_ID, MIN_ID, type StreamId } from './stream-id.ts';
import { type SavedNode, StreamNode } from './stream-node.ts';
import { StreamNodes } from './stream-nodes.ts';

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

/** About the memory of a node beside its bytes: the object, its buffer and the numbers in it. */
const NODE_OVERHEAD_BYTES = 400;

/**
 * The entries of a stream in the order of their ids: a list of nodes that is searched by halves. A node
 * goes with its last entry, but as in Redis it stays if the entries before were trimmed one by one and
 * those behind deleted.
 */
export class StreamEntries {
  readonly nodes: StreamNodes = new StreamNodes();
  #length = 0;
  /** Ids of the first and last entry; undefined if they must be looked for. */
  #first: StreamId | undefined = MIN_ID;
  #last: StreamId | undefined = MIN_ID;

  get length(): number {
    return this.#length;
  }

  get nodeCount(): number {
    return this.nodes.count;
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
      this.nodes.push(node);
    } else {
      this.nodes.edit(this.nodes.end - 1);
    }
    node.append(id.ms, id.seq, fields);
    this.#length++;
    this.#last = id;
    if (this.#length === 1) this.#first = id;
  }

  /** The last node, unless it holds nothing but deleted entries that XSETID has gone back behind. */
  #lastNodeFor(id: StreamId): StreamNode | undefined {
    if (this.nodeCount === 0) return undefined;
    const last = this.nodes.end - 1;
    const node = this.nodes.at(last);
    if (node.live > 0 || node.endsBefore(id)) return node;
    this.nodes.remove(last);
    return this.#lastNodeFor(id);
  }

  /** The entry with this id, if there is one. */
  find(id: StreamId): StreamCursor | undefined {
    const i = this.nodes.of(id.ms, id.seq);
    if (i < this.nodes.start) return undefined;
    const node = this.nodes.at(i);
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
    const i = this.nodes.of(id.ms, id.seq);
    const node = this.nodes.edit(i);
    node.kill(entry.at);
    if (node.live === 0) this.nodes.remove(i);
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
      const node = this.nodes.at(this.nodes.start);
      if (limit > 0 && removed + node.live > limit) break;
      const whole =
        bound.kind === 'max-length'
          ? this.#length - node.live >= bound.maxLength
          : node.endsBefore(bound.minId);
      if (!whole) {
        if (!trim.approximate) removed += this.#trimFirst(bound);
        break;
      }
      this.#length -= node.live;
      removed += node.live;
      this.nodes.remove(this.nodes.start);
    }
    if (removed > 0) {
      this.#first = undefined;
      this.#last = undefined;
    }
    return removed;
  }

  #trimFirst(bound: StreamTrim['bound']): number {
    const node = this.nodes.edit(this.nodes.start);
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
    const start = Math.max(this.nodes.start, this.nodes.of(from.ms, from.seq));
    if (start >= this.nodes.end) return;
    const cursor = new StreamCursor(this.nodes.at(start));
    let skipping = true;
    for (let i = start; i < this.nodes.end; i++) {
      const node = this.nodes.at(i);
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
    const start = this.nodes.of(from.ms, from.seq);
    if (start < this.nodes.start) return;
    const cursor = new StreamCursor(this.nodes.at(start));
    for (let i = start; i >= this.nodes.start; i--) {
      const node = this.nodes.at(i);
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
    for (let i = this.nodes.start; i < this.nodes.end; i++)
      copy.nodes.push(this.nodes.at(i).copy());
    copy.#length = this.#length;
    copy.#first = this.#first;
    copy.#last = this.#last;
    return copy;
  }

  /** Visits the nodes in order, for saving. */
  forEachNode(visit: (node: SavedNode) => void): void {
    for (let i = this.nodes.start; i < this.nodes.end; i++) visit(this.nodes.at(i).save());
  }

  /** Adds a node that was saved; it belongs behind those that are there. */
  restoreNode(saved: SavedNode): void {
    this.adopt(restoredNode(saved));
  }

  /** The same of a node that is there already. */
  adopt(node: StreamNode): void {
    this.nodes.push(node);
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
      bytes += NODE_OVERHEAD_BYTES + this.nodes.at(this.nodes.end - 1 - i).used;
    }
    return sampled === 0 ? 0 : Math.round((bytes * nodeCount) / sampled);
  }
}
