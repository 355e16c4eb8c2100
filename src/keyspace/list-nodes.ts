import type { ListParts } from './image/list-parts.ts';
import type { ListNode } from './list-node.ts';
import { Ring } from './list-ring.ts';
import { LISTPACK_EMPTY_BYTES, NODE_BYTES } from './list-size.ts';

/** So many nodes at either end may be open: a list that swings about a border does not open and close. */
export const OPEN_NODES = 2;

/** The nodes of a long list in their order. Tells images what is about to change. */
export class ListNodes {
  readonly #ring: Ring<ListNode>;
  /** Once an image holds the list. */
  parts: ListParts | undefined = undefined;

  constructor(nodes: readonly ListNode[]) {
    this.#ring = new Ring(nodes);
  }

  get size(): number {
    return this.#ring.size;
  }

  /** Node `i`, to be looked at. */
  at(i: number): ListNode {
    return this.#ring.at(i);
  }

  /** Node `i`, to be changed. */
  edit(i: number): ListNode {
    const node = this.#ring.at(i);
    this.parts?.before(node.part);
    return node;
  }

  pushHead(node: ListNode): void {
    this.parts?.beforeInsert(0);
    this.parts?.add(node);
    this.#ring.pushHead(node);
  }

  pushTail(node: ListNode): void {
    this.parts?.beforeInsert(this.size);
    this.parts?.add(node);
    this.#ring.pushTail(node);
  }

  /** There is a first node. It goes as it is, as all those that are removed. */
  popHead(): void {
    this.#beforeRemove(0);
    this.#ring.popHead();
  }

  /** There is a last node. */
  popTail(): void {
    this.#beforeRemove(this.size - 1);
    this.#ring.popTail();
  }

  /** Puts a node before number `i`, or at the end if `i` is the size. */
  insert(i: number, node: ListNode): void {
    this.parts?.beforeInsert(i);
    this.parts?.add(node);
    this.#ring.insert(i, node);
  }

  remove(i: number): void {
    this.#beforeRemove(i);
    this.#ring.remove(i);
  }

  /** Removes the nodes that have no elements. */
  dropEmpty(): void {
    const { parts } = this;
    parts?.beforeReorder();
    this.#ring.retain((node) => {
      if (node.count === 0) parts?.remove(node);
      return node.count > 0;
    });
  }

  toArray(): ListNode[] {
    return this.#ring.toArray();
  }

  /** Joins neighbours of node `i`, and those with it, where both fit into one. */
  mergeAround(i: number): void {
    let centre = i;
    if (this.#merge(centre - 2)) centre--;
    this.#merge(centre + 1);
    if (this.#merge(centre - 1)) centre--;
    this.#merge(centre);
  }

  settleAround(i: number): void {
    for (let k = i - 2; k <= i + 2; k++) this.settle(k);
  }

  /** Closes node `i` if there is one and it is far enough from both ends. */
  settle(i: number): void {
    if (i < OPEN_NODES || i >= this.size - OPEN_NODES) return;
    if (this.at(i).canClose) this.edit(i).close();
  }

  /** Joins node `i` and the next if they fit into one. */
  #merge(i: number): boolean {
    if (i < 0 || i + 1 >= this.size) return false;
    const both = this.at(i).bytes + this.at(i + 1).bytes - LISTPACK_EMPTY_BYTES;
    if (both > NODE_BYTES) return false;
    this.edit(i).absorb(this.edit(i + 1));
    this.remove(i + 1);
    return true;
  }

  #beforeRemove(i: number): void {
    const { parts } = this;
    if (parts === undefined) return;
    parts.beforeRemove(i);
    parts.remove(this.at(i));
  }
}
