import { ListNode } from './list-node.ts';
import {
  fitsPacked,
  PACKED_LIST_BYTES,
  packedCount,
  packedKeep,
  packedListpackBytes,
  packedPush,
} from './list-packed.ts';
import { Quicklist } from './list-quicklist.ts';
import {
  type End,
  type PositionQuery,
  type Search,
  segmentForEach,
  segmentSearch,
  type Visit,
  type VisitNumber,
} from './list-segment.ts';
import { bytesOf, LISTPACK_EMPTY_BYTES, listpackBytes, NODE_BYTES } from './list-size.ts';
import { packElement, packedAt, packedNext, packedSeek, packedSplice } from './packed.ts';
import { type Collection, type DigestSink, flat } from './value.ts';

/** A list is packed again when its listpack is down to this: its packed form is no longer than the most. */
const REPACK_BYTES: number = PACKED_LIST_BYTES / 4;

type ListBody = string | ListNode | Quicklist;

/**
 * A list, in the form that costs least: a packed string while it is short, then a node whose elements
 * are strings of their own, then (where Redis has a quicklist) many nodes.
 *
 * Elements given must be strings of their own, not views on longer ones; those returned may be views:
 * whoever keeps them takes `flat` of them.
 */
export class ListValue implements Collection {
  #body: ListBody;
  #size: number;

  /** An empty list, or that of the elements of a body, which it takes over. */
  constructor(body: ListBody = '') {
    this.#body = body;
    if (typeof body === 'string') this.#size = packedCount(body);
    else this.#size = body instanceof ListNode ? body.count : body.size;
  }

  static of(elements: readonly string[]): ListValue {
    // What is made at once is measured as it will be; Redis only guesses when it pushes.
    const list = new ListValue(listpackBytes(elements) > NODE_BYTES ? new Quicklist() : '');
    list.#add('tail', elements);
    return list;
  }

  /** The same of elements that may be views. */
  static ofViews(elements: readonly string[]): ListValue {
    return ListValue.of(fitsPacked('', elements) ? elements : elements.map(flat));
  }

  /** The form that the elements are in, to be looked at. */
  get body(): ListBody {
    return this.#body;
  }

  get type(): 'list' {
    return 'list';
  }

  get size(): number {
    return this.#size;
  }

  encoding(): string {
    return this.#body instanceof Quicklist ? 'quicklist' : 'listpack';
  }

  /**
   * Adds elements one by one at an end, so that the last one given becomes the outermost. `weight`:
   * what Redis takes for their bytes when it decides whether they still fit into a listpack.
   */
  push(end: End, elements: readonly string[], weight: number = bytesOf(elements)): void {
    this.#reserve(weight);
    this.#add(end, elements);
  }

  pushTail(element: string): void {
    this.push('tail', [element]);
  }

  /** Removes the outermost element at an end; undefined if the list is empty. */
  pop(end: End): string | undefined {
    if (this.#size === 0) return undefined;
    this.#size--;
    const body = this.#body;
    if (typeof body !== 'string') {
      const element = end === 'head' ? body.popHead() : body.popTail();
      this.#shrink();
      return element;
    }
    const at = end === 'head' ? 0 : packedSeek(body, this.#size);
    this.#body = packedSplice(body, at, packedNext(body, at), '');
    return packedAt(body, at);
  }

  /** Removes up to `count` elements at an end, the outermost first. */
  popMany(end: End, count: number): string[] {
    const taken = Math.min(count, this.#size);
    const first = end === 'head' ? 0 : this.#size - taken;
    const elements = this.range(first, first + taken);
    if (end === 'tail') elements.reverse();
    if (end === 'head') this.keep(taken, this.#size);
    else this.keep(0, this.#size - taken);
    return elements;
  }

  /** Element `i`, from 0; undefined if there is none. */
  at(i: number): string | undefined {
    if (i < 0 || i >= this.#size) return undefined;
    const body = this.#body;
    return typeof body === 'string' ? packedAt(body, packedSeek(body, i)) : body.at(i);
  }

  /** Replaces element `i`, which is there. */
  set(i: number, element: string): void {
    this.#reserve(element.length);
    const body = this.#bodyFor(element);
    if (typeof body === 'string') {
      const at = packedSeek(body, i);
      this.#body = packedSplice(body, at, packedNext(body, at), packElement(element));
    } else {
      body.set(i, element);
      this.#shrink();
    }
  }

  /** Puts an element before or after number `i`, which is there. */
  insert(i: number, element: string, where: 'before' | 'after'): void {
    this.#reserve(element.length);
    const body = this.#bodyFor(element);
    const at = where === 'before' ? i : i + 1;
    if (typeof body === 'string') {
      const position = packedSeek(body, at);
      this.#body = packedSplice(body, position, position, packElement(element));
    } else if (body instanceof ListNode) {
      body.insert(at, element);
    } else {
      body.insert(i, element, where);
    }
    this.#size++;
  }

  /** Removes the first or last elements that are `element`, at most `limit`. Returns how many. */
  removeMatches(element: string, limit: number, start: End): number {
    const body = this.#body;
    const holder = typeof body === 'string' ? ListNode.ofPacked(body) : body;
    const removed = holder.removeMatches(element, limit, start);
    if (body !== holder && holder instanceof ListNode) this.#body = holder.packed ?? '';
    this.#size -= removed;
    if (removed > 0) this.#shrink();
    return removed;
  }

  /** Removes the elements before number `from` and from number `to` on; both are within the list. */
  keep(from: number, to: number): void {
    const body = this.#body;
    if (to <= from) {
      if (body instanceof Quicklist) body.parts?.abandon();
      this.#body = '';
      this.#size = 0;
      return;
    }
    if (typeof body === 'string') this.#body = packedKeep(body, from, to);
    else body.keep(from, to);
    this.#size = to - from;
    this.#shrink();
  }

  /** Elements number `from` to `to` - 1. */
  range(from: number, to: number): string[] {
    const elements: string[] = [];
    this.forEach(
      (element) => {
        elements.push(element);
      },
      from,
      to,
    );
    return elements;
  }

  /** Visits elements number `from` to `to` - 1, all unless told. */
  forEach(visit: Visit, from = 0, to: number = this.#size): void {
    const body = this.#body;
    if (typeof body === 'string') segmentForEach(body, from, to, visit);
    else body.forEach(from, to, visit);
  }

  /** Number of the first element that is `element`, or -1. */
  indexOf(element: string): number {
    const query = { element, start: 'head', skip: 0, limit: 1, within: this.#size } as const;
    return this.positions(query)[0] ?? -1;
  }

  /** Numbers of the elements that are the one searched, in the order they are come upon. */
  positions(query: PositionQuery): number[] {
    const { element, start, limit } = query;
    const within = Math.min(query.within, this.#size);
    const from = start === 'head' ? 0 : this.#size - within;
    const found: number[] = [];
    let { skip } = query;
    this.#search({ element, from, to: from + within, start }, (i) => {
      if (skip > 0) skip--;
      else found.push(i);
      return found.length < limit;
    });
    return found;
  }

  memory(samples: number): number {
    const body = this.#body;
    if (typeof body === 'string') return LIST_BYTES + body.length;
    if (body instanceof ListNode) return LIST_BYTES + body.memory;
    return LIST_BYTES + body.memory(samples);
  }

  copy(): ListValue {
    const body = this.#body;
    return new ListValue(typeof body === 'string' ? body : body.copy());
  }

  feed(sink: DigestSink): void {
    sink.number(this.#size);
    this.forEach((element) => {
      sink.text(element);
    });
  }

  #search(search: Search, visit: VisitNumber): void {
    const body = this.#body;
    if (typeof body === 'string') segmentSearch(body, search, visit);
    else body.search(search, visit);
  }

  #add(end: End, elements: readonly string[]): void {
    this.#size += elements.length;
    const body = this.#body;
    if (typeof body === 'string' && fitsPacked(body, elements)) {
      this.#body = packedPush(body, end, elements);
      return;
    }
    const open = typeof body === 'string' ? this.#unpack(body) : body;
    for (const element of elements) {
      if (end === 'tail') open.pushTail(element);
      else open.pushHead(element);
    }
  }

  /** Turns to a quicklist if Redis would before it adds `weight` bytes. */
  #reserve(weight: number): void {
    const body = this.#body;
    if (body instanceof Quicklist) return;
    if (typeof body === 'string') {
      // Entries of a listpack take at most twice the bytes of packed ones.
      if (2 * body.length + LISTPACK_EMPTY_BYTES + weight <= NODE_BYTES) return;
      if (packedListpackBytes(body) + weight <= NODE_BYTES) return;
    } else if (body.bytes + weight <= NODE_BYTES) {
      return;
    }
    if (this.#size === 0) this.#body = new Quicklist();
    else this.#body = new Quicklist([typeof body === 'string' ? this.#unpack(body) : body]);
  }

  /** The body, in a form that has room for one more element of this length. */
  #bodyFor(element: string): ListBody {
    const body = this.#body;
    if (typeof body !== 'string' || fitsPacked(body, [element])) return body;
    return this.#unpack(body);
  }

  #unpack(packed: string): ListNode {
    const node = ListNode.ofPacked(packed);
    this.#body = node;
    return node;
  }

  /** After elements went: takes the smaller form where Redis does, and ours where it pays. */
  #shrink(): void {
    let body = this.#body;
    if (body instanceof Quicklist) {
      if (body.nodes !== 1 || body.node(0).bytes > NODE_BYTES / 2) return;
      body = body.takeNode();
      this.#body = body;
    }
    if (typeof body === 'string' || body.bytes > REPACK_BYTES) return;
    body.close();
    if (body.packed !== undefined) this.#body = body.packed;
  }
}

/** Bytes of the object itself and the header of its string. */
const LIST_BYTES = 56;
