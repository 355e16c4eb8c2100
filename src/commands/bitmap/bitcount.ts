import { lengthOf } from '../../keyspace/value.ts';
import type { Args } from '../../resp/args.ts';
import { ErrorReply, isError, type Reply } from '../../resp/reply.ts';
import { readNumber } from '../args.ts';
import { type DataCommand, dataCommand, type RunContext } from '../command.ts';
import { SYNTAX_ERROR } from '../errors.ts';
import { readString } from '../string/lookup.ts';
import { type BitRange, countBits, findBit } from './bits.ts';
import { bytesOf } from './value.ts';

/** Part of a string as given: both ends are included and count from its end where negative. */
interface Range {
  readonly start: number;
  readonly end: number;
  /** Bits of one step of `start` and `end`. */
  readonly unit: 1 | 8;
}

const WHOLE: Range = { start: 0, end: -1, unit: 8 };

interface BitcountRequest {
  readonly key: string;
  readonly range: Range;
}

interface BitposRequest extends BitcountRequest {
  readonly bit: 0 | 1;
  /** Without an end the string goes on in zeros. */
  readonly hasEnd: boolean;
}

const BIT_IS_ONE_OR_ZERO: ErrorReply = new ErrorReply('ERR The bit argument must be 1 or 0.');

function parseBitcount(args: Args): BitcountRequest | ErrorReply {
  if (args.count === 2) return { key: args.string(1), range: WHOLE };
  if (args.count !== 4 && args.count !== 5) return SYNTAX_ERROR;
  const start = readNumber(args, 2);
  if (isError(start)) return start;
  const end = readNumber(args, 3);
  if (isError(end)) return end;
  const unit = readUnit(args, 4);
  if (isError(unit)) return unit;
  return { key: args.string(1), range: { start, end, unit } };
}

function runBitcount(context: RunContext, { key, range }: BitcountRequest): Reply {
  const value = readString(context, key);
  if (isError(value)) return value;
  if (value === undefined) return 0;
  if (range.start < 0 && range.end < 0 && range.start > range.end) return 0;
  return countBits(bytesOf(value), bitsOf(range, lengthOf(value)));
}

/** `BITPOS key bit [start [end [BYTE | BIT]]]`. */
function parseBitpos(args: Args): BitposRequest | ErrorReply {
  const bit = readNumber(args, 2);
  if (isError(bit)) return bit;
  if (bit !== 0 && bit !== 1) return BIT_IS_ONE_OR_ZERO;
  if (args.count > 6) return SYNTAX_ERROR;
  const key = args.string(1);
  if (args.count === 3) return { key, bit, range: WHOLE, hasEnd: false };
  const start = readNumber(args, 3);
  if (isError(start)) return start;
  // Redis looks at the unit before it looks at the end.
  const unit = readUnit(args, 5);
  if (isError(unit)) return unit;
  const hasEnd = args.count > 4;
  const end = hasEnd ? readNumber(args, 4) : WHOLE.end;
  if (isError(end)) return end;
  return { key, bit, range: { start, end, unit }, hasEnd };
}

function runBitpos(context: RunContext, request: BitposRequest): Reply {
  const { bit } = request;
  const value = readString(context, request.key);
  if (isError(value)) return value;
  // A key that is not there is zeros without end.
  if (value === undefined) return bit === 0 ? 0 : -1;
  const range = bitsOf(request.range, lengthOf(value));
  if (range.from >= range.to) return -1;
  const found = findBit(bytesOf(value), bit, range);
  return found === -1 && bit === 0 && !request.hasEnd ? range.to : found;
}

function readUnit(args: Args, i: number): Range['unit'] | ErrorReply {
  if (i >= args.count || args.is(i, 'BYTE')) return 8;
  return args.is(i, 'BIT') ? 1 : SYNTAX_ERROR;
}

/** The bits that `range` means in a string of `length` bytes. */
function bitsOf({ start, end, unit }: Range, length: number): BitRange {
  const size = (length * 8) / unit;
  const first = Math.max(start < 0 ? size + start : start, 0);
  const last = Math.min(Math.max(end < 0 ? size + end : end, 0), size - 1);
  return { from: first * unit, to: (last + 1) * unit };
}

export const bitcount: DataCommand = dataCommand<BitcountRequest>({
  name: 'bitcount',
  kind: 'read',
  arity: -2,
  flags: ['readonly'],
  keys: [{ first: 1, last: 1, step: 1, access: 'RO', effects: ['access'] }],
  group: 'bitmap',
  since: '2.6.0',
  summary: 'Counts the bits that are 1 in a string value or a part of it.',
  complexity: 'O(N) for N bytes looked at',
  syntax: 'key [start end [BYTE | BIT]]',
  parse: parseBitcount,
  run: runBitcount,
});

export const bitpos: DataCommand = dataCommand<BitposRequest>({
  name: 'bitpos',
  kind: 'read',
  arity: -3,
  flags: ['readonly'],
  keys: [{ first: 1, last: 1, step: 1, access: 'RO', effects: ['access'] }],
  group: 'bitmap',
  since: '2.8.7',
  summary: 'Finds the first bit that is 1, or 0, in a string value or a part of it.',
  complexity: 'O(N) for N bytes looked at',
  syntax: 'key bit [start [end [BYTE | BIT]]]',
  parse: parseBitpos,
  run: runBitpos,
});
