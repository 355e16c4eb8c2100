import { DoubleReply, type Reply } from '../../resp/reply.ts';
import type { Position } from './geohash.ts';

/** Decimal places of coordinates and of distances. */
const COORDINATE_PLACES = 17;
const DISTANCE_PLACES = 4;
/** Only odd multiples of 2^-18 lie halfway between two numbers of 17 places. */
const HALFWAYS = 2 ** (COORDINATE_PLACES + 1);

export function positionReply({ longitude, latitude }: Position): Reply {
  return [longitude, latitude].map(
    (degrees) => new DoubleReply(degrees, formatCoordinate(degrees)),
  );
}

export function distanceReply(distance: number): string {
  return distance.toFixed(DISTANCE_PLACES);
}

/** With up to 17 decimal places and no trailing zeros. */
export function formatCoordinate(degrees: number): string {
  const text = degrees.toFixed(COORDINATE_PLACES);
  const rounded = isHalfway(degrees) ? roundToEven(degrees, text) : text;
  const bare = rounded.replace(/\.?0+$/, '');
  return bare === '-0' ? '0' : bare;
}

function isHalfway(degrees: number): boolean {
  return Math.abs(degrees * HALFWAYS) % 2 === 1;
}

/** JavaScript rounds up where C rounds to an even digit. */
function roundToEven(degrees: number, up: string): string {
  const down = degrees.toFixed(COORDINATE_PLACES + 1).slice(0, -1);
  return Number(down.at(-1)) % 2 === 0 ? down : up;
}
