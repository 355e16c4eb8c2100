import { packedCount, packedListpackBytes, unpackApart } from './list-packed.ts';
import { Ring } from './list-ring.ts';
import {
  type End,
  type Search,
  type Segment,
  segmentForEach,
  segmentSearch,
  type Visit,
  type VisitNumber,
} from './list-segment.ts';
import { LISTPACK_EMPTY_BYTES, listpackBytes, listpackEntryBytes } from './list-size.ts';
import {
  MAX_PACKED_ELEMENT,
  pack,
  packElement,
  packedAt,
  packedNext,
  packedSeek,
  packedSplice,
} from './packed.ts';

/** Bytes of a node without elements, and of an element that is a string of its own beside its text. */
const NODE_MEMORY = 160;
const ELEMENT_MEMORY = 24;

/**
 * A part of a list that Redis would keep in one listpack. It takes the little memory of a packed
 * string until elements are pushed or popped, which opens it: then its elements are strings of their
 * own, until somebody closes it again.
 *
 * Elements given must be strings of their own; those returned may be views on a packed string.
 */
export class ListNode {
  /** Its number in images of the list, while that has parts. */
  part = 0;
  #segment: Segment;
  #count: number;
  #bytes: number;

  private constructor(segment: Segment, count: number, bytes: number) {
    this.#segment = segment;
    this.#count = count;
    this.#bytes = bytes;
  }

  static ofPacked(packed: string): ListNode {
    return new ListNode(packed, packedCount(packed), packedListpackBytes(packed));
  }

  static of(elements: readonly string[]): ListNode {
    return new ListNode(new Ring(elements), elements.length, listpackBytes(elements));
  }

  get count(): number {
    return this.#count;
  }

  /** Bytes of the listpack that Redis would have. */
  get bytes(): number {
    return this.#bytes;
  }

  /** About how many bytes it takes. */
  get memory(): number {
    const segment = this.#segment;
    if (typeof segment === 'string') return NODE_MEMORY + segment.length;
    return NODE_MEMORY + this.#bytes + this.#count * ELEMENT_MEMORY;
  }

  /** The elements in packed form, or undefined if they are open. */
  get packed(): string | undefined {
    return typeof this.#segment === 'string' ? this.#segment : undefined;
  }

  /** `i` is from 0 to count - 1. */
  at(i: number): string {
    const segment = this.#segment;
    return typeof segment === 'string' ? packedAt(segment, packedSeek(segment, i)) : segment.at(i);
  }

  pushHead(element: string): void {
    this.#open().pushHead(element);
    this.#added(element);
  }

  pushTail(element: string): void {
    this.#open().pushTail(element);
    this.#added(element);
  }

  /** The node is not empty. */
  popHead(): string {
    const element = this.#open().popHead();
    this.#removed(element);
    return element;
  }

  /** The node is not empty. */
  popTail(): string {
    const element = this.#open().popTail();
    this.#removed(element);
    return element;
  }

  /** Replaces element `i`, which is there. */
  set(i: number, element: string): void {
    const segment = this.#segment;
    if (typeof segment === 'string' && element.length <= MAX_PACKED_ELEMENT) {
      const at = packedSeek(segment, i);
      this.#removed(packedAt(segment, at));
      const end = packedNext(segment, at);
      this.#segment = packedSplice(segment, at, end, packElement(element));
    } else {
      const ring = this.#open();
      this.#removed(ring.at(i));
      ring.set(i, element);
    }
    this.#added(element);
  }

  /** Puts an element before number `i`, or at the end if that is the count. */
  insert(i: number, element: string): void {
    const segment = this.#segment;
    if (typeof segment === 'string' && element.length <= MAX_PACKED_ELEMENT) {
      const at = packedSeek(segment, i);
      this.#segment = packedSplice(segment, at, at, packElement(element));
    } else {
      this.#open().insert(i, element);
    }
    this.#added(element);
  }

  /** Removes the elements before number `from` and from number `to` on. */
  keep(from: number, to: number): void {
    const drop = this.#count - (to - from);
    if (drop * 2 > this.#count) {
      // Most goes: what stays is copied, and the rest is not even looked at.
      this.#become(this.#slice(from, to));
      return;
    }
    for (let i = this.#count; i > to; i--) this.popTail();
    for (let i = 0; i < from; i++) this.popHead();
  }

  /** Removes the first or last elements that are `element`, at most `limit`. Returns how many. */
  removeMatches(element: string, limit: number, start: End): number {
    const found = this.matches(element, limit, start);
    if (found.length > 0) this.drop(found);
    return found.length;
  }

  /** Numbers of the first or last elements that are `element`, at most `limit`, in increasing order. */
  matches(element: string, limit: number, start: End): number[] {
    const found: number[] = [];
    const search: Search = { element, from: 0, to: this.#count, start };
    this.search(search, (i) => {
      found.push(i);
      return found.length < limit;
    });
    if (start === 'tail') found.reverse();
    return found;
  }

  /** Removes the elements with these numbers, which are in increasing order. */
  drop(found: readonly number[]): void {
    let next = 0;
    let i = 0;
    const kept: string[] = [];
    this.forEach(0, this.#count, (each) => {
      if (i++ === found[next]) next++;
      else kept.push(each);
    });
    this.#become(kept);
  }

  /** As {@link segmentSearch}. */
  search(search: Search, visit: VisitNumber): boolean {
    return segmentSearch(this.#segment, search, visit);
  }

  /** As {@link segmentForEach}. */
  forEach(from: number, to: number, visit: Visit): void {
    segmentForEach(this.#segment, from, to, visit);
  }

  /** Cuts this node before number `at`, and returns what comes from there on as another. */
  splitOff(at: number): ListNode {
    const rest = new ListNode('', 0, 0);
    rest.#segment = this.#segment;
    rest.#become(this.#slice(at, this.#count));
    this.keep(0, at);
    return rest;
  }

  /** Adds the elements of `other`, which is not used any more. */
  absorb(other: ListNode): void {
    const ring = this.#open();
    const more = other.#open();
    for (let i = 0; i < more.size; i++) ring.pushTail(more.at(i));
    this.#count += other.#count;
    this.#bytes += other.#bytes - LISTPACK_EMPTY_BYTES;
  }

  /** Whether {@link close} would do anything: the elements are open, and none is too long. */
  get canClose(): boolean {
    const segment = this.#segment;
    if (typeof segment === 'string') return false;
    for (let i = 0; i < segment.size; i++) {
      if (segment.at(i).length > MAX_PACKED_ELEMENT) return false;
    }
    return true;
  }

  /** Packs the elements, unless one is too long for that. */
  close(): void {
    if (this.canClose) this.#segment = pack(this.#slice(0, this.#count));
  }

  copy(): ListNode {
    const segment = this.#segment;
    const own = typeof segment === 'string' ? segment : new Ring(segment.toArray());
    return new ListNode(own, this.#count, this.#bytes);
  }

  #slice(from: number, to: number): string[] {
    const out: string[] = [];
    this.forEach(from, to, (element) => {
      out.push(element);
    });
    return out;
  }

  #open(): Ring<string> {
    if (typeof this.#segment !== 'string') return this.#segment;
    const ring = new Ring(unpackApart(this.#segment));
    this.#segment = ring;
    return ring;
  }

  #added(element: string): void {
    this.#count++;
    this.#bytes += listpackEntryBytes(element);
  }

  #removed(element: string): void {
    this.#count--;
    this.#bytes -= listpackEntryBytes(element);
  }

  /** Has from now on only these of its elements, in the form that they are in. */
  #become(elements: readonly string[]): void {
    this.#segment = typeof this.#segment === 'string' ? pack(elements) : new Ring(elements);
    this.#count = elements.length;
    this.#bytes = listpackBytes(elements);
  }
}
