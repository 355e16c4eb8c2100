import type { Ring } from './list-ring.ts';
import { packedAt, packedIs, packedNext, packedSeek } from './packed.ts';

/** Elements in a row: packed where they rest, apart where they come and go. */
export type Segment = string | Ring<string>;

export type End = 'head' | 'tail';

/** Visits one element, which may be a view on others: `flat` to keep it. */
export type Visit = (element: string) => void;

/** Visits the number of one element. False ends the visit. */
export type VisitNumber = (i: number) => boolean;

/** Which elements to look at: those numbered `from` to `to` - 1, beginning at one end of these. */
export interface Search {
  readonly element: string;
  readonly from: number;
  readonly to: number;
  readonly start: End;
}

/** What a search for the places of an element goes through. */
export interface PositionQuery {
  readonly element: string;
  /** Where it begins. */
  readonly start: End;
  /** So many matches are passed over. */
  readonly skip: number;
  /** Most places to return. */
  readonly limit: number;
  /** Most elements to look at. */
  readonly within: number;
}

/** Visits elements number `from` to `to` - 1. */
export function segmentForEach(segment: Segment, from: number, to: number, visit: Visit): void {
  if (typeof segment === 'string') {
    let at = packedSeek(segment, from);
    for (let i = from; i < to; i++) {
      visit(packedAt(segment, at));
      at = packedNext(segment, at);
    }
  } else {
    for (let i = from; i < to; i++) visit(segment.at(i));
  }
}

/** Visits the numbers of those that are the element searched. Returns whether it came to the end. */
export function segmentSearch(segment: Segment, search: Search, visit: VisitNumber): boolean {
  if (typeof segment === 'string') return packedSearch(segment, search, visit);
  const { element, from, to, start } = search;
  if (start === 'head') {
    for (let i = from; i < to; i++) {
      if (segment.at(i) === element && !visit(i)) return false;
    }
  } else {
    for (let i = to - 1; i >= from; i--) {
      if (segment.at(i) === element && !visit(i)) return false;
    }
  }
  return true;
}

function packedSearch(packed: string, search: Search, visit: VisitNumber): boolean {
  const { element, from, to, start } = search;
  // A packed string can only be gone through from its head.
  const found: number[] = [];
  let at = packedSeek(packed, from);
  for (let i = from; i < to; i++) {
    if (packedIs(packed, at, element)) {
      if (start === 'tail') found.push(i);
      else if (!visit(i)) return false;
    }
    at = packedNext(packed, at);
  }
  for (let i = found.length - 1; i >= 0; i--) {
    if (!visit(found[i] as number)) return false;
  }
  return true;
}
