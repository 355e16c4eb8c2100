import type { SortedSet } from '../../keyspace/sorted-set.ts';
import { type Position, positionOf, scoresOf } from './geohash.ts';
import { cellsAround, Gauge, type Shape } from './shape.ts';

export interface Found {
  readonly member: string;
  readonly score: number;
  readonly position: Position;
  /** From the centre, in metres; NaN if there is no need to know. */
  readonly distance: number;
}

export interface Wanted {
  readonly order: 'none' | 'nearest' | 'farthest';
  /** 0: all. */
  readonly count: number;
  /** Take the first that are found. */
  readonly any: boolean;
  /** Distances are asked for. */
  readonly distances: boolean;
}

/** So many elements are looked at before it is asked whether that is enough. */
const SLICE = 64;

/** The members of a set whose positions lie in a shape. */
export function search(set: SortedSet, shape: Shape, wanted: Wanted): Found[] {
  const { count, any } = wanted;
  const limit = any ? count : Number.POSITIVE_INFINITY;
  const gauge = new Gauge(shape);
  const measured = wanted.distances || wanted.order !== 'none' || (count !== 0 && !any);
  const found: Found[] = [];
  for (const cell of cellsAround(shape)) {
    const { min, max } = scoresOf(cell);
    const { first, count } = set.scoreSpan({ min, minOpen: false, max, maxOpen: true });
    for (let done = 0; done < count && found.length < limit; done += SLICE) {
      const slice = { first: first + done, count: Math.min(SLICE, count - done) };
      set.walk(slice, (member, score) => {
        if (found.length === limit) return;
        const position = positionOf(score);
        if (!measured) {
          if (gauge.holds(position)) found.push({ member, score, position, distance: Number.NaN });
          return;
        }
        const distance = gauge.distance(position);
        if (distance >= 0) found.push({ member, score, position, distance });
      });
    }
  }
  return arranged(found, wanted);
}

function arranged(found: Found[], { order, count, any }: Wanted): Found[] {
  // The first ones in no order would be of no use to anybody, but those who ask for any.
  const nearest = order === 'nearest' || (order === 'none' && count !== 0 && !any);
  if (!nearest && order === 'none') return found;
  const few = count !== 0 && count < found.length ? outermost(found, count, nearest) : found;
  few.sort((a, b) => (nearest ? a.distance - b.distance : b.distance - a.distance));
  return few.length > count && count !== 0 ? few.slice(0, count) : few;
}

/** The nearest or farthest ones, with all that are as far as the last of them: to sort fewer. */
function outermost(found: readonly Found[], count: number, nearest: boolean): Found[] {
  const distances = Float64Array.from(found, ({ distance }) => distance).sort();
  const last = distances[nearest ? count - 1 : distances.length - count] as number;
  return found.filter(({ distance }) => (nearest ? distance <= last : distance >= last));
}
