/**
 * Positions as Redis keeps them: each coordinate as a fraction of its range in 26 bits, and the bits
 * of both interleaved to the 52 of a score. All operations come in Redis's order, so that every digit
 * is the same.
 */

export interface Position {
  /** Degrees, -180 to 180. */
  readonly longitude: number;
  /** Degrees, within {@link MAX_LATITUDE} where it is kept in a sorted set. */
  readonly latitude: number;
}

export const MAX_LONGITUDE = 180;
/** Where a square map of the Earth ends. */
export const MAX_LATITUDE = 85.05112878;
/** Where the Earth ends: the latitudes of geohashes as others write them. */
const POLE = 90;

/** Bits of each coordinate in a score. */
export const MAX_STEP = 26;

/** A rectangle of a grid that has 2^step rows and as many columns. */
export interface Cell {
  readonly step: number;
  readonly column: number;
  readonly row: number;
}

/** Bounds of a cell in degrees. */
export interface Area {
  readonly west: number;
  readonly east: number;
  readonly south: number;
  readonly north: number;
}

const BYTE = 8;
const WORD_BITS = 32;
const WORD = 2 ** WORD_BITS;

/** The cell that holds a position. On the outermost edge it is one row or column too far. */
export function cellAt({ longitude, latitude }: Position, step: number): Cell {
  return cellIn({ longitude, latitude }, step, MAX_LATITUDE);
}

function cellIn({ longitude, latitude }: Position, step: number, maxLatitude: number): Cell {
  const row = (latitude - -maxLatitude) / (maxLatitude - -maxLatitude);
  const column = (longitude - -MAX_LONGITUDE) / (MAX_LONGITUDE - -MAX_LONGITUDE);
  const lines = 2 ** step;
  return { step, column: Math.trunc(column * lines), row: Math.trunc(row * lines) };
}

export function areaOf({ step, column, row }: Cell): Area {
  const lines = 2 ** step;
  const height = MAX_LATITUDE - -MAX_LATITUDE;
  const width = MAX_LONGITUDE - -MAX_LONGITUDE;
  // The line after the last of 2^32 is the first, in which only scores end that are no positions.
  return {
    south: -MAX_LATITUDE + (row / lines) * height,
    north: -MAX_LATITUDE + (((row + 1) % WORD) / lines) * height,
    west: -MAX_LONGITUDE + (column / lines) * width,
    east: -MAX_LONGITUDE + (((column + 1) % WORD) / lines) * width,
  };
}

/** The cell so many columns to the east and rows to the north, around the edges if need be. */
export function neighbour({ step, column, row }: Cell, east: number, north: number): Cell {
  const lines = 2 ** step;
  return {
    step,
    column: east === 0 ? column : (column + east + lines) % lines,
    row: north === 0 ? row : (row + north + lines) % lines,
  };
}

/** The scores of the positions in a cell: from `min` to below `max`. */
export function scoresOf({ step, column, row }: Cell): { min: number; max: number } {
  const bits = interleave(row, column);
  const scale = 2 ** (2 * (MAX_STEP - step));
  return { min: bits * scale, max: (bits + 1) * scale };
}

/** The score of a position. */
export function scoreAt(position: Position): number {
  return scoresOf(cellAt(position, MAX_STEP)).min;
}

/** The middle of the cell that a score means; any number is taken for one. */
export function positionOf(score: number): Position {
  const { high, low } = wordsOf(score);
  const row = squash(low) + squash(high) * 2 ** (WORD_BITS / 2);
  const column = squash(low >>> 1) + squash(high >>> 1) * 2 ** (WORD_BITS / 2);
  const { west, east, south, north } = areaOf({ step: MAX_STEP, column, row });
  return {
    longitude: clamp((west + east) / 2, MAX_LONGITUDE),
    latitude: clamp((south + north) / 2, MAX_LATITUDE),
  };
}

function clamp(value: number, limit: number): number {
  if (value > limit) return limit;
  return value < -limit ? -limit : value;
}

const ALPHABET = '0123456789bcdefghjkmnpqrstuvwxyz';
const CHAR_BITS = 5;
const CHARS = 10;

/** The standard geohash, which has latitudes up to the poles: 50 bits, and a zero at the end. */
export function geohashOf(position: Position): string {
  const { column, row } = cellIn(position, MAX_STEP, POLE);
  const bits = BigInt(interleave(row, column));
  let text = '';
  for (let i = 1; i <= CHARS; i++) {
    text += ALPHABET.charAt(Number((bits >> BigInt(2 * MAX_STEP - i * CHAR_BITS)) & 31n));
  }
  return `${text}0`;
}

/** Two numbers below 2^32, bit by bit in turns, the last bit of `even` last. */
function interleave(even: number, odd: number): number {
  const half = 2 ** (WORD_BITS / 2);
  const low = (spread(even % half) | (spread(odd % half) << 1)) >>> 0;
  const high = (spread(Math.floor(even / half)) | (spread(Math.floor(odd / half)) << 1)) >>> 0;
  return high * WORD + low;
}

/** Puts a zero before each of the low 16 bits. */
function spread(value: number): number {
  let v = value;
  v = (v | (v << BYTE)) & 0x00ff00ff;
  v = (v | (v << 4)) & 0x0f0f0f0f;
  v = (v | (v << 2)) & 0x33333333;
  return (v | (v << 1)) & 0x55555555;
}

/** Takes every second bit out, beginning with the last but one. */
function squash(value: number): number {
  let v = value & 0x55555555;
  v = (v | (v >>> 1)) & 0x33333333;
  v = (v | (v >>> 2)) & 0x0f0f0f0f;
  v = (v | (v >>> 4)) & 0x00ff00ff;
  return (v | (v >>> BYTE)) & 0x0000ffff;
}

/** A score as 64 bits. What is no position comes from ZADD, and is converted as x86 does it. */
function wordsOf(score: number): { high: number; low: number } {
  const whole = Math.trunc(score);
  if (whole >= 0 && whole <= Number.MAX_SAFE_INTEGER) {
    return { high: Math.floor(whole / WORD), low: whole % WORD };
  }
  const bits = BigInt.asUintN(64, outOfRange(whole));
  return { high: Number(bits >> 32n), low: Number(bits & 0xffffffffn) };
}

const TOO_LARGE = 2 ** 64;
const TOO_SMALL = -(2 ** 63);

function outOfRange(whole: number): bigint {
  if (whole >= TOO_LARGE) return 0n;
  return whole >= TOO_SMALL ? BigInt(whole) : 2n ** 63n;
}
