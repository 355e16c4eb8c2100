import type { Args } from '../../resp/args.ts';
import { ErrorReply, isError } from '../../resp/reply.ts';
import { readInteger, readNumber } from '../args.ts';
import { SYNTAX_ERROR } from '../errors.ts';

/** What XREAD and XREADGROUP are asked, but for the streams: these begin at `streamsAt`. */
export interface ReadOptions {
  /** Infinity if there is no limit. */
  readonly count: number;
  /** How long to wait for entries in ms, 0 for ever; undefined: not at all. */
  readonly block: number | undefined;
  readonly group: string | undefined;
  readonly consumer: string;
  readonly acknowledge: boolean;
  readonly streamsAt: number;
  /** Number of keys, and of ids behind them. */
  readonly streams: number;
}

const NOT_A_TIMEOUT: ErrorReply = new ErrorReply('ERR timeout is not an integer or out of range');
const NEGATIVE_TIMEOUT: ErrorReply = new ErrorReply('ERR timeout is negative');
const GROUP_OF_XREAD: ErrorReply = new ErrorReply(
  'ERR The GROUP option is only supported by XREADGROUP. You called XREAD instead.',
);
const NOACK_OF_XREAD: ErrorReply = new ErrorReply(
  'ERR The NOACK option is only supported by XREADGROUP. You called XREAD instead.',
);
const NO_GROUP: ErrorReply = new ErrorReply('ERR Missing GROUP option for XREADGROUP');
const UNBALANCED: ErrorReply = new ErrorReply(
  "ERR Unbalanced 'xread' list of streams: for each stream key an ID, '+', or '$' must be specified.",
);
const UNBALANCED_GROUP: ErrorReply = new ErrorReply(
  "ERR Unbalanced 'xreadgroup' list of streams: for each stream key an ID or '>' must be specified.",
);

/** Reads the options of XREAD, or of XREADGROUP if `ofGroup`, up to the keys. */
export function readOptions(args: Args, ofGroup: boolean): ReadOptions | ErrorReply {
  let count = Number.POSITIVE_INFINITY;
  let block: number | undefined;
  let group: string | undefined;
  let consumer = '';
  let acknowledge = false;
  for (let i = 1; i < args.count; i++) {
    const more = args.count - i - 1;
    if (args.is(i, 'BLOCK') && more > 0) {
      // Inside MULTI nobody waits: a call that finds nothing is answered at once.
      const timeout = readTimeout(args, ++i);
      if (typeof timeout !== 'number') return timeout;
      block = timeout;
    } else if (args.is(i, 'COUNT') && more > 0) {
      const given = readNumber(args, ++i);
      if (isError(given)) return given;
      count = given > 0 ? given : Number.POSITIVE_INFINITY;
    } else if (args.is(i, 'STREAMS') && more > 0) {
      if (more % 2 === 1) return ofGroup ? UNBALANCED_GROUP : UNBALANCED;
      if (ofGroup && group === undefined) return NO_GROUP;
      const streams = more / 2;
      return { count, block, group, consumer, acknowledge, streamsAt: i + 1, streams };
    } else if (args.is(i, 'GROUP') && more > 1) {
      if (!ofGroup) return GROUP_OF_XREAD;
      group = args.string(i + 1);
      consumer = args.string(i + 2);
      i += 2;
    } else if (args.is(i, 'NOACK')) {
      if (!ofGroup) return NOACK_OF_XREAD;
      acknowledge = true;
    } else {
      return SYNTAX_ERROR;
    }
  }
  return SYNTAX_ERROR;
}

function readTimeout(args: Args, i: number): number | ErrorReply {
  const timeout = readInteger(args, i);
  if (isError(timeout)) return NOT_A_TIMEOUT;
  return timeout < 0 ? NEGATIVE_TIMEOUT : Number(timeout);
}
