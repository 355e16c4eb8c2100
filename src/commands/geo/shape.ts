import { areaOf, type Cell, cellAt, MAX_STEP, neighbour, type Position } from './geohash.ts';
import { arcSine, cosine, sine } from './trigonometry.ts';

/** Form and size of what is searched. Lengths are in a unit of so many metres. */
export type Extent =
  | { readonly kind: 'circle'; readonly radius: number; readonly toMetres: number }
  | {
      readonly kind: 'box';
      readonly width: number;
      readonly height: number;
      readonly toMetres: number;
    };

export interface Shape {
  readonly center: Position;
  readonly extent: Extent;
}

const EARTH_RADIUS = 6372797.560856;
/** Half the girth of the map. */
const MAP_RADIUS = 20037726.37;
const RADIAN = Math.PI / 180;
/** Far more than rough guesses are off, relatively. */
const ROUGHNESS = 1e-9;

/** Metres between two positions on a sphere. */
export function distanceBetween(a: Position, b: Position): number {
  const v = sine((b.longitude * RADIAN - a.longitude * RADIAN) / 2);
  if (v === 0) return latitudeDistance(a.latitude, b.latitude);
  const from = a.latitude * RADIAN;
  const to = b.latitude * RADIAN;
  const u = sine((to - from) / 2);
  return arcOver(Math.sqrt(u * u + cosine(from) * cosine(to) * v * v));
}

/** Metres along the surface between points whose half distance through the Earth is such a part. */
function arcOver(chord: number): number {
  // Between antipodes rounding must not lead out of the sine's range.
  return 2 * EARTH_RADIUS * arcSine(Math.min(1, chord));
}

/** No chord above this has an arc of so many metres or fewer. */
function longestChord(metres: number): number {
  const angle = metres / EARTH_RADIUS / 2;
  return angle < Math.PI / 2 ? sine(angle) * (1 + 1e-12) : 1;
}

function latitudeDistance(a: number, b: number): number {
  return EARTH_RADIUS * Math.abs(b * RADIAN - a * RADIAN);
}

/** Tells what lies inside a shape. */
export class Gauge {
  readonly #center: Position;
  readonly #isCircle: boolean;
  /** Metres to the east or west, and to the north or south. */
  readonly #maxAside: number;
  readonly #maxUp: number;
  readonly #maxChord: number;
  /** A circle surely holds what is nearer than this, even by a rough guess. */
  readonly #safeChord: number;
  readonly #latitude: number;
  readonly #cosine: number;

  constructor({ center, extent }: Shape) {
    const { toMetres } = extent;
    this.#center = center;
    this.#isCircle = extent.kind === 'circle';
    if (extent.kind === 'circle') {
      this.#maxAside = extent.radius * toMetres;
      // Nothing in a circle is farther to the north: with this much more, rounding is no matter.
      this.#maxUp = this.#maxAside * (1 + 1e-6) + 1e-6;
    } else {
      this.#maxAside = (extent.width * toMetres) / 2;
      this.#maxUp = (extent.height * toMetres) / 2;
    }
    this.#maxChord = longestChord(this.#maxAside);
    this.#safeChord = this.#isCircle ? this.#maxChord * (1 - ROUGHNESS) : 0;
    this.#latitude = center.latitude * RADIAN;
    this.#cosine = cosine(this.#latitude);
  }

  /** Metres from the centre to a position inside, as between any two; -1 if it lies outside. */
  distance({ longitude, latitude }: Position): number {
    const center = this.#center;
    const vertical = latitudeDistance(latitude, center.latitude);
    if (vertical > this.#maxUp) return -1;
    const v = sine((longitude * RADIAN - center.longitude * RADIAN) / 2);
    if (v === 0) return this.#isCircle && vertical > this.#maxAside ? -1 : vertical;
    const to = latitude * RADIAN;
    const c = cosine(to);
    // A box is as wide as that along every parallel.
    if (!this.#isCircle && this.#isAside(Math.sqrt(c * c * v * v))) return -1;
    const u = sine((to - this.#latitude) / 2);
    const chord = Math.sqrt(u * u + this.#cosine * c * v * v);
    if (!this.#isCircle) return arcOver(chord);
    if (chord > this.#maxChord) return -1;
    const distance = arcOver(chord);
    return distance > this.#maxAside ? -1 : distance;
  }

  /** Whether {@link distance} is there; sooner. */
  holds(position: Position): boolean {
    return this.#guess(position) < this.#safeChord || this.distance(position) >= 0;
  }

  /** The chord, roughly: only what is the same on all nodes may be said of it. */
  #guess({ longitude, latitude }: Position): number {
    const v = Math.sin((longitude - this.#center.longitude) * (RADIAN / 2));
    const u = Math.sin((latitude - this.#center.latitude) * (RADIAN / 2));
    return Math.sqrt(u * u + this.#cosine * Math.cos(latitude * RADIAN) * v * v);
  }

  #isAside(chord: number): boolean {
    return chord > this.#maxChord || arcOver(chord) > this.#maxAside;
  }
}

interface Bounds {
  readonly minLongitude: number;
  readonly maxLongitude: number;
  readonly minLatitude: number;
  readonly maxLatitude: number;
}

function boundsOf({ center, extent }: Shape): Bounds {
  const circle = extent.kind === 'circle';
  const height = extent.toMetres * (circle ? extent.radius : extent.height / 2);
  const width = extent.toMetres * (circle ? extent.radius : extent.width / 2);
  const { longitude, latitude } = center;
  const up = height / EARTH_RADIUS / RADIAN;
  // Meridians are closest where the shape is farthest from the equator.
  const outermost = latitude < 0 ? latitude - up : latitude + up;
  const aside = width / EARTH_RADIUS / cosine(outermost * RADIAN) / RADIAN;
  return {
    minLongitude: longitude - aside,
    maxLongitude: longitude + aside,
    minLatitude: latitude - up,
    maxLatitude: latitude + up,
  };
}

/** So many bits that a shape fits into nine cells, as good as always. */
function estimateStep(metres: number, latitude: number): number {
  if (metres === 0) return MAX_STEP;
  let step = 1;
  for (let range = metres; range < MAP_RADIUS; range *= 2) step++;
  step -= 2;
  // Towards the poles cells are narrow.
  if (latitude > 66 || latitude < -66) {
    step--;
    if (latitude > 80 || latitude < -80) step--;
  }
  return Math.max(1, Math.min(MAX_STEP, step));
}

/** Metres from the middle to the farthest point. */
function reachOf(extent: Extent): number {
  const { toMetres } = extent;
  if (extent.kind === 'circle') return extent.radius * toMetres;
  const width = extent.width / 2;
  const height = extent.height / 2;
  return Math.sqrt(width * width + height * height) * toMetres;
}

/** The cells that may hold a part of a shape, in Redis's order: the middle one, then those around. */
export function cellsAround(shape: Shape): Cell[] {
  const { center } = shape;
  const metres = reachOf(shape.extent);
  const bounds = boundsOf(shape);
  let step = estimateStep(metres, center.latitude);
  let middle = cellAt(center, step);
  if (step > 1 && !covers(middle, bounds)) middle = cellAt(center, --step);
  const area = areaOf(middle);
  // Sides to which the shape does not reach. Very large cells are all looked at.
  const small = step >= 2;
  const noSouth = small && area.south < bounds.minLatitude;
  const noNorth = small && area.north > bounds.maxLatitude;
  const noWest = small && area.west < bounds.minLongitude;
  const noEast = small && area.east > bounds.maxLongitude;
  const cells: Cell[] = [middle];
  for (const [east, north] of AROUND) {
    if ((east > 0 && noEast) || (east < 0 && noWest)) continue;
    if ((north > 0 && noNorth) || (north < 0 && noSouth)) continue;
    const cell = neighbour(middle, east, north);
    // In a grid of two columns the one to the east is the one to the west, too.
    if (!cells.some(({ column, row }) => column === cell.column && row === cell.row)) {
      cells.push(cell);
    }
  }
  return cells;
}

/** Steps east and north: north, south, east, west, then the corners. */
const AROUND: readonly (readonly [number, number])[] = [
  [0, 1],
  [0, -1],
  [1, 0],
  [-1, 0],
  [1, 1],
  [-1, 1],
  [1, -1],
  [-1, -1],
];

/** Whether a cell and its neighbours hold all within bounds. */
function covers(middle: Cell, bounds: Bounds): boolean {
  return !(
    areaOf(neighbour(middle, 0, 1)).north < bounds.maxLatitude ||
    areaOf(neighbour(middle, 0, -1)).south > bounds.minLatitude ||
    areaOf(neighbour(middle, 1, 0)).east < bounds.maxLongitude ||
    areaOf(neighbour(middle, -1, 0)).west > bounds.minLongitude
  );
}
