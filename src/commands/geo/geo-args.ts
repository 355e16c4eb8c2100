import type { Args } from '../../resp/args.ts';
import { parseDouble } from '../../resp/numbers.ts';
import { ErrorReply, isError } from '../../resp/reply.ts';
import { NOT_A_FLOAT } from '../errors.ts';
import { MAX_LATITUDE, MAX_LONGITUDE, type Position } from './geohash.ts';
import type { Extent } from './shape.ts';

const NO_UNIT: ErrorReply = new ErrorReply(
  'ERR unsupported unit provided. please use M, KM, FT, MI',
);
const NO_RADIUS: ErrorReply = new ErrorReply('ERR need numeric radius');
const NO_WIDTH: ErrorReply = new ErrorReply('ERR need numeric width');
const NO_HEIGHT: ErrorReply = new ErrorReply('ERR need numeric height');
const NEGATIVE_RADIUS: ErrorReply = new ErrorReply('ERR radius cannot be negative');
const NEGATIVE_BOX: ErrorReply = new ErrorReply('ERR height or width cannot be negative');

/** Metres in the unit that argument `i` names. */
export function readUnit(args: Args, i: number): number | ErrorReply {
  if (args.is(i, 'M')) return 1;
  if (args.is(i, 'KM')) return 1000;
  if (args.is(i, 'FT')) return 0.3048;
  return args.is(i, 'MI') ? 1609.34 : NO_UNIT;
}

/** Arguments `i` and `i + 1`: longitude and latitude. */
export function readPosition(args: Args, i: number): Position | ErrorReply {
  const longitude = parseDouble(args.string(i));
  const latitude = parseDouble(args.string(i + 1));
  if (longitude === undefined || latitude === undefined) return NOT_A_FLOAT;
  if (Math.abs(longitude) <= MAX_LONGITUDE && Math.abs(latitude) <= MAX_LATITUDE) {
    return { longitude, latitude };
  }
  const pair = `${formatFixed(longitude)},${formatFixed(latitude)}`;
  return new ErrorReply(`ERR invalid longitude,latitude pair ${pair}`);
}

/** As C prints a double with `%f`. */
function formatFixed(value: number): string {
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf';
  if (Number.isInteger(value)) return `${Object.is(value, -0) ? '-0' : BigInt(value)}.000000`;
  return value.toFixed(6);
}

/** Arguments `i` and `i + 1`: a radius and its unit. */
export function readCircle(args: Args, i: number): Extent | ErrorReply {
  const radius = parseDouble(args.string(i));
  if (radius === undefined) return NO_RADIUS;
  if (radius < 0) return NEGATIVE_RADIUS;
  const toMetres = readUnit(args, i + 1);
  return isError(toMetres) ? toMetres : { kind: 'circle', radius, toMetres };
}

/** Arguments from `i` on: width, height and their unit. */
export function readBox(args: Args, i: number): Extent | ErrorReply {
  const width = parseDouble(args.string(i));
  if (width === undefined) return NO_WIDTH;
  const height = parseDouble(args.string(i + 1));
  if (height === undefined) return NO_HEIGHT;
  if (width < 0 || height < 0) return NEGATIVE_BOX;
  const toMetres = readUnit(args, i + 2);
  return isError(toMetres) ? toMetres : { kind: 'box', width, height, toMetres };
}
