import type { ListParts } from './image/list-parts.ts';
import { ListNode } from './list-node.ts';
import { ListNodes, OPEN_NODES } from './list-nodes.ts';
import type { End, Search, Visit, VisitNumber } from './list-segment.ts';
import { ENTRY_OVERHEAD, isLarge, NODE_BYTES } from './list-size.ts';

interface Place {
  /** Number of the node, and of the element inside it. */
  readonly node: number;
  readonly offset: number;
}

/**
 * A long list: nodes that begin and end where those of Redis would. Elements are found by walking
 * along the counts of the nodes from the nearer end. Only the nodes at the ends are open, all others
 * are packed, so a list of a million short elements is about a thousand strings.
 */
export class Quicklist {
  readonly #nodes: ListNodes;
  #size = 0;

  constructor(nodes: readonly ListNode[] = []) {
    this.#nodes = new ListNodes(nodes);
    for (const node of nodes) this.#size += node.count;
  }

  get size(): number {
    return this.#size;
  }

  get nodes(): number {
    return this.#nodes.size;
  }

  /** Node `i` of {@link nodes}, to be looked at. */
  node(i: number): ListNode {
    return this.#nodes.at(i);
  }

  /** Once an image holds the list. */
  get parts(): ListParts | undefined {
    return this.#nodes.parts;
  }

  set parts(parts: ListParts | undefined) {
    this.#nodes.parts = parts;
  }

  /** Takes the only node over from this list, which is not used any more. */
  takeNode(): ListNode {
    this.parts?.abandon();
    return this.#nodes.edit(0);
  }

  /** Adds a node that was saved. */
  append(node: ListNode): void {
    this.#nodes.pushTail(node);
    this.#size += node.count;
  }

  pushHead(element: string): void {
    this.#size++;
    if (this.#hasRoom(0, element)) {
      this.#nodes.edit(0).pushHead(element);
    } else {
      this.#nodes.pushHead(ListNode.of([element]));
      this.#nodes.settle(OPEN_NODES);
    }
  }

  pushTail(element: string): void {
    this.#size++;
    const last = this.#nodes.size - 1;
    if (this.#hasRoom(last, element)) {
      this.#nodes.edit(last).pushTail(element);
    } else {
      this.#nodes.pushTail(ListNode.of([element]));
      this.#nodes.settle(last + 1 - OPEN_NODES);
    }
  }

  /** The list is not empty. */
  popHead(): string {
    const node = this.#nodes.edit(0);
    const element = node.popHead();
    if (node.count === 0) this.#nodes.popHead();
    this.#size--;
    return element;
  }

  /** The list is not empty. */
  popTail(): string {
    const node = this.#nodes.edit(this.#nodes.size - 1);
    const element = node.popTail();
    if (node.count === 0) this.#nodes.popTail();
    this.#size--;
    return element;
  }

  /** `i` is from 0 to size - 1. */
  at(i: number): string {
    const { node, offset } = this.#locate(i);
    return this.#nodes.at(node).at(offset);
  }

  /** Replaces element `i`, which is there. A large element gets a node of its own. */
  set(i: number, element: string): void {
    const place = this.#locate(i);
    const node = this.#nodes.at(place.node);
    const large = isLarge(element);
    const wasLarge = node.count === 1 && isLarge(node.at(0));
    if (large === wasLarge) {
      this.#nodes.edit(place.node).set(place.offset, element);
      return;
    }
    this.#insert(place, element, true);
    if (wasLarge) {
      this.#nodes.remove(place.node);
      return;
    }
    // Everything behind the old element was cut off, so it is the last of its node.
    this.#nodes.edit(place.node).popTail();
    if (node.count === 0) this.#nodes.remove(place.node);
    else this.#nodes.mergeAround(place.node + 1);
    this.#nodes.settleAround(place.node);
  }

  /** Puts an element before or after number `i`, which is there. */
  insert(i: number, element: string, where: 'before' | 'after'): void {
    this.#insert(this.#locate(i), element, where === 'after');
    this.#size++;
  }

  /** Removes all elements before number `from` and from number `to` on; `from` < `to`. */
  keep(from: number, to: number): void {
    const nodes = this.#nodes;
    let last = nodes.at(nodes.size - 1);
    let drop = this.#size - to;
    for (; drop >= last.count; last = nodes.at(nodes.size - 1)) {
      drop -= last.count;
      nodes.popTail();
    }
    if (drop > 0) nodes.edit(nodes.size - 1).keep(0, last.count - drop);
    drop = from;
    let first = nodes.at(0);
    for (; drop >= first.count; first = nodes.at(0)) {
      drop -= first.count;
      nodes.popHead();
    }
    if (drop > 0) nodes.edit(0).keep(drop, first.count);
    this.#size = to - from;
  }

  /** Removes the first or last elements that are `element`, at most `limit`. Returns how many. */
  removeMatches(element: string, limit: number, start: End): number {
    const nodes = this.#nodes;
    let removed = 0;
    let empty = 0;
    for (let k = 0; k < nodes.size && removed < limit; k++) {
      const i = start === 'head' ? k : nodes.size - 1 - k;
      const found = nodes.at(i).matches(element, limit - removed, start);
      if (found.length === 0) continue;
      removed += found.length;
      const node = nodes.edit(i);
      node.drop(found);
      if (node.count === 0) empty++;
    }
    this.#size -= removed;
    if (empty > 0) nodes.dropEmpty();
    return removed;
  }

  /** As for a segment. */
  search(search: Search, visit: VisitNumber): boolean {
    const { element, from, to, start } = search;
    if (from >= to) return true;
    const begin = start === 'head' ? from : to - 1;
    let { node, offset } = this.#locate(begin);
    // Number of the first element of the node.
    let base = begin - offset;
    for (;;) {
      const current = this.#nodes.at(node);
      const inner: Search = {
        element,
        from: Math.max(0, from - base),
        to: Math.min(current.count, to - base),
        start,
      };
      const first = base;
      if (!current.search(inner, (i) => visit(first + i))) return false;
      if (start === 'head') {
        base += current.count;
        if (base >= to) return true;
        node++;
      } else {
        if (base <= from) return true;
        node--;
        base -= this.#nodes.at(node).count;
      }
    }
  }

  /** Visits elements number `from` to `to` - 1. */
  forEach(from: number, to: number, visit: Visit): void {
    if (from >= to) return;
    const place = this.#locate(from);
    let { offset } = place;
    let left = to - from;
    for (let k = place.node; left > 0; k++) {
      const node = this.#nodes.at(k);
      const end = Math.min(node.count, offset + left);
      node.forEach(offset, end, visit);
      left -= end - offset;
      offset = 0;
    }
  }

  /** About how many bytes it takes, from the first `samples` nodes; 0: all. */
  memory(samples: number): number {
    const looked = samples > 0 ? Math.min(samples, this.nodes) : this.nodes;
    let bytes = 0;
    for (let i = 0; i < looked; i++) bytes += this.node(i).memory;
    return looked === 0 ? 0 : Math.round((bytes / looked) * this.nodes);
  }

  copy(): Quicklist {
    return new Quicklist(this.#nodes.toArray().map((node) => node.copy()));
  }

  #locate(i: number): Place {
    const nodes = this.#nodes;
    if (i * 2 < this.#size) {
      let node = 0;
      let offset = i;
      for (let count = nodes.at(0).count; offset >= count; count = nodes.at(node).count) {
        offset -= count;
        node++;
      }
      return { node, offset };
    }
    let node = nodes.size - 1;
    let offset = i - this.#size + nodes.at(node).count;
    while (offset < 0) {
      node--;
      offset += nodes.at(node).count;
    }
    return { node, offset };
  }

  #hasRoom(node: number, element: string): boolean {
    if (node < 0 || node >= this.#nodes.size) return false;
    return this.#nodes.at(node).bytes + element.length + ENTRY_OVERHEAD <= NODE_BYTES;
  }

  /** Puts an element beside another; the size is the caller's affair. */
  #insert(place: Place, element: string, after: boolean): void {
    const nodes = this.#nodes;
    const { offset } = place;
    const { count } = nodes.at(place.node);
    const cut = after ? offset + 1 : offset;
    if (this.#hasRoom(place.node, element)) {
      nodes.edit(place.node).insert(cut, element);
    } else if (cut === 0 || cut === count) {
      const neighbour = place.node + (after ? 1 : -1);
      if (this.#hasRoom(neighbour, element)) {
        const other = nodes.edit(neighbour);
        other.insert(after ? 0 : other.count, element);
      } else {
        nodes.insert(place.node + (after ? 1 : 0), ListNode.of([element]));
      }
    } else {
      const rest = nodes.edit(place.node).splitOff(cut);
      this.#insertBetween(place.node, rest, { element, after });
    }
    this.#nodes.settleAround(place.node);
  }

  /** Puts an element between node `i` and what was cut off from it. */
  #insertBetween(
    i: number,
    rest: ListNode,
    { element, after }: { readonly element: string; readonly after: boolean },
  ): void {
    const nodes = this.#nodes;
    nodes.insert(i + 1, rest);
    if (isLarge(element)) {
      nodes.insert(i + 1, ListNode.of([element]));
    } else {
      if (after) rest.insert(0, element);
      else nodes.edit(i).insert(nodes.at(i).count, element);
      this.#nodes.mergeAround(after ? i : i + 1);
    }
  }
}
