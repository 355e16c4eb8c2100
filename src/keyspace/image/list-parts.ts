import type { ListNode } from '../list-node.ts';
import type { Quicklist } from '../list-quicklist.ts';
import type { ByteWriter } from './byte-writer.ts';
import type { Changes } from './changes.ts';
import { encodeNode } from './list-node-record.ts';
import { isReserved, NumberedParts, RESERVED_EVERY } from './numbered-parts.ts';
import { KIND_QUICKLIST } from './value-parts.ts';

/** A part of the order has this many places for nodes. */
const PAGE_PLACES = 256;

/**
 * Where the nodes of a list stand in its order: in a ring of places, so that nodes that come and go at
 * the ends leave all others where they are.
 */
export interface ListLayout {
  /** The place of the first node. */
  start: number;
  /** How many there are: a power of two, {@link PAGE_PLACES} or more. */
  places: number;
}

/** A layout for so many nodes. */
export function layoutFor(nodes: number): ListLayout {
  let places = PAGE_PLACES;
  while (places < nodes) places *= 2;
  return { start: 0, places };
}

/** Whether there can be such a layout, with so many nodes in it. */
export function isLayout({ start, places }: ListLayout, nodes: number): boolean {
  const isPower = Number.isInteger(Math.log2(places));
  return isPower && places >= PAGE_PLACES && start < places && nodes <= places;
}

/**
 * Visits the numbers, from 0 in the order of the list, of the nodes whose places are in the part `part`
 * of the order, place by place.
 */
export function visitPage(
  { start, places }: ListLayout,
  { part, nodes }: { readonly part: number; readonly nodes: number },
  visit: (node: number) => void,
): void {
  const first = (part / RESERVED_EVERY) * PAGE_PLACES;
  const end = Math.min(first + PAGE_PLACES, places);
  for (let place = first; place < end; place++) {
    const node = (place - start) & (places - 1);
    if (node < nodes) visit(node);
  }
}

/**
 * A long list in images: a part for each node, and parts with numbers of their own for the order of the
 * nodes, each for a run of places. Such a part is the numbers of the nodes that stand there.
 *
 * The header is the number of elements and that of nodes, the first node's place and the number of
 * places.
 */
export class ListParts extends NumberedParts<ListNode> {
  readonly kind: typeof KIND_QUICKLIST = KIND_QUICKLIST;
  readonly #list: Quicklist;
  #layout: ListLayout;

  /** `loaded`: the layout and number that an image has of the list, if it comes from one. */
  constructor(
    changes: Changes,
    list: Quicklist,
    loaded?: { readonly layout: ListLayout; readonly id: number },
  ) {
    super(changes, loaded?.id);
    this.#list = list;
    this.#layout = loaded?.layout ?? layoutFor(list.nodes);
  }

  /** Makes the whole list part of the image being written, which is the first that holds it. */
  enlist(): this {
    for (let i = 0; i < this.#list.nodes; i++) this.adopt(this.#list.node(i));
    // Every part of the order has a number among these, as it is of more nodes than lie between two.
    this.freezeAll(this.end);
    this.changes.enlist(this);
    return this;
  }

  /** Gives a node that was loaded its number. */
  attach(part: number, node: ListNode): void {
    this.restore(part, node);
  }

  /** The list has another form from now on, or nothing. */
  abandon(): void {
    this.changes.died(this);
  }

  /** A node will be put before node `i`, or at the end. */
  beforeInsert(i: number): void {
    const { nodes } = this.#list;
    if (nodes === this.#layout.places) this.#grow();
    const layout = this.#layout;
    if (i * 2 < nodes) {
      this.#beforePlaces(-1, i);
      layout.start = (layout.start - 1) & (layout.places - 1);
    } else {
      this.#beforePlaces(i, nodes + 1);
    }
  }

  /** Node `i` will be taken out of the order. */
  beforeRemove(i: number): void {
    const { nodes } = this.#list;
    const layout = this.#layout;
    if (i * 2 < nodes) {
      this.#beforePlaces(0, i + 1);
      layout.start = (layout.start + 1) & (layout.places - 1);
    } else {
      this.#beforePlaces(i, nodes);
    }
  }

  /** Any nodes may be taken out of the order. */
  beforeReorder(): void {
    for (let place = 0; place < this.#layout.places; place += PAGE_PLACES) this.#beforePlace(place);
  }

  header(into: ByteWriter): void {
    into.varint(this.#list.size);
    into.varint(this.#list.nodes);
    into.varint(this.#layout.start);
    into.varint(this.#layout.places);
  }

  encode(part: number, into: ByteWriter): boolean {
    if (isReserved(part)) return this.#encodeOrder(part, into);
    const node = this.item(part);
    if (node === undefined) return false;
    encodeNode(node, into);
    return true;
  }

  #encodeOrder(part: number, into: ByteWriter): boolean {
    let isThere = false;
    const list = this.#list;
    visitPage(this.#layout, { part, nodes: list.nodes }, (node) => {
      into.varint(list.node(node).part);
      isThere = true;
    });
    return isThere;
  }

  /** The nodes from number `from` to `to` - 1 move, come or go; -1 is the place before the first. */
  #beforePlaces(from: number, to: number): void {
    const { start, places } = this.#layout;
    for (let i = from; i < to; ) {
      const place = (start + i) & (places - 1);
      this.#beforePlace(place);
      i += PAGE_PLACES - (place % PAGE_PLACES);
    }
  }

  #beforePlace(place: number): void {
    this.before(Math.floor(place / PAGE_PLACES) * RESERVED_EVERY);
  }

  #grow(): void {
    this.beforeReorder();
    this.#layout = { start: 0, places: this.#layout.places * 2 };
    this.beforeReorder();
  }
}
