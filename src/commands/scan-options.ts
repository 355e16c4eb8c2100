import type { Args } from '../resp/args.ts';
import { ErrorReply, isError } from '../resp/reply.ts';
import { readNumber } from './args.ts';
import { SYNTAX_ERROR } from './errors.ts';

/** What all SCAN commands take. */
export interface ScanOptions {
  /** Undefined: everything. */
  readonly pattern: string | undefined;
  /** About how many elements to look at. */
  readonly count: number;
  /** `SCAN … TYPE`, in lower case. */
  readonly type: string | undefined;
  /** `HSCAN … NOVALUES`. */
  readonly values: boolean;
}

/** Arguments of `HSCAN`, `SSCAN` and `ZSCAN`. */
export interface ElementScan {
  readonly key: string;
  readonly cursor: number;
  /** What is wrong with them is said only of a key that is there and of the right type. */
  readonly options: ScanOptions | ErrorReply;
}

const DEFAULT_COUNT = 10;
const MAX_UINT64 = 18446744073709551615n;

const INVALID_CURSOR: ErrorReply = new ErrorReply('ERR invalid cursor');

/** A cursor is any unsigned 64-bit integer. Those given out here are below 2^53, so others may be rounded. */
export function readCursor(args: Args, i: number): number | ErrorReply {
  const text = args.string(i);
  if (!/^\d{1,20}$/.test(text) || BigInt(text) > MAX_UINT64) return INVALID_CURSOR;
  return Number(text);
}

/** `[MATCH pattern] [COUNT count]` and, where `extra` says so, `[TYPE type]` or `[NOVALUES]`. */
export function readScanOptions(
  args: Args,
  from: number,
  extra: 'TYPE' | 'NOVALUES' | null,
): ScanOptions | ErrorReply {
  let pattern: string | undefined;
  let count = DEFAULT_COUNT;
  let type: string | undefined;
  let values = true;
  for (let i = from; i < args.count; i++) {
    const isLast = i + 1 >= args.count;
    if (args.is(i, 'COUNT') && !isLast) {
      const value = readNumber(args, ++i);
      if (isError(value)) return value;
      if (value < 1) return SYNTAX_ERROR;
      count = value;
    } else if (args.is(i, 'MATCH') && !isLast) {
      pattern = args.string(++i);
    } else if (extra === 'TYPE' && args.is(i, 'TYPE') && !isLast) {
      type = args.string(++i).toLowerCase();
    } else if (extra === 'NOVALUES' && args.is(i, 'NOVALUES')) {
      values = false;
    } else {
      return SYNTAX_ERROR;
    }
  }
  return { pattern: pattern === '*' ? undefined : pattern, count, type, values };
}

export function readElementScan(args: Args, extra: 'NOVALUES' | null): ElementScan | ErrorReply {
  const cursor = readCursor(args, 2);
  if (isError(cursor)) return cursor;
  return { key: args.string(1), cursor, options: readScanOptions(args, 3, extra) };
}
