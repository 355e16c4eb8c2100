import type { SortedSet } from '../../keyspace/sorted-set.ts';
import { type Position, positionOf, scoresOf } from './geohash.ts';
import { cellsAround, distanceInside, type Shape } from './shape.ts';

export interface Found {
  readonly member: string;
  readonly score: number;
  readonly position: Position;
  /** From the centre, in metres. */
  readonly distance: number;
}

export interface Wanted {
  readonly order: 'none' | 'nearest' | 'farthest';
  /** 0: all. */
  readonly count: number;
  /** Take the first that are found. */
  readonly any: boolean;
}

/** So many elements are looked at before it is asked whether that is enough. */
const SLICE = 64;

/** The members of a set whose positions lie in a shape. */
export function search(set: SortedSet, shape: Shape, wanted: Wanted): Found[] {
  const { count, any } = wanted;
  const limit = any ? count : Number.POSITIVE_INFINITY;
  const found: Found[] = [];
  for (const cell of cellsAround(shape)) {
    const { min, max } = scoresOf(cell);
    const { first, count } = set.scoreSpan({ min, minOpen: false, max, maxOpen: true });
    for (let done = 0; done < count && found.length < limit; done += SLICE) {
      const slice = { first: first + done, count: Math.min(SLICE, count - done) };
      set.walk(slice, (member, score) => {
        if (found.length === limit) return;
        const position = positionOf(score);
        const distance = distanceInside(shape, position);
        if (distance >= 0) found.push({ member, score, position, distance });
      });
    }
  }
  arrange(found, wanted);
  return count !== 0 && found.length > count ? found.slice(0, count) : found;
}

function arrange(found: Found[], { order, count, any }: Wanted): void {
  // The first ones in no order would be of no use to anybody, but those who ask for any.
  const nearest = order === 'nearest' || (order === 'none' && count !== 0 && !any);
  if (nearest) found.sort((a, b) => a.distance - b.distance);
  else if (order === 'farthest') found.sort((a, b) => b.distance - a.distance);
}
