import type { StreamParts } from './image/stream-parts.ts';
import type { Uint64 } from './stream-id.ts';
import { IdList, want } from './stream-id-list.ts';
import type { StreamNode } from './stream-node.ts';

/** So many places at the front of the list of nodes stay empty before it is made shorter. */
const EMPTY_PLACES = 32;

/** The nodes of a stream in the order of their first ids. Tells images what is about to change. */
export class StreamNodes {
  /** The nodes begin at `#head`; before it nothing is left. */
  #nodes: (StreamNode | undefined)[] = [];
  #head = 0;
  /** The first id of each node, those that are gone at the front included. */
  #firsts: IdList = new IdList();
  /** Once an image holds the stream by parts. */
  parts: StreamParts | undefined = undefined;

  /** The first node has this number, if there is one. */
  get start(): number {
    return this.#head;
  }

  /** The number behind that of the last node. */
  get end(): number {
    return this.#nodes.length;
  }

  get count(): number {
    return this.#nodes.length - this.#head;
  }

  /** Node `i`, to be looked at: from `start` to `end` - 1. */
  at(i: number): StreamNode {
    // Bounds hold because every place from `#head` on has a node.
    return this.#nodes[i] as StreamNode;
  }

  /** Node `i`, to be changed. */
  edit(i: number): StreamNode {
    const node = this.at(i);
    this.parts?.before(node.part);
    return node;
  }

  /** Number of the last node that begins at or before an id; less than `start` if there is none. */
  of(ms: Uint64, seq: Uint64): number {
    want(ms, seq);
    return this.#firsts.count() - 1;
  }

  /** Adds a node behind the others. */
  push(node: StreamNode): void {
    this.parts?.add(node);
    this.#nodes.push(node);
    this.#firsts.insert(this.#firsts.length, want(node.firstMs, node.firstSeq), 0);
  }

  /** Removes node `i`, which changes no more. */
  remove(i: number): void {
    this.parts?.remove(this.at(i));
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
